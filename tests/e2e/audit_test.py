"""The audit trail of the real binary: every change is in it, a liaison's read is in it before it is answered, whatever is changed in it
is found, and nothing of the content is in it."""
import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import uuid

import disk_full_test
from community import Community
from instance import indicator


class Audit(unittest.TestCase):
    def hub(self, interval=600):
        hub = Community()
        self.addCleanup(hub.close)
        hub.configure(audit__checkpoint_interval_s=str(interval))
        hub.liaison, hub.auditor = hub.gov, hub.token("aurora", "auditor")
        hub.network = hub.collection("network")
        return hub

    def trail(self, hub, **query):
        """Every entry, as the auditor reads it."""
        entries, first = [], 0
        while first is not None:
            words = "&".join(f"{name}={value}" for name, value in query.items())
            page = hub.call("GET", f"/api/v1/audit/entries?limit=50&first={first}&{words}", hub.auditor).json
            entries += [json.loads(row["entry"]) for row in page["entries"]]
            first = page["next"]
        return entries

    def submit(self, hub, *objects):
        answer = hub.call("POST", hub.objects, hub.lab, {"objects": list(objects)})
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json

    def change_database(self, hub, sql):
        with contextlib.closing(sqlite3.connect(hub.dir / "tocsin.db")) as database, database:
            self.assertEqual(database.execute(sql).rowcount, 1, sql)

    def test_every_change_leaves_an_entry_that_says_who_asked(self):
        hub = self.hub().start()
        admin = (hub.dir / "admin.token").read_text().strip()
        hub.organisation("daphne")
        token = hub.token("daphne", "feed")
        hub.verb("collection", "add", "Extra")
        hub.verb("org", "disable", "daphne")
        hub.verb("org", "enable", "daphne")
        hub.verb("token", "revoke", token[7:23])
        made = hub.call("POST", "/api/v1/admin/organisations", admin, {"name": "erato", "type": "lab", "clearance": "green"})
        self.assertEqual(made.status, 201)
        one = indicator(tlp="green")
        status = self.submit(hub, one, indicator(tlp="green"), {"type": "indicator"})
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{one['id']}/", hub.lab).status, 200)

        entries = self.trail(hub)
        before = [one for one in entries if one["by"]["credential"] == "program"]
        self.assertEqual([one["action"] for one in before if one["action"] != "server.start"],
                         ["organisation.add"] + 3 * ["collection.add"] + ["credential.add"])
        socket = [one["action"] for one in entries if one["by"]["credential"] == "admin-socket"]
        self.assertEqual(socket, 3 * ["organisation.add"] + 6 * ["credential.add"] +
                         ["organisation.add", "credential.add", "collection.add", "organisation.disable", "organisation.enable", "credential.revoke"])
        by_token = {one["action"]: one for one in entries if one["by"]["credential"] not in ("program", "admin-socket")}
        self.assertEqual(by_token["organisation.add"]["by"], {"organisation": "hub", "credential": admin[7:23]})
        submitted = by_token["submit"]
        self.assertEqual(submitted["by"], {"organisation": "aurora", "credential": hub.lab[7:23]})
        self.assertEqual((submitted["submissions"], submitted["collection"]), ([status["id"]], hub.network))
        self.assertEqual((submitted["stored"], submitted["unchanged"], submitted["refused"]), (2, 0, 1))
        self.assertEqual(by_token["withdraw"]["publications"], 1)
        self.assertEqual(self.trail(hub, organisation="erato"), [by_token["organisation.add"]])
        rows = [line.split("\t") for line in hub.verb("audit", "list", "--org", "daphne").splitlines()]
        self.assertEqual([row[3] for row in rows], ["organisation.add", "credential.add", "organisation.disable", "organisation.enable", "credential.revoke"])
        self.assertEqual(hub.verb("audit", "list", "--until", "2020-01-01T00:00:00Z"), "")

    def test_a_killed_server_loses_no_change_entry(self):
        hub = self.hub()
        answered = []
        for _ in range(5):
            hub.start()
            for _ in range(4):
                answered.append(self.submit(hub, indicator(tlp="green"))["id"])
            hub.kill()
        hub.start()
        self.assertEqual([id for one in self.trail(hub) if one["action"] == "submit" for id in one["submissions"]], answered)
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")

    def test_reads_are_merged_ranges_and_a_stop_records_them(self):
        hub = self.hub().start()
        self.submit(hub, *[indicator(tlp="green") for _ in range(30)])
        query = "limit=10"
        while query:
            page = hub.call("GET", f"{hub.objects}?{query}", hub.feed).json
            query = f"limit=10&next={page['next']}" if page["more"] else None
        hub.stop()
        hub.start()
        reads = [one for one in self.trail(hub, organisation="borealis") if one["action"] == "read"]
        self.assertEqual(sum(one["objects"] for one in reads), 30)
        self.assertEqual(sum(one["requests"] for one in reads), 3)
        self.assertEqual({one["collection"] for one in reads}, {hub.network})
        self.assertEqual([one["action"] for one in self.trail(hub) if one["action"].startswith("server.")],
                         ["server.start", "server.stop", "server.start"])

    def test_a_liaisons_read_is_recorded_before_it_is_answered(self):
        hub = self.hub()
        self.assert_recorded_first(hub, hub.liaison)

    def test_so_is_what_a_government_reads_in_another_role(self):
        hub = self.hub()
        self.assert_recorded_first(hub, hub.token("cassini", "analyst"))

    def assert_recorded_first(self, hub, token):
        hub.start()
        one = indicator(tlp="green")
        self.submit(hub, one)
        for kill, target in enumerate((hub.objects, f"{hub.objects}{one['id']}/", hub.objects), 1):
            for _ in range(2):  # the second answer is from memory
                self.assertEqual(hub.call("GET", target, token).json["objects"][0]["id"], one["id"])
            hub.kill()
            hub.start()
            reads = [each for each in self.trail(hub, organisation="cassini") if each["action"] == "read"]
            self.assertEqual(sum(each["requests"] for each in reads), 2 * kill)

    def test_changes_in_the_trail_are_found(self):
        hub = self.hub().start()
        self.submit(hub, indicator(tlp="green"))
        hub.stop()  # which exports a checkpoint
        self.assertRegex(hub.verb("audit", "verify"), r"(?s)size \d+, root \S+, 1 checkpoint\nok$")
        kept = hub.dir.parent / "kept"
        shutil.copy(hub.dir / "audit" / "checkpoints", kept)
        before = (hub.dir / "tocsin.db").read_bytes()
        for sql in ("UPDATE audit SET entry = replace(entry, 'aurora', 'borealis') WHERE position = 5",
                    "UPDATE leaves SET leaf = zeroblob(32) WHERE log = 2 AND position = 3",
                    "DELETE FROM audit WHERE position = 6",
                    "UPDATE counters SET audit_size = audit_size + 1"):
            with self.subTest(sql):
                self.change_database(hub, sql)
                done = hub.verb("audit", "verify", check=False)
                self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "NOT OK"), done.stdout)
                (hub.dir / "tocsin.db").write_bytes(before)
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")
        # The last entries with their leaves and the counter: the trail itself verifies, the checkpoint does not.
        with contextlib.closing(sqlite3.connect(hub.dir / "tocsin.db")) as database, database:
            size = database.execute("SELECT audit_size FROM counters").fetchone()[0]
            database.execute("DELETE FROM audit WHERE position = ?", [size - 1])
            database.execute("DELETE FROM leaves WHERE log = 2 AND position = ?", [size - 1])
            database.execute("UPDATE counters SET audit_size = audit_size - 1")
        done = hub.verb("audit", "verify", "--checkpoints", str(kept), check=False)
        self.assertIn("a signed checkpoint says", done.stdout)
        self.assertEqual(done.returncode, 1)
        self.assertIn("shorter than it was when it was signed", hub.verb("audit", "export", str(hub.dir.parent / "out"), check=False).stderr)

    def test_checkpoints_are_exported_while_the_trail_grows_and_only_appended(self):
        hub = self.hub(interval=1).start()
        file = hub.dir / "audit" / "checkpoints"
        before = b""
        for _ in range(2):
            self.submit(hub, indicator(tlp="green"))
            while not file.exists() or len(file.read_bytes()) <= len(before):  # the test's own time limit ends it
                hub.call("GET", "/healthz")
            self.assertTrue(file.read_bytes().startswith(before))
            before = file.read_bytes()
        self.assertGreaterEqual(before.count(b"\n\n"), 4)
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")

    def test_an_auditor_sees_the_trail_and_no_content(self):
        hub = self.hub().start()
        one = indicator(tlp="clear")
        self.submit(hub, one)
        self.assertTrue(self.trail(hub))
        for path in (hub.objects, f"{hub.objects}{one['id']}/", "/taxii2/root/collections/", "/api/v1/admin/organisations",
                     f"/api/v1/collections/network/objects/{one['id']}/readers"):
            self.assertEqual(hub.call("GET", path, hub.auditor).status, 403, path)
        for token in (hub.lab, hub.feed, hub.liaison):
            self.assertEqual(hub.call("GET", "/api/v1/audit/entries", token).status, 403)

    def test_a_producer_learns_how_many_may_have_read_its_object(self):
        hub = self.hub().start()
        green, red = indicator(tlp="green"), indicator(tlp="red")
        self.submit(hub, green, red)

        def readers(which, token):
            return hub.call("GET", f"/api/v1/collections/network/objects/{which['id']}/readers", token)
        self.assertEqual(readers(green, hub.lab).json, {"organisations": 0, "complete": True})
        hub.call("GET", hub.objects, hub.liaison)
        self.assertEqual(readers(green, hub.lab).json["organisations"], 1)
        hub.call("GET", hub.objects, hub.feed)
        hub.stop()  # records what the feed read
        hub.start()
        self.assertEqual(readers(green, hub.lab).json["organisations"], 2)
        self.assertEqual(readers(red, hub.lab).json["organisations"], 0)
        other = hub.token("borealis", "analyst")
        self.assertEqual(readers(green, other).status, 404)
        self.assertEqual(readers(green, other).json["detail"], readers(indicator(), other).json["detail"])

    def test_nothing_of_the_content_is_in_an_export_and_it_verifies_without_tocsin(self):
        hub = self.hub().start()
        objects = [indicator(f"203.0.113.{i}", "green", name=f"secret-name-{i}", description="secret-description") for i in range(9)]
        self.submit(hub, *objects)
        for one in objects:
            for query in (f"{one['id']}/", f"{one['id']}/versions/", f"?match[id]={one['id']}", "?match[type]=indicator&limit=2"):
                self.assertEqual(hub.call("GET", hub.objects + query, hub.feed).status, 200)
        self.assertEqual(hub.call("GET", f"{hub.objects}{objects[0]['id']}/", hub.liaison).status, 200)
        hub.call("DELETE", f"{hub.objects}{objects[3]['id']}/", hub.lab)
        hub.call("GET", f"{hub.objects}indicator--{uuid.uuid4()}/", hub.feed)
        hub.stop()
        out = hub.dir.parent / "bundle"
        hub.verb("audit", "export", str(out), "--for", "counsel")
        everything = b"".join(file.read_bytes() for file in out.iterdir())
        for secret in [hub.lab, hub.feed, hub.liaison, hub.auditor] + [token[24:] for token in (hub.lab, hub.feed, hub.liaison)] + \
                ["secret-", "203.0.113.", "ipv4-addr"] + [one["id"].split("--")[1] for one in objects]:
            self.assertNotIn(secret.encode(), everything)
        self.assertIn(b'"read', everything)

        done = subprocess.run([sys.executable, "verify.py"], cwd=out, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.split()[-1:]), (0, ["ok"]), done.stdout + done.stderr)
        signature = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin", "-in", "checkpoint.body", "-sigfile"]
        done = subprocess.run(signature + ["checkpoint.sig"], cwd=out, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = (out / "entries.ndjson").read_text().splitlines()
        (out / "entries.ndjson").write_text("\n".join(lines[:2] + [lines[2].replace("organisation", "organisatiom")] + lines[3:]) + "\n")
        done = subprocess.run([sys.executable, "verify.py"], cwd=out, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout.split()[-2:]), (1, ["NOT", "OK"]))


class AuditOnAFullDisk(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-e2e-") as folder:
            if disk_full_test.mount(folder, 1).returncode != 0:
                print("SKIPPED: a small disk cannot be mounted here", flush=True)
                raise unittest.SkipTest("mounting needs root")
            disk_full_test.unmount(folder)

    def test_a_liaison_is_refused_others_go_on_and_what_they_read_is_recorded_afterwards(self):
        hub = disk_full_test.SmallDisk(24, "free_space_mib = 0\n")
        self.addCleanup(hub.close)
        hub.organisation("cassini", "government", "amber")
        hub.organisation("borealis", "cloud", "amber")
        liaison, feed = hub.token("cassini", "liaison"), hub.token("borealis", "feed")
        hub.start()
        self.assertEqual(hub.submit([indicator(tlp="green")]).status, 202)
        self.assertEqual(hub.call("GET", hub.objects, liaison).status, 200)
        hub.take_all_but(0)
        recorded = 1
        while (answer := hub.call("GET", hub.objects, liaison)).status == 200:  # the write-ahead log has some room left
            recorded += 1
            self.assertLess(recorded, 20_000)
        self.assertEqual(answer.status, 503, answer.body)
        self.assertTrue(answer.headers["Retry-After"])
        self.assertNotIn(b"indicator", answer.body)
        for _ in range(3):
            self.assertEqual(hub.call("GET", hub.objects, feed).status, 200)
        self.assertEqual(hub.call("GET", hub.objects, liaison).status, 503)
        hub.foreign.unlink()
        while hub.call("GET", hub.objects, liaison).status != 200:  # the test's own time limit ends it
            pass
        hub.stop()
        entries = [json.loads(json.loads(line)["entry"]) for line in self.exported(hub)]
        reads = [one for one in entries if one["action"] == "read"]
        self.assertEqual(sum(one["requests"] for one in reads if one["by"]["organisation"] == "borealis"), 3)
        self.assertEqual(sum(one["requests"] for one in reads if one["by"]["organisation"] == "cassini"), recorded + 1)
        self.assertFalse([one for one in entries if one["action"] == "read.gap"])
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")

    @staticmethod
    def exported(hub):
        hub.verb("audit", "export", str(hub.disk / "out"))
        return (hub.disk / "out" / "entries.ndjson").read_text().splitlines()


if __name__ == "__main__":
    unittest.main(verbosity=1)
