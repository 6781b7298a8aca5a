"""Bodies of other programs on the native way, over HTTPS against the real binary: STIX bundles and events of MISP."""
import json
import unittest
import uuid

from community import set_up_module
from instance import TLP, indicator


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(body, query="", content_type="application/json", token=None):
    return hub.call("POST", "/api/v1/indicators" + query, token or hub.lab, json.dumps(body), {"Content-Type": content_type})


def stored(alias):
    """What the cloud sees in a collection, by id."""
    page = hub.call("GET", hub.objects_of(alias) + "?limit=10000", hub.cloud).json
    return {one["id"]: one for one in page.get("objects", [])}


def bundle(*objects):
    return {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": list(objects)}


def campaign():
    return {"type": "campaign", "spec_version": "2.1", "id": f"campaign--{uuid.uuid4()}", "created": "2026-01-02T03:04:05.000Z",
            "modified": "2026-01-02T03:04:05.000Z", "name": "Grey Heron", "object_marking_refs": [TLP["amber"]]}


def link(source, target):
    return {"type": "relationship", "spec_version": "2.1", "id": f"relationship--{uuid.uuid4()}", "created": "2026-01-02T03:04:05.000Z",
            "modified": "2026-01-02T03:04:05.000Z", "relationship_type": "indicates", "source_ref": source["id"], "target_ref": target["id"],
            "object_marking_refs": [TLP["amber"]]}


class WhoSees(unittest.TestCase):
    """What a dry run says of the readers, before anything is stored."""

    def readers(self, **members):
        answer = share({"kind": "ip-range", "value": "198.51.100.99", **members}, "?dry_run=1")
        self.assertEqual(answer.json["accepted"], 1, answer.body)
        [entry] = answer.json["readers"]
        self.assertEqual(entry["collection"], "network")
        return entry

    def test_without_an_audience_the_rule_stands_without_names(self):
        for level in ("green", "amber"):
            entry = self.readers(tlp=level)
            self.assertEqual((entry["tlp"], set(entry)), (level, {"collection", "tlp", "because"}))
            self.assertIn("every member sees it whose clearance reaches", entry["because"])
            self.assertEqual("No government sees it" in entry["because"], level == "amber")
        self.assertIn("only your organisation", self.readers(tlp="red")["because"])

    def test_an_audience_of_the_callers_names_its_members(self):
        ring = hub.verb("audience", "add", "who", "--member", "aurora,borealis")
        entry = self.readers(tlp="amber", markings=[ring])
        self.assertEqual((entry["audiences"], sorted(entry["organisations"])), (["who"], ["aurora", "borealis"]))
        self.assertIn("these organisations", entry["because"])

    def test_what_the_members_of_an_audience_are_cleared_for_is_a_condition_and_is_not_told(self):
        ring = hub.verb("audience", "add", "cleared", "--member", "aurora,borealis")
        entry = self.readers(tlp="amber+strict", markings=[ring])
        self.assertEqual(sorted(entry["organisations"]), ["aurora", "borealis"])
        self.assertIn("of them each sees it whose clearance reaches TLP:amber+strict, which is not told of others.", entry["because"])

    def test_an_audience_of_others_is_an_unknown_marking(self):
        theirs = hub.verb("audience", "add", "theirs", "--member", "borealis")
        entry = self.readers(tlp="amber", markings=[theirs])
        self.assertEqual(set(entry), {"collection", "tlp", "because"})
        self.assertIn("only your organisation", entry["because"].lower())


class Bundles(unittest.TestCase):
    def test_objects_of_a_bundle_are_stored_as_they_are_where_their_kinds_go(self):
        one, other = indicator("203.0.113.101", tlp="green"), campaign()
        between = link(one, other)
        answer = share(bundle(one, other, between), content_type="application/stix+json;version=2.1").json
        self.assertEqual([(item["pointer"], item["outcome"], item["id"], item["collection"]) for item in answer["items"]],
                         [("/objects/0", "accepted", one["id"], "network"), ("/objects/1", "accepted", other["id"], "campaigns"),
                          ("/objects/2", "accepted", between["id"], "network")])
        self.assertEqual(stored("network")[one["id"]]["pattern"], one["pattern"])
        self.assertIn(other["id"], stored("campaigns"))
        again = share(bundle(one, other, between)).json
        self.assertEqual((again["accepted"], again["unchanged"], again["refused"]), (0, 3, 0))

    def test_a_statement_counts_for_objects_of_other_collections_of_its_bundle(self):
        for number, query in ((106, ""), (107, "?atomic=1")):
            with self.subTest(query=query):
                statement = {"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uuid.uuid4()}",
                             "created": "2026-01-02T03:04:05.000Z", "definition_type": "statement", "definition": {"statement": "Ours."}}
                first, marked = indicator(f"203.0.113.{number}", tlp="green"), campaign()
                marked["name"] += f" {number}"
                marked["object_marking_refs"].append(statement["id"])
                answer = share(bundle(first, marked, statement), query).json
                self.assertEqual([item["collection"] for item in answer["items"]], ["network", "campaigns", "network"])
                self.assertEqual(answer["accepted"], 3)
                self.assertIn(marked["id"], stored("campaigns"))

    def test_an_object_that_is_refused_says_which_it_is_and_spoils_no_other(self):
        wrong = dict(indicator("203.0.113.102"), valid_from="yesterday")
        lost = link(indicator(), campaign())
        good = indicator("203.0.113.103")
        answer = share(bundle(wrong, lost, good)).json
        self.assertEqual([item["outcome"] for item in answer["items"]], ["refused", "refused", "accepted"])
        self.assertEqual([item["findings"][0]["code"] for item in answer["items"][:2]], ["timestamp-invalid", "reference-unknown"])
        self.assertEqual(answer["items"][0]["findings"][0]["pointer"], "/objects/0/valid_from")

    def test_a_bundle_is_stored_whole_or_not_at_all_where_that_is_asked(self):
        good = indicator("203.0.113.104")
        answer = share(bundle(good, dict(indicator(), pattern="nonsense")), "?atomic=1").json
        self.assertEqual((answer["accepted"], answer["refused"]), (0, 2))
        self.assertNotIn(good["id"], stored("network"))

    def test_a_dry_run_of_a_bundle_stores_nothing(self):
        good = indicator("203.0.113.105")
        self.assertEqual(share(bundle(good), "?dry_run=1").json["accepted"], 1)
        self.assertNotIn(good["id"], stored("network"))

    def test_a_bundle_that_cannot_be_routed_or_read_is_refused_whole(self):
        for body, query, path, status, code in ((bundle(indicator()), "?kind=ip-range", "indicators", 400, "bad-parameter"),
                                                (bundle(indicator()), "", "campaigns", 422, "items-invalid"),
                                                (bundle(), "", "indicators", 422, "items-invalid"),
                                                ({"type": "bundle"}, "", "indicators", 422, "envelope-invalid"),
                                                (bundle(*[1] * 5001), "", "indicators", 413, "content-too-large")):
            with self.subTest(code=code):
                answer = hub.call("POST", f"/api/v1/{path}{query}", hub.lab, body)
                self.assertEqual((answer.status, answer.json["code"]), (status, code), answer.body)


class Misp(unittest.TestCase):
    def test_an_event_of_misp_becomes_indicators_at_the_level_of_its_tags(self):
        event = {"Event": {"info": "Harvesting", "distribution": "1", "Tag": [{"name": "tlp:amber"}], "Attribute": [
            {"type": "ip-src", "value": "203.0.113.110", "to_ids": True, "comment": "Proxy exit."},
            {"type": "email-dst", "value": "somebody@example.org", "to_ids": True},
            {"type": "AS", "value": "64510", "to_ids": False}],
            "Object": [{"name": "asn", "Attribute": [{"type": "AS", "value": "AS64511", "to_ids": True, "first_seen": "2026-01-02T03:04:05+00:00"}]}]}}
        answer = share(event).json
        self.assertEqual([(one["pointer"], one["outcome"]) for one in answer["items"]],
                         [("/Event/Attribute/0", "accepted"), ("/Event/Attribute/1", "refused"), ("/Event/Attribute/2", "refused"),
                          ("/Event/Object/0/Attribute/0", "accepted")])
        self.assertEqual([one["findings"][0]["code"] for one in answer["items"][1:3]], ["personal-data-in-text", "property-value"])
        made = stored("network")[answer["items"][0]["id"]]
        self.assertEqual((made["object_marking_refs"], made["description"]), ([TLP["amber"]], "Proxy exit."))
        self.assertEqual(share({"response": [event]}).json["unchanged"], 2)

    def test_parameters_say_what_an_event_of_misp_does_not(self):
        event = {"Event": {"Attribute": [{"type": "domain", "value": "misp.proxy.example", "to_ids": "1"}]}}
        [unasked] = share(event, "?confidence=40").json["items"]
        self.assertEqual((unasked["outcome"], unasked["findings"][0]["pointer"]), ("refused", "/Event/Attribute/0/type"))
        answer = share(event, "?confidence=40&kind=proxy-domain").json
        self.assertEqual(stored("network")[answer["items"][0]["id"]]["confidence"], 40)


if __name__ == "__main__":
    unittest.main()
