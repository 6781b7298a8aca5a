"""Recalls: what one organisation takes back is shown to nobody, and a peer that applied that is on record."""
import base64
import contextlib
import pathlib
import sqlite3
import subprocess
import time
import unittest
import uuid

from community import Community
from data_directory import files_that_hold
from instance import TOCSIN, Instance, indicator

STRICT_RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
HOUR = 3_600_000_000


def setUpModule():
    global hub, peer, admin
    hub = Community(init=["--demo"])  # which takes what is reserved for documentation
    unittest.addModuleCleanup(hub.close)
    peer = Peer()
    hub.start()
    unittest.addModuleCleanup(hub.stop_cleanly)
    admin = (hub.dir / "admin.token").read_text().strip()


class Peer:
    """Keys of another instance, which the hub takes for a peer, and a token of it. It applies nothing, and says what a test wants."""

    def __init__(self):
        self.instance = Instance(init=["--host", "ibis.example"])
        unittest.addModuleCleanup(self.instance.close)
        for side in (hub, self.instance):
            side.verb("manifest", "make")
        self.accept(hub, self.accept(self.instance, hub.verb("peer", "invite")))
        (hub.dir / "peers" / "ibis.example.toml").write_text('direction = "out"\ncollections = ["network"]\nmax_tlp = "green"\n')
        hub.verb("peer", "reload")
        hub.verb("peer", "resume", "ibis.example")
        self.token = hub.token("ibis.example", "peer")
        _, _, self.name, number, key = (self.instance.dir / "keys" / "applied.key").read_text().strip().split("+", 4)
        self.number, self.seed = bytes.fromhex(number), base64.b64decode(key)[1:]

    @staticmethod
    def accept(side, line):
        file = pathlib.Path(side.folder.name) / "line"
        file.write_text(line + "\n")
        return side.verb("peer", "accept", str(file))

    def signed(self, message, seed):
        """By a key of Ed25519 (RFC 8410)."""
        folder = pathlib.Path(self.instance.folder.name)
        (folder / "key").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)
        (folder / "message").write_bytes(message)
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", folder / "key", "-in", folder / "message"],
                              capture_output=True, check=True).stdout

    def receipt(self, note, seed=None, time_s=1_790_000_000):
        """The note with the log's signature and the peer's (C2SP tlog-cosignature)."""
        text, _, lines = note.partition("\n\n")
        signature = self.signed(f"cosignature/v1\ntime {time_s}\n{text}\n".encode(), seed or self.seed)
        line = base64.b64encode(self.number + time_s.to_bytes(8, "big") + signature).decode()
        own = [one for one in lines.splitlines() if one.split(" ")[1] == text.splitlines()[0]]
        return "\n".join([text, "", *own, f"— {self.name} {line}", ""])

    def post(self, body, token=None):
        return hub.call("POST", "/log/control/receipts", token or self.token, body.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def control(size):
    """The newest checkpoint of the control log, which has so many entries."""
    note = hub.call("GET", f"/log/control/checkpoint?after={size - 1}&wait=20", admin).body.decode()
    if int(note.splitlines()[1]) < size:
        raise AssertionError("no checkpoint of the control log covers the recall")
    return note


def share(value):
    answer = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "ip-range", "value": value})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def recall(identifier, because="wrong", token=None, **members):
    return hub.call("POST", "/api/v1/recalls", token or hub.lab, {"id": identifier, "because": because, **members})


def made(*words, **members):
    answer = recall(*words, **members)
    if answer.status != 201:
        raise AssertionError(answer.body)
    return answer.json


def status(number, token=None):
    return hub.call("GET", f"/api/v1/recalls/{number}", token or hub.lab)


def gone(identifier):
    """Whether it is shown in no version."""
    return hub.call("GET", f"{hub.objects}{identifier}/?match[version]=all", hub.cloud).status == 404


def objects(token=None):
    """What is in the collection, by id."""
    return {one["id"]: one for one in hub.call("GET", hub.objects + "?limit=10000", token or hub.cloud).json.get("objects", [])}


def an_hour_later(identifier):
    """As if the recall of an object had been made an hour before."""
    hub.stop_cleanly()
    with contextlib.closing(sqlite3.connect(next(hub.dir.glob("**/tocsin.db")))) as database, database:
        database.execute("UPDATE recalls SET made = made - ?, deadline = deadline - ? WHERE uuid = ?",
                         (HOUR, 25 * HOUR, uuid.UUID(identifier.split("--")[1]).bytes))
    hub.start()


class Recalls(unittest.TestCase):
    def refused(self, answer, code, code_status=422):
        self.assertEqual((answer.status, answer.json["code"]), (code_status, code), answer.body)

    def test_what_is_recalled_is_shown_to_nobody_and_the_peer_that_applied_it_is_on_record(self):
        before = objects()
        mine = share("203.0.113.1")
        self.assertGreater(len(objects()), len(before) + 1)  # with an observable and a relationship
        one = made(mine)
        self.assertEqual(objects(), before)
        self.assertNotIn(mine, objects(hub.lab))
        self.assertEqual(hub.call("GET", f"/api/v1/indicators/{mine}", hub.cloud).status, 404)
        self.assertEqual((one["id"], one["organisation"], one["entries"], one["outstanding"]), (mine, "aurora", 3, 1))
        self.assertEqual(one["peers"], [{"peer": "ibis.example", "state": "outstanding", "acknowledged": None, "dependents": None}])
        hub.verb("peer", "pause", "ibis.example")  # it has the object all the same
        self.assertEqual(status(one["recall"]).json["peers"], one["peers"])
        hub.verb("peer", "resume", "ibis.example")
        note = control(one["recall"] + 1)
        self.assertEqual(peer.post(peer.receipt(note)).status, 204)
        seen = status(one["recall"]).json
        self.assertEqual((seen["outstanding"], seen["peers"][0]["state"]), (0, "acknowledged"))
        self.assertRegex(seen["peers"][0]["acknowledged"], r"^20\d\d-.*Z$")
        self.assertEqual(peer.post(peer.receipt(note, time_s=1_790_000_001)).status, 204)
        self.assertEqual(status(one["recall"]).json, seen)
        later = made(share("203.0.113.2"))
        self.assertEqual((later["outstanding"], status(one["recall"]).json["outstanding"]), (1, 0))
        done = hub.verb("check", check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout)
        trail = hub.verb("audit", "list")
        for word in ("recall", "receipt"):
            self.assertIn(word, trail)
        self.assertNotIn(mine.split("--")[1], trail)

    def test_it_is_recalled_once_and_restored_an_hour_later(self):
        mine = share("203.0.113.3")
        self.refused(recall(mine, action="restore"), "recall-invalid")
        shown = objects()[mine]
        made(mine)
        self.refused(recall(mine), "recall-invalid")
        self.refused(recall(mine, action="restore"), "recall-invalid")
        an_hour_later(mine)
        self.refused(recall(mine), "recall-invalid")
        restored = made(mine, "other", action="restore")
        self.assertEqual((restored["action"], restored["entries"]), ("restore", 3))
        self.assertEqual(objects()[mine], shown)

    def test_what_is_withdrawn_is_revoked_for_its_readers_and_nothing_else_of_it_is_shown(self):
        before = set(objects())
        mine = share("203.0.113.21")
        stored = {one for one in objects() if one not in before and one.startswith("relationship--")}
        one = made(mine, action="withdraw")
        self.assertEqual((one["action"], one["entries"], one["outstanding"]), ("withdraw", 3, 1))
        after = {identifier: shown for identifier, shown in objects().items() if identifier not in before}
        self.assertEqual(set(after), {mine} | stored)
        self.assertEqual([shown["revoked"] for shown in after.values()], [True, True])
        versions = hub.call("GET", f"{hub.objects}{mine}/?match[version]=all", hub.cloud).json["objects"]
        self.assertEqual([shown.get("revoked") for shown in versions], [True])
        an_hour_later(mine)
        for action in ("restore", "withdraw", "suppress"):
            self.refused(recall(mine, action=action), "recall-invalid")
        self.assertNotEqual(share("203.0.113.21"), mine)

    def test_what_was_suppressed_first_is_revoked_where_it_stood(self):
        mine = share("203.0.113.22")
        made(mine)
        self.refused(recall(mine, action="withdraw"), "recall-invalid")
        self.assertNotIn(mine, objects())
        an_hour_later(mine)
        made(mine, action="withdraw")
        self.assertTrue(objects()[mine]["revoked"])
        an_hour_later(mine)
        self.refused(recall(mine, action="restore"), "recall-invalid")

    def test_what_nobody_should_have_seen_is_not_shown_once_more_to_withdraw_it(self):
        mine, revoked = share("203.0.113.23"), share("203.0.113.24")
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{revoked}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertTrue(objects()[revoked]["revoked"])
        for one in (mine, revoked):
            made(one, "overshared", action="withdraw")
            self.assertTrue(gone(one))
            self.assertNotEqual(share("203.0.113.23" if one == mine else "203.0.113.24"), one)

    def test_an_administrator_withdraws_and_makes_no_version(self):
        mine = share("203.0.113.25")
        self.assertEqual(recall(mine, token=admin, organisation="aurora", action="withdraw").status, 201)
        self.assertTrue(gone(mine))

    def test_what_cannot_be_withdrawn_is_not_revoked_either(self):
        red = indicator("203.0.113.26", object_marking_refs=[STRICT_RED])
        hub.submit(red)
        self.refused(recall(red["id"], action="withdraw"), "recall-invalid")
        self.assertNotIn("revoked", objects(hub.lab)[red["id"]])

    def test_a_peer_that_says_nothing_is_overdue_after_the_deadline(self):
        mine = share("203.0.113.4")
        one = made(mine, deadline="90m")
        self.assertEqual(one["peers"][0]["state"], "outstanding")
        an_hour_later(mine)
        self.assertEqual(status(one["recall"]).json["peers"][0]["state"], "overdue")

    def test_only_who_asserted_it_recalls_and_an_administrator_who_names_him(self):
        mine = share("203.0.113.5")
        nothing = f"indicator--{uuid.uuid4()}"
        answers = [recall(one, token=hub.cloud) for one in (mine, nothing)]
        self.assertEqual([(one.status, one.json["detail"]) for one in answers], [(404, "There is no such object.")] * 2)
        self.assertEqual(recall(mine, token=hub.submitter).status, 403)
        self.refused(recall(mine, token=hub.cloud, organisation="aurora"), "forbidden", 403)
        self.assertEqual(recall(mine, token=admin).status, 404)  # it is not the operator's
        self.assertEqual(recall(mine, token=admin, organisation="aurora").status, 201)
        self.assertNotIn(mine, objects())
        number = hub.call("GET", "/api/v1/recalls", hub.lab).json["recalls"][0]["recall"]
        self.assertEqual([status(number, token).status for token in (hub.lab, admin, hub.cloud)], [200, 200, 404])
        self.assertEqual(hub.call("GET", "/api/v1/recalls", hub.cloud).json, {"recalls": []})

    def test_what_no_peer_has_is_not_recalled(self):
        red = indicator("203.0.113.6", object_marking_refs=[STRICT_RED])
        hub.submit(red)
        self.refused(recall(red["id"]), "recall-invalid")

    def test_what_came_by_taxii_is_recalled_in_every_version(self):
        first = indicator("203.0.113.7")
        later = dict(first, modified="2026-06-01T00:00:00Z", description="seen again")
        hub.submit(first, later)
        self.assertEqual(made(first["id"])["entries"], 2)
        self.assertEqual(hub.call("GET", f"{hub.objects}{first['id']}/?match[version]=all", hub.cloud).status, 404)

    def test_what_is_shared_after_a_recall_is_shown(self):
        first = indicator("203.0.113.8")
        hub.submit(first)
        made(first["id"])
        self.assertEqual(hub.submit(first)["success_count"], 1)
        self.assertNotIn(first["id"], objects())
        hub.submit(dict(first, modified="2026-06-01T00:00:00Z"))
        self.assertEqual(objects()[first["id"]]["modified"], "2026-06-01T00:00:00Z")

    def test_a_retraction_after_a_recall_is_for_good(self):
        mine = share("203.0.113.9")
        made(mine)
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{mine}/retract", hub.lab, {"because": "overshared"}).status, 200)
        an_hour_later(mine)
        made(mine, action="restore")
        self.assertNotIn(mine, objects())

    def test_what_is_erased_is_named_by_no_recall(self):
        mine = indicator("203.0.113.10")
        hub.submit(mine)
        mine = mine["id"]
        one = made(mine)
        hub.verb("erase", "--org", "aurora", mine)
        raw = uuid.UUID(mine.split("--")[1]).bytes
        self.assertEqual(files_that_hold(hub.dir, raw), [])
        self.assertEqual(status(one["recall"]).status, 404)
        self.assertIsNone(status(one["recall"], admin).json["id"])

    def test_a_receipt_is_the_peers_own_and_of_a_checkpoint_that_was_signed(self):
        note = control(made(share("203.0.113.11"))["recall"] + 1)
        good = peer.receipt(note)
        self.refused(peer.post(peer.receipt(note, seed=bytes(32))), "forbidden", 403)
        self.refused(peer.post(note), "forbidden", 403)
        for other in (hub.lab, hub.token("aurora", "peer")):
            self.assertEqual(peer.post(good, other).status, 403)
        lines = note.splitlines()
        forged = "\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:], ""])
        self.refused(peer.post(peer.receipt(forged)), "conflict", 409)
        for nonsense in ("", "hello", good[:-1], good.replace("\n", "\r\n")):
            self.refused(peer.post(nonsense), "note-malformed")
        self.assertEqual(hub.call("POST", "/log/data/receipts", peer.token, good.encode(), {"Content-Type": "text/plain"}).status, 404)
        self.assertEqual(hub.call("POST", "/log/control/receipts", peer.token, good.encode()).status, 415)

    def test_a_certificate_shows_to_anybody_what_was_recalled_and_who_acknowledged_it(self):
        first = made(share("203.0.113.13"))
        number = first["recall"]
        note = control(number + 1)
        path = f"/api/v1/recalls/{number}/certificate"
        self.assertEqual(hub.call("GET", path, hub.cloud).status, 404)
        folder = pathlib.Path(hub.folder.name)
        log = folder / "log.pub"
        log.write_text(next(line.split("\t")[2] for line in hub.verb("check").splitlines() if line.startswith("log-key\tdata\t")) + "\n")
        applied = folder / "applied.pub"
        applied.write_text(next(line.split(" ")[-1] for line in (peer.instance.dir / "manifest").read_text().splitlines() if "/applied+" in line) + "\n")

        def verify(*words):
            file = folder / "certificate"
            run = subprocess.run([TOCSIN, "recall", "certificate", str(number)], capture_output=True, text=True, timeout=60,
                                 env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})
            self.assertEqual(run.returncode, 0, run.stderr)
            file.write_text(run.stdout)
            done = subprocess.run([TOCSIN, "verify", str(file), *words], capture_output=True, text=True, timeout=60,
                                  env={"TOCSIN_FORMAT": "table", "HOME": hub.folder.name})
            return done.returncode, done.stdout

        code, said = verify("--vkey", f"@{log}")
        self.assertEqual(code, 6, said)
        self.assertIn("unknown  outstanding  ibis.example had not acknowledged when this was made\n", said)
        self.assertEqual(peer.post(peer.receipt(note)).status, 204)
        code, said = verify("--vkey", f"@{log}", "--witness", f"@{applied}")
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"holds  recall  suppress because wrong, entries \d+ \d+ \d+ of ")
        self.assertIn("holds  acknowledged  by ibis.example/log/applied at 2026-09-21T14:13:20.000Z\n", said)
        self.assertNotIn("outstanding", said)

    def test_a_certificate_opens_with_the_key_that_the_log_has_by_now(self):
        number = made(share("203.0.113.15"))["recall"]
        self.assertEqual(peer.post(peer.receipt(control(number + 1))).status, 204)
        signed = lambda note: [line.split(" ")[2][:5] for line in note.splitlines() if line.startswith(f"— {note.splitlines()[0]} ")]
        before = signed(control(number + 1))
        hub.verb("key", "rotate", "--log")
        while signed(control(number + 2)) == before:
            time.sleep(0.05)
        folder = pathlib.Path(hub.folder.name)
        log, applied, file = folder / "new.pub", folder / "applied.pub", folder / "certificate"
        log.write_text(next(line.split("\t")[2] for line in hub.verb("check").splitlines() if line.startswith("log-key\tdata\t")) + "\n")
        applied.write_text(next(line.split(" ")[-1] for line in (peer.instance.dir / "manifest").read_text().splitlines() if "/applied+" in line) + "\n")

        def verify():
            file.write_bytes(hub.call("GET", f"/api/v1/recalls/{number}/certificate", hub.lab).body)
            done = subprocess.run([TOCSIN, "verify", str(file), "--vkey", f"@{log}", "--witness", f"@{applied}"], capture_output=True, text=True,
                                  timeout=60, env={"TOCSIN_FORMAT": "table", "HOME": hub.folder.name})
            return done.returncode, done.stdout

        code, said = verify()
        self.assertEqual(code, 6, said)
        self.assertIn("unknown  outstanding  ibis.example had not acknowledged when this was made\n", said)
        self.assertEqual(peer.post(peer.receipt(control(number + 2))).status, 204)
        code, said = verify()
        self.assertEqual(code, 0, said)

    def test_the_command_recalls_and_lists(self):
        mine = share("203.0.113.12")
        run = lambda *words: subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, *words], capture_output=True, text=True,
                                            env={"TOCSIN_FORMAT": "table", "TOCSIN_TOKEN": hub.lab, "PATH": "/usr/bin:/bin", "HOME": hub.folder.name})
        done = run("recall", mine, "--because", "duplicate", "--deadline", "7d")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rf"^\d+  suppress  duplicate  {mine}  .*  1 outstanding\noutstanding  ibis.example\n$")
        number = done.stdout.split(" ")[0]
        self.assertIn(done.stdout.splitlines()[0] + "\n", run("recall", "status").stdout)
        self.assertEqual(run("recall", "status", number).stdout, done.stdout)


if __name__ == "__main__":
    unittest.main()
