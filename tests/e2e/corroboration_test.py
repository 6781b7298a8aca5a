"""Who else says it, and how sure one is by now, over HTTPS against the real binary."""
import json
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TOCSIN

EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    hub.organisation("dorado", "cloud", "amber")
    hub.dorado = hub.token("dorado", "analyst")


def share(token, value, **members):
    answer = hub.call("POST", "/api/v1/indicators", token, {"kind": "proxy-asn", "value": value, **members})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def retract(token, identifier, because):
    answer = hub.call("POST", f"/api/v1/indicators/{identifier}/retract", token, {"because": because})
    if answer.status != 200:
        raise AssertionError(answer.body)


def submitted(token, number, **members):
    """An indicator by TAXII, with chosen properties."""
    made = {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "valid_from": "2026-01-01T00:00:00Z", "pattern_type": "stix", "confidence": 80,
            "pattern": f"[autonomous-system:number = {number}]",
            "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": "proxy-asn"}}, **members}
    status = hub.submit(made, token=token)
    if status["success_count"] != 1:
        raise AssertionError(status)
    return made["id"]


def items(token, value):
    return hub.call("GET", f"/api/v1/indicators?kind=proxy-asn&value={value}", token).json["indicators"]


def counted(token, value):
    """Independent and repeated, which every item of the value and the page of each indicator say."""
    found = items(token, value)
    told = [one["corroboration"] for one in found]
    told += [said["corroboration"] for one in found for said in hub.call("GET", f"/api/v1/indicators/{one['id']}", token).json["said"]]
    if any(one != told[0] for one in told):
        raise AssertionError(told)
    return told[0]["independent"], told[0]["repeated"]


def audience(*members):
    return hub.verb("audience", "add", "ring-" + uuid.uuid4().hex[:8], "--member", ",".join(members))


class Corroboration(unittest.TestCase):
    def test_who_says_it_after_another_repeats_it_and_saying_it_again_changes_nothing(self):
        share(hub.lab, 64496)
        self.assertEqual(counted(hub.cloud, 64496), (1, 0))
        share(hub.cloud, 64496)
        self.assertEqual(counted(hub.cloud, 64496), (1, 1))
        share(hub.lab, 64496, confidence=90)
        share(hub.dorado, 64496)
        for token in (hub.lab, hub.cloud, hub.dorado):
            self.assertEqual(counted(token, 64496), (1, 2))

    def test_who_could_not_read_it_says_it_independently_and_who_sees_one_counts_one(self):
        ring = audience("aurora", "dorado")
        share(hub.lab, 64497, markings=[ring])
        share(hub.cloud, 64497)
        self.assertEqual(counted(hub.lab, 64497), (2, 0))
        self.assertEqual(counted(hub.dorado, 64497), (2, 0))
        self.assertEqual(counted(hub.cloud, 64497), (1, 0))
        share(hub.dorado, 64497)
        self.assertEqual(counted(hub.lab, 64497), (2, 1))
        self.assertEqual(counted(hub.cloud, 64497), (1, 1))

    def test_an_answer_is_the_same_whatever_is_hidden(self):
        share(hub.cloud, 64498)
        before = items(hub.cloud, 64498)
        share(hub.lab, 64498, tlp="red")
        share(hub.lab, 64498 + 1, tlp="red")
        self.assertEqual(items(hub.cloud, 64498), before)
        self.assertEqual(counted(hub.lab, 64498), (1, 1))

    def test_what_is_retracted_counts_no_more(self):
        first = share(hub.lab, 64500)
        share(hub.cloud, 64500)
        retract(hub.lab, first, "wrong")
        self.assertEqual(counted(hub.dorado, 64500), (0, 1))
        share(hub.lab, 64501)
        ended = share(hub.cloud, 64501)
        retract(hub.cloud, ended, "ended")
        self.assertEqual(counted(hub.dorado, 64501), (1, 0))
        gone = share(hub.cloud, 64502)
        share(hub.lab, 64502)
        retract(hub.cloud, gone, "overshared")
        self.assertEqual(counted(hub.dorado, 64502), (1, 0))

    def test_what_rests_on_partners_alone_is_a_repeat(self):
        share(hub.lab, 64503, evidence_basis=["partner-corroboration"])
        self.assertEqual(counted(hub.cloud, 64503), (0, 1))
        share(hub.lab, 64504, evidence_basis=["partner-corroboration", "behaviour"])
        self.assertEqual(counted(hub.cloud, 64504), (1, 0))

    def test_who_is_not_named_cannot_be_told_from_the_numbers(self):
        instance = hub.call("GET", "/api/v1/me", hub.lab).json["as_member"]
        for number, token in ((64505, hub.lab), (64506, hub.cloud)):
            submitted(token, number, created_by_ref=instance)
            share(hub.lab, number)
            self.assertEqual(counted(hub.dorado, number), (1, 1))

    def test_the_program_prints_it(self):
        share(hub.lab, 64507, confidence=60)
        identifier = share(hub.cloud, 64507)
        done = self.run_tocsin("search", "AS64507")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([line.count("  by 1+1  ") for line in done.stdout.splitlines()], [1, 1])
        self.assertIn("said by       independent 1, repeated 1\n", self.run_tocsin("show", identifier).stdout)

    def run_tocsin(self, *words):
        return subprocess.run([TOCSIN, *map(str, words)], capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.dorado, "HOME": hub.folder.name})


class Decay(unittest.TestCase):
    def test_confidence_is_less_the_longer_nobody_said_it_again_and_what_is_stored_stays(self):
        fresh = share(hub.lab, 64508, confidence=80)
        [one] = items(hub.cloud, 64508)
        self.assertEqual((one["confidence"], one["confidence_now"]), (80, 80))
        old = submitted(hub.lab, 64509, created="2020-01-01T00:00:00.000Z", modified="2020-01-01T00:00:00.000Z", valid_from="2020-01-01T00:00:00Z")
        [one] = items(hub.cloud, 64509)
        self.assertEqual((one["id"], one["confidence"], one["confidence_now"]), (old, 80, 0))
        [said] = hub.call("GET", f"/api/v1/indicators/{old}", hub.cloud).json["said"]
        self.assertEqual((said["confidence_now"], said["object"]["confidence"]), (0, 80))
        self.assertNotIn("confidence_now", json.dumps(said["object"]))
        retract(hub.lab, fresh, "wrong")
        [one] = items(hub.cloud, 64508)
        self.assertEqual((one["confidence"], one["confidence_now"]), (80, 0))

    def test_what_states_no_confidence_has_none_now(self):
        share(hub.lab, 64510)
        [one] = items(hub.cloud, 64510)
        self.assertNotIn("confidence_now", one)


if __name__ == "__main__":
    unittest.main()
