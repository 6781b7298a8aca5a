"""Logs that are handed on: an instance that cannot reach another one follows its log through a peer of both, sees what is GREEN there and nothing above, and takes
back what is taken back. Who hands on too much is refused, and what shows it is kept."""
import http.client
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

import notes
import origin_server
import tree
from authority import Authority
from instance import TLP, TOCSIN, indicator
from made_by_hand import peer_of
from mesh import Node, introduce
from peering import wait_for
from ports import free_port

UNKNOWN = 6  # what `tocsin verify` ends with when something is not accounted for

numbers = {"host": 1, "asn": 64_496}


def setUpModule():
    global folder, authority, heron, ibis, wren
    folder = tempfile.TemporaryDirectory(prefix="tocsin-relay-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = Authority(folder.name)
    heron, ibis, wren = (begun(name) for name in ("heron", "ibis", "wren"))
    # Heron's log reaches Wren through Ibis alone, and the other way round.
    join(heron, ibis)
    join(ibis, wren)
    join(heron, wren, reached=(False, False))
    agree(heron, ibis)
    agree(ibis, heron, relayed=True)
    agree(ibis, wren, relays=["heron"])
    agree(wren, ibis)
    agree(heron, wren)
    agree(wren, heron, via="ibis")
    unittest.addModuleCleanup(stop_cleanly, heron, ibis, wren)


def stop_cleanly(*nodes):
    for node in nodes:
        if node.process is not None and node.stop() != 0:
            raise AssertionError(node.tail())


def begun(name):
    node = Node(name, authority)
    unittest.addModuleCleanup(node.close)
    node.make_manifest()
    node.configure(log__requests='"all"')
    node.start()
    return node


def lead_to(node, reached):
    """The node's newest manifest from now on names where it is, or where nobody is."""
    url, node.mtls_url = node.mtls_url, node.mtls_url if reached else f"https://127.0.0.1:{free_port()}"
    node.make_manifest()
    node.mtls_url = url


def join(one, other, reached=(True, True)):
    """Peers of each other, each of which the other one reaches or not; nothing is agreed."""
    for node, there in ((one, reached[0]), (other, reached[1])):
        lead_to(node, there)
    introduce(one, other)
    for here, there in ((one, other), (other, one)):
        here.verb("peer", "resume", there.name)


def agree(here, there, **agreement):
    here.agree(there.name, **{"direction": "both", "identities": there.identities, "collections": ["network"], "max_tlp": "amber"} | agreement)


def made(tlp="green", **members):
    numbers["host"] += 1
    return indicator(f"198.51.100.{numbers['host'] % 250}", tlp, **members)


def asn():
    numbers["asn"] += 1
    return numbers["asn"]


def key_of(node, purpose):
    return re.search(rf"(?m)^{purpose}-key (.*)$", (node.dir / "manifest").read_text())[1]


class Relayed(unittest.TestCase):
    def test_what_is_green_arrives_as_its_origin_said_it_and_verifies_offline(self):
        number = asn()
        [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green", "confidence": 80})
        at_home = heron.wait_object(identifier)
        self.assertEqual(wren.wait_object(identifier), at_home)
        [said] = wren.call("GET", f"/api/v1/indicators/{identifier}", wren.analyst).json["said"]
        self.assertEqual((said["origin"], said["organisation"]), ("heron", "heron/" + heron.members["heron"].removeprefix("identity--")[:8]))
        self.verify_offline(wren, heron, identifier)

    def verify_offline(self, holder, origin, identifier):
        """What is stored of the object is an entry of the log whose checkpoint its origin signed."""
        [(checkpoint, tiles)] = [(note, b"".join(hashes for (hashes,) in holder.rows(
            "SELECT hashes FROM origin_tiles WHERE origin = ? AND log = 0 ORDER BY tile", row))) for row, note in holder.rows(
            "SELECT origin, checkpoint FROM origin_logs JOIN origins USING (origin) WHERE log = 0 AND name = ?", origin.origin)]
        leaves = [tiles[at:at + 32] for at in range(0, len(tiles), 32)]
        text = notes.checkpoint_text(origin.origin, len(leaves), tree.root_of(leaves))
        self.assertEqual(notes.split(checkpoint)[0], text)
        self.assertEqual(notes.signed_by(checkpoint, key_of(origin, "log")), 0)
        rows = holder.rows("SELECT origin_index, header, header_salt, bytes, body_salt FROM versions JOIN origins USING (origin) WHERE name = ?", origin.origin)
        [(index, header, header_salt, body, body_salt)] = [row for row in rows if f'"id":"{identifier}"'.encode() in bytes(row[3])]
        header = header if isinstance(header, bytes) else header.encode()
        entry = tree.entry_of(tree.commit("fed/hdr/v1", header_salt, header), tree.commit("fed/body/v1", body_salt, body))
        self.assertEqual(tree.leaf_of(entry), leaves[index])

    def test_what_is_above_green_never_leaves_the_relay(self):
        hidden = heron.submit(made("amber"), made("amber"))
        [shown] = heron.submit(made("clear"))
        wren.wait_object(shown)
        for identifier in hidden:
            ibis.wait_object(identifier)
            self.assertIsNone(wren.object(identifier))
        size = ibis.followed(heron.origin)["data"][1]
        opened = log_of(ibis, wren, heron, f"openings?from=0&to={size}")
        self.assertEqual(opened.status, 200, opened.body)
        self.assertIn(shown.encode(), opened.body)
        for identifier in hidden:
            self.assertNotIn(identifier.encode(), opened.body)

    def test_what_is_for_an_audience_of_its_origin_never_leaves_the_relay(self):
        theirs = f"marking-definition--{uuid.uuid4()}"
        ibis.verb("audience", "add", "crew", "--member", "wren,ibis")
        origin = peer_of(ibis, authority, "crane", relayed=True, peer_audiences={theirs: "crew"})
        agree(ibis, wren, relays=["heron", "crane"], audiences=["crew"])
        self.addCleanup(agree, ibis, wren, relays=["heron"])
        green = origin.indicator()["object_marking_refs"]
        named, plain = origin.share(origin.indicator(object_marking_refs=green + [theirs]), origin.indicator())
        for identifier in (named, plain):
            ibis.wait_object(identifier)
        opened = wait_for(lambda: (got := log_of(ibis, wren, origin.data, "openings?from=0&to=2")).status == 200 and got.body, ibis.tail)
        self.assertIn(plain.encode(), opened)
        self.assertNotIn(named.encode(), opened)

    def test_nothing_is_handed_on_that_both_agreements_do_not_name(self):
        agree(ibis, heron)
        [kept] = heron.submit(made())
        ibis.wait_object(kept)
        wait_for(lambda: "404" in wren.shown("heron", "error"), wren.tail)
        self.assertIsNone(wren.object(kept))
        agree(ibis, heron, relayed=True)
        wren.wait_object(kept)

    def test_what_is_recalled_at_its_origin_is_gone_and_the_origin_has_the_receipt(self):
        [identifier] = heron.share({"kind": "proxy-asn", "value": asn(), "tlp": "green"})
        wren.wait_object(identifier)
        answer = heron.call("POST", "/api/v1/recalls", heron.analyst, {"id": identifier, "because": "wrong"})
        self.assertEqual(answer.status, 201, answer.body)
        for node in (heron, ibis, wren):
            node.wait_gone(identifier)
        status = lambda: heron.call("GET", f"/api/v1/recalls/{answer.json['recall']}", heron.analyst).json
        wait_for(lambda: status()["outstanding"] == 0, lambda: f"{status()} {wren.tail()}")
        self.assertEqual({peer["peer"]: peer["state"] for peer in status()["peers"]}, {"ibis": "acknowledged", "wren": "acknowledged"})

    def test_who_waits_for_what_is_new_asks_seldom_and_has_it_at_once(self):
        [first] = heron.submit(made())
        wren.wait_object(first)
        asked, since = self.asked_of(ibis), heron.checkpoint()[1]
        wait_for(lambda: heron.checkpoint()[1] >= since + 10, "the log is not fresh")
        # A round asks for two, and takes 25 seconds, but for the one that was under way and those that heads end.
        self.assertLessEqual(self.asked_of(ibis) - asked, 8)
        for _ in range(3):
            [identifier] = heron.submit(made())
            wait_for(lambda: wren.object(identifier), lambda: f"{identifier} did not come at once: {wren.tail()}", 20)  # a wait that is not ended takes 25
            [identifier] = heron.share({"kind": "proxy-asn", "value": asn(), "tlp": "green"})
            wait_for(lambda: wren.object(identifier), lambda: f"{identifier} did not come at once: {wren.tail()}", 20)  # a wait that is not ended takes 25

    def test_a_wait_at_a_relay_ends_when_its_time_is_over_and_when_nothing_is_handed_on_any_more(self):
        for query in ("after=0", "wait=5", "after=0&wait=31", "after=0&wait=5&size=1"):
            self.assertEqual(log_of(ibis, wren, heron, f"checkpoint?{query}").status, 400)
        never = 1_000_000
        waited = log_of(ibis, wren, heron, f"checkpoint?after={never}&wait=1")
        self.assertEqual((waited.status, waited.body.split(b"\n")[0].decode()), (200, heron.origin))
        self.assertEqual(log_of(ibis, wren, heron, "checkpoint?after=0&wait=30").status, 200)
        self.addCleanup(agree, ibis, wren, relays=["heron"])
        with ThreadPoolExecutor() as pool:
            begun_at, asked = time.monotonic(), pool.submit(log_of, ibis, wren, heron, f"checkpoint?after={never}&wait=30")
            agree(ibis, wren)
            # Whoever waits then has no answer, whoever asks later that there is nothing.
            if not isinstance(asked.exception(60), (http.client.HTTPException, OSError)):
                self.assertEqual(asked.result().status, 404, asked.result().body)
            self.assertLess(time.monotonic() - begun_at, 20)

    def asked_of(self, relay):
        """How often it was asked for checkpoints of logs that it hands on."""
        return sum('"event":"request"' in line and '"route":"/log/of/{origin}/{log}/checkpoint"' in line for line in (relay.dir / "serve.log").read_text().splitlines())

    def test_what_is_erased_at_its_origin_is_gone_behind_the_relay_too(self):
        [identifier] = heron.submit(made())
        wren.wait_object(identifier)
        heron.verb("erase", "--org", "heron", identifier)
        for node in (ibis, wren):
            node.wait_gone(identifier)
        for node in (ibis, wren):
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")


class Behind(unittest.TestCase):
    """Tern reads Heron's log through Wren, which reads it through Ibis, and Heron knows nothing of Tern any more."""

    @classmethod
    def setUpClass(cls):
        cls.tern = tern = begun("tern")
        unittest.addModuleCleanup(stop_cleanly, tern)
        join(wren, tern)
        join(heron, tern, reached=(False, False))
        agree(wren, tern, relays=["heron"])
        agree(tern, wren)
        agree(wren, heron, via="ibis", relayed=True)
        agree(tern, heron, via="wren")
        heron.verb("peer", "remove", "tern")
        cls.addClassCleanup(agree, wren, heron, via="ibis")
        cls.addClassCleanup(wren.verb, "peer", "remove", "tern")  # so that nobody waits for it any more

    def recall(self, identifier):
        answer = heron.call("POST", "/api/v1/recalls", heron.analyst, {"id": identifier, "because": "wrong"})
        self.assertEqual(answer.status, 201, answer.body)
        return lambda: heron.call("GET", f"/api/v1/recalls/{answer.json['recall']}", heron.analyst).json

    def known(self, status):
        """Of the peers, and of those behind them."""
        return {one.get("peer", one.get("log")): one["state"] for peer in status["peers"] for one in [peer, *(peer["dependents"] or {"instances": []})["instances"]]}

    def test_the_origin_learns_who_behind_its_relays_has_not_acknowledged(self):
        first, second = heron.share({"kind": "proxy-asn", "value": asn(), "tlp": "green"}, {"kind": "proxy-asn", "value": asn(), "tlp": "green"})
        for identifier in (first, second):
            self.tern.wait_object(identifier)
        status = self.recall(first)
        self.tern.wait_gone(first)
        done = {"ibis": "acknowledged", "wren": "acknowledged", "tern.example/log": "acknowledged"}
        wait_for(lambda: self.known(status()) == done, lambda: f"{status()} {wren.tail()} {ibis.tail()}")
        self.assertEqual(status()["outstanding"], 0)
        self.tern.kill()
        status = self.recall(second)
        late = done | {"tern.example/log": "outstanding"}
        wait_for(lambda: self.known(status()) == late, lambda: f"{status()} {ibis.tail()}")
        self.assertEqual(status()["outstanding"], 1)
        self.assertEqual(self.verified(status()["recall"], ibis, wren), UNKNOWN)
        self.tern.start()
        wait_for(lambda: self.known(status()) == done, lambda: f"{status()} {self.tern.tail()} {wren.tail()} {ibis.tail()}", 120)
        self.assertIsNone(self.tern.object(second))
        self.assertEqual(self.verified(status()["recall"], ibis, wren), 0)

    def verified(self, number, *witnesses):
        """What `tocsin verify` ends with, of the certificate of a recall."""
        folder = pathlib.Path(heron.folder.name)
        (folder / "certificate").write_text(heron.call("GET", f"/api/v1/recalls/{number}/certificate", heron.analyst).body.decode())
        keys = [word for node in witnesses for word in ("--witness", key_of(node, "applied"))]
        done = subprocess.run([TOCSIN, "verify", str(folder / "certificate"), "--vkey", key_of(heron, "log"), *keys], capture_output=True, text=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "TOCSIN_FORMAT": "table", "HOME": str(folder)})
        self.assertIn("tern.example/log", done.stdout, done.stderr)
        return done.returncode


class Ring(unittest.TestCase):
    def test_three_who_each_reach_one_neighbour_have_each_entry_once_and_are_quiet(self):
        ring = [begun(name) for name in ("auk", "bee", "cat")]
        pairs = [(ring[i], ring[(i + 1) % 3], ring[(i + 2) % 3]) for i in range(3)]
        for one, other, _ in pairs:
            join(one, other, reached=(False, True))  # the first reads the second, which reads it through the third
        for one, other, third in pairs:
            for here, there in ((one, other), (other, one)):
                agree(here, there, relayed=True, relays=[third.name], via=third.name)
        wanted = sorted(identifier for node in ring for identifier in node.submit(made(), made(), made()))
        for node in ring:
            for identifier in wanted:
                node.wait_object(identifier)
            self.assertEqual(sorted(node.ids()), wanted)
        for one, other, third in pairs:
            self.assertIn(f'"event":"peer.relayed","peer":"{one.name}","relay":"{third.name}"', (other.dir / "serve.log").read_text())
        # Behind the objects comes a head, once.
        wait_for(lambda: all(self.sizes(node)[0] == 4 for node in ring), "there are no heads")
        before, fresh = [self.sizes(node) for node in ring], [node.checkpoint()[1] for node in ring]
        for node, time_s in zip(ring, fresh):
            wait_for(lambda: node.checkpoint()[1] >= time_s + 10, "the log is not fresh")
        self.assertEqual([self.sizes(node) for node in ring], before)
        self.assertEqual([size for size, _ in before], [4, 4, 4])
        for node in ring:
            self.assertEqual(sorted(node.ids()), wanted)
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")
        stop_cleanly(*ring)

    def sizes(self, node):
        [(versions,)] = node.rows("SELECT count(*) FROM versions WHERE origin_index IS NOT NULL")
        return node.checkpoint()[0], versions


class Misrelayed(unittest.TestCase):
    def test_a_relay_that_hands_on_what_is_amber_is_refused_and_what_shows_it_is_kept(self):
        relay = peer_of(wren, authority, "rook")
        origin = peer_of(wren, authority, "owl", host="127.0.0.2", via="rook", max_tlp="amber")
        prefix = f"/log/of/{notes.sha(origin.data.origin.encode()).hex()}/"

        def hand_on(ask, honest):
            if not ask.path.startswith(prefix):
                return honest()
            return origin_server.truth(origin, origin_server.understood(ask.method, "/log/" + ask.path.removeprefix(prefix), ask.body))
        relay.play(hand_on)
        [first] = origin.share(origin.indicator())
        wren.wait_object(first)
        [second, third] = origin.share(origin.indicator(object_marking_refs=[TLP["amber"]]), origin.indicator())
        wait_for(lambda: wren.verdict("owl") == "origin-not-agreed", wren.tail)
        self.assertEqual(wren.followed(origin.data.origin)["data"], (3, 1))
        self.assertEqual([wren.object(each) for each in (second, third)], [None, None])
        self.assertIn("rook handed on entry 1 of owl.example/log", wren.shown("owl", "error"))
        self.assertTrue(wren.verb("peer", "evidence", "rook").startswith("tocsin/misrelayed/v1\nrelay rook\norigin owl.example/log\nentry 1\n"))
        self.assertEqual([wren.shown(name) for name in ("rook", "owl")], ["active", "active"])
        self.assertIn('"event":"federation.misrelayed","peer":"rook"', (wren.dir / "serve.log").read_text())


def log_of(relay, reader, origin, part):
    """What the relay answers to the reader's certificate of the origin's data log."""
    connection = relay.connect(reader.certificate, mtls=True)
    answer = relay.call("GET", f"/log/of/{notes.sha(origin.origin.encode()).hex()}/data/{part}", connection=connection)
    connection.close()
    return answer


if __name__ == "__main__":
    unittest.main(verbosity=1)
