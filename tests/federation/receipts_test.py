"""What a peer says of its own log is done here before anything that it logs, and signed for: recalls, restores and erasures of a peer made by hand, the receipts that
it gets, and those that it sends."""
import re
import tempfile
import time
import unittest
import uuid

import notes
from authority import Authority
from instance import indicator
from made_by_hand import peer_of
from mesh import Node, wait_for
from origin_server import Say
from peering import toml


def setUpModule():
    global folder, authority, hub
    folder = tempfile.TemporaryDirectory(prefix="tocsin-receipts-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = Authority(folder.name)
    hub = Node("heron", authority)
    unittest.addModuleCleanup(hub.close)
    hub.make_manifest()
    hub.start()


def follow(name):
    return peer_of(hub, authority, name)


def applied_key():
    """What heron signs receipts with, as its manifest says."""
    return re.search(r"(?m)^applied-key (.*)$", (hub.dir / "manifest").read_text())[1]


class Statements(unittest.TestCase):
    def setUp(self):
        self.origin = follow(self._testMethodName.replace("_", "-")[5:20].strip("-"))
        self.ids = self.origin.share(*[self.origin.indicator() for _ in range(3)])
        for identifier in self.ids:
            hub.wait_object(identifier)

    def signed_for(self, size):
        """Waits for a receipt of so many entries of the control log."""
        def newest():
            for body in self.origin.receipts:
                text = body.decode()
                if notes.split(text)[0] == self.origin.control.text(size):
                    return text
            return None
        text = wait_for(newest, lambda: f"no receipt: {hub.verdict(self.origin.name)} {hub.tail()}")
        self.assertLess(abs(notes.signed_by(text, applied_key()) - time.time()), 60)
        self.assertEqual(notes.signed_by(text, self.origin.control.key.text), 0)

    def test_suppressed_entries_are_hidden_until_they_are_restored(self):
        self.origin.recall(0, 2, ago=7_200)
        self.signed_for(1)
        self.assertEqual([hub.object(each) is None for each in self.ids], [True, False, True])
        self.origin.recall(0, action="restore")
        self.signed_for(2)
        self.assertEqual([hub.object(each) is None for each in self.ids], [False, False, True])
        self.origin.recall(0, 1)  # a moment later, with another one
        self.signed_for(3)
        self.assertEqual([hub.object(each) is None for each in self.ids], [True, True, True])

    def test_withdrawn_entries_never_come_back_and_their_revocation_is_shown(self):
        first = self.origin.indicator()
        [mine] = self.origin.share(first)
        hub.wait_object(mine)
        self.origin.share(dict(first, modified="2026-06-01T00:00:00.000Z", revoked=True))
        self.origin.recall(0, 3, action="withdraw", ago=7_200)
        self.signed_for(1)
        # The receipt speaks of the control log; the revocation is in the data log, which may be read later.
        self.assertIn(b'"revoked":true', hub.wait_object(mine))
        self.assertIsNone(hub.object(self.ids[0]))
        self.origin.recall(0, 3, action="restore")
        self.signed_for(2)
        self.assertIsNone(hub.object(self.ids[0]))
        self.assertIn("not to be changed", "".join(why or "" for [why] in hub.rows("SELECT void FROM origin_control")))

    def test_much_that_is_recalled_within_an_hour_is_an_alarm(self):
        status = lambda: next(one for one in hub.call("GET", "/api/v1/peers", hub.analyst).json["peers"] if one["name"] == self.origin.name)
        self.assertEqual((status()["recalled"], status()["recall_alarm"]), (0, False))
        more = self.origin.share(*[self.origin.indicator() for _ in range(18)])
        hub.wait_object(more[-1])
        self.origin.recall(0, ago=86_400)
        self.signed_for(1)
        wait_for(lambda: status()["recalled"] == 1, lambda: f"{status()}")
        self.assertFalse(status()["recall_alarm"])
        self.origin.recall(*range(1, 20), ago=86_400)
        self.signed_for(2)
        wait_for(lambda: status()["recall_alarm"], lambda: f"{status()}")
        self.assertEqual(status()["recalled"], 20)
        self.assertIn(f'"event":"recall.alarm","log":"{self.origin.data.origin}","recalled":20', (hub.dir / "serve.log").read_text())
        shown = hub.verb("peer", "show", self.origin.name)
        self.assertRegex(shown, r"(?m)^recalled\t20$")
        self.assertRegex(shown, r"(?m)^recall_alarm\tyes$")

    def test_a_receipt_that_is_not_taken_is_told_where_people_look(self):
        status = lambda: next(one for one in hub.call("GET", "/api/v1/peers", hub.analyst).json["peers"] if one["name"] == self.origin.name)
        self.assertIsNone(status()["unacknowledged"])
        self.origin.trick = lambda ask, honest: Say(b"{}", 422, "application/problem+json") if ask.what == "receipts" else honest()
        self.origin.recall(0, ago=7_200)
        told = wait_for(lambda: status()["unacknowledged"], lambda: f"{status()} {hub.tail()}")
        self.assertIn(f"unacknowledged\t{told}\n", hub.verb("peer", "show", self.origin.name))
        self.assertIsNone(status()["error"])
        self.assertIsNone(hub.object(self.ids[0]))

    def test_what_a_peer_has_not_acknowledged_is_counted_where_people_look(self):
        status = lambda: next(one for one in hub.call("GET", "/api/v1/peers", hub.analyst).json["peers"] if one["name"] == self.origin.name)
        before = status()["outstanding"]  # this peer only listens, and acknowledges nothing
        [identifier] = hub.share({"kind": "proxy-asn", "value": 64_499, "tlp": "green"})
        answer = hub.call("POST", "/api/v1/recalls", hub.analyst, {"id": identifier, "because": "wrong"})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(status()["outstanding"], before + 1)
        self.assertIn(f"outstanding\t{before + 1}\n", hub.verb("peer", "show", self.origin.name))

    def test_what_is_recalled_while_nobody_listens_never_comes(self):
        hub.verb("peer", "pause", self.origin.name)
        late = self.origin.share(self.origin.indicator(), self.origin.indicator())
        self.origin.recall(3, ago=7_200)
        hub.verb("peer", "resume", self.origin.name)
        hub.wait_object(late[1])
        self.assertIsNone(hub.object(late[0]))
        self.origin.recall(3, action="restore")
        hub.wait_object(late[0])

    def test_what_is_erased_leaves_no_file(self):
        word = f"qq{notes.sha(self.id().encode()).hex()}"
        [identifier] = self.origin.share(self.origin.indicator(name=word))
        hub.wait_object(identifier)
        self.origin.erase(3)
        self.signed_for(1)
        self.assertIsNone(hub.object(identifier))
        held = lambda: [path.name for path in hub.dir.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
        wait_for(lambda: not held(), lambda: f"it is in {held()}")
        self.assertEqual(hub.verb("check").splitlines()[-1], "ok")

    def test_what_was_applied_outlives_a_kill(self):
        self.origin.recall(0)
        self.signed_for(1)
        hub.kill()
        hub.start()
        self.assertIsNone(hub.object(self.ids[0]))
        [after] = self.origin.share(self.origin.indicator())
        hub.wait_object(after)
        self.assertIsNone(hub.object(self.ids[0]))


class Agreed(unittest.TestCase):
    def test_an_identity_by_whom_nothing_came_is_warned_of_until_something_does(self):
        origin = follow("silent")
        warning = f"warning\tidentities names {origin.identity}, by whom nothing came here"
        self.assertIn(warning, hub.verb("peer", "show", origin.name))
        [identifier] = origin.share(origin.indicator())
        hub.wait_object(identifier)
        self.assertNotIn(warning, hub.verb("peer", "show", origin.name))

    def test_an_identity_of_which_everything_was_recalled_has_spoken_once_it_is_restored(self):
        origin = follow("muffled")
        hub.verb("peer", "pause", origin.name)
        [identifier] = origin.share(origin.indicator())
        origin.recall(0, ago=7_200)
        hub.verb("peer", "resume", origin.name)
        wait_for(lambda: hub.shown(origin.name, "applied") == "1", hub.tail)
        self.assertIn("warning\tidentities names", hub.verb("peer", "show", origin.name))
        origin.recall(0, action="restore")
        hub.wait_object(identifier)
        self.assertNotIn("warning\tidentities names", hub.verb("peer", "show", origin.name))


class Audiences(unittest.TestCase):
    def test_what_is_for_an_audience_of_the_peer_is_seen_by_the_members_of_the_one_here_that_was_agreed(self):
        theirs, others = (f"marking-definition--{uuid.uuid4()}" for _ in range(2))
        outside = hub.member("outsider")
        hub.verb("audience", "add", "flock", "--member", "heron")
        origin = peer_of(hub, authority, "flocking", peer_audiences={theirs: "flock"})
        green = origin.indicator()["object_marking_refs"]
        mine, foreign, plain = origin.share(*[origin.indicator(object_marking_refs=green + more) for more in ([theirs], [others], [])])
        hub.wait_object(plain)
        self.assertIsNotNone(hub.object(mine))
        self.assertIsNone(hub.object(foreign))
        listed = lambda token: {one["id"] for one in hub.call("GET", hub.objects_of("network") + "?limit=1000", token).json.get("objects", [])}
        self.assertIn(plain, listed(outside))
        self.assertEqual(listed(outside) & {mine, foreign}, set())
        for path in (f"/api/v1/indicators/{mine}", f"{hub.objects_of('network')}{mine}/"):
            nothing = hub.call("GET", path.replace(mine, f"indicator--{uuid.uuid4()}"), outside)
            seen = hub.call("GET", path, outside)
            self.assertEqual((seen.status, seen.json.get("code")), (nothing.status, nothing.json.get("code")))
        hub.verb("audience", "member", "flock", "--remove", "heron")
        wait_for(lambda: hub.object(mine) is None, "it is shown to who left the audience")

    def test_an_agreement_that_names_an_audience_which_is_none_here_is_not_in_force(self):
        origin = follow("nowhere")
        file = hub.dir / "peers" / f"{origin.name}.toml"
        good = file.read_text()
        file.write_text(good + toml({"peer_audiences": {f"marking-definition--{uuid.uuid4()}": "nobody"}}))
        self.assertIn("peer_audiences names nobody, which is no audience here", hub.verb("peer", "reload", check=False).stderr)
        self.assertNotIn("peer_audience\t", hub.verb("peer", "show", origin.name))
        file.write_text(good)
        hub.verb("peer", "reload")


class Receipts(unittest.TestCase):
    """Those that a peer sends for what heron said."""

    @classmethod
    def setUpClass(cls):
        cls.origin, cls.other = follow("receiver"), follow("somebody")
        [identifier] = hub.submit(indicator("198.51.100.9", "green"))
        hub.verb("erase", "--org", "heron", identifier)
        wait_for(lambda: hub.checkpoint("control")[0] > 0, "the control log did not grow")

    def checkpoint(self):
        """Text and the log's own line of heron's newest control checkpoint."""
        text, lines = notes.split(hub.call("GET", "/log/control/checkpoint", hub.auditor).body.decode())
        return text, lines[0] + "\n"

    def post(self, note, certificate=None):
        connection = hub.connect(certificate or self.origin.certificate, mtls=True)
        try:
            return hub.call("POST", "/log/control/receipts", body=note.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}, connection=connection).status
        finally:
            connection.close()

    def test_a_peer_signs_with_its_own_key_what_was_signed_here(self):
        text, own = self.checkpoint()
        line = self.origin.applied.line(text, int(time.time()))
        self.assertEqual(self.post(notes.note(text, own, line)), 204)
        self.assertEqual(self.post(notes.note(text, own, line)), 204)

    def test_whoever_hands_a_receipt_in_it_is_of_the_peer_that_signed_it(self):
        before = self.sizes()
        [identifier] = hub.submit(indicator("198.51.100.11", "green"))
        size = self.checkpoint()[0].split("\n")[1]
        hub.verb("erase", "--org", "heron", identifier)
        wait_for(lambda: self.checkpoint()[0].split("\n")[1] != size, "the control log did not grow")
        text, own = self.checkpoint()
        note = notes.note(text, own, self.origin.applied.line(text, int(time.time())))
        self.assertEqual(self.post(note, self.other.certificate), 204)
        self.assertEqual(self.sizes(), before | {"receiver": int(text.split("\n")[1])})

    def sizes(self):
        """What each peer acknowledged, by its name."""
        return dict(hub.rows("SELECT name, max(size) FROM receipts JOIN organisations USING (organisation) GROUP BY name"))

    def test_a_key_that_is_no_peers_is_refused(self):
        text, own = self.checkpoint()
        for key in (notes.Key(self.origin.applied.name, notes.COSIGNATURE), self.origin.witness):
            self.assertEqual(self.post(notes.note(text, own, key.line(text, int(time.time())))), 403)

    def test_what_was_never_signed_here_is_refused(self):
        text, own = self.checkpoint()
        size = int(text.split("\n")[1])
        other = notes.checkpoint_text(hub.origin + "/control", size + 5, notes.sha(b"other"))
        self.assertEqual(self.post(notes.note(other, own, self.origin.applied.line(other, int(time.time())))), 409)
        for body in ("", "hello", text, notes.note(text, own).replace("\n", "\r\n")):
            self.assertEqual(self.post(body), 422)

    def test_members_send_none(self):
        text, own = self.checkpoint()
        body = notes.note(text, own, self.origin.applied.line(text, int(time.time())))
        self.assertEqual(hub.call("POST", "/log/control/receipts", hub.analyst, body.encode(), {"Content-Type": "text/plain; charset=utf-8"}).status, 403)


if __name__ == "__main__":
    unittest.main(verbosity=1)
