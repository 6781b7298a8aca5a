"""Logs that are handed on: an instance that cannot reach another one follows its log through a peer of both, sees what is GREEN there and nothing above, and takes
back what is taken back. Who hands on too much is refused, and what shows it is kept."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import notes
import tree
from authority import Authority
from instance import TOCSIN, indicator
from made_by_hand import peer_of
from mesh import Node, free_port, introduce, wait_for

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


def tocsin(node, *words):
    environment = {"PATH": "/usr/bin:/bin", "HOME": node.folder.name, "TOCSIN_FORMAT": "table", "TOCSIN_URL": node.url, "TOCSIN_CA": node.ca, "TOCSIN_TOKEN": node.analyst}
    done = subprocess.run([TOCSIN, *words], capture_output=True, text=True, timeout=60, env=environment)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


class Relayed(unittest.TestCase):
    def test_what_is_green_arrives_as_its_origin_said_it_and_verifies_offline(self):
        number = asn()
        [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green", "confidence": 80})
        at_home = heron.wait_object(identifier)
        self.assertEqual(wren.wait_object(identifier), at_home)
        [said] = wren.call("GET", f"/api/v1/indicators/{identifier}", wren.analyst).json["said"]
        self.assertEqual((said["origin"], said["organisation"]), ("heron", "heron/" + heron.members["heron"].removeprefix("identity--")[:8]))

    def test_what_is_above_green_never_leaves_the_relay(self):
        hidden = heron.submit(made("amber"), made("amber"))
        [shown] = heron.submit(made("clear"))
        wren.wait_object(shown)
        for identifier in hidden:
            ibis.wait_object(identifier)
            self.assertIsNone(wren.object(identifier))

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

    def test_what_was_withdrawn_at_the_relay_is_opened_to_nobody_any_more(self):
        [identifier] = heron.submit(made())
        wren.wait_object(identifier)
        heron.verb("erase", "--org", "heron", identifier)
        for node in (ibis, wren):
            node.wait_gone(identifier)
        for node in (ibis, wren):
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")


def log_of(relay, reader, origin, part):
    """What the relay answers to the reader's certificate of the origin's data log."""
    connection = relay.connect(reader.certificate, mtls=True)
    answer = relay.call("GET", f"/log/of/{notes.sha(origin.origin.encode()).hex()}/data/{part}", connection=connection)
    connection.close()
    return answer


if __name__ == "__main__":
    unittest.main(verbosity=1)
