"""Search of indicators over HTTPS against the real binary: what is found, by whom, in which order."""
import json
import subprocess
import unittest
import urllib.parse
import uuid

from community import set_up_module
from instance import TOCSIN

EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(*items, token=None):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, json.dumps(items), {"Content-Type": "application/json"})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return [one["id"] for one in answer.json["items"]]


def ask(token=None, **filters):
    return hub.call("GET", "/api/v1/indicators?" + urllib.parse.urlencode(filters, quote_via=urllib.parse.quote), token or hub.cloud)


def found(token=None, **filters):
    answer = ask(token, **filters)
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json["indicators"]


def values(token=None, **filters):
    return [one["value"] for one in found(token, **filters)]


def show(identifier, tail="", token=None):
    return hub.call("GET", f"/api/v1/indicators/{identifier}{tail}", token or hub.cloud)


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        share({"kind": "ip-range", "value": "198.51.100.0/24", "confidence": 80, "action": "challenge"},
              {"kind": "ip-range", "value": "198.51.100.7", "labels": ["seen twice"], "confidence": 20},
              {"kind": "ip-range", "value": "2001:db8:7::/48"},
              {"kind": "proxy-asn", "value": 64496}, {"kind": "proxy-domain", "value": "Exit.Search.Example."},
              {"kind": "user-agent", "value": "search/1.%"})

    def test_an_exact_value_is_found_however_it_is_written(self):
        self.assertEqual(values(value="198.51.100.0/24"), ["198.51.100.0/24"])
        self.assertEqual(values(value="198.51.100.9/24"), ["198.51.100.0/24"])
        self.assertEqual(values(value="::ffff:198.51.100.7"), ["198.51.100.7"])
        self.assertEqual([values(value=one) for one in ("64496", "as64496")], [["AS64496"]] * 2)
        self.assertEqual(values(value="exit.search.example"), ["exit.search.example"])
        self.assertEqual(values(value="search/1.%"), ["search/1.%"])
        self.assertEqual(values(value="198.51.100.8"), [])

    def test_an_address_is_found_by_what_contains_it_and_a_network_by_what_lies_within_it(self):
        self.assertEqual(values(contains="198.51.100.7"), ["198.51.100.0/24", "198.51.100.7"])
        self.assertEqual(values(contains="198.51.100.8"), ["198.51.100.0/24"])
        self.assertEqual(values(contains="2001:db8:7::1"), ["2001:db8:7::/48"])
        self.assertEqual(values(within="198.51.0.0/16"), ["198.51.100.0/24", "198.51.100.7"])
        self.assertEqual(values(within="198.51.100.0/25"), ["198.51.100.7"])
        self.assertEqual(values(within="2001:db8:7::/47"), ["2001:db8:7::/48"])

    def test_the_other_filters_narrow_it(self):
        self.assertEqual(values(within="198.51.100.0/24", min_confidence=50), ["198.51.100.0/24"])
        self.assertEqual(values(label="seen twice"), ["198.51.100.7"])
        self.assertEqual(values(label="seen twice", kind="proxy-asn"), [])
        self.assertEqual(values(value="64496", active_at="2020-01-01T00:00:00Z"), [])
        self.assertEqual(values(value="64496", organisation="aurora"), ["AS64496"])
        self.assertEqual(values(value="64496", organisation="borealis"), [])
        self.assertEqual(values(value="64496", organisation="never heard of"), [])

    def test_an_item_says_what_it_is(self):
        [one] = found(value="198.51.100.0/24")
        self.assertEqual({name: one[name] for name in ("kind", "tlp", "confidence", "suggested_action", "revoked")},
                         {"kind": "ip-range", "tlp": "green", "confidence": 80, "suggested_action": "challenge", "revoked": False})
        self.assertLess(one["valid_from"], one["valid_until"])

    def test_what_cannot_be_asked_is_refused_with_its_parameter(self):
        for filters, word in (({"kinds": "ip-range"}, "none that a search has"), ({"kind": "campaign"}, "kind"), ({"contains": "nothing"}, "contains"),
                              ({"within": "198.51.100.1-198.51.100.9"}, "within"), ({"value": "x", "kind": "ip-range"}, "value"), ({"value": ""}, "empty"),
                              ({"value": "1", "within": "::/0"}, "within"), ({"contains": "192.0.2.1", "kind": "proxy-asn"}, "contains"),
                              ({"min_confidence": "101"}, "min_confidence"), ({"active_at": "now"}, "active_at"), ({"campaign": "x"}, "campaign"),
                              ({"next": "AAAA"}, "next"), ({"next": "AAAA", "kind": "canary"}, "next"), ({"limit": "0"}, "limit")):
            answer = ask(**filters)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), filters)
            self.assertIn(word, answer.json["detail"])


class Words(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        share({"kind": "proxy-domain", "value": "one.words.example", "description": "Sells residential exits, seen in May", "labels": ["Mass Signup"]},
              {"kind": "proxy-domain", "value": "two.words.example", "description": "Seen in residential networks; 10,000 exits", "collateral_note": "Recruiters use it, too."},
              {"kind": "proxy-domain", "value": "three.words.example", "description": "residential exits (secret)", "tlp": "red"})

    def test_words_phrases_and_beginnings_are_found(self):
        one, two = "one.words.example", "two.words.example"
        for text, expected in (("residential exits", [one, two]), ("RESIDENTIAL may", [one]), ('"residential exits"', [one]), ("exits recruit*", [two]),
                               ("10,000", [two]), ('"mass signup"', [one]), ("resid* signup", [one]), ('"may residential"', []), ("exits OR may", [])):
            self.assertEqual(values(q=text), expected, text)
        self.assertEqual(values(q="exits", value=two), [two])
        self.assertEqual(values(q="exits", label="Mass Signup"), [one])

    def test_what_is_hidden_is_not_found_by_its_words(self):
        self.assertEqual(values(q="secret"), [])
        self.assertEqual(values(q="residential secret", token=hub.lab), ["three.words.example"])
        self.assertEqual(len(values(q='"residential exits"')), 1)
        self.assertEqual(len(values(q='"residential exits"', token=hub.lab)), 2)

    def test_a_new_version_is_found_by_its_words_alone(self):
        share({"kind": "proxy-domain", "value": "four.words.example", "description": "formerly said"})
        share({"kind": "proxy-domain", "value": "four.words.example", "description": "lately said"})
        self.assertEqual([values(q="formerly"), values(q="lately")], [[], ["four.words.example"]])

    def test_pages_of_a_phrase_are_in_the_same_order(self):
        share(*({"kind": "proxy-asn", "value": 64505 + i, "description": "all of one phrase" if i % 2 else "one of all phrases"} for i in range(6)))
        told, answer = [], ask(q='"one phrase"', limit=1)
        while True:
            told += [one["value"] for one in answer.json["indicators"]]
            if "next" not in answer.json:
                break
            answer = ask(next=answer.json["next"], limit=1)
        self.assertEqual(told, ["AS64506", "AS64508", "AS64510"])

    def test_what_no_question_is_is_refused(self):
        for text, word in (('"open', "quotation mark"), ("ab*", "too short"), ("...", "no word"), ("a*b", "star"), ("x" * 201, "too long")):
            answer = ask(q=text)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"))
            self.assertIn(word, answer.json["detail"])


class Why(unittest.TestCase):
    def claims(self, covers, token=None, **more):
        answer = hub.call("GET", "/api/v1/why?" + urllib.parse.urlencode(dict(more, covers=covers)), token or hub.cloud)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json["claims"]

    def test_what_covers_a_value_is_told_with_its_grounds_and_the_way_to_dispute_it(self):
        made = share({"kind": "ip-range", "value": "2001:db8:77::/64", "confidence": 80, "action": "challenge", "evidence_basis": ["ip-correlation"]},
                     {"kind": "ip-range", "value": "2001:db8:77::97"}, {"kind": "ip-range", "value": "2001:db8:77::98"})
        wide, narrow = self.claims("2001:db8:77::97")
        self.assertEqual([wide["value"], narrow["value"]], ["2001:db8:77::/64", "2001:db8:77::97"])
        self.assertEqual((wide["organisation"], wide["own"], wide["suggested_action"], wide["evidence_basis"], wide["tlp"]),
                         ("aurora", False, "challenge", ["ip-correlation"], "green"))
        self.assertEqual(wide["dispute"], f'tocsin dispute {wide["id"]} --because "..."')
        self.assertIn("valid_until", wide)
        first = wide["since"]
        share({"kind": "ip-range", "value": "2001:db8:77::/64", "confidence": 81, "action": "challenge"})
        again = self.claims("2001:db8:77::97")[0]
        self.assertEqual((again["confidence"], again["since"]), (81, first), made)
        own = self.claims("2001:db8:77::97", hub.lab)[0]
        self.assertEqual((own["own"], "dispute" in own), (True, False))

    def test_a_name_is_covered_by_the_domains_above_it_and_each_value_by_itself(self):
        share({"kind": "proxy-domain", "value": "why.example"}, {"kind": "proxy-domain", "value": "exit.why.example"},
              {"kind": "proxy-domain", "value": "other.why.example"}, {"kind": "user-agent", "value": "why/1.%"})
        names = lambda *words, **more: sorted(one["value"] for one in self.claims(*words, **more))
        self.assertEqual(names("a.exit.why.example"), ["exit.why.example", "why.example"])
        self.assertEqual(names("WHY.example."), ["why.example"])
        self.assertEqual(names("exit.why.example", kind="proxy-domain"), ["exit.why.example", "why.example"])
        self.assertEqual([names("why/1.%"), names("exit.why.example", kind="user-agent")], [["why/1.%"], []])
        self.assertEqual(values(covers="a.exit.why.example"), ["exit.why.example", "why.example"])

    def test_what_is_hidden_covers_nothing(self):
        share({"kind": "ip-range", "value": "2001:db8:7a::1", "tlp": "red"}, {"kind": "ip-range", "value": "2001:db8:7a::/64"})
        self.assertEqual([one["value"] for one in self.claims("2001:db8:7a::1")], ["2001:db8:7a::/64"])
        self.assertEqual(len(self.claims("2001:db8:7a::1", hub.lab)), 2)

    def test_own_ranges_and_mutes_are_told_to_those_who_may_know_them(self):
        for token in (hub.lab, hub.cloud):
            share({"kind": "ip-range", "value": "2001:db8:78::100"}, token=token)
        for path, body in (("/ranges", {"ranges": ["2001:db8:78::100/127"]}), ("/mutes", {"kind": "ip-range", "value": "2001:db8:78::100", "because": "our own egress"})):
            self.assertEqual(hub.call("POST", "/api/v1" + path, hub.cloud, body).status, 200)
        for claim in self.claims("2001:db8:78::100"):
            self.assertEqual((claim["own_range"], claim["muted"]["because"]), ("2001:db8:78::100/127", "our own egress"))
        [own] = self.claims("2001:db8:78::100", hub.token("borealis", "submitter"))
        self.assertEqual(("own_range" in own, own["own"]), (False, True))
        for other in self.claims("2001:db8:78::100", hub.lab):
            self.assertEqual(("own_range" in other, "muted" in other), (False, False))

    def test_pages_go_on_and_what_cannot_be_asked_is_refused(self):
        share({"kind": "ip-range", "value": "2001:db8:79::101"}, {"kind": "ip-range", "value": "2001:db8:79::100/126"})
        page = hub.call("GET", "/api/v1/why?covers=2001:db8:79::101&limit=1", hub.cloud).json
        self.assertEqual(len(page["claims"]), 1)
        rest = hub.call("GET", "/api/v1/why?" + urllib.parse.urlencode({"next": page["next"]}), hub.cloud).json
        self.assertEqual(rest["claims"][-1]["value"], "2001:db8:79::101")
        for query in ("", "?kind=ip-range", "?covers=", "?covers=x&kind=ip-range", "?covers=1&label=x", "?next=AAAA"):
            answer = hub.call("GET", "/api/v1/why" + query, hub.cloud)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), query)


class Sight(unittest.TestCase):
    def test_what_is_hidden_is_neither_found_nor_shown_and_answers_as_what_is_absent(self):
        [hidden] = share({"kind": "proxy-asn", "value": 64497, "tlp": "red"})
        self.assertEqual([one["id"] for one in found(hub.lab, value="64497")], [hidden])
        self.assertEqual(found(value="64497"), [])
        absent = "indicator--00000000-0000-4000-8000-000000000000"
        for tail in ("", "/history"):
            self.assertEqual(show(hidden, tail, hub.lab).status, 200)
            one, other = show(hidden, tail), show(absent, tail)
            self.assertEqual((one.status, one.json["detail"], one.json["code"]), (404, other.json["detail"], other.json["code"]))

    def test_of_several_asserters_each_is_found(self):
        share({"kind": "proxy-asn", "value": 64498})
        share({"kind": "proxy-asn", "value": 64498, "confidence": 10}, token=hub.cloud)
        self.assertEqual(len(found(value="64498")), 2)
        self.assertEqual(len({one["created_by_ref"] for one in found(value="64498")}), 2)

    def test_a_credential_of_one_kind_finds_that_kind(self):
        share({"kind": "proxy-asn", "value": 64499}, {"kind": "user-agent", "value": "narrow/1.%"})
        token = hub.token("borealis", "feed", "--kinds", "user-agent")
        self.assertEqual({one["kind"] for one in found(token)}, {"user-agent"})
        self.assertEqual(found(token, value="64499"), [])

    def test_what_comes_by_taxii_with_our_extension_is_found_too(self):
        identifier = "indicator--7e2e2d2b-17d4-4cbf-938f-98ee46b3cd30"
        version = {"type": "indicator", "spec_version": "2.1", "id": identifier, "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
                   "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
                   "pattern": "[ipv4-addr:value = '203.0.113.200'] OR [ipv4-addr:value = '203.0.113.201']",
                   "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": "ip-range"}}}
        self.assertEqual(hub.submit(version)["success_count"], 1)
        for address in ("203.0.113.200", "203.0.113.201"):
            self.assertEqual([one["id"] for one in found(value=address)], [identifier])
        [one] = found(within="203.0.113.192/26")
        self.assertEqual(one["values"], ["203.0.113.200", "203.0.113.201"])
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{identifier}/", hub.lab).status, 200)
        self.assertEqual(found(value="203.0.113.200"), [])


class Time(unittest.TestCase):
    def test_the_newest_version_is_found_and_the_history_says_what_changed(self):
        [first] = share({"kind": "proxy-asn", "value": 64500, "confidence": 10})
        [second] = share({"kind": "proxy-asn", "value": 64500, "confidence": 90, "action": "block"})
        self.assertEqual(first, second)
        self.assertEqual([one["confidence"] for one in found(value="64500")], [90])
        [said] = show(first).json["said"]
        self.assertEqual((said["native"]["value"], said["native"]["action"], said["object"]["id"]), ("AS64500", "block", first))
        [history] = show(first, "/history").json["histories"]
        self.assertEqual([one.get("changed") for one in history["versions"]], [None, ["confidence", "suggested_action"]])
        self.assertLess(history["versions"][0]["date_added"], history["versions"][1]["date_added"])
        self.assertEqual([one["collections"] for one in history["versions"]], [["network"], ["network"]])
        self.assertEqual(history["organisation"], "aurora")

    def test_what_is_erased_is_found_no_more(self):
        [identifier] = share({"kind": "proxy-asn", "value": 64501})
        hub.verb("erase", "--org", "aurora", identifier)
        self.assertEqual(found(value="64501"), [])
        self.assertEqual(show(identifier).status, 404)

    def test_a_search_is_in_the_audit_trail(self):
        share({"kind": "proxy-asn", "value": 64502})
        token = hub.token("borealis", "feed")
        self.assertEqual(len(found(token, value="64502")), 1)
        read = f"\t{token[7:23]}\tread\t{hub.collection('network')} indicators\tobjects=1 requests=1"
        for _ in range(200):  # each asks the server anew; a read is in the trail within a second
            if read in hub.verb("audit", "list"):
                return
        self.fail("the read is not in the trail")


class Provenance(unittest.TestCase):
    def test_a_member_is_named_when_its_object_names_it_and_nobody_else(self):
        instance = hub.call("GET", "/api/v1/me", hub.lab).json["as_member"]
        share({"kind": "proxy-domain", "value": "named.example"})
        self.assertEqual([one["organisation"] for one in found(value="named.example")], ["aurora"])
        for creator in (instance, "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff"):
            made = {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
                    "modified": "2026-01-01T00:00:00.000Z", "valid_from": "2026-01-01T00:00:00Z", "pattern_type": "stix",
                    "pattern": "[domain-name:value = 'unnamed.example']", "created_by_ref": creator,
                    "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": "proxy-domain"}}}
            self.assertEqual(hub.submit(made)["success_count"], 1)
        self.assertEqual([one.get("organisation") for one in found(value="unnamed.example")], [None, None])

    def test_an_audience_is_named_to_who_belongs_to_it(self):
        marking = hub.verb("audience", "add", "ring-of-searchers", "--member", "aurora,borealis")
        [identifier] = share({"kind": "proxy-domain", "value": "ring.example", "markings": [marking]})
        [said] = show(identifier).json["said"]
        self.assertEqual(said["audiences"], ["ring-of-searchers"])


class Pages(unittest.TestCase):
    def test_pages_are_full_before_the_last_and_show_each_once_in_order(self):
        share(*({"kind": "ip-range", "value": f"192.0.2.{i}"} for i in range(23)))
        whole = values(within="192.0.2.0/24")
        self.assertEqual(whole, [f"192.0.2.{i}" for i in range(23)])
        told, answer = [], ask(within="192.0.2.0/24", limit=5)
        while True:
            told += [one["value"] for one in answer.json["indicators"]]
            if "next" not in answer.json:
                break
            self.assertEqual(len(answer.json["indicators"]), 5)
            answer = ask(next=answer.json["next"], limit=5)
        self.assertEqual(told, whole)


class Program(unittest.TestCase):
    """`tocsin search` and `tocsin show`, as docs/cli.md promises them."""

    def run_tocsin(self, *words):
        return subprocess.run([TOCSIN, *map(str, words)], capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.cloud, "HOME": hub.folder.name})

    def test_indicators_are_found_and_shown(self):
        [identifier] = share({"kind": "ip-range", "value": "203.0.113.64/26", "confidence": 70, "description": "for the programs", "valid_until": "2090-01-01T00:00:00Z"})
        done = self.run_tocsin("search", "203.0.113.64/26")
        self.assertEqual((done.returncode, done.stdout), (0, f"203.0.113.64/26  ip-range  green  70 %  by 1  until 2090-01-01T00:00:00Z  -  {identifier}\n"))
        done = self.run_tocsin("search", "--contains", "203.0.113.70", "--min-confidence", 60, "--json")
        self.assertEqual([one["id"] for one in json.loads(done.stdout)["indicators"]], [identifier])
        done = self.run_tocsin("show", identifier)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("203.0.113.64/26  (ip-range, green, aurora)\n", "confidence    70 %, now 70 %\n", "said by       independent 1, repeated 0\n",
                     "description   for the programs", "History: 1 version\n", "  shared  (network)\n"):
            self.assertIn(line, done.stdout)
        self.assertEqual(json.loads(self.run_tocsin("--json", "show", identifier).stdout)["indicator"]["id"], identifier)

    def test_why_says_who_claims_what_and_how_to_dispute_it(self):
        [made] = share({"kind": "ip-range", "value": "2001:db8:7b::/64", "confidence": 70})
        run = self.run_tocsin("why", "2001:db8:7b::1")
        self.assertEqual(run.returncode, 0, run.stderr)
        for line in ("2001:db8:7b::/64  (ip-range, green, aurora)\n", "  confidence    70 %, now 70 %\n", f"  answers       tocsin show {made}\n", f'  to dispute    tocsin dispute {made} --because "..."\n'):
            self.assertIn(line, run.stdout)
        self.assertEqual([one["id"] for one in json.loads(self.run_tocsin("--json", "why", "2001:db8:7b::1").stdout)["claims"]], [made])
        self.assertEqual(self.run_tocsin("why", "2001:db8:7c::1").returncode, 0)
        self.assertEqual(self.run_tocsin("why", "x", "--kind", "ip-range").returncode, 1)

    def test_texts_are_searched(self):
        [identifier] = share({"kind": "user-agent", "value": "texts/1.%", "description": "words for the programs"})
        done = self.run_tocsin("search", "--text", '"the programs" word*')
        self.assertEqual((done.returncode, done.stdout.split()[-1]), (0, identifier))

    def test_nothing_found_is_no_failure_and_what_is_not_there_is(self):
        run = self.run_tocsin("search", "AS65551")
        self.assertEqual((run.returncode, run.stdout), (0, ""))
        self.assertEqual(run.stderr, "no such indicators that you may see\nwhat covers the value, as networks and domains do: tocsin why AS65551\n")
        self.assertNotIn("tocsin why", self.run_tocsin("search", "--contains", "AS65551").stderr)
        self.assertEqual(self.run_tocsin("show", "indicator--00000000-0000-4000-8000-000000000000").returncode, 5)
        self.assertEqual(self.run_tocsin("search", "--kind", "campaign").returncode, 1)

    def test_a_limit_is_of_all_pages(self):
        share(*({"kind": "user-agent", "value": f"limited/{i}.%", "labels": ["limited"]} for i in range(4)))
        self.assertEqual(len(self.run_tocsin("search", "--label", "limited", "--limit", 3).stdout.splitlines()), 3)


if __name__ == "__main__":
    unittest.main()
