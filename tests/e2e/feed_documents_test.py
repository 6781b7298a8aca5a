"""Feeds for platforms, over HTTPS against the real binary: a STIX bundle of the very bytes that TAXII shows, and a feed as MISP reads one. Nobody finds in them what he does not see."""
import hashlib
import json
import unittest

from community import set_up_module


def setUpModule():
    global hub, seen, hidden, number
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    seen = share("198.51.100.0/26", action="block", tlp="amber", confidence=70)
    hidden = share("198.51.100.64/26", action="block", tlp="red")
    number = share(64496, kind="proxy-asn", action="block", tlp="green")


def share(value, kind="ip-range", **said):
    answer = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": kind, "value": value, **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def ask(path, token=None, headers=None):
    return hub.call("GET", f"/api/v1/feeds/{path}", token or hub.cloud, None, headers)


class Documents(unittest.TestCase):
    def test_a_bundle_has_the_bytes_that_taxii_shows(self):
        answer = ask("block-v4?format=stix")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/stix+json;version=2.1"))
        self.assertEqual([one["id"] for one in answer.json["objects"]], [seen])
        shown = hub.call("GET", f"{hub.objects_of('network')}{seen}/", hub.cloud).body
        self.assertIn(json.dumps(answer.json["objects"][0]["pattern"]).encode(), shown)
        stored = shown[shown.index(b"[") + 1:shown.rindex(b"]")]
        self.assertIn(stored, answer.body)
        self.assertEqual(ask("block-v4?format=stix", headers={"If-None-Match": answer.headers["ETag"]}).status, 304)
        self.assertEqual([one["id"] for one in ask("block-asn?format=stix").json["objects"]], [number])
        self.assertNotIn("objects", ask("block-v6?format=stix").json)

    def test_a_bundle_has_the_levels_that_the_readers_dialect_has(self):
        old = hub.token("borealis", "analyst", "--dialect", "tlp1")
        bundles = []
        for token in (hub.cloud, old, hub.cloud, old):  # made, then from memory
            [one] = ask("block-v4?format=stix", token).json["objects"]
            self.assertEqual(hub.call("GET", f"{hub.objects_of('network')}{seen}/", token).json["objects"], [one])
            bundles.append(ask("block-v4?format=stix", token).body)
        self.assertEqual(bundles[:2], bundles[2:])
        self.assertNotEqual(bundles[0], bundles[1])

    def test_misp_finds_the_event_that_the_manifest_names(self):
        [event] = ask("block-v4/misp/manifest.json").json
        body = ask(f"block-v4/misp/{event}.json").json["Event"]
        self.assertEqual((body["uuid"], [(one["uuid"], one["value"], one["to_ids"], one["Tag"]) for one in body["Attribute"]]),
                         (event, [(seen.removeprefix("indicator--"), "198.51.100.0/26", True, [{"name": "tlp:amber"}])]))
        self.assertEqual(ask("block-v4/misp/hashes.csv").body.decode(), f"{hashlib.md5(b'198.51.100.0/26').hexdigest()},{event}\n")
        self.assertNotIn(event, ask("block-v6/misp/manifest.json").json)
        self.assertEqual(ask(f"block-v6/misp/{event}.json").status, 404)
        self.assertEqual(ask("block-v4/misp/other").status, 404)
        self.assertEqual(ask("nothing/misp/manifest.json").status, 404)

    def test_what_the_reader_does_not_see_is_in_none_of_them(self):
        for path in ("block-v4?format=stix", "block-v4?format=misp", "block-v4/misp/manifest.json", "block-v4/misp/hashes.csv"):
            for token in (hub.cloud, hub.lab):  # RED is in no feed, not for its owner either
                body = ask(path, token).body
                for secret in (hidden, hidden.removeprefix("indicator--"), "198.51.100.64/26", hashlib.md5(b"198.51.100.64/26").hexdigest()):
                    self.assertNotIn(secret.encode(), body, path)
        green = ask("block-v4?format=stix&max_tlp=green")
        self.assertNotIn(seen.encode(), green.body)
        self.assertEqual(ask("block-v4/misp/manifest.json", hub.gov).status, 403)  # a liaison reads no feeds


if __name__ == "__main__":
    unittest.main(verbosity=1)
