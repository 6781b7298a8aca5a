"""Sightings and opinions in the short form: what a member says of what it sees, and who sees that."""
import datetime
import json
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TLP, TOCSIN, indicator

FACTS = "extension-definition--b296ba0d-0d6e-4ba3-955f-90923e2aaff1"


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(item, token=None):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, item)
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def say(what, identifier, token=None, **members):
    return hub.call("POST", f"/api/v1/indicators/{identifier}/{what}", token or hub.cloud, members)


def told(answer):
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json


def stored(type, of, token=None, query="", alias="network"):
    """What the reader sees of this type that is said of an object."""
    page = hub.call("GET", f"{hub.objects_of(alias)}?limit=10000&match[type]={type}{query}", token or hub.lab).json
    return [one for one in page.get("objects", []) if of in (one.get("sighting_of_ref"), *one.get("object_refs", []))]


def me(token):
    return hub.call("GET", "/api/v1/me", token).json


class Sightings(unittest.TestCase):
    def test_another_member_sights_an_indicator_and_its_author_reads_that(self):
        made = share({"kind": "ip-range", "value": "203.0.113.1"})
        answer = told(say("sightings", made, outcome="confirmed", count=12, first_seen="2026-01-02T00:00:00Z", last_seen="2026-01-03T00:00:00Z",
                          action_taken="challenge", affected_accounts_bucket="10-99", match_method="exact"))
        self.assertEqual((answer["outcome"], answer["collections"]), ("accepted", [hub.collection("network")]))
        [seen] = stored("sighting", made)
        self.assertEqual((seen["id"], seen["count"], seen["created_by_ref"]), (answer["id"], 12, me(hub.cloud)["identity"]))
        self.assertEqual(seen["object_marking_refs"], [TLP["green"]])
        self.assertEqual(seen["extensions"][FACTS], {"extension_type": "property-extension", "outcome": "confirmed", "action_taken": "challenge",
                                                     "affected_accounts_bucket": "10-99", "match_method": "exact"})
        self.assertEqual((seen["first_seen"], seen["last_seen"]), ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"))

    def test_each_request_is_a_sighting_of_its_own(self):
        made = share({"kind": "ip-range", "value": "203.0.113.2"})
        ids = {told(say("sightings", made, outcome="suspected"))["id"] for _ in range(3)}
        self.assertEqual({one["id"] for one in stored("sighting", made)}, ids)
        self.assertEqual(len(ids), 3)

    def test_it_is_shown_to_no_more_readers_than_the_indicator(self):
        amber = share({"kind": "ip-range", "value": "203.0.113.3", "tlp": "amber"})
        unmarked = indicator("203.0.113.4")
        hub.verb("collection", "add", "strict", "--default-tlp", "amber")
        hub.submit(unmarked, path=hub.objects_of("strict"))
        hub.submit(unmarked)  # where what has no marking would be GREEN
        for identifier in (amber, unmarked["id"]):
            told(say("sightings", identifier, outcome="confirmed"))
            [seen] = stored("sighting", identifier)
            self.assertEqual(seen["object_marking_refs"], [TLP["amber"]])
            self.assertEqual(stored("sighting", identifier, hub.gov), [])
        answer = say("sightings", amber, outcome="confirmed", tlp="green")
        self.assertEqual((answer.status, answer.json["code"], answer.json["pointer"]), (422, "marking-below-floor", "/tlp"))
        told(say("sightings", amber, outcome="confirmed", tlp="red"))
        self.assertEqual(len(stored("sighting", amber)), 1)

    def test_it_has_the_audience_of_the_indicator(self):
        hub.organisation("dorado", "lab", "amber")
        dorado = hub.token("dorado", "analyst")
        ring = hub.verb("audience", "add", "two", "--member", "aurora,borealis")
        made = share({"kind": "ip-range", "value": "203.0.113.5", "tlp": "amber", "markings": [ring]})
        self.assertEqual(say("sightings", made, dorado, outcome="confirmed").status, 404)
        told(say("sightings", made, outcome="confirmed"))
        self.assertEqual(sorted(stored("sighting", made)[0]["object_marking_refs"]), sorted([TLP["amber"], ring]))
        self.assertEqual(stored("sighting", made, dorado), [])

    def test_who_joins_the_audience_later_sees_nothing_of_what_was_there(self):
        for name in ("europa", "hub-two"):
            hub.organisation(name, "lab", "amber")
        europa, second = hub.token("europa", "analyst"), hub.token("hub-two", "admin")
        ring = hub.verb("audience", "add", "three", "--member", "aurora,borealis")
        made = share({"kind": "ip-range", "value": "203.0.113.81", "tlp": "amber", "markings": [ring]})
        hub.verb("audience", "approve", hub.verb("audience", "member", "three", "--add", "europa"), "--token", second)
        told(say("sightings", made, outcome="confirmed"))
        told(say("opinions", made, opinion="agree"))
        self.assertEqual([len(stored(type, made)) for type in ("sighting", "opinion")], [1, 1])
        self.assertEqual([stored(type, made, europa) for type in ("sighting", "opinion")], [[], []])

    def test_a_statement_of_its_author_hides_nothing(self):
        statement = {"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
                     "definition_type": "statement", "definition": {"statement": "Copyright Aurora."}}
        made = indicator("203.0.113.9", object_marking_refs=[TLP["green"], statement["id"]])
        hub.submit(statement, made)
        told(say("sightings", made["id"], outcome="confirmed"))
        told(say("opinions", made["id"], opinion="agree"))
        self.assertEqual([len(stored(type, made["id"])) for type in ("sighting", "opinion")], [1, 1])

    def test_who_publishes_under_the_same_id_does_not_decide_who_is_told(self):
        made = share({"kind": "ip-range", "value": "203.0.113.10"})
        hub.organisation("ganymede", "lab", "amber")
        hub.submit(indicator("203.0.113.11", id=made, tlp="amber"), token=hub.token("ganymede", "analyst"))
        self.assertEqual(told(say("opinions", made, opinion="disagree", tlp="green"))["outcome"], "accepted")
        self.assertEqual([one["object_marking_refs"] for one in stored("opinion", made)], [[TLP["green"]]])

    def test_an_indicator_that_is_not_seen_is_not_there(self):
        red = share({"kind": "ip-range", "value": "203.0.113.6", "tlp": "red"})
        gone = share({"kind": "ip-range", "value": "203.0.113.7"})
        hub.call("DELETE", f"{hub.objects}{gone}/", hub.lab)
        answers = [say(what, identifier, outcome="confirmed") if what == "sightings" else say(what, identifier, opinion="agree")
                   for what in ("sightings", "opinions") for identifier in (red, gone, f"indicator--{uuid.uuid4()}", "nothing")]
        self.assertEqual({one.status for one in answers}, {404})
        self.assertEqual(len({json.dumps({key: value for key, value in one.json.items() if key not in ("instance", "request_id")}) for one in answers}), 1)
        self.assertEqual(say("sightings", red, hub.submitter, outcome="confirmed").status, 200)  # its organisation's own

    def test_what_is_wrong_is_refused_with_its_place(self):
        made = share({"kind": "ip-range", "value": "203.0.113.8"})
        for members, code, pointer in (({}, "property-missing", "/outcome"), ({"outcome": "maybe"}, "property-value", "/outcome"),
                                       ({"outcome": "confirmed", "count": -1}, "property-value", "/count"),
                                       ({"outcome": "confirmed", "first_seen": "yesterday"}, "timestamp-invalid", "/first_seen"),
                                       ({"outcome": "confirmed", "detector_version": "Bearer sk-ant-" + "a1B2" * 12}, "secret-in-text", "/detector_version"),
                                       ({"outcome": "confirmed", "id": f"sighting--{uuid.uuid4()}"}, "property-unknown", None)):
            with self.subTest(members):
                answer = say("sightings", made, **members)
                self.assertEqual((answer.status, answer.json["code"], answer.json.get("pointer")), (422, code, pointer))
        self.assertEqual(stored("sighting", made), [])


class Opinions(unittest.TestCase):
    def test_said_again_it_is_unchanged_and_said_otherwise_a_new_version(self):
        made = share({"kind": "ip-range", "value": "203.0.113.20"})
        first = told(say("opinions", made, opinion="strongly-disagree", explanation="our gateway"))
        again = told(say("opinions", made, opinion="strongly-disagree", explanation="our gateway"))
        self.assertEqual([first["outcome"], again["outcome"]], ["accepted", "unchanged"])
        other = told(say("opinions", made, opinion="agree"))
        self.assertEqual({first["id"], again["id"], other["id"]}, {first["id"]})
        [seen] = stored("opinion", made)
        self.assertEqual((seen["opinion"], seen.get("explanation")), ("agree", None))
        self.assertEqual(len(stored("opinion", made, query="&match[version]=all")), 2)

    def test_each_organisation_has_its_own(self):
        made = share({"kind": "ip-range", "value": "203.0.113.21"})
        ids = {told(say("opinions", made, token, opinion="agree"))["id"] for token in (hub.lab, hub.submitter, hub.cloud)}
        self.assertEqual(len(ids), 2)

    def test_one_that_was_taken_back_is_followed_by_a_new_one(self):
        made = share({"kind": "ip-range", "value": "203.0.113.22"})
        first = told(say("opinions", made, opinion="disagree"))["id"]
        [seen] = stored("opinion", made)
        later = datetime.datetime.fromisoformat(seen["modified"].replace("Z", "+00:00")) + datetime.timedelta(seconds=1)
        hub.submit(dict(seen, revoked=True, modified=later.strftime("%Y-%m-%dT%H:%M:%SZ")), token=hub.cloud)
        self.assertNotEqual(told(say("opinions", made, opinion="disagree"))["id"], first)

    def test_it_can_be_withdrawn_and_given_anew(self):
        made = share({"kind": "ip-range", "value": "203.0.113.24"})
        self.assertEqual(say("opinions", made, withdraw=True).status, 404)
        first = told(say("opinions", made, opinion="disagree", tlp="amber"))
        taken, again = told(say("opinions", made, withdraw=True)), told(say("opinions", made, withdraw=True))
        self.assertEqual([(one["id"], one["outcome"]) for one in (taken, again)], [(first["id"], "accepted"), (first["id"], "unchanged")])
        [seen] = stored("opinion", made)
        self.assertEqual((seen["revoked"], seen["object_marking_refs"]), (True, [TLP["amber"]]))
        for members, code in (({"withdraw": False}, "property-value"), ({"withdraw": True, "opinion": "agree"}, "property-unknown")):
            answer = say("opinions", made, **members)
            self.assertEqual((answer.status, answer.json["code"]), (422, code))
        self.assertNotEqual(told(say("opinions", made, opinion="agree"))["id"], first["id"])

    def test_it_may_be_of_any_object_and_leave_its_author_unnamed(self):
        made = share({"kind": "ip-range", "value": "203.0.113.23"})
        [address] = [one["id"] for one in hub.call("GET", hub.objects + "?limit=10000&match[type]=ipv4-addr", hub.cloud).json["objects"]
                     if one["value"] == "203.0.113.23"]
        told(say("opinions", address, opinion="disagree", as_member=True))
        [seen] = stored("opinion", address)
        self.assertEqual(seen["created_by_ref"], me(hub.cloud)["as_member"])
        self.assertEqual(stored("opinion", made), [])
        answer = say("opinions", made, opinion="disagree", explanation=f"seen by {me(hub.cloud)['identity']}", as_member=True)
        self.assertEqual((answer.status, answer.json["code"]), (422, "creator-foreign"))

    def test_it_goes_where_the_indicator_is(self):
        made = share({"kind": "user-agent", "value": "opinion/1.%"})
        [version] = hub.call("GET", f"{hub.objects}{made}/", hub.lab).json["objects"]
        hub.submit(version, path=hub.objects_of("campaigns"))
        answer = told(say("opinions", made, opinion="neutral"))
        self.assertEqual(sorted(answer["collections"]), sorted([hub.collection("network"), hub.collection("campaigns")]))
        for alias in ("network", "campaigns"):
            self.assertEqual([one["id"] for one in stored("opinion", made, alias=alias)], [answer["id"]])
        narrow = hub.token("cassini", "analyst", "--collections", hub.collection("network"))
        self.assertEqual(told(say("opinions", made, narrow, opinion="agree"))["collections"], [hub.collection("network")])


class Tallies(unittest.TestCase):
    """What the view of an indicator counts of what was said of it."""

    def shown(self, identifier, token=None):
        return told(hub.call("GET", f"/api/v1/indicators/{identifier}", token or hub.lab))

    def test_sightings_are_counted_by_outcome(self):
        made = share({"kind": "ip-range", "value": "203.0.113.60"})
        told(say("sightings", made, outcome="confirmed", count=12, first_seen="2026-01-02T00:00:00Z", last_seen="2026-01-03T00:00:00Z"))
        told(say("sightings", made, outcome="confirmed", last_seen="2026-01-05T12:00:00.5Z"))
        told(say("sightings", made, hub.lab, outcome="confirmed", count=3, first_seen="2026-01-01T00:00:00Z"))
        told(say("sightings", made, outcome="not-seen"))
        self.assertEqual(self.shown(made)["sightings"], {
            "by_outcome": {"confirmed": {"sightings": 3, "count": 16, "organisations": 2, "first_seen": "2026-01-01T00:00:00.000Z",
                                         "last_seen": "2026-01-05T12:00:00.500Z"},
                           "not-seen": {"sightings": 1, "count": 0, "organisations": 1}},
            "organisations": 2, "complete": True})

    def test_an_organisation_has_one_opinion_and_its_newest_counts(self):
        made = share({"kind": "ip-range", "value": "203.0.113.61"})
        for token, opinion in ((hub.cloud, "agree"), (hub.lab, "agree"), (hub.cloud, "disagree")):
            told(say("opinions", made, token, opinion=opinion))
        self.assertEqual(self.shown(made)["opinions"], {"by_value": {"agree": 1, "disagree": 1}, "organisations": 2, "complete": True})

    def test_the_reasons_of_disputes_are_told_to_who_sees_them_as_they_stand_now(self):
        made = share({"kind": "ip-range", "value": "203.0.113.67"})
        told(say("opinions", made, hub.lab, opinion="agree", explanation="seen twice"))
        told(say("opinions", made, opinion="disagree", explanation="perhaps ours"))
        told(say("opinions", made, opinion="strongly-disagree", explanation="our NAT gateway"))
        disputes = lambda: self.shown(made)["opinions"].get("disputes", [])
        [one] = disputes()
        self.assertEqual((one["opinion"], one["explanation"], one["organisation"]), ("strongly-disagree", "our NAT gateway", "borealis"))
        told(say("opinions", made, withdraw=True))
        self.assertEqual(disputes(), [])
        told(say("opinions", made, opinion="disagree", explanation="in confidence", tlp="red"))
        self.assertEqual(disputes(), [])
        self.assertEqual([one["explanation"] for one in self.shown(made, hub.cloud)["opinions"]["disputes"]], ["in confidence"])

    def test_a_long_reason_is_told_in_part_and_one_without_a_name_names_nobody(self):
        made = share({"kind": "ip-range", "value": "203.0.113.68"})
        told(say("opinions", made, opinion="disagree", explanation="é" * 700, as_member=True))
        [one] = self.shown(made)["opinions"]["disputes"]
        self.assertEqual((one["explanation"], "organisation" in one), ("é" * 500, False))

    def test_who_is_not_named_is_one_organisation_however_many_they_are(self):
        hub.organisation("halley", "lab", "amber")
        made = share({"kind": "ip-range", "value": "203.0.113.62"})
        for token in (hub.cloud, hub.token("halley", "analyst")):
            told(say("sightings", made, token, outcome="suspected", as_member=True))
            told(say("opinions", made, token, opinion="agree", as_member=True))
        seen = self.shown(made)
        self.assertEqual((seen["sightings"]["by_outcome"]["suspected"]["sightings"], seen["sightings"]["organisations"]), (2, 1))
        self.assertEqual((seen["opinions"]["by_value"], seen["opinions"]["organisations"]), ({"agree": 1}, 1))

    def test_what_a_reader_does_not_see_is_in_no_count(self):
        made = share({"kind": "ip-range", "value": "203.0.113.63"})
        before = self.shown(made)
        told(say("sightings", made, outcome="confirmed", tlp="red"))
        told(say("opinions", made, opinion="disagree", tlp="red"))
        self.assertEqual(self.shown(made), before)
        own = self.shown(made, hub.cloud)
        self.assertEqual((own["sightings"]["organisations"], own["opinions"]["organisations"]), (1, 1))

    def test_what_is_taken_back_or_withdrawn_is_counted_no_more(self):
        made = share({"kind": "ip-range", "value": "203.0.113.64"})
        before = self.shown(made)
        opinion = told(say("opinions", made, opinion="disagree"))["id"]
        sighting = told(say("sightings", made, outcome="confirmed"))["id"]
        self.assertNotEqual(self.shown(made)["opinions"], before["opinions"])
        [seen] = stored("opinion", made)
        later = datetime.datetime.fromisoformat(seen["modified"].replace("Z", "+00:00")) + datetime.timedelta(seconds=1)
        hub.submit(dict(seen, revoked=True, modified=later.strftime("%Y-%m-%dT%H:%M:%SZ")), token=hub.cloud)
        self.assertLess(hub.call("DELETE", f"{hub.objects}{sighting}/", hub.cloud).status, 300)
        self.assertEqual(self.shown(made), before, opinion)

    def test_what_comes_by_taxii_counts_too(self):
        made = share({"kind": "ip-range", "value": "203.0.113.65"})
        now = "2026-01-05T00:00:00.000Z"
        hub.submit({"type": "sighting", "spec_version": "2.1", "id": f"sighting--{uuid.uuid4()}", "created": now, "modified": now,
                    "sighting_of_ref": made.upper().replace("INDICATOR", "indicator"), "count": 4}, token=hub.cloud)
        self.assertEqual(self.shown(made)["sightings"]["by_outcome"], {"unsaid": {"sightings": 1, "count": 4, "organisations": 1}})


class Program(unittest.TestCase):
    def run_tocsin(self, *words):
        return subprocess.run([TOCSIN, *words], capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.cloud, "HOME": hub.folder.name})

    def test_sight_makes_a_sighting(self):
        made = share({"kind": "ip-range", "value": "203.0.113.40"})
        run = self.run_tocsin("sight", made, "--outcome", "false-positive", "--count", "3", "--accounts", "2-9", "--last-seen", "2026-01-03T00:00:00Z")
        self.assertEqual(run.returncode, 0, run.stderr)
        [seen] = stored("sighting", made)
        self.assertEqual(run.stdout, f"{seen['id']} sights {made}\n")
        self.assertEqual((seen["count"], seen["extensions"][FACTS]["affected_accounts_bucket"]), (3, "2-9"))
        self.assertEqual(self.run_tocsin("sight", made, "--outcome", "perhaps").returncode, 1)
        self.assertEqual(self.run_tocsin("sight", f"indicator--{uuid.uuid4()}", "--outcome", "confirmed").returncode, 5)

    def test_show_has_a_line_for_each_outcome_and_opinion(self):
        made = share({"kind": "ip-range", "value": "203.0.113.42"})
        told(say("sightings", made, outcome="confirmed", count=7, last_seen="2026-01-03T00:00:00Z"))
        told(say("opinions", made, opinion="strongly-agree"))
        run = self.run_tocsin("show", made)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("Sighted by 1 organisation, as far as you see\n"
                      "  confirmed           1 sighting of 7, by 1 organisation, until 2026-01-03T00:00:00.000Z\n", run.stdout)
        self.assertIn("Opinions\n  strongly-agree      1 organisation\n", run.stdout)
        told(say("opinions", made, opinion="disagree", explanation="our NAT\u202egateway\x07"))
        self.assertIn("Opinions\n  disagree            1 organisation\n  because       our NAT?gateway?  (borealis)\n", self.run_tocsin("show", made).stdout)

    def test_a_dispute_that_is_repeated_is_the_same(self):
        made = share({"kind": "ip-range", "value": "203.0.113.41"})
        first = self.run_tocsin("dispute", made, "--because", "our NAT gateway")
        self.assertEqual(first.returncode, 0, first.stderr)
        again = self.run_tocsin("dispute", made, "--because", "our NAT gateway")
        self.assertEqual(again.stdout, first.stdout.strip() + ", as before\n")
        taken = self.run_tocsin("dispute", made, "--withdraw")
        self.assertEqual((taken.returncode, taken.stdout), (0, f"{first.stdout.split()[0]} is withdrawn; it was on {made}\n"))
        self.assertEqual(self.run_tocsin("dispute", made, "--withdraw", "--because", "no").returncode, 1)
        self.assertEqual(self.run_tocsin("dispute", made).returncode, 1)
        self.assertEqual(len(stored("opinion", made, query="&match[version]=all")), 2)


if __name__ == "__main__":
    unittest.main()
