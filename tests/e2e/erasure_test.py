"""Erasure: content is gone from every file of the instance, and the log still verifies."""
import pathlib
import sqlite3
import unittest
import uuid

from community import Community
from data_directory import files_that_hold
from instance import indicator

STRICT_RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


def setUpModule():
    global hub
    hub = Community()
    unittest.addModuleCleanup(hub.close)
    hub.start()


def secret():
    return "canary-" + uuid.uuid4().hex


def erase(made, organisation="aurora"):
    done = hub.verb("erase", "--org", organisation, made["id"], check=False)
    return done.returncode, done.stdout + done.stderr


def seen(token, made):
    return hub.call("GET", f"{hub.objects}{made['id']}/", token).status


class Words(unittest.TestCase):
    """What is found by its words stands in the index, too."""

    def test_the_words_of_a_version_before_are_in_no_file_after_an_erasure(self):
        first = indicator("192.0.2.70")
        hub.submit(first)
        self.assertEqual(erase(first)[0], 0)  # an erasure before it
        word = "q" + uuid.uuid4().hex[:30]
        share = {"kind": "proxy-domain", "value": "words.proxy.net", "description": f"seen {word} there"}
        made = hub.call("POST", "/api/v1/indicators", hub.lab, share).json["items"][0]
        self.assertEqual(len(hub.call("GET", f"/api/v1/indicators?q={word}", hub.lab).json["indicators"]), 1)
        again = hub.call("POST", "/api/v1/indicators", hub.lab, dict(share, description="seen there")).json["items"][0]
        self.assertEqual((again["outcome"], again["id"]), ("accepted", made["id"]))
        self.assertNotEqual(files_that_hold(hub.dir, word.encode()), [])
        self.assertEqual(erase(made)[0], 0)
        self.assertEqual(files_that_hold(hub.dir, word.encode()), [])


class Erasure(unittest.TestCase):
    def check_passes(self):
        done = hub.verb("check", check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout)
        return done.stdout

    def test_a_server_that_was_killed_leaves_nothing_in_the_write_ahead_log(self):
        canary = secret()
        made = indicator("192.0.2.71", description=canary)
        hub.submit(made)
        self.assertIn("tocsin.db-wal", files_that_hold(hub.dir, canary.encode()))
        hub.kill()
        hub.start()
        self.assertNotIn("tocsin.db-wal", files_that_hold(hub.dir, canary.encode()))
        self.assertEqual(seen(hub.lab, made), 200)

    def test_what_was_erased_is_in_no_answer_and_no_file(self):
        canary = secret()
        made = indicator("192.0.2.61", description=canary * 40)
        later = dict(made, modified="2026-06-01T00:00:00Z", description=canary * 2_000)
        status = hub.submit(made, later)
        hub.call("GET", hub.objects, hub.cloud)  # a page that is kept in memory
        self.assertIn("tocsin.db-wal", " ".join(files_that_hold(hub.dir, canary.encode())))
        code, said = erase(made)
        self.assertEqual(code, 0, said)
        self.assertIn("2 versions are erased; the log keeps 2 leaves", said)
        raw = uuid.UUID(made["id"].removeprefix("indicator--")).bytes
        self.assertEqual(files_that_hold(hub.dir, canary.encode(), raw, made["id"].encode()), [])
        for token in (hub.lab, hub.cloud):
            self.assertEqual(seen(token, made), 404)
            self.assertNotIn(canary, hub.call("GET", hub.objects, token).body.decode())
        self.assertNotIn(made["id"], hub.call("GET", f"/taxii2/root/status/{status['id']}/", hub.lab).body.decode())
        self.check_passes()

    def test_the_same_object_of_another_organisation_stays(self):
        made = indicator("192.0.2.62")
        hub.submit(made)
        hub.submit(made, token=hub.cloud)
        self.assertEqual(erase(made)[0], 0)
        self.assertEqual(seen(hub.cloud, made), 200)
        self.assertEqual(erase(made, "borealis")[0], 0)
        self.assertEqual(seen(hub.cloud, made), 404)

    def test_what_was_never_logged_is_erased_too(self):
        made = indicator("192.0.2.63", object_marking_refs=[STRICT_RED])
        hub.submit(made)
        code, said = erase(made)
        self.assertIn("1 version is erased; the log keeps 0 leaves\n", said)
        self.assertEqual(seen(hub.lab, made), 404)
        self.check_passes()

    def test_the_id_is_free_again(self):
        made = indicator("192.0.2.64")
        hub.submit(made)
        erase(made)
        self.assertEqual(hub.submit(dict(made, name="another"))["success_count"], 1)
        self.assertEqual(seen(hub.cloud, made), 200)

    def test_what_is_not_there_is_said_to_be_not_there(self):
        made = indicator("192.0.2.65")
        self.assertEqual(erase(made, "nobody"), (1, 'tocsind: There is no organisation "nobody". `tocsind org list` shows them.\n'))
        code, said = erase(made)
        self.assertEqual(code, 1)
        self.assertIn("That organisation has stored no object with this id.", said)
        self.assertEqual(erase({"id": "nonsense"})[0], 1)

    def test_the_trail_says_how_much_was_erased_and_not_what(self):
        made = indicator("192.0.2.66")
        hub.submit(made)
        erase(made)
        listed = hub.verb("audit", "list")
        self.assertIn("erase", listed)
        self.assertNotIn(made["id"].removeprefix("indicator--"), listed)

    def test_it_outlives_a_kill_and_the_log_grows_on(self):
        made, other = indicator("192.0.2.67"), indicator("192.0.2.68")
        hub.submit(made)
        self.assertEqual(erase(made)[0], 0)
        hub.kill()
        hub.start()
        self.assertEqual(seen(hub.lab, made), 404)
        self.assertEqual(hub.submit(other)["success_count"], 1)
        self.check_passes()

    def test_content_that_vanished_without_an_erasure_is_found(self):
        made = indicator("192.0.2.69")
        hub.submit(made)
        hub.stop()
        try:
            with sqlite3.connect(next(hub.dir.glob("**/tocsin.db"))) as database:
                row, old = database.execute("SELECT version, bytes FROM versions ORDER BY version DESC LIMIT 1").fetchone()
                database.execute("UPDATE versions SET bytes = x'' WHERE version = ?", (row,))
            self.assertNotEqual(hub.verb("check", check=False).returncode, 0)
            with sqlite3.connect(next(hub.dir.glob("**/tocsin.db"))) as database:
                database.execute("UPDATE versions SET bytes = ? WHERE version = ?", (old, row))
            self.check_passes()
        finally:
            hub.start()

    def test_a_backup_made_afterwards_does_not_hold_it(self):
        canary = secret()
        made = indicator("192.0.2.70", description=canary)
        hub.submit(made)
        erase(made)
        file = pathlib.Path(hub.folder.name) / "after.backup"
        hub.verb("backup", "--to", str(file))
        self.assertNotIn(canary.encode(), file.read_bytes())


if __name__ == "__main__":
    unittest.main()
