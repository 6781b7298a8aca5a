"""Feeds as STIX over HTTPS against the real binary: held against a bundle that is made anew of what TAXII shows the same reader."""
import csv
import hashlib
import io
import json
import unittest
import urllib.parse
import uuid

from community import set_up_module


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(value, token=None, kind="ip-range", **said):
    answer = hub.call("POST", "/api/v1/indicators?override=A%20test", token or hub.lab, {"kind": kind, "value": value, **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def ask(name, token, form="stix", **parameters):
    answer = hub.call("GET", f"/api/v1/feeds/{name}?" + urllib.parse.urlencode({"format": form, **parameters}), token)
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer


def ids_of(bundle):
    return {one["id"] for one in json.loads(bundle).get("objects", [])}


def reference(name, token, **parameters):
    """The newest versions that TAXII shows the reader of what the feed's CSV names, written by the book."""
    rows = csv.DictReader(io.StringIO(ask(name, token, "csv", **parameters).body.decode()))
    named = sorted({row["id"] for row in rows})
    shown = {}
    for collection in hub.call("GET", "/taxii2/root/collections/", token).json["collections"]:
        if named:
            path = f"/taxii2/root/collections/{collection['id']}/objects/?match[id]={','.join(named)}"
            shown |= {one["id"]: one for one in hub.call("GET", path, token).json.get("objects", [])}
    written = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    objects = ",".join(written(shown[one]) for one in named)
    identifier = uuid.UUID(bytes=hashlib.sha256(objects.encode()).digest()[:16], version=4)
    members = f',"objects":[{objects}]' if objects else ""
    return f'{{"type":"bundle","id":"bundle--{identifier}"{members}}}\n'.encode()


class Bundles(unittest.TestCase):
    def test_it_is_what_taxii_shows_of_the_feed_byte_for_byte(self):
        for i in range(40):
            share(f"198.51.100.{i * 3}", token=(hub.lab, hub.cloud)[i % 2], action=("block", "rate-limit")[i % 3 == 0], confidence=i,
                  description=f"Ünïcode “{i}”", tlp=("green", "amber", "red")[i % 5 % 3])
        share("2001:db8:1::/48", action="block")
        share(64496, kind="proxy-asn", action="block")
        narrow = hub.token("aurora", "feed", "--max-tlp", "green")
        old = hub.token("borealis", "analyst", "--dialect", "tlp1")
        seen = set()
        for token in (hub.lab, hub.cloud, hub.feed, narrow, old):
            for name in ("block-v4", "block-v6", "block-asn", "rate-limit-v4", "challenge-v6", "observe-v4", "observe-asn"):
                for asked in ({}, {"min_confidence": 20}, {"max_tlp": "green"}, {"min_confidence": 100}):
                    answer = ask(name, token, **asked)
                    self.assertEqual(answer.body, reference(name, token, **asked), (name, asked))
                    self.assertEqual(int(answer.headers["Tocsin-Entries"]), len(ids_of(answer.body)))
                    seen.add(answer.body)
        self.assertGreater(len(seen), 8)
        self.assertNotEqual(ask("observe-v4", hub.cloud).body, ask("observe-v4", old).body)  # one view, two dialects
        self.assertEqual(ask("block-v4", hub.lab).headers["Content-Type"], "application/stix+json;version=2.1")

    def test_who_is_not_entitled_sees_nothing_of_it(self):
        narrow = hub.token("borealis", "feed", "--max-tlp", "green")
        readers = (hub.cloud, hub.feed, narrow)
        before = [ask("block-v4", each).body for each in readers]
        red = share("203.0.113.9", action="block", tlp="red", description="nobody else")
        self.assertEqual([ask("block-v4", each).body for each in readers], before)
        self.assertNotIn(red, ids_of(ask("block-v4", hub.lab).body))  # nor does RED enter for its own
        amber = share("203.0.113.11", action="block", tlp="amber", description="members")
        self.assertIn(amber, ids_of(ask("block-v4", hub.cloud).body))
        answer = ask("block-v4", narrow)
        self.assertEqual(answer.body, before[2])
        self.assertNotIn(b"203.0.113.11", answer.body)
        for token in (hub.submitter, hub.gov):
            self.assertEqual(hub.call("GET", "/api/v1/feeds/block-v4?format=stix", token).status, 403)

    def test_what_was_revised_is_there_once_and_what_was_retracted_is_not(self):
        identifier = share("203.0.113.21", action="block", confidence=10)
        self.assertEqual(share("203.0.113.21", action="block", confidence=90), identifier)
        self.assertEqual([one["confidence"] for one in json.loads(ask("block-v4", hub.cloud).body)["objects"] if one["id"] == identifier], [90])
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{identifier}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertNotIn(identifier, ids_of(ask("block-v4", hub.cloud).body))

    def test_what_the_reader_allows_counts_objects_and_a_bundle_has_no_changes(self):
        share("203.0.113.40", action="block")
        share("203.0.113.41", action="block")  # one network of two indicators
        count = len(ids_of(ask("block-v4", hub.lab).body))
        ask("block-v4", hub.lab, max_entries=count)
        path = "/api/v1/feeds/block-v4"
        self.assertEqual(hub.call("GET", f"{path}?format=stix&max_entries={count - 1}", hub.lab).status, 400)
        self.assertEqual(hub.call("GET", f"{path}/changes?format=stix&since={'0' * 64}", hub.lab).status, 400)


if __name__ == "__main__":
    unittest.main(verbosity=1)
