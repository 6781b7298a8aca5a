"""New keys in place of old ones, while the server runs and while it does not."""
import re
import sqlite3
import ssl
import unittest

from instance import Instance, first_certificate, indicator


class Keys(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)

    def assert_refused(self, done, *parts):
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stdout + done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def served(self):
        return ssl.get_server_certificate(("127.0.0.1", self.hub.port))

    def test_a_running_server_takes_a_new_certificate_that_its_clients_trust(self):
        self.hub.start()
        kept = self.hub.connect()
        self.assertEqual(self.hub.call("GET", "/healthz", connection=kept).status, 200)
        certs = self.hub.dir / "certs"
        (certs / "notes.txt").write_text("kept")
        before, authority = self.served(), (certs / "ca.crt").read_bytes()
        self.assertIn(f"process {self.hub.process.pid} was told", self.hub.verb("key", "rotate", "--tls"))
        for _ in range(1000):  # each a handshake with the server, which takes the signal on a thread of its own
            if self.served() != before:
                break
        self.assertEqual(self.served().strip(), first_certificate(certs / "server.crt"))
        self.assertNotEqual(self.served(), before)
        self.assertEqual(self.hub.call("GET", "/healthz", connection=kept).status, 200)
        self.hub.drop_connections()
        self.assertEqual(self.hub.call("GET", "/healthz").status, 200)  # verified against the authority of before
        self.assertEqual((certs / "ca.crt").read_bytes(), authority)
        self.assertEqual(sorted(file.name for file in certs.iterdir()), ["ca.crt", "ca.key", "notes.txt", "server.crt", "server.key"])
        self.assertEqual((certs / "server.key").stat().st_mode & 0o777, 0o600)
        self.assertEqual(list(self.hub.dir.glob("certs.next*")), [])

    def test_a_certificate_of_another_authority_is_left_alone(self):
        before = (self.hub.dir / "certs" / "server.crt").read_bytes()
        (self.hub.dir / "certs" / "ca.key").rename(self.hub.dir / "ca.key")
        self.assert_refused(self.hub.verb("key", "rotate", "--tls", check=False), "Get a certificate from its authority", "SIGHUP")
        self.assertEqual((self.hub.dir / "certs" / "server.crt").read_bytes(), before)
        self.assert_refused(self.hub.verb("key", "rotate", check=False), "--tls and --log")
        self.assert_refused(self.hub.verb("key", "rotate", "--tls", "--log", check=False), "--tls and --log")

    def test_each_change_of_the_logs_key_is_an_entry_that_both_keys_signed(self):
        self.hub.organisation("aurora", "lab", "red")
        token = self.hub.token("aurora", "analyst")
        path = f"/taxii2/root/collections/{self.hub.collection('network')}/objects/"
        changes = []
        by = lambda: [line.split("\t")[1:4] for line in self.hub.verb("audit", "list").splitlines() if "log-key.change" in line]
        self.assertEqual(by(), [])
        for running in (True, False, True):
            if running:
                self.hub.start()
                self.hub.call("POST", path, token, {"objects": [indicator() for _ in range(3)]})
            before = (self.hub.dir / "keys" / "log.key").read_text()
            old, new = (line.split("\t")[1] for line in self.hub.verb("key", "rotate", "--log").splitlines())
            changes.append((old, new))
            after = (self.hub.dir / "keys" / "log.key").read_text()
            self.assertNotEqual(after, before)
            self.assertEqual(after.split("+")[:4], ["PRIVATE", "KEY", "localhost/log", new.split("+")[1]])
            self.assertEqual((self.hub.dir / "keys" / f"log-{old.split('+')[1]}.pub").read_text(), old + "\n")
            self.assertFalse((self.hub.dir / "keys" / "log.key.next").exists())
            if running:
                self.assertEqual(self.hub.call("POST", path, token, {"objects": [indicator()]}).status, 202)
            self.assertEqual(self.hub.verb("check").splitlines()[-1], "ok")
            if running:
                self.hub.stop()
        self.assertEqual(by(), 3 * [["operator", "admin-socket", "log-key.change"]])
        self.assertEqual([new for _, new in changes[:-1]], [old for old, _ in changes[1:]])
        with sqlite3.connect(self.hub.dir / "tocsin.db") as database:
            entries = database.execute("SELECT header, body FROM control_entries ORDER BY position").fetchall()
        self.assertEqual([re.search('"data_size":(\\d+)', header)[1] for header, _ in entries], ["3", "4", "7"])
        for (_, body), (old, new) in zip(entries, changes, strict=True):
            self.assertTrue(body.startswith(f"tocsin/key-change/v1\n{old}\n{new}\n"), body)
            self.assertEqual(len(re.findall(r"(?m)^— localhost/log \S+$", body)), 2)

    def test_a_change_of_the_logs_key_that_was_interrupted_is_ended_or_forgotten(self):
        keys = self.hub.dir / "keys"
        first = (keys / "log.key").read_bytes()
        (keys / "log.key.next").write_bytes(first)
        self.hub.verb("org", "list")
        self.assertFalse((keys / "log.key.next").exists())
        self.assertEqual((keys / "log.key").read_bytes(), first)
        self.hub.verb("key", "rotate", "--log")
        second = (keys / "log.key").read_bytes()
        (keys / "log.key").write_bytes(first)  # as if it had ended between the entry and the new name
        (keys / "log.key.next").write_bytes(second)
        self.assertRegex(self.hub.verb("check", check=False).stdout, "the control log names another key than")
        self.hub.verb("org", "list")
        self.assertEqual((keys / "log.key").read_bytes(), second)
        self.assertEqual(self.hub.verb("check").splitlines()[-1], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=1)
