"""What `tocsind` says on the command line, and an `init` that was interrupted; what the verbs do is in operator_test."""
import contextlib
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

from instance import TOCSIND, Instance, indicator

VERBS = ("init", "serve", "org add", "org list", "org disable", "org enable", "org moderate", "org trust", "org unmark", "token add", "token list", "token revoke", "certificate add",
         "certificate list", "certificate revoke", "certificate deny", "collection add",
         "collection list", "collection moderate", "backup", "unseal", "key rotate", "migrate", "check")


def tocsind(*words, timeout=60):
    return subprocess.run([TOCSIND, *map(str, words)], capture_output=True, text=True, timeout=timeout)


class Case(unittest.TestCase):
    def folder(self):
        made = tempfile.TemporaryDirectory(prefix="tocsin-e2e-")
        self.addCleanup(made.cleanup)
        return pathlib.Path(made.name)

    def instance(self):
        made = Instance()
        self.addCleanup(made.close)
        return made

    def assert_done(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done


class Verbs(Case):
    def assert_refused(self, done, *parts):
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertRegex(done.stderr, r"^tocsind: [^\n]+\n$")
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_the_help_of_each_verb_says_how_it_is_used(self):
        overview = tocsind("--help").stdout
        for verb in VERBS:
            with self.subTest(verb):
                done = self.assert_done(tocsind(*verb.split(), "--help"))
                self.assertIn(f"Usage: tocsind {verb} [OPTIONS]", done.stdout)
                self.assertRegex(done.stdout, r"--dir TEXT REQUIRED +The data directory")
                self.assertNotRegex(done.stdout, r"(?m)^  \S+( TEXT)?( REQUIRED)? *$")  # an option without a word about it
                self.assertIn(f"  {verb.split()[0]} ", overview)

    def test_wrong_usage_exits_with_1_and_points_to_the_help_of_that_verb(self):
        for words, part, verb in ((("frobnicate",), "no command tocsind frobnicate", "tocsind"), (("org", "frob"), "no command tocsind org frob", "tocsind org"),
                                  ((), "required", "tocsind"), (("token",), "required", "tocsind token"), (("init",), "--dir", "tocsind init"),
                                  (("token", "add", "--dir", "/d", "--org", "x"), "--role", "tocsind token add"),
                                  (("serve", "--dir", "/d", "--colour"), "--colour", "tocsind serve"),
                                  (("org", "disable", "--dir", "/d"), "NAME", "tocsind org disable")):
            with self.subTest(words):
                self.assert_refused(tocsind(*words), part, f"{verb} --help")

    def test_a_directory_without_an_instance_is_named_and_stays_as_it_is(self):
        empty = self.folder()
        arguments = {"org add": ("x", "--type", "lab", "--clearance", "red"), "org disable": ("x",), "org enable": ("x",), "org moderate": ("x",), "org trust": ("x",), "org unmark": ("x",), "token add": ("--org", "x", "--role", "feed"),
                     "token revoke": ("0" * 16,), "certificate add": ("--org", "x", "--role", "feed", "--san", "URI:urn:x"), "certificate revoke": ("0" * 16,),
                     "certificate deny": ("--pin", "0" * 64), "collection add": ("x",), "collection moderate": ("x", "off"), "backup": ("--to", "x"), "key rotate": ("--log",)}
        for verb in VERBS[1:]:
            for where in (empty, empty.with_name(empty.name + "-absent")):
                with self.subTest(verb=verb, where=where.name):
                    self.assert_refused(tocsind(*verb.split(), *arguments.get(verb, ()), "--dir", where),
                                        f"{where} holds no instance", f"tocsind init --dir {where}")
        self.assertEqual(list(empty.iterdir()), [])
        self.assertFalse(where.exists())

    def test_migrate_waits_for_the_server_to_stop_and_its_status_does_not(self):
        hub = self.instance().start()
        self.assert_refused(tocsind("migrate", "--dir", hub.dir), "in use by process", "Stop")
        self.assertRegex(tocsind("migrate", "--status", "--dir", hub.dir).stdout, r"^0001_\w+\tapplied\n")
        hub.stop()
        self.assertRegex(self.assert_done(tocsind("migrate", "--dir", hub.dir)).stdout, r"^0001_\w+\tapplied\n")

    def test_a_database_that_is_missing_or_empty_is_refused_by_every_verb_and_made_by_none(self):
        hub = self.instance()
        database = hub.dir / "tocsin.db"
        arguments = {"org add": ("x", "--type", "lab", "--clearance", "red"), "token add": ("--org", "x", "--role", "feed"),
                     "serve": ("--listen", "127.0.0.1:0"), "migrate --status": ()}
        for file in hub.dir.glob("tocsin.db*"):
            file.unlink()
        for state in ("missing", "empty"):
            for verb in ("serve", "org list", "org add", "token add", "migrate", "migrate --status", "check"):
                with self.subTest(verb=verb, state=state):
                    self.assert_refused(tocsind(*verb.split(), *arguments.get(verb, ()), "--dir", hub.dir),
                                        f"{database} is {state}. Restore it from a backup.")
                    self.assertEqual([file.stat().st_size for file in hub.dir.glob("tocsin.db*")], [0] if state == "empty" else [])
            database.touch()

    def test_a_damaged_database_is_named_with_what_to_do(self):
        hub = self.instance()
        with open(hub.dir / "tocsin.db", "r+b") as file:
            file.write(b"no database at all" * 1_000)
        for verb in ("serve", "org list", "check", "migrate"):
            with self.subTest(verb):
                self.assert_refused(tocsind(*verb.split(), "--dir", hub.dir), f"{hub.dir / 'tocsin.db'}: The database is damaged",
                                    "stop the server and restore a backup")

    def test_a_pending_migration_names_the_directory(self):
        hub = self.instance()
        with contextlib.closing(sqlite3.connect(hub.dir / "tocsin.db")) as database, database:
            database.execute("DELETE FROM schema_migrations")
        self.assert_refused(tocsind("check", "--dir", hub.dir), f"tocsind migrate --dir {hub.dir}")

    def test_every_verb_names_the_file_and_the_line_of_every_mistake_in_the_configuration(self):
        hub = self.instance()
        file = hub.dir / "tocsin.toml"
        file.write_text(file.read_text().replace("[http]\n", "[http]\nthreads = -3\n", 1) + "\n[foo]\na = 1\n")
        line = 1 + file.read_text().splitlines().index("threads = -3")
        for verb in ("serve", "org list", "check", "migrate"):
            with self.subTest(verb):
                said = tocsind(*verb.split(), "--dir", hub.dir)
                self.assertEqual((said.returncode, said.stdout), (1, ""))
                first, second = said.stderr.splitlines()
                self.assertTrue(first.startswith(f"tocsind: {file}, line {line}: http.threads has a value"), first)
                self.assertRegex(second, r"line \d+: foo is not a section\. Remove it")

    def test_an_address_to_listen_on_that_is_none_is_named_with_its_option(self):
        hub = self.instance()
        for given in ("127.0.0.1:99999", "localhost:8444", "8443"):
            with self.subTest(given):
                self.assert_refused(tocsind("serve", "--dir", hub.dir, "--listen", given), f"--listen {given} is not", "65535", "not looked up")

    def test_check_finds_a_changed_object_a_changed_leaf_and_a_torn_page(self):
        for change in ("UPDATE versions SET bytes = CAST(replace(bytes, 'an address', 'an addresS') AS BLOB)",
                       "UPDATE leaves SET leaf = zeroblob(32) WHERE position = 0", "DELETE FROM leaves WHERE position = 0", None):
            with self.subTest(change), contextlib.closing(Instance()) as other:
                other.organisation("aurora", "lab", "red")
                token = other.token("aurora", "analyst")
                other.start()
                path = other.objects_of("network")
                self.assertEqual(other.call("POST", path, token, {"objects": [indicator(tlp="green") for _ in range(50)]}).status, 202)
                other.stop()
                self.assertEqual(tocsind("check", "--dir", other.dir).stdout.splitlines()[-1], "ok")
                if change is not None:
                    with contextlib.closing(sqlite3.connect(other.dir / "tocsin.db")) as database, database:
                        self.assertGreater(database.execute(change).rowcount, 0)
                else:
                    with open(other.dir / "tocsin.db", "r+b") as file:
                        file.seek(4_096 * 5)
                        file.write(b"torn" * 1_024)
                done = tocsind("check", "--dir", other.dir)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertTrue(done.stdout.endswith("NOT OK\n") or done.stderr.startswith("tocsind: "), done.stdout + done.stderr)
                self.assertNotIn("198.51.100.3", done.stdout + done.stderr)


class Init(Case):
    def setUp(self):
        self.dir = self.folder() / "d"

    def listed(self):
        return sorted(str(path.relative_to(self.dir)) for path in self.dir.rglob("*") if path.name != "lock")

    def assert_whole(self):
        self.assertEqual(self.listed(), ["admin.token", "audit", "audit/spill", "certs", "certs/ca.crt", "certs/ca.key", "certs/server.crt", "certs/server.key", "keys",
                                         "keys/audit.key", "keys/audit.pub", "keys/cursor.key", "keys/log.key", "keys/root.key", "keys/root.pub", "run", "tocsin.db", "tocsin.toml"])
        self.assertEqual(tocsind("check", "--dir", self.dir).stdout.splitlines()[-1], "ok")
        self.assertEqual(len(tocsind("token", "list", "--dir", self.dir).stdout.splitlines()), 1)

    def test_an_interrupted_init_is_begun_again_by_the_same_command(self):
        began = time.monotonic()
        self.assert_done(tocsind("init", "--dir", self.dir))
        whole = time.monotonic() - began
        shutil.rmtree(self.dir)
        interrupted = 0
        for turn in range(60):
            process = subprocess.Popen([TOCSIND, "init", "--dir", self.dir], stdout=subprocess.DEVNULL)
            while turn % 2 and process.poll() is None and not (self.dir / "tocsin.toml.unfinished").exists():
                pass  # every other is counted from where there is something to leave behind
            time.sleep(turn / 60 * whole)  # the moment is the point of the test, nothing is waited for
            process.kill()
            process.wait(30)
            if (self.dir / "tocsin.toml").exists():
                shutil.rmtree(self.dir)
                continue
            interrupted += (self.dir / "tocsin.toml.unfinished").exists()
        self.assertGreater(interrupted, 3, "no moment was inside of init")
        self.assert_done(tocsind("init", "--dir", self.dir))
        self.assert_whole()

    def test_what_an_interrupted_init_left_is_no_instance_and_every_piece_of_it_is_replaced(self):
        self.assert_done(tocsind("init", "--dir", self.dir))
        (self.dir / "notes").write_text("kept")
        secrets = {name: (self.dir / name).read_bytes() for name in ("admin.token", "keys/log.key", "keys/root.key", "keys/audit.key", "keys/cursor.key", "certs/ca.key")}
        (self.dir / "tocsin.toml").rename(self.dir / "tocsin.toml.unfinished")
        (self.dir / "keys" / ".log.key.0d6f").write_text("half a key")
        for verb in ("serve", "check", "migrate", "token list"):
            done = tocsind(*verb.split(), "--dir", self.dir)
            self.assertEqual(done.returncode, 1, verb)
            self.assertIn("did not finish", done.stderr)
            self.assertIn(f"tocsind init --dir {self.dir}", done.stderr)
        self.assert_done(tocsind("init", "--dir", self.dir))
        self.assertEqual((self.dir / "notes").read_text(), "kept")
        (self.dir / "notes").unlink()
        self.assert_whole()
        for name, before in secrets.items():
            self.assertNotEqual((self.dir / name).read_bytes(), before, name)

    def test_init_works_in_a_directory_that_is_there_and_refuses_files_that_it_would_replace(self):
        for name in ("certs/ca.key", "keys/root.key", "tocsin.db", "admin.token"):
            with self.subTest(name):
                (self.dir / name).parent.mkdir(parents=True, exist_ok=True)
                (self.dir / name).write_text("mine")
                done = tocsind("init", "--dir", self.dir)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(f"{self.dir / name} exists already", done.stderr)
                self.assertEqual((self.dir / name).read_text(), "mine")
                self.assertFalse((self.dir / "tocsin.toml.unfinished").exists())
                (self.dir / name).unlink()
        self.assert_done(tocsind("init", "--dir", self.dir))
        self.assert_whole()

    def test_a_lost_configuration_does_not_let_init_touch_the_data(self):
        self.assert_done(tocsind("init", "--dir", self.dir))
        (self.dir / "tocsin.toml").unlink()
        before = (self.dir / "tocsin.db").read_bytes()
        self.assertEqual(tocsind("init", "--dir", self.dir).returncode, 1)
        self.assertEqual((self.dir / "tocsin.db").read_bytes(), before)

    def test_init_says_what_it_made_and_what_it_took_itself(self):
        said = self.assert_done(tocsind("init", "--dir", self.dir)).stdout
        for part in ("name is tocsin;", "host is localhost;", "--name", "--host", str(self.dir / "admin.token"), str(self.dir / "certs" / "ca.crt")):
            self.assertIn(part, said)
        said = self.assert_done(tocsind("init", "--dir", self.folder() / "e", "--name", "n", "--host", "h.example")).stdout
        self.assertNotIn("another needs", said)

    def test_init_names_the_option_that_is_wrong_and_makes_nothing(self):
        done = tocsind("init", "--dir", self.dir, "--host", "bad host", "--name", "")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual([line.split(" has ")[0] for line in done.stderr.splitlines()], ["tocsind: --name", "tocsind: --host"])
        self.assertNotIn("Line", done.stderr)
        self.assertFalse(self.dir.exists())

    def test_of_two_at_once_one_makes_the_instance_and_the_other_is_refused(self):
        both = [subprocess.Popen([TOCSIND, "init", "--dir", self.dir], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [process.communicate(timeout=60) for process in both]
        self.assertEqual(sorted(process.returncode for process in both), [0, 1], said)
        self.assert_whole()


if __name__ == "__main__":
    unittest.main(verbosity=1)
