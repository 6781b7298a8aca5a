"""Three real instances that follow each other's logs: a laboratory's, a cloud's and another laboratory's. What one shares comes to the others as it is, and
only what was agreed."""
import json
import pathlib
import random
import re
import subprocess
import time
import unittest

from instance import TOCSIN, indicator
from mesh import Stream, set_up_mesh, wait_for

numbers = {"asn": 64_496, "host": 1}


def setUpModule():
    global mesh, heron, ibis, wren
    mesh = set_up_mesh(heron="lab", ibis="cloud", wren="lab")
    heron, ibis, wren = mesh.nodes


def asn():
    """A number of an autonomous system that no other test has."""
    numbers["asn"] += 1
    return numbers["asn"]


def made(tlp="green", **members):
    numbers["host"] += 1
    return indicator(f"198.51.100.{numbers['host'] % 250}", tlp, **members)


def sentinel(node):
    """Something that comes to everybody: what was shared before it, and is not there, does not come."""
    [identifier] = node.submit(made())
    for other in mesh.nodes:
        other.wait_object(identifier)


def found(node, number):
    return node.call("GET", f"/api/v1/indicators?kind=proxy-asn&value={number}", node.analyst).json["indicators"]


class Exchange(unittest.TestCase):
    def test_what_one_shares_is_at_the_others_byte_for_byte(self):
        streams = [Stream(node) for node in (ibis, wren)]
        number = asn()
        [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green", "confidence": 80})
        at_home = heron.wait_object(identifier)
        for node, stream in zip((ibis, wren), streams):
            told = stream.wait_object(identifier)
            stream.close()
            self.assertEqual(node.wait_object(identifier), at_home)
            self.assertEqual(told, json.loads(at_home)["objects"][0])
            self.assertEqual([one["id"] for one in found(node, number)], [identifier])

    def test_heads_show_each_peer_that_it_was_shown_everything(self):
        sentinel(heron)
        for node in (ibis, wren):
            status = lambda: {peer["name"]: peer for peer in node.call("GET", "/api/v1/peers", node.analyst).json["peers"]}["heron"]
            wait_for(lambda: status()["numberings"] > 0, lambda: f"{status()} {heron.tail()}")
            self.assertIsNone(status()["withheld"])
            self.assertEqual(node.refusals(heron.origin), {})

    def test_an_object_of_any_type_comes_too(self):
        campaign = {"type": "campaign", "spec_version": "2.1", "id": "campaign--7f1b3b0e-7d64-4f0f-9f5c-0d0b6a6f0f01", "created": "2026-01-02T03:04:05.000Z",
                    "modified": "2026-01-02T03:04:05.000Z", "name": "Paper Lantern", "object_marking_refs": made()["object_marking_refs"]}
        wren.submit(campaign)
        for node in mesh.nodes:
            self.assertEqual(json.loads(node.wait_object(campaign["id"]))["objects"], [campaign])

    def test_a_new_version_takes_the_place_of_the_one_before(self):
        first = made()
        heron.submit(first)
        second = dict(first, modified="2026-02-02T03:04:05.000Z", name="another name")
        heron.submit(second)
        for node in (ibis, wren):
            wait_for(lambda: (shown := node.object(first["id"])) and json.loads(shown)["objects"][0]["name"] == "another name", "the version did not come")

    def test_it_is_said_who_says_it_and_where_it_was_said(self):
        number = asn()
        [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green"})
        ibis.wait_object(identifier)
        [said] = ibis.call("GET", f"/api/v1/indicators/{identifier}", ibis.analyst).json["said"]
        self.assertEqual((said["origin"], said["organisation"]), ("heron", "heron/" + heron.members["heron"].removeprefix("identity--")[:8]))
        [at_home] = heron.call("GET", f"/api/v1/indicators/{identifier}", heron.analyst).json["said"]
        self.assertEqual((at_home.get("origin"), at_home["organisation"]), (None, "heron"))
        self.assertEqual([one["origin"] for one in found(ibis, number)], ["heron"])

    def test_all_organisations_of_one_peer_are_one_party(self):
        number = asn()
        for token in (heron.analyst, heron.second):
            [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green"}, token=token)
            ibis.wait_object(identifier)
        counted = lambda: [sum(one["corroboration"][kind] for kind in ("independent", "repeated")) for one in found(ibis, number)]
        self.assertEqual(counted(), [1, 1])
        [identifier] = wren.share({"kind": "proxy-asn", "value": number, "tlp": "green"})
        ibis.wait_object(identifier)
        self.assertEqual(counted(), [2, 2, 2])

    def test_what_is_submitted_is_in_the_stream_of_a_peer_within_seconds(self):
        taken = []
        for _ in range(5):
            stream, start = Stream(ibis), time.monotonic()
            stream.wait_object(heron.submit(made())[0])
            taken.append(time.monotonic() - start)
            stream.close()
        print(f"from submitting to the peer's stream: {' '.join(f'{1000 * each:.0f}' for each in taken)} ms")
        self.assertLess(sorted(taken)[len(taken) // 2], 5)


class Agreed(unittest.TestCase):
    def test_what_is_above_the_level_or_in_another_collection_does_not_travel(self):
        kept = [heron.submit(made(tlp))[0] for tlp in ("amber", "amber+strict", "red")]
        kept += heron.submit(made(), alias="accounts-and-behaviour")
        sentinel(heron)
        for node in (ibis, wren):
            for identifier in kept:
                self.assertIsNone(node.object(identifier))
                self.assertIsNone(node.object(identifier, "accounts-and-behaviour"))

    def test_an_agreement_that_is_widened_lets_in_what_was_shared_before(self):
        [identifier] = wren.submit(made("amber"))
        sentinel(wren)
        self.assertIsNone(ibis.object(identifier))
        for here, there in ((wren, ibis), (ibis, wren)):
            mesh.agree(here, there, max_tlp="amber")
        ibis.wait_object(identifier)
        self.assertIsNone(heron.object(identifier))
        for here, there in ((wren, ibis), (ibis, wren)):
            mesh.agree(here, there)

    def test_what_goes_one_way_only_does_not_come_back(self):
        mesh.agree(wren, heron, direction="in")
        [identifier] = wren.submit(made())
        ibis.wait_object(identifier)
        [other] = heron.submit(made())
        wren.wait_object(other)
        self.assertIsNone(heron.object(identifier))
        mesh.agree(wren, heron)
        heron.wait_object(identifier)

    def test_a_peer_that_is_paused_is_not_followed_until_it_is_resumed(self):
        ibis.verb("peer", "pause", "heron")
        [identifier] = heron.submit(made())
        wren.wait_object(identifier)
        self.assertIsNone(ibis.object(identifier))
        ibis.verb("peer", "resume", "heron")
        ibis.wait_object(identifier)

    def test_nobody_is_told_by_a_third_what_he_was_not_told(self):
        """What heron shows ibis is heron's: ibis does not pass it on."""
        heron.verb("peer", "pause", "wren")
        [identifier] = heron.submit(made())
        ibis.wait_object(identifier)
        [other] = ibis.submit(made())
        wren.wait_object(other)
        self.assertIsNone(wren.object(identifier))
        heron.verb("peer", "resume", "wren")
        wren.wait_object(identifier)


class Faults(unittest.TestCase):
    def test_a_receiver_that_is_killed_at_any_moment_ends_with_the_same_set(self):
        dice, wanted = random.Random(), []
        for _ in range(5):
            before = ibis.followed(heron.origin)["data"][1]  # read later, it may have some of what is submitted now
            wanted += heron.submit(*[made() for _ in range(60)])
            part = before + dice.randrange(60)
            wait_for(lambda: ibis.followed(heron.origin)["data"][1] >= part, ibis.tail)
            ibis.kill()
            ibis.start()
        ibis.wait_object(wanted[-1])
        for node in (ibis, wren):
            ids = wait_for(lambda: (held := node.ids()) and set(wanted) <= set(held) and held, "the sets differ")
            self.assertEqual(sorted(each for each in ids if each in wanted), sorted(wanted))  # each once
        self.assertEqual(ibis.verb("check").splitlines()[-1], "ok")

    def test_an_origin_that_is_restarted_is_followed_on(self):
        [before] = heron.submit(made())
        heron.stop()
        heron.start()
        [after] = heron.submit(made())
        for node in (ibis, wren):
            node.wait_object(before)
            node.wait_object(after)

    def test_an_origin_that_is_killed_is_followed_on(self):
        for _ in range(3):
            heron.submit(*[made() for _ in range(30)])
            heron.kill()
            heron.start()
        sentinel(heron)
        size = heron.checkpoint()[0]
        for node in (ibis, wren):
            wait_for(lambda: node.followed(heron.origin)["data"][1] >= size, node.tail)

    def test_nothing_grows_while_nobody_says_anything(self):
        sizes = lambda: [(node.checkpoint()[0], node.checkpoint("control")[0]) for node in mesh.nodes]
        sentinel(heron)
        for node in mesh.nodes:  # once the heads of what was said are signed
            wait_for(lambda: (node.rows("SELECT count(*) FROM numberings WHERE headed < count") == [(0,)] and
                              node.rows("SELECT data_size FROM counters") == [(node.checkpoint()[0],)]), node.tail)
        before, fresh = sizes(), [node.checkpoint()[1] for node in mesh.nodes]
        for node, time_s in zip(mesh.nodes, fresh):
            wait_for(lambda: node.checkpoint()[1] >= time_s + 20, "the log is not fresh")
        self.assertEqual(sizes(), before)


class Gone(unittest.TestCase):
    def test_what_is_recalled_is_shown_nowhere_and_each_peer_has_signed_for_it(self):
        number = asn()
        [identifier] = heron.share({"kind": "proxy-asn", "value": number, "tlp": "green"})
        for node in (ibis, wren):
            node.wait_object(identifier)
        answer = heron.call("POST", "/api/v1/recalls", heron.analyst, {"id": identifier, "because": "wrong"})
        self.assertEqual(answer.status, 201, answer.body)
        for node in mesh.nodes:
            node.wait_gone(identifier)
            self.assertEqual(found(node, number), [])
        status = lambda: heron.call("GET", f"/api/v1/recalls/{answer.json['recall']}", heron.analyst).json
        wait_for(lambda: status()["outstanding"] == 0, lambda: f"{status()} {ibis.tail()}")
        self.assertEqual({peer["peer"]: peer["state"] for peer in status()["peers"]}, {"ibis": "acknowledged", "wren": "acknowledged"})
        said = self.verified_certificate(answer.json["recall"])
        for node in (ibis, wren):
            self.assertIn(f"holds  acknowledged  by {node.origin}/applied at ", said)

    def test_what_is_withdrawn_is_revoked_at_each_peer(self):
        [identifier] = heron.share({"kind": "proxy-asn", "value": asn(), "tlp": "green"})
        for node in (ibis, wren):
            node.wait_object(identifier)
        answer = heron.call("POST", "/api/v1/recalls", heron.analyst, {"id": identifier, "because": "wrong", "action": "withdraw"})
        self.assertEqual(answer.status, 201, answer.body)
        path = f"/api/v1/recalls/{answer.json['recall']}"
        for node in mesh.nodes:
            wait_for(lambda: b'"revoked":true' in (node.object(identifier) or b""), lambda: f"it is not revoked at {node.name}: {node.tail()}")
        wait_for(lambda: heron.call("GET", path, heron.analyst).json["outstanding"] == 0, lambda: ibis.tail())

    def verified_certificate(self, number):
        """What `tocsin verify` says of it, without any server."""
        key_of = lambda node, purpose: re.search(rf"(?m)^{purpose}-key (.*)$", (node.dir / "manifest").read_text())[1]
        file = pathlib.Path(heron.folder.name) / "certificate"
        environment = {"PATH": "/usr/bin:/bin", "HOME": heron.folder.name, "TOCSIN_FORMAT": "table"}
        server = {"TOCSIN_URL": heron.url, "TOCSIN_CA": heron.ca, "TOCSIN_TOKEN": heron.analyst}
        made = subprocess.run([TOCSIN, "recall", "certificate", str(number)], capture_output=True, text=True, timeout=60, env=environment | server)
        self.assertEqual(made.returncode, 0, made.stderr)
        file.write_text(made.stdout)
        words = [word for node in (ibis, wren) for word in ("--witness", key_of(node, "applied"))]
        done = subprocess.run([TOCSIN, "verify", str(file), "--vkey", key_of(heron, "log"), *words], capture_output=True, text=True, timeout=60, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def files_that_hold(self, node, needle):
        return [path.name for path in node.dir.rglob("*") if path.is_file() and needle in path.read_bytes()]

    def test_what_is_erased_at_its_origin_is_in_no_file_of_its_peers(self):
        word = f"qq{random.getrandbits(96):024x}"
        [identifier] = heron.submit(made(name=word))
        for node in (ibis, wren):
            node.wait_object(identifier)
            self.assertNotEqual(self.files_that_hold(node, word.encode()), [])
        heron.verb("erase", "--org", "heron", identifier)
        for node in (ibis, wren):
            node.wait_gone(identifier)
            wait_for(lambda: not self.files_that_hold(node, word.encode()), lambda: f"{self.files_that_hold(node, word.encode())} at {node.name}")
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")

    def test_the_logs_of_all_still_verify(self):
        for node in mesh.nodes:
            for log in ("data", "control"):
                environment = {"PATH": "/usr/bin:/bin", "HOME": node.folder.name, "TOCSIN_FORMAT": "table", "TOCSIN_URL": node.url, "TOCSIN_CA": node.ca, "TOCSIN_TOKEN": node.auditor}
                done = subprocess.run([TOCSIN, "log", "fsck", log], capture_output=True, text=True, timeout=120, env=environment)
                self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
