"""`tocsin feed pull` against the real server: the file is the feed, or what it was before."""
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from cli_case import Case, answer, environment, set_up_module, strange_server, tocsin, write
from instance import TOCSIN


def setUpModule():
    global hub, folder, lab, feed, lab_file
    hub, folder, lab, feed, lab_file = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    share("198.51.100.0/28", "198.51.100.32")


def share(*values, action="block"):
    got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, [{"kind": "ip-range", "value": value, "action": action} for value in values])
    if got.status != 200 or got.json["refused"]:
        raise AssertionError(got.body)
    return [one["id"] for one in got.json["items"]]


def retract(*identifiers):
    for one in identifiers:
        done = hub.call("POST", f"/api/v1/indicators/{one}/retract", lab, {"because": "wrong"})
        if done.status != 200:
            raise AssertionError(done.body)


def served(name, form="text"):
    return hub.call("GET", f"/api/v1/feeds/{name}?format={form}", lab).body


def many(count):
    """Addresses that are no neighbours, so that each is a line."""
    return "".join(f"203.0.{each >> 7}.{(each & 127) * 2}\n" for each in range(count))


class Pulled(Case):
    def setUp(self):
        self.at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.file = self.at / "list"

    def pull(self, *words, name="block-v4", **env):
        return tocsin("feed", "pull", name, "--to", self.file, *words, **env)

    def left(self):
        """But for when the list was last told, which stays."""
        return sorted(one.name for one in self.at.iterdir() if not one.name.endswith(".tocsin-as-of"))

    def noting(self, status=0):
        """A command that notes that it ran, and what the file was then."""
        return "--exec", "sh", "-c", f"cat '{self.file}' >> '{self.at}.ran'; echo told; exit {status}"

    def noted(self):
        ran = pathlib.Path(f"{self.at}.ran")
        return ran.read_text() if ran.exists() else None


class Pulling(Pulled):
    def test_the_file_is_the_feed_and_is_written_only_when_that_changed(self):
        said = json.loads(self.assert_done(self.pull("--json")).stdout)
        self.assertEqual(self.file.read_bytes(), served("block-v4"))
        self.assertEqual((said["changed"], said["entries"], said["sha256"]), (True, 2, hashlib.sha256(self.file.read_bytes()).hexdigest()))
        before = self.file.stat()
        self.assertIn("2 entries, unchanged", self.assert_done(self.pull()).stdout)
        self.assertEqual((self.file.stat().st_ino, self.file.stat().st_mtime_ns), (before.st_ino, before.st_mtime_ns))
        [identifier] = share("198.51.100.34")
        self.addCleanup(retract, identifier)
        self.assertIn("3 entries, in", self.assert_done(self.pull()).stdout)
        self.assertEqual((self.file.read_bytes(), self.left()), (served("block-v4"), ["list"]))

    def test_every_format_is_pulled_and_counted(self):
        for form in ("text", "csv", "ndjson", "nftables", "nginx", "nginx-geo", "aws-waf", "cloudflare", "stix", "misp"):
            for name in ("block-v4", "block-v6"):  # the second is empty
                self.file = self.at / f"{name}.{form}"
                said = json.loads(self.assert_done(self.pull("--format", form, "--json", name=name)).stdout)
                self.assertEqual((self.file.read_bytes(), said["entries"]), (served(name, form), 2 if name == "block-v4" else 0), form)
                self.assertIn("unchanged", self.assert_done(self.pull("--format", form, name=name)).stdout)

    def test_what_the_server_is_to_leave_out_is_asked_of_it(self):
        self.assert_done(self.pull("--min-confidence", "1"))
        self.assertEqual(self.file.read_bytes(), b"")
        self.assert_fails(self.pull("--max-entries", "1"), 1, "max_entries")

    def test_rights_and_links_stay(self):
        real = self.at / "real"
        real.touch()
        real.chmod(0o640)
        self.file.symlink_to("real")
        self.assert_done(self.pull())
        self.assertTrue(self.file.is_symlink())
        self.assertEqual((real.read_bytes(), real.stat().st_mode & 0o777), (served("block-v4"), 0o640))

    def test_who_may_not_and_what_is_not_there_are_told(self):
        self.assert_fails(self.pull(TOCSIN_TOKEN=hub.token("aurora", "submitter")), 3, "403")
        self.assert_fails(self.pull(name="block"), 5, "404", "There are block-v4, block-v6, ", " and observe-asn.")
        self.assert_fails(tocsin("feed", "pull", "block-v4"), 1, "--to")
        self.assert_fails(tocsin("feed", "pull", "block-v4", "--to", self.at), 1, "no ordinary file")
        self.assert_fails(tocsin("feed", "pull", "block-v4", "--to", self.at / "absent" / "list"), 1, "absent")
        self.assertEqual(self.left(), [])


class Commands(Pulled):
    def test_a_command_runs_when_the_file_changed_and_never_else(self):
        done = self.assert_done(self.pull("--json", *self.noting()))
        self.assertEqual((json.loads(done.stdout)["ran"], done.stderr, self.noted()), (True, "told\n", self.file.read_text()))
        self.assertFalse(json.loads(self.assert_done(self.pull("--json", *self.noting())).stdout)["ran"])
        self.assertEqual((self.noted(), self.left()), (self.file.read_text(), ["list"]))

    def test_no_shell_reads_the_command_and_it_gets_no_token(self):
        done = self.assert_done(self.pull("--exec", "printf", "%s|", "$HOME", "; ls", "--json", "[a,b]", ""))
        self.assertEqual(done.stderr, "$HOME|; ls|--json|[a,b]||")
        self.file.unlink()
        self.assertNotIn("TOCSIN_TOKEN", self.assert_done(self.pull("--exec", "env")).stderr)

    def test_a_command_that_fails_gets_the_old_file_back_and_is_run_again(self):
        self.file.write_text("203.0.113.9\n")
        for _ in range(2):
            done = self.pull(*self.noting(7))
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("ended with 7", done.stderr)
            self.assertEqual((self.file.read_text(), self.left()), ("203.0.113.9\n", ["list"]))
        self.assertEqual(self.noted().encode(), served("block-v4") * 2)
        self.assert_done(self.pull(*self.noting()))
        self.assertEqual((self.file.read_bytes(), self.left()), (served("block-v4"), ["list"]))

    def test_where_there_was_no_file_there_is_none_when_the_command_fails(self):
        self.assertEqual(self.pull(*self.noting(1)).returncode, 1)
        self.assertEqual(self.left(), [])
        self.assert_fails(self.pull("--exec", self.at / "no-such-program"), 1, "cannot be run")
        self.assertEqual(self.left(), [])
        self.assert_fails(self.pull("--exec"), 1, "--exec")

    def test_a_command_that_was_not_seen_to_end_is_run_again(self):
        for fails in (True, False):
            self.file.write_text("203.0.113.9\n")
            started, goes_on = self.at / "started", self.at / "goes-on"
            os.mkfifo(started)
            os.mkfifo(goes_on)
            words = ["feed", "pull", "block-v4", "--to", self.file, "--exec", "sh", "-c", f"echo >'{started}'; read line <'{goes_on}'"]
            process = subprocess.Popen([TOCSIN, *map(str, words)], env=environment(), stdout=subprocess.DEVNULL)
            started.read_text()
            process.send_signal(signal.SIGKILL)
            process.wait(30)
            goes_on.write_text("\n")
            for one in (started, goes_on):
                one.unlink()
            self.assertEqual(self.file.read_bytes(), served("block-v4"))
            self.assertEqual(self.pull(*self.noting(int(fails))).returncode, int(fails))  # the list is unchanged
            self.assertEqual(self.file.read_bytes(), b"203.0.113.9\n" if fails else served("block-v4"))
            self.assertEqual(self.left(), ["list"])


class Guarded(Pulled):
    def test_an_empty_list_clears_nothing_unless_it_may(self):
        self.file.write_text("203.0.113.9\n")
        self.assert_fails(self.pull(name="challenge-v6"), 6, "0 entries", "--accept-empty")
        self.assertEqual(self.file.read_text(), "203.0.113.9\n")
        self.assert_done(self.pull("--accept-empty", name="challenge-v6"))
        self.assertEqual(self.file.read_text(), "")

    def test_a_list_that_shrank_drastically_is_refused_unless_it_may(self):
        self.file.write_text(many(200))
        self.assert_fails(self.pull(), 6, "200", "--max-shrink 100")
        self.assertEqual(self.file.read_text(), many(200))
        self.assert_done(self.pull("--max-shrink", "100"))
        self.file.write_text(many(100))
        self.assert_done(self.pull())  # so few may go

    def test_a_list_that_grew_drastically_is_refused_unless_it_may(self):
        identifiers = share(*many(120).split(), action="rate-limit")
        self.addCleanup(retract, *identifiers)
        self.file.write_text("203.0.113.9\n")
        refused = self.pull(name="rate-limit-v4")
        self.assert_fails(refused, 6, "122", "--max-growth 12101")
        self.assertEqual(self.file.read_text(), "203.0.113.9\n")
        self.assert_done(self.pull("--max-growth", "12101", name="rate-limit-v4"))
        self.file.unlink()
        self.assert_done(self.pull(name="rate-limit-v4"))  # nothing was there that could have grown

    def test_a_file_that_holds_something_else_is_not_overwritten(self):
        for text in ("root:x:0:0:root:/root:/bin/sh\n", "203.0.113.9", "deny 203.0.113.9;\n", '{"Addresses":[]}\n'):
            self.file.write_text(text)
            self.assert_fails(self.pull(), 6, "something else", "--format")
            self.assertEqual(self.file.read_text(), text)

    def sound(self, body, entries):
        digest = hashlib.sha256(body.encode()).hexdigest()
        return {"Tocsin-Digest": "sha-256=" + digest, "Tocsin-Entries": str(entries), "Tocsin-As-Of": "2026-01-01T00:00:00Z", "Tocsin-Expires": "2999-01-01T00:00:00Z"}

    def test_an_older_list_than_was_told_is_refused_unless_it_may(self):
        def told(body, at, status=200):
            server.script["*"] = answer(status, body if status == 200 else "", **(self.sound(body, 1) | {"Tocsin-As-Of": f"2026-01-01T00:{at}Z"}))

        pull = lambda *words: self.pull(*words, TOCSIN_URL=server.url)
        first, other = "203.0.113.7\n", "203.0.113.9\n"
        with strange_server({}) as server:
            told(first, "10:00")
            self.assert_done(pull())
            told(other, "09:00")
            self.assert_fails(pull(), 6, "00:09:00", "00:10:00", "--accept-older")
            self.assertEqual(self.file.read_text(), first)
            told(first, "20:00", 304)
            self.assert_done(pull())
            told(first, "10:00", 304)
            self.assert_done(pull())
            told(other, "15:00")
            self.assert_fails(pull(), 6, "00:15:00", "00:20:00")  # the list is unchanged, and known to have been at 20:00
            told(other, "19:55")
            self.assert_done(pull())  # a clock was put right
            told(first, "05:00")
            self.assert_done(pull("--accept-older"))
            told(other, "06:00")
            self.assert_done(pull())  # from there on
            self.assertEqual(self.file.read_text(), other)
            self.file.unlink()
            told(first, "01:00")
            self.assert_done(pull())  # no list is older than none

    def test_a_list_that_its_command_refuses_makes_no_other_too_old(self):
        def told(body, at):
            server.script["*"] = answer(200, body, **(self.sound(body, 1) | {"Tocsin-As-Of": f"2026-01-01T00:{at}Z"}))

        with strange_server({}) as server:
            for body, at, status in (("203.0.113.7\n", "10:00", 0), ("203.0.113.8\n", "30:00", 7), ("203.0.113.9\n", "20:00", 0)):
                told(body, at)
                self.assertEqual(self.pull(*self.noting(status), TOCSIN_URL=server.url).returncode, 1 if status else 0)
            self.assertEqual(self.file.read_text(), "203.0.113.9\n")

    def test_a_time_that_cannot_be_read_is_told_and_lets_nothing_in(self):
        self.assert_done(self.pull())
        before = self.file.read_bytes()
        (self.at / ".list.tocsin-as-of").write_text("yesterday\n")
        self.addCleanup(retract, *share("198.51.100.36"))
        self.assert_fails(self.pull(), 1, ".list.tocsin-as-of", "Remove it")
        self.assertEqual(self.file.read_bytes(), before)

    def test_what_does_not_hold_together_is_not_written(self):
        body = "203.0.113.7\n203.0.113.9\n"
        sound = self.sound(body, 2)
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(strange_server({"*": answer(200, body, **sound)}))
            self.assert_done(self.pull(TOCSIN_URL=server.url))
            self.file.write_text("203.0.113.9\n")
            for name, value in (("Tocsin-Digest", "sha-256=" + "0" * 64), ("Tocsin-Entries", "3"), ("Tocsin-Expires", "2020-01-01T00:00:00Z"), ("Tocsin-Digest", "")):
                server.script["*"] = answer(200, body, **(sound | {name: value}))
                self.assert_fails(self.pull(TOCSIN_URL=server.url), 4, "block-v4")
                self.assertEqual((self.file.read_text(), self.left()), ("203.0.113.9\n", ["list"]))

    def test_a_server_that_lies_gets_no_line_into_the_file_but_those_of_a_list(self):
        orders = {
            "nftables": ("  203.0.113.7,", ("flush ruleset", "add table inet tocsin; flush ruleset", "} ; flush ruleset", "flush set inet tocsin x; flush ruleset", "  203.0.113.9 } ; flush ruleset ; add element inet tocsin x {,", "  cafe.de,", "add set inet tocsin x { type ipv4_addr; } ; flush ruleset ; { type ipv4_addr; flags interval; }", "add element inet tocsin x { 203.0.113.9 } ; flush ruleset ; add element inet tocsin x {")),
            "nginx": ("deny 203.0.113.7;", ("deny 203.0.113.9; return 302 http://example.com/;", "deny all;", "deny ;", "allow all;")),
            "nginx-geo": ("203.0.113.7 block;", ("include /etc/nginx/other.geo;", "default block;", "203.0.113.9 block; include /etc/nginx/other.geo;", "203.0.113.9 ;")),
            "csv": ("203.0.113.7,block,80,green,,indicator--x\r", ("=HYPERLINK(1),block,80,green,,x\r", "value,@SUM(1)\r", '"203.0.113.9",block,80,green,,x\r')),
            "text": ("203.0.113.7", ("example.com", "203.0.113.9 ; reboot", "AS", "ASA", "...", "10.0.0.0-10.0.0.9")),
        }
        with strange_server({}) as server:
            for form, (line, others) in orders.items():
                self.file = self.at / form
                server.script["*"] = answer(200, line + "\n", **self.sound(line + "\n", 1))
                self.assert_done(self.pull("--format", form, TOCSIN_URL=server.url))
                for other in others:
                    for said in (1, 2):
                        body = f"{line}\n{other}\n"
                        server.script["*"] = answer(200, body, **self.sound(body, said))
                        self.assert_fails(self.pull("--format", form, TOCSIN_URL=server.url), 4, "block-v4")
                        self.assertEqual(self.file.read_bytes().decode(), line + "\n", other)

    def test_unchanged_is_believed_of_what_the_file_has_and_while_it_is_new(self):
        body = "203.0.113.7\n"
        sound = self.sound(body, 1)
        with strange_server({"*": answer(304, "", **sound)}) as server:
            self.assert_fails(self.pull(TOCSIN_URL=server.url), 4, "304")  # there is nothing that it could be of
            self.assertEqual(self.left(), [])
            self.file.write_text(body)
            self.assertIn("unchanged", self.assert_done(self.pull(TOCSIN_URL=server.url)).stdout)
            for name, value in (("Tocsin-Digest", "sha-256=" + "0" * 64), ("Tocsin-Expires", "2020-01-01T00:00:00Z")):
                server.script["*"] = answer(304, "", **(sound | {name: value}))
                self.assert_fails(self.pull(TOCSIN_URL=server.url), 4, "block-v4")

    def test_what_is_half_written_is_shown_to_nobody_else(self):
        body = many(50)
        self.file.write_text("203.0.113.9\n")
        self.file.chmod(0o600)
        with strange_server({"*": answer(200, body, **self.sound(body, 50))}) as server:
            words = ["prlimit", "--fsize=100", "--core=0", TOCSIN, "feed", "pull", "block-v4", "--to", str(self.file)]
            stopped = subprocess.run(words, env=environment(TOCSIN_URL=server.url), capture_output=True, timeout=60)
        self.assertEqual(stopped.returncode, -signal.SIGXFSZ, stopped.stderr)
        self.assertEqual(self.left(), [".list.tocsin-part", "list"])
        self.assertEqual([one.stat().st_mode & 0o777 for one in self.at.iterdir()], [0o600, 0o600])


if __name__ == "__main__":
    unittest.main(verbosity=1)
