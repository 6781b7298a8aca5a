"""Two real instances that are peers: what one shares is at the other within seconds, and only what was agreed; also when the receiver is killed in between."""
import json
import signal
import tempfile
import unittest

from authority import Authority
from instance import indicator
from peering import PeeringInstance, introduce, wait_for


class Side(PeeringInstance):
    def __init__(self, name, authority):
        super().__init__(name, authority)
        self.identity = f"identity--00000000-0000-4000-8000-{sum(name.encode()):012d}"
        self.organisation(name, "lab", "red", identity=self.identity)
        self.analyst = self.token(name, "analyst")
        self.objects = self.objects_of("network")
        self.make_manifest(self.identity)

    def agree_with(self, peer, max_tlp="green", **more):
        self.agree(peer.name, direction="both", identities=[peer.identity], collections=["network"], max_tlp=max_tlp, **more)
        self.verb("peer", "resume", peer.name)

    def submit(self, *made):
        answer = self.call("POST", self.objects, self.analyst, {"objects": list(made)})
        assert (answer.status, answer.json["success_count"]) == (202, len(made)), answer.body
        return [each["id"] for each in made]

    def share(self, number):
        answer = self.call("POST", "/api/v1/indicators", self.analyst, {"kind": "proxy-asn", "value": number, "tlp": "green", "confidence": 80})
        assert answer.status == 200 and not answer.json["refused"], answer.body
        return answer.json["items"][0]["id"]

    def shown(self, path):
        answer = self.call("GET", f"/api/v1/indicators{path}", self.analyst)
        assert answer.status == 200, answer.body
        return answer.json

    def bytes_of(self, identifier):
        answer = self.call("GET", f"{self.objects}{identifier}/", self.analyst)
        assert answer.status in (200, 404), answer.body
        return answer.body if answer.status == 200 and answer.json.get("objects") else None

    def wait_object(self, identifier):
        return wait_for(lambda: self.bytes_of(identifier), lambda: f"{identifier} did not come to {self.name}: {self.tail()}")

    def status(self, peer):
        [row] = [row for row in self.call("GET", "/api/v1/peers", self.analyst).json["peers"] if row["name"] == peer.name]
        return row

    def wait_status(self, peer, holds):
        found = lambda row: row if holds(row) else None
        return wait_for(lambda: found(self.status(peer)), lambda: f"{self.status(peer)} {self.tail()}")


class Following(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-following-")
        cls.addClassCleanup(folder.cleanup)
        authority = Authority(folder.name)
        cls.heron, cls.ibis = Side("heron", authority), Side("ibis", authority)
        for side in (cls.heron, cls.ibis):
            cls.addClassCleanup(side.close)
            side.start()
        introduce(cls.heron, cls.ibis)
        cls.heron.agree_with(cls.ibis)
        cls.ibis.agree_with(cls.heron)
        cls.count = 0

    def made(self, tlp="green", **members):
        type(self).count += 1
        return indicator(f"198.51.100.{self.count}", tlp, **members)

    def test_what_one_shares_is_at_the_other_in_taxii_search_and_the_stream(self):
        connection = self.ibis.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {self.ibis.analyst}"})
        stream = connection.getresponse()
        stream.readline()  # where it begins
        item = {"kind": "proxy-asn", "value": 64_500, "tlp": "green", "confidence": 80}
        answer = self.heron.call("POST", "/api/v1/indicators", self.heron.analyst, json.dumps([item]), {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 200, answer.body)
        identifier = answer.json["items"][0]["id"]
        while identifier not in (line := stream.readline().decode()):
            self.assertTrue(line, "the stream ended")
        self.assertEqual(json.loads(line.removeprefix("data: "))["origin"], "heron")
        self.assertEqual(self.ibis.wait_object(identifier), self.heron.wait_object(identifier))
        found = self.ibis.call("GET", "/api/v1/indicators?kind=proxy-asn&value=64500", self.ibis.analyst).json["indicators"]
        self.assertEqual([one["id"] for one in found], [identifier])

    def test_what_comes_through_a_peer_says_so_and_what_was_submitted_here_does_not(self):
        identifier = self.heron.share(64_501)
        self.ibis.wait_object(identifier)
        speaker = "heron/" + self.heron.identity.removeprefix("identity--")[:8]
        [said] = self.ibis.shown(f"/{identifier}")["said"]
        [history] = self.ibis.shown(f"/{identifier}/history")["histories"]
        [found] = self.ibis.shown("?kind=proxy-asn&value=64501")["indicators"]
        for one in (said, history, found):
            self.assertEqual((one["organisation"], one["origin"]), (speaker, "heron"))
        self.assertNotIn("origin", self.heron.shown(f"/{identifier}")["said"][0])

    def test_a_peer_counts_once_with_the_member_that_the_agreement_names(self):
        self.ibis.wait_object(self.heron.share(64_502))
        own = self.ibis.share(64_502)
        counted = lambda: self.ibis.shown(f"/{own}")["said"][0]["corroboration"]["organisations"]
        self.assertEqual(counted(), 2)
        self.ibis.agree_with(self.heron, party="ibis")
        self.assertEqual(counted(), 1)
        self.ibis.agree_with(self.heron)
        self.assertEqual(counted(), 2)

    def test_what_came_through_a_peer_is_answered_and_muted_here_and_taken_back_there(self):
        identifier = self.heron.share(64_503)
        self.ibis.wait_object(identifier)
        path = f"/api/v1/indicators/{identifier}"
        for where, body in ((f"{path}/sightings", {"outcome": "confirmed"}),
                            (f"{path}/opinions", {"opinion": "strongly-disagree", "explanation": "It is ours."}),
                            ("/api/v1/mutes", {"indicator": identifier, "because": "a test of it"})):
            answer = self.ibis.call("POST", where, self.ibis.analyst, body)
            self.assertEqual(answer.status, 200, answer.body)
        refused = self.ibis.call("POST", f"{path}/retract", self.ibis.analyst, {"because": "wrong"})
        self.assertEqual((refused.status, refused.json["code"]), (404, "not-found"))
        self.assertIn("through heron", refused.json["detail"])
        self.assertEqual(self.heron.call("POST", f"{path}/retract", self.heron.analyst, {"because": "wrong"}).status, 200)
        wait_for(lambda: self.ibis.shown(f"/{identifier}")["said"][0]["revoked"], self.ibis.tail)

    def test_what_is_said_here_of_what_is_amber_and_a_peers_is_in_no_log(self):
        for side, other in ((self.heron, self.ibis), (self.ibis, self.heron)):
            side.agree_with(other, max_tlp="amber")
            self.addCleanup(side.agree, other)
        amber, green = self.heron.submit(self.made("amber"), self.made())
        auditor = self.ibis.token("ibis", "auditor")

        def logged():
            [last] = self.ibis.submit(self.made())
            self.heron.wait_object(last)  # a checkpoint covers it, and what came before
            return int(self.ibis.call("GET", "/log/data/checkpoint", auditor).body.split(b"\n")[1])
        before = logged()
        for subject, more in ((amber, 0), (green, 1)):
            self.ibis.wait_object(subject)
            answer = self.ibis.call("POST", f"/api/v1/indicators/{subject}/sightings", self.ibis.analyst, {"outcome": "confirmed"})
            self.assertEqual(answer.status, 200, answer.body)
            self.assertTrue(self.ibis.bytes_of(answer.json["id"]))
            after = logged()
            self.assertEqual(after - before, 1 + more)
            before = after

    def test_neither_what_is_amber_nor_what_is_red_travels(self):
        kept = self.heron.submit(self.made("amber"), self.made("red"))
        [last] = self.heron.submit(self.made())
        self.ibis.wait_object(last)
        self.assertEqual([self.ibis.bytes_of(each) for each in kept], [None, None])

    def test_a_receiver_that_is_killed_goes_on_where_it_was(self):
        shared = self.heron.submit(*[self.made() for _ in range(20)])
        self.ibis.wait_object(shared[0])
        self.ibis.kill()
        shared += self.heron.submit(*[self.made() for _ in range(20)])
        self.ibis.start()
        for identifier in shared:
            self.assertEqual(self.ibis.wait_object(identifier), self.heron.wait_object(identifier))
        row = self.ibis.wait_status(self.heron, lambda row: row["state"] == "following" and row["lag"] == 0)
        self.assertEqual((row["error"], row["stale"]), (None, False))
        self.assertRegex(self.ibis.verb("peer", "show", "heron"), r"(?m)^following\tfollowing$")

    def test_nothing_comes_from_a_peer_that_is_paused_until_it_is_resumed(self):
        self.ibis.verb("peer", "pause", "heron")
        self.ibis.wait_status(self.heron, lambda row: row["state"] == "paused")
        before = self.ibis.status(self.heron)["applied"]
        [identifier] = self.heron.submit(self.made())
        self.assertIsNone(self.ibis.bytes_of(identifier))
        self.assertEqual(self.ibis.status(self.heron)["applied"], before)
        self.ibis.verb("peer", "resume", "heron")
        self.ibis.wait_object(identifier)

    def test_a_peer_that_lets_nobody_in_is_told_with_the_reason(self):
        self.heron.verb("peer", "pause", "ibis")
        row = self.ibis.wait_status(self.heron, lambda row: row["state"] == "backing off")
        self.assertIn("The peer answered 401", row["error"])
        self.assertRegex(row["error_since"], r"^\d{4}-\d\d-\d\dT")
        self.heron.verb("peer", "resume", "ibis")
        [identifier] = self.heron.submit(self.made())
        self.ibis.wait_object(identifier)
        self.assertIsNone(self.ibis.wait_status(self.heron, lambda row: row["state"] == "following")["error"])

    def test_a_peer_at_a_private_address_is_followed_only_where_that_is_allowed(self):
        for allowed, holds in (("false", lambda row: row["state"] == "backing off"), ("true", lambda row: row["state"] == "following" and not row["stale"])):
            self.ibis.configure(federation__private_addresses=allowed)
            self.ibis.process.send_signal(signal.SIGHUP)
            row = self.ibis.wait_status(self.heron, holds)
            self.assertEqual("lies at no address that may be connected to" in (row["error"] or ""), allowed == "false")

    def reload(self, **configuration):
        self.ibis.configure(**configuration)
        self.ibis.process.send_signal(signal.SIGHUP)

    def wait_told(self, event):
        told = lambda: f'"event":"{event}"' in (self.ibis.dir / "serve.log").read_text()
        wait_for(told, lambda: self.ibis.tail())

    def test_it_is_told_when_peers_cannot_know_the_certificate_that_they_are_shown(self):
        self.assertNotIn('"event":"peers.', (self.ibis.dir / "serve.log").read_text())
        manifest, away = self.ibis.dir / "manifest", self.ibis.dir / "manifest.away"
        manifest.rename(away)
        self.reload()
        self.wait_told("peers.certificate-unpinned")
        away.rename(manifest)
        own = {f"federation__{name}": json.dumps(str(getattr(self.ibis.certificate, kind))) for name, kind in (("certificate", "file"), ("key", "key"))}
        self.reload(federation__certificate='""', federation__key='""')
        self.wait_told("peers.no-certificate")
        self.reload(**own)
        [identifier] = self.heron.submit(self.made())
        self.ibis.wait_object(identifier)


if __name__ == "__main__":
    unittest.main(verbosity=1)
