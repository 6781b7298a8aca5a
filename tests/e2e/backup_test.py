"""Backup and restore, as an operator drills them: under load, after kill -9, into another directory; and what is refused."""
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import threading
import unittest

from instance import TOCSIND, Instance, indicator


def tocsind(*words):
    return subprocess.run([TOCSIND, *map(str, words)], capture_output=True, text=True, timeout=120)


class Restored(Instance):
    """An instance in a directory that `restore` made."""

    def __init__(self, directory):
        self.dir, self.process, self.port, self.connections = directory, None, None, {}

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop()


class Load(threading.Thread):
    def __init__(self, hub, path, token, number):
        super().__init__()
        self.hub, self.path, self.token, self.number = hub, path, token, number
        self.acknowledged, self.some = [], threading.Event()

    def run(self):
        connection = self.hub.connect()
        try:
            while True:
                batch = [indicator(f"198.51.100.{i}", ("green", "red")[i % 2]) for i in range(20)]
                answer = self.hub.call("POST", self.path, self.token, {"objects": batch}, connection=connection)
                if answer.status != 202:
                    return
                self.acknowledged.append([one["id"] for one in answer.json["successes"]])
                if len(self.acknowledged) >= 10:
                    self.some.set()
        except Exception:  # the server died under this request
            return


class Case(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)
        self.parent = self.hub.dir.parent
        self.hub.organisation("aurora", "lab", "red")
        self.token = self.hub.token("aurora", "analyst")
        self.path = f"/taxii2/root/collections/{self.hub.collection('network')}/objects/"
        self.root_key = self.parent / "root.key"
        shutil.move(self.hub.dir / "keys" / "root.key", self.root_key)

    def submit(self, count, hub=None):
        objects = [indicator(f"203.0.113.{i}", "green") for i in range(count)]
        answer = (hub or self.hub).call("POST", self.path, self.token, {"objects": objects})
        self.assertEqual((answer.status, answer.json["success_count"]), (202, count))

    def restored(self, name="restored"):
        made = Restored(self.parent / name)
        self.addCleanup(made.close)
        return made

    def assert_refused(self, done, *parts):
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stdout + done.stderr)
        self.assertRegex(done.stderr, r"^tocsind: [^\n]+\n$")
        for part in parts:
            self.assertIn(part, done.stderr)

    def refusal_to_serve(self, hub):
        return hub.verb("serve", "--listen", "127.0.0.1:0", check=False)

    def ids(self, hub, query="limit=1000"):
        out = []
        while True:
            document = hub.call("GET", f"{self.path}?{query}", self.token).json
            out += [one["id"] for one in document["objects"]]
            if not document["more"]:
                return out
            query = f"limit=1000&next={document['next']}"


class Exchanged(Case):
    def test_a_database_that_is_as_long_or_longer_and_another_is_not_served(self):
        hub, state, kept = self.hub, self.hub.dir / "log-state", self.parent / "kept"
        hub.start()
        self.submit(2)
        hub.stop()
        shutil.copy(hub.dir / "tocsin.db", kept)
        hub.start()
        self.submit(2)
        hub.stop()
        said = state.read_bytes()
        for more in (2, 5):
            for file in ("tocsin.db-wal", "tocsin.db-shm"):
                (hub.dir / file).unlink(missing_ok=True)
            shutil.copy(kept, hub.dir / "tocsin.db")
            state.unlink()
            hub.start()
            self.submit(more)
            hub.stop()
            state.write_bytes(said)
            self.assert_refused(self.refusal_to_serve(hub), "is sealed: its log is not the one that", "from entry 4 or before")
            self.assertRegex(hub.verb("check", check=False).stdout, r"(?m)^sealed\t.*exchanged for another")
            self.assertEqual(state.read_bytes(), said)

    def test_a_database_from_before_an_erasure_is_not_served(self):
        hub, kept = self.hub, self.parent / "kept"
        hub.start()
        self.submit(2)
        hub.stop()
        shutil.copy(hub.dir / "tocsin.db", kept)
        hub.start()
        hub.verb("erase", "--org", "aurora", self.ids(hub)[0])
        hub.stop()
        for each in hub.dir.glob("tocsin.db*"):
            each.unlink()
        shutil.copy(kept, hub.dir / "tocsin.db")
        self.assert_refused(self.refusal_to_serve(hub), "is sealed: its control log does not go on from what")
        self.assert_refused(hub.verb("unseal", check=False), "log-state.control tells of a log of 1 entry, and this one has 0")
        hub.verb("unseal", "--accept-loss", "--root-key", str(self.root_key))
        hub.start()
        self.assertEqual(len(self.ids(hub)), 2)

    def test_an_erasure_without_a_server_is_missed_too(self):
        hub, kept = self.hub, self.parent / "kept"
        hub.start()
        self.submit(2)
        erased = self.ids(hub)[0]
        hub.stop()
        shutil.copy(hub.dir / "tocsin.db", kept)
        hub.verb("erase", "--org", "aurora", erased)
        self.assertRegex((hub.dir / "log-state.control").read_text(), r"^localhost/log/control\n1\n\S+\ntime \d+\nstopped\n$")
        for each in hub.dir.glob("tocsin.db*"):
            each.unlink()
        shutil.copy(kept, hub.dir / "tocsin.db")
        self.assert_refused(self.refusal_to_serve(hub), "is sealed: its control log does not go on from what")

    def test_a_restored_trail_gets_a_new_key_and_says_so(self):
        hub, file = self.hub, self.parent / "backup"
        hub.start()
        self.submit(1)
        hub.stop()  # which signs a checkpoint
        old = (hub.dir / "keys" / "audit.pub").read_text().strip()
        hub.verb("backup", "--to", str(file))
        new = self.restored()
        done = tocsind("restore", "--from", file, "--dir", new.dir, "--accept-loss", "--root-key", self.root_key)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"audit\tcheckpoints of the trail so far are signed by {old},", done.stdout)
        new.start()
        self.assertIn("audit.key_replaced", (new.dir / "serve.log").read_text())
        number = old.split("+")[1]
        self.assertEqual((new.dir / "keys" / f"audit-{number}.pub").read_text().strip(), old)
        self.assertNotEqual((new.dir / "keys" / "audit.pub").read_text().strip(), old)
        new.stop()
        (new.dir / "serve.log").unlink()
        new.start()
        self.assertNotIn("audit.key_replaced", (new.dir / "serve.log").read_text())
        new.stop()
        self.assertEqual(new.verb("audit", "verify").splitlines()[-1], "ok")
        signed = (new.dir / "audit" / "checkpoints").read_bytes()
        (new.dir / "keys" / "audit.key").unlink()
        self.assertIn("audit.key is missing", new.verb("check", check=False).stdout)
        new.start()
        new.stop()
        kept, = (new.dir / "audit").glob("checkpoints-*")
        self.assertEqual(kept.read_bytes(), signed)
        self.assertEqual(new.verb("check").splitlines()[-1], "ok")


class Drill(Case):
    def test_a_backup_taken_under_load_restores_all_that_was_acknowledged_before_it(self):
        self.hub.start()
        self.submit(30)
        page = self.hub.call("GET", f"{self.path}?limit=10", self.token).json
        load = [Load(self.hub, self.path, self.token, i) for i in range(3)]
        for each in load:
            each.start()
        for each in load:
            self.assertTrue(each.some.wait(60))
        before = {one for each in load for batch in list(each.acknowledged) for one in batch}
        file = self.parent / "backup.tocsin"
        output = self.hub.verb("backup", "--to", str(file))
        size = int(output.split("size ")[1].split(",")[0])
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertIn(f"{file.stat().st_size} bytes", output)
        self.assertEqual(list(self.parent.glob(".backup*")), [])
        self.hub.kill()
        for each in load:
            each.join(60)
        after = {one for each in load for batch in each.acknowledged for one in batch}
        self.assertGreater(len(after), len(before))

        new = self.restored()
        done = tocsind("restore", "--from", file, "--dir", new.dir)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"log\tsize {size}, root ", done.stdout)
        refused = self.refusal_to_serve(new)
        self.assert_refused(refused, "is sealed", "--accept-loss")
        check = new.verb("check")
        self.assertRegex(check, r"(?m)^sealed\t.*restored from a backup")
        self.assertEqual(check.splitlines()[-1], "ok")
        new.verb("unseal", "--accept-loss", "--root-key", str(self.root_key))
        self.assertRegex(new.verb("check"), r"(?s)backup\tnone.*\nok$")

        new.start()
        stored = self.ids(new)
        self.assertEqual(len(stored), len(set(stored)))
        self.assertLessEqual(before, set(stored))
        following = new.call("GET", f"{self.path}?limit=10&next={page['next']}", self.token).json
        self.assertEqual([one["id"] for one in following["objects"]], stored[10:20])
        self.submit(3, new)
        check = new.verb("check")
        self.assertEqual(check.splitlines()[-1], "ok", check)
        with sqlite3.connect(f"file:{new.dir / 'tocsin.db'}?mode=ro", uri=True) as database:
            headers = [row[0] for row in database.execute("SELECT header FROM versions WHERE origin_index IS NOT NULL ORDER BY origin_index")]
            body = database.execute("SELECT body FROM control_entries").fetchall()
        self.assertEqual(len(body), 1)
        self.assertTrue(body[0][0].startswith(f"tocsin/loss/v1\nlocalhost/log\n{size}\n"))
        self.assertTrue(all(b'"control_size":0' in header for header in headers[:size]))
        self.assertTrue(all(b'"control_size":1' in header for header in headers[size:]))
        self.assertEqual(len(headers), size + 3)

    def test_an_instance_that_was_stopped_before_its_backup_moves_without_loss(self):
        self.hub.start()
        self.submit(5)
        self.hub.stop()
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        new = self.restored()
        self.assertEqual(tocsind("restore", "--from", file, "--dir", new.dir).returncode, 0)
        self.assert_refused(new.verb("unseal", check=False), "log-state is missing", "--accept-loss")
        shutil.copy(self.hub.dir / "log-state", new.dir)
        self.assert_refused(new.verb("unseal", check=False), "log-state.control is missing", "--accept-loss")
        shutil.copy(self.hub.dir / "log-state.control", new.dir)
        self.assert_refused(new.verb("unseal", check=False), "log.key")
        shutil.copy(self.hub.dir / "keys" / "log.key", new.dir / "keys")
        new.verb("unseal")
        self.assert_refused(new.verb("unseal", check=False), "not sealed")
        new.start()
        self.assertEqual(len(self.ids(new)), 5)

    def test_a_backup_that_lacks_an_erasure_is_not_unsealed_as_if_nothing_had_happened(self):
        self.hub.start()
        self.submit(2)
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        self.hub.verb("erase", "--org", "aurora", self.ids(self.hub)[0])
        self.hub.stop()
        new = self.restored()
        self.assertEqual(tocsind("restore", "--from", file, "--dir", new.dir).returncode, 0)
        for name in ("log-state", "log-state.control"):
            shutil.copy(self.hub.dir / name, new.dir)
        shutil.copy(self.hub.dir / "keys" / "log.key", new.dir / "keys")
        self.assert_refused(new.verb("unseal", check=False), "log-state.control tells of a log of 1 entry, and this one has 0")
        new.verb("unseal", "--accept-loss", "--root-key", str(self.root_key))

    def test_a_backup_that_lacks_what_came_later_is_unsealed_by_the_root_key_only(self):
        self.hub.start()
        self.submit(5)
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        self.submit(2)
        self.hub.stop()
        new = self.restored()
        self.assertEqual(tocsind("restore", "--from", file, "--dir", new.dir).returncode, 0)
        shutil.copy(self.hub.dir / "log-state", new.dir)
        shutil.copy(self.hub.dir / "keys" / "log.key", new.dir / "keys")
        self.assert_refused(new.verb("unseal", check=False), "a log of 7 entries, and this one has 5")
        other = Instance()
        self.addCleanup(other.close)
        self.assert_refused(new.verb("unseal", "--accept-loss", "--root-key", str(other.dir / "keys" / "root.key"), check=False), "not this instance's root key")
        self.assert_refused(new.verb("unseal", "--accept-loss", check=False), "root.key")
        self.assert_refused(new.verb("unseal", "--root-key", str(self.root_key), check=False), "--accept-loss")
        self.assert_refused(self.refusal_to_serve(new), "is sealed")
        new.verb("unseal", "--accept-loss", "--root-key", str(self.root_key))
        self.assertNotEqual((new.dir / "keys" / "log.key").read_text(), (self.hub.dir / "keys" / "log.key").read_text())
        new.start()
        self.assertEqual(len(self.ids(new)), 5)

    def test_a_killed_server_has_not_said_that_it_stopped(self):
        self.hub.start()
        self.submit(1)
        self.hub.kill()
        self.hub.start()
        self.hub.stop()
        self.assertRegex((self.hub.dir / "log-state").read_text(), r"^localhost/log\n1\n\S+\nlast \S+\ntime \d+\nstopped\n$")
        self.hub.start()
        self.assertRegex((self.hub.dir / "log-state").read_text(), r"\nrunning\n$")
        self.hub.kill()
        self.assertRegex((self.hub.dir / "log-state").read_text(), r"\nrunning\n$")

    def test_a_database_exchanged_for_an_older_one_or_for_a_backup_is_not_served(self):
        self.hub.start()
        self.submit(2)
        self.hub.stop()
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        older = self.parent / "older.db"
        shutil.copy(self.hub.dir / "tocsin.db", older)
        for rest in self.hub.dir.glob("tocsin.db-*"):
            shutil.copy(rest, str(older) + rest.name.removeprefix("tocsin.db"))
        self.hub.start()
        self.submit(2)
        self.hub.stop()
        for source in (older, file):
            for each in self.hub.dir.glob("tocsin.db*"):
                each.unlink()
            for each in self.parent.glob(source.name + "*"):
                shutil.copy(each, self.hub.dir / each.name.replace(source.name, "tocsin.db"))
            self.assert_refused(self.refusal_to_serve(self.hub), "is sealed", "--accept-loss")
        self.hub.verb("unseal", "--accept-loss", "--root-key", str(self.root_key))
        self.hub.start()
        self.assertEqual(len(self.ids(self.hub)), 2)


class Refusals(Case):
    def test_a_backup_never_replaces_a_file_and_holds_no_private_key(self):
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        before = file.read_bytes()
        self.assert_refused(self.hub.verb("backup", "--to", str(file), check=False), "exists already")
        self.assert_refused(self.hub.verb("backup", "--to", str(self.parent / "absent" / "b"), check=False), "cannot be created")
        self.assertEqual(file.read_bytes(), before)
        for secret in (self.hub.dir / "keys" / "log.key", self.root_key, self.hub.dir / "certs" / "server.key", self.hub.dir / "certs" / "ca.key"):
            self.assertNotIn(secret.read_bytes().splitlines()[-2 if "certs" in str(secret) else 0][-40:], before, secret)
        self.assertIn((self.hub.dir / "keys" / "cursor.key").read_bytes().strip(), before)
        self.assertRegex(self.hub.verb("check"), rf"(?m)^backup\t20\S+Z, size 0, root \S+, {file}$")
        new = self.restored()
        tocsind("restore", "--from", file, "--dir", new.dir)
        self.assertNotIn((new.dir / "keys" / "cursor.key").read_bytes().strip(), (new.dir / "tocsin.db").read_bytes())
        self.assert_refused(new.verb("backup", "--to", str(self.parent / "c"), check=False), "is sealed")

    def test_restore_refuses_a_directory_in_use_and_a_file_that_is_no_backup(self):
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        self.assert_refused(tocsind("restore", "--from", file, "--dir", self.hub.dir), "holds an instance already")
        new = self.parent / "new"
        for name, content in (("text", b"not a database" * 100), ("empty", b""), ("plain", (self.hub.dir / "tocsin.db").read_bytes())):
            (self.parent / name).write_bytes(content)
            self.assert_refused(tocsind("restore", "--from", self.parent / name, "--dir", new), "no backup")
        self.assert_refused(tocsind("restore", "--from", self.parent / "absent", "--dir", new), "absent")
        new.mkdir()
        (new / "thing").write_text("x")
        self.assert_refused(tocsind("restore", "--from", file, "--dir", new), "not empty")

    def test_a_backup_with_a_changed_byte_is_not_restored(self):
        self.hub.start()
        self.submit(3)
        file = self.parent / "b"
        self.hub.verb("backup", "--to", str(file))
        whole = file.read_bytes()
        at = whole.index(b"203.0.113.1'")
        file.write_bytes(whole[:at] + b"204" + whole[at + 3:])
        new = self.parent / "new"
        self.assert_refused(tocsind("restore", "--from", file, "--dir", new), "The backup is damaged")
        self.assertEqual(list(new.iterdir()), [])
        file.write_bytes(whole[:len(whole) // 2])
        self.assert_refused(tocsind("restore", "--from", file, "--dir", new), "backup")
        self.assertEqual(list(new.iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
