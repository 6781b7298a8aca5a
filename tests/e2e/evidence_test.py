"""Evidence against a peer, as its administrator meets it: who is quarantined and why, the file, and how it is lifted."""
import hashlib
import pathlib
import sqlite3
import subprocess
import time
import unittest

import python_verify_test as logs
from instance import TOCSIN, Instance


class Evidence(unittest.TestCase):
    def setUp(self):
        self.heron, self.ibis = (Instance(init=["--host", f"{name}.example"]) for name in ("heron", "ibis"))
        for side in (self.heron, self.ibis):
            self.addCleanup(side.close)
            side.verb("manifest", "make")
        line, reply = (pathlib.Path(self.heron.folder.name) / name for name in ("line", "reply"))
        line.write_text(self.heron.verb("peer", "invite"))
        reply.write_text(self.ibis.verb("peer", "accept", str(line), "--name", "heron"))
        self.heron.verb("peer", "accept", str(reply), "--name", "ibis")
        self.heron.verb("peer", "resume", "ibis")

    def found(self, number, text, kind):
        """As a server leaves it that found it."""
        with sqlite3.connect(self.heron.dir / "tocsin.db") as database:
            database.execute("INSERT INTO evidence (peer, origin, kind, said, text, found) VALUES ('ibis', 'log.example/data', ?, ?, ?, ?)",
                             (kind, bytes([number]) * 32, text, 1_790_000_000_000_000 + number))
            database.execute("UPDATE peers SET state = 3, reason = 'its log was signed with two roots at size 3' WHERE name = 'ibis'")
        database.close()

    def state(self):
        return [line.split("\t") for line in self.heron.verb("peer", "list").splitlines()][0][1]

    def test_the_file_that_shows_it_is_printed_and_verifies(self):
        before, after = logs.AgainstALog.BEFORE, logs.AgainstALog.AFTER
        first = logs.evidence(logs.statement(before), logs.statement(after[:3]))
        second = logs.evidence(logs.statement(before), logs.statement(after), logs.AgainstALog.BEGINNING)
        self.found(1, first, "forked")
        self.found(2, second, "rewritten")
        for number, text, kind in (("0", second, "2 of 2: log.example/data is rewritten"), ("1", first, "1 of 2: log.example/data is forked")):
            done = self.heron.verb("peer", "evidence", "ibis", "--number", number, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, text), done.stderr)
            self.assertIn(kind, done.stderr)
            file = pathlib.Path(self.heron.folder.name) / "evidence"
            file.write_text(done.stdout)
            verified = subprocess.run([TOCSIN, "verify", file, "--vkey", logs.LOG_KEY.text], capture_output=True, text=True, timeout=60,
                                      env={"TOCSIN_FORMAT": "table", "HOME": self.heron.folder.name})
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
            self.assertTrue(verified.stdout.endswith("verified\n"))
        none = self.heron.verb("peer", "evidence", "ibis", "--number", "3", check=False)
        self.assertEqual((none.returncode, none.stdout), (1, ""))
        self.assertEqual(self.heron.verb("peer", "evidence", "magpie", check=False).returncode, 1)

    def test_a_quarantine_is_shown_and_only_resuming_or_removing_ends_it(self):
        self.found(1, logs.evidence(logs.statement(logs.AgainstALog.BEFORE), logs.statement(logs.AgainstALog.AFTER[:3])), "forked")
        self.heron.start()
        self.assertEqual(self.state(), "quarantined")
        self.assertIn("reason\tits log was signed with two roots at size 3\n", self.heron.verb("peer", "show", "ibis"))
        token = self.heron.verb("token", "add", "--org", "hub", "--role", "admin")
        metrics = lambda: self.heron.call("GET", "/metrics", token).body.decode()
        self.assertIn('tocsin_peer_quarantined{peer="ibis"} 1\n', metrics())
        refused = self.heron.verb("peer", "pause", "ibis", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("quarantined", refused.stderr)
        lifted = self.heron.verb("peer", "resume", "ibis", check=False)
        self.assertEqual((lifted.returncode, lifted.stdout), (0, "ibis is active\n"))
        self.assertIn("Lifted: ibis was quarantined, as its log was signed with two roots at size 3.", lifted.stderr)
        self.assertEqual(self.state(), "active")
        self.assertIn('tocsin_peer_quarantined{peer="ibis"} 0\n', metrics())
        self.assertEqual(self.heron.verb("peer", "resume", "ibis", check=False).stderr, "")
        self.heron.verb("peer", "remove", "ibis")
        self.assertEqual(self.heron.verb("peer", "evidence", "ibis", check=False).returncode, 0)


class OwnLog(unittest.TestCase):
    """What an instance says as a witness of its own log; of those of peers, when it follows them."""

    def setUp(self):
        self.heron = Instance(init=["--host", "heron.example"])
        self.addCleanup(self.heron.close)
        self.heron.verb("manifest", "make")
        keys = dict(line.split(" ", 1) for line in self.heron.verb("manifest", "show").splitlines() if " " in line)
        self.log, self.witness = logs.v.parse_key(keys["log-key"], 1), logs.v.parse_key(keys["witness-key"], 4)
        self.heron.start()

    def seen(self, origin, role="auditor"):
        path = f"/witness/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"
        return self.heron.call("GET", path, role and self.heron.token("hub", role))

    def test_an_instance_cosigns_the_newest_checkpoint_of_its_own_log(self):
        answer = self.seen("heron.example/log")
        self.assertEqual((answer.status, answer.headers["Cache-Control"]), (200, "no-store"), answer.body)
        note = logs.v.parse_note(answer.body.decode())
        self.assertEqual(logs.v.parse_checkpoint(note.text).origin, "heron.example/log")
        signed, at = logs.v.signed_by(note, [self.log, self.witness])
        self.assertEqual((signed, len(note.signatures)), (0, 2))
        self.assertLess(abs(time.time() - at), 60)

    def test_it_says_so_to_peers_and_those_who_look_after_it_and_of_what_it_follows(self):
        for role, status in (("peer", 200), ("auditor", 200), ("admin", 200), ("analyst", 403), ("feed", 403), (None, 401)):
            self.assertEqual(self.seen("heron.example/log", role).status, status, role)
        self.assertEqual(self.seen("ibis.example/log").status, 404)
        self.assertEqual(self.seen("heron.example/log/control").status, 404)


if __name__ == "__main__":
    unittest.main(verbosity=1)
