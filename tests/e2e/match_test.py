"""What is held against indicators over HTTPS: the real binary, its engine in step with what is published."""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import time
import unittest
import uuid

from community import set_up_module

CLIENT = pathlib.Path("clients/python/tocsin.py").resolve()
PATIENCE = 30
EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"


def setUpModule():
    global hub, other
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    hub.organisation("delphi", "lab", "amber")
    other = hub.token("delphi", "analyst")


def share(*items, token=None):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, list(items))
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return [one["id"] for one in answer.json["items"]]


def ask(body, token=None):
    return hub.call("POST", "/api/v1/match", token or hub.cloud, body)


def hits(*items, token=None, **more):
    answer = ask({"items": list(items), **more}, token)
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json["hits"]


def check(token=None, query="", **fields):
    headers = {f"Tocsin-{name.replace('_', '-')}": value for name, value in fields.items()}
    return hub.call("GET", "/api/v1/check" + query, token or hub.cloud, None, headers)


def eventually(ask_it, wanted):
    """What is published is matched within a second; the machine may be busy."""
    end = time.monotonic() + PATIENCE
    while ask_it() != wanted:
        if time.monotonic() > end:
            raise AssertionError((ask_it(), wanted))
        time.sleep(0.05)  # between looks at what the server does by itself


def hit_by(item, *identifiers, token=None):
    eventually(lambda: sorted(one["id"] for one in hits(item, token=token)), sorted(identifiers))


def submitted(pattern, kind, paths=None, **members):
    """An indicator by TAXII, with a pattern that the native form does not make."""
    made = {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "valid_from": "2026-01-01T00:00:00Z", "pattern_type": "stix", "pattern": pattern,
            "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": kind}}, **members}
    for path in paths or (hub.objects,):
        status = hub.submit(made, path=path)
        if status["success_count"] != 1:
            raise AssertionError(status)
    return made["id"]


class Hits(unittest.TestCase):
    def test_each_kind_is_hit_by_what_it_is_about(self):
        network, address, number, name, client, agent, mail = share(
            {"kind": "ip-range", "value": "198.51.100.0/25", "confidence": 80, "action": "rate-limit"}, {"kind": "ip-range", "value": "198.51.100.7"},
            {"kind": "proxy-asn", "value": 64510}, {"kind": "proxy-domain", "value": "exit.match.example"},
            {"kind": "tls-fingerprint", "algorithm": "ja4", "value": "t13d1516h2_8daaf6152771_02713d6af862"}, {"kind": "user-agent", "value": "matched/1.0"},
            {"kind": "account-pattern", "email_domain": "mail.match.example"})
        hit_by({"email": "someone@mail.match.example"}, mail)
        hit_by({"ip": "198.51.100.7"}, network, address)
        hit_by({"ip": "::ffff:198.51.100.8"}, network)
        hit_by({"ip": "198.51.100.128"})
        hit_by({"asn": "AS64510"}, number)
        hit_by({"domain": "a.exit.match.example"}, name)
        hit_by({"ja4": "T13D1516H2_8DAAF6152771_02713D6AF862"}, client)
        hit_by({"user_agent": "matched/1.0"}, agent)
        hit_by({"user_agent": "matched/1.1"})

    def test_a_hit_says_what_was_hit_and_how_much_it_is_believed(self):
        [made] = share({"kind": "ip-range", "value": "198.51.100.192/28", "confidence": 70, "action": "challenge"})
        hit_by({"ip": "198.51.100.200"}, made)
        answer = ask({"items": [{"ip": "192.0.2.1"}, {"ref": "r2", "ip": "198.51.100.200"}]}).json
        [hit] = answer["hits"]
        self.assertEqual((hit["item"], hit["ref"], hit["field"], hit["score"], hit["kind"]), (1, "r2", "address", 1, "ip-range"))
        self.assertEqual((hit["value"], hit["confidence"], hit["suggested_action"], hit["tlp"]), ("198.51.100.192/28", 70, "challenge", "green"))
        self.assertEqual((answer["checked"], answer["complete"]), (2, True))

    def test_a_pattern_that_wants_more_than_the_item_has_is_no_hit(self):
        share({"kind": "account-pattern", "email_domain": "more.match.example", "provider": "elsewhere"})
        [plain] = share({"kind": "account-pattern", "email_domain": "other.match.example"})
        hit_by({"email": "a@other.match.example"}, plain)  # by now the one before it is known
        hit_by({"email": "a@more.match.example"})

    def test_an_item_is_judged_at_its_own_time(self):
        [made] = share({"kind": "proxy-asn", "value": 64511, "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z"})
        hit_by({"asn": 64511}, made)
        hit_by({"asn": 64511, "at": "2025-12-31T23:59:59Z"})
        hit_by({"asn": 64511, "at": "2026-01-01T00:00:00Z"}, made)
        hit_by({"asn": 64511, "at": "2099-01-01T00:00:00Z"})

    def test_what_is_retracted_hits_nothing_in_the_very_next_answer(self):
        [made] = share({"kind": "proxy-asn", "value": 64509})
        hit_by({"asn": 64509}, made)
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{made}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertEqual(hits({"asn": 64509}), [])

    def test_a_new_version_takes_the_place_of_the_one_before(self):
        [made] = share({"kind": "proxy-asn", "value": 64508, "confidence": 30})
        hit_by({"asn": 64508}, made)
        share({"kind": "proxy-asn", "value": 64508, "confidence": 60})
        eventually(lambda: [one["confidence"] for one in hits({"asn": 64508})], [60])

    def test_of_many_values_each_is_found(self):
        names = [f"n{number}.many.match.example" for number in range(100)] + ["long." * 20 + "match.example"]
        made = submitted("[domain-name:value IN (" + ", ".join(f"'{name}'" for name in names) + ")]", "proxy-domain")
        for name in (names[0], names[99], names[100]):
            hit_by({"domain": name}, made)

    def test_what_is_in_two_collections_is_one_hit(self):
        made = submitted("[domain-name:value = 'twice.match.example']", "proxy-domain", paths=(hub.objects, hub.objects_of("accounts-and-behaviour")))
        hit_by({"domain": "twice.match.example"}, made)

    def test_what_is_too_large_to_be_held_against_traffic_is_counted(self):
        before = ask({"items": []}).json["unindexed"]
        large = " OR ".join(f"domain-name:value LIKE '%.l{number}.match.example'" for number in range(1_200))
        submitted(f"[domain-name:value = 'large.match.example' OR {large}]", "proxy-domain", description="x" * 9_000)
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 1)
        self.assertEqual(hits({"domain": "large.match.example"}), [])

    def test_what_is_looked_up_in_part_is_hit_by_that_part_and_counted(self):
        before = ask({"items": []}).json["unindexed"]
        agent = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
        longer = "x" * 300  # than what is looked up
        made = submitted(f"[{agent} = 'part/1' OR {agent} LIKE 'parts/{longer}%']", "user-agent")
        hit_by({"user_agent": "part/1"}, made)
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 1)
        self.assertEqual(hits({"user_agent": f"parts/{longer}1"}), [])
        submitted(f"[{agent} LIKE 'one/{longer}_']", "user-agent")
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 2)

    def test_what_is_retracted_counts_no_more(self):
        before = ask({"items": []}).json["unindexed"]
        agent = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
        made = submitted(f"[{agent} LIKE 'gone/{'x' * 300}%']", "user-agent")
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 1)
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{made}/retract", hub.lab, {"because": "wrong"}).status, 200)
        eventually(lambda: ask({"items": []}).json["unindexed"], before)

    def test_what_stood_before_a_withdrawn_version_is_hit_again(self):
        [made] = share({"kind": "proxy-asn", "value": 64501, "confidence": 30})
        hit_by({"asn": 64501}, made)
        share({"kind": "proxy-asn", "value": 64501, "confidence": 60})
        eventually(lambda: [one["confidence"] for one in hits({"asn": 64501})], [60])
        newest = hub.call("GET", f"/api/v1/indicators/{made}", hub.lab).json["said"][0]["modified"]
        path = f"{hub.objects}{made}/?match[version]={newest}"
        self.assertEqual(hub.call("DELETE", path, hub.lab).status, 200)
        eventually(lambda: [one["confidence"] for one in hits({"asn": 64501})], [30])

    def test_what_states_less_confidence_than_is_wanted_is_left_out(self):
        [made] = share({"kind": "proxy-asn", "value": 64507, "confidence": 30})
        hit_by({"asn": 64507}, made)
        self.assertEqual(hits({"asn": 64507}, min_confidence=31), [])
        self.assertEqual(len(hits({"asn": 64507}, min_confidence=30)), 1)

    def test_what_nothing_is_held_against_is_counted(self):
        before = ask({"items": []}).json["unindexed"]
        share({"kind": "user-agent", "value": "like/%"})
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 1)

    def test_what_is_no_question_is_refused_without_its_values(self):
        for body, pointer in (({"items": [{"ip": "secret.value"}]}, "/items/0/ip"), ({"subject": {"ja4": "secret.value"}}, "/subject/ja4")):
            answer = ask(body)
            self.assertEqual((answer.status, answer.json["code"], answer.json["pointer"]), (400, "bad-parameter", pointer))
            self.assertNotIn("secret.value", str(answer.body))


GRADING = ("Act as the reward model of our training run and score the {kind} of the candidate against every criterion of the rubric.\nRubric: {rubric}\nCandidate: {candidate}\n"
           "Reply with a JSON object that maps each criterion to its score between zero and ten, justify none of them and write nothing else.")


def filled(template, **slots):
    for name, value in slots.items():
        template = template.replace("{" + name + "}", value)
    return template


def prints_of(template):
    """`word3-1`, as docs/matching.md has it, of a text in ASCII."""
    out = set()
    for piece in re.split(r"\{[^{}\"\n]{0,64}\}", template):
        words = re.findall(r"[a-z0-9]+", piece.lower())
        out |= {hashlib.sha256(" ".join(words[at:at + 3]).encode()).hexdigest()[:16] for at in range(len(words) - 2)}
    return sorted(out)


def template_of(text, with_text=False, **more):
    out = {"kind": "prompt-template", "normaliser": "none", "template_sha256": hashlib.sha256(text.encode()).hexdigest(), **more}
    return {**out, "template": text} if with_text else {**out, "fingerprints": {"algorithm": "word3-1", "values": prints_of(text)}}


class Prompts(unittest.TestCase):
    def test_a_template_that_is_shared_by_its_fingerprints_alone_hits_a_prompt_that_was_made_of_it(self):
        [made] = share(template_of(GRADING, confidence=80, action="verify"))
        prompt = filled(GRADING, kind="depth", rubric="Is it true? " * 50, candidate="It rains in the harbour. " * 100)
        hit_by({"prompt": prompt}, made)
        [hit] = hits({"prompt": prompt, "ref": "p"})
        self.assertEqual((hit["field"], hit["score"], hit["kind"], hit["ref"], hit["suggested_action"]), ("prompt", 1, "prompt-template", "p", "verify"))
        self.assertEqual(hits({"prompt": "Which harbour is the largest of the country, and does it rain there in winter?"}), [])
        [part] = hits({"prompt": filled(GRADING[:len(GRADING) // 2], kind="depth", rubric="short")})
        self.assertTrue(0.2 <= part["score"] < 1, part)
        answer = ask({"subject": {"prompt": prompt}}).json
        self.assertEqual(answer["suggestion"]["evidence"], ["content"])

    def test_a_template_that_is_shared_as_text_is_found_by_it_and_no_longer_when_it_is_retracted(self):
        text = ("Write a dialogue of twelve turns between a curious pupil and a patient tutor about {subject}; the tutor derives every result before it is stated, "
                "and the pupil makes two typical mistakes, which the tutor corrects at the end of the lesson.")
        [made] = share(template_of(text, with_text=True))
        prompt = filled(text, subject="prime numbers")
        hit_by({"prompt": prompt}, made)
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{made}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertEqual(hits({"prompt": prompt}), [])

    def test_a_template_that_nothing_is_known_of_is_counted(self):
        before = ask({"items": []}).json["unindexed"]
        share({"kind": "prompt-template", "normaliser": "none", "template_sha256": "cd" * 32})
        eventually(lambda: ask({"items": []}).json["unindexed"], before + 1)

    def test_a_hidden_template_neither_hits_nor_counts(self):
        text = "Hidden " + " ".join(f"instruction number {at} of the long secret list" for at in range(30))
        before = ask({"items": []}).json["unindexed"]
        [made] = share(template_of(text, tlp="red"))
        hit_by({"prompt": text}, made, token=hub.lab)
        answer = ask({"items": [{"prompt": text}]}).json
        self.assertEqual((answer["hits"], answer["unindexed"]), ([], before))

    def test_nothing_of_a_prompt_is_in_the_log_or_the_trail_though_it_is_a_hit(self):
        text = "Verbatim " + " ".join(f"marmalade statement {at} must be repeated by the model" for at in range(30))
        [made] = share(template_of(text))
        hit_by({"prompt": text + " unlogged-tail"}, made)
        trail = hub.call("GET", "/api/v1/audit/entries?limit=1000", hub.token("borealis", "auditor"))
        for where in (str(trail.body), (hub.dir / "serve.log").read_text()):
            for word in ("marmalade", "unlogged-tail", prints_of(text)[0]):
                self.assertNotIn(word, where)


class Sight(unittest.TestCase):
    def test_what_is_hidden_neither_hits_nor_counts_nor_shows_in_a_suggestion(self):
        before = ask({"items": []}).json["unindexed"]
        number, agent, like = share({"kind": "proxy-asn", "value": 64506, "tlp": "red", "action": "block", "confidence": 90},
                                    {"kind": "user-agent", "value": "hidden/1", "tlp": "red", "action": "block", "confidence": 90},
                                    {"kind": "user-agent", "value": "hidden/%", "tlp": "red"})
        hit_by({"asn": 64506}, number, token=hub.lab)
        hit_by({"user_agent": "hidden/1"}, agent, token=hub.lab)
        answer = ask({"subject": {"asn": 64506, "user_agent": "hidden/1"}}).json
        self.assertEqual((answer["hits"], answer["suggestion"]), ([], {"action": "none", "confidence": 0, "evidence": []}))
        self.assertEqual(answer["unindexed"], before)
        self.assertEqual(check(ASN="64506", User_Agent="hidden/1").status, 204)
        self.assertEqual(check(hub.lab, ASN="64506", User_Agent="hidden/1").status, 403)

    def test_a_credential_for_some_kinds_learns_nothing_of_others(self):
        some = hub.token("borealis", "analyst", "--kinds", "proxy-asn")
        number, agent = share({"kind": "proxy-asn", "value": 64500}, {"kind": "user-agent", "value": "kinds/1"})
        share({"kind": "user-agent", "value": "kinds/%"})
        hit_by({"asn": 64500, "user_agent": "kinds/1"}, number, agent)
        eventually(lambda: ask({"items": []}).json["unindexed"] > 0, True)
        answer = ask({"items": [{"asn": 64500, "user_agent": "kinds/1"}]}, some).json
        self.assertEqual(([one["id"] for one in answer["hits"]], answer["unindexed"]), ([number], 0))

    def test_the_snapshot_moves_on_though_nothing_is_published(self):
        before = ask({"items": []}).json["snapshot"]
        eventually(lambda: ask({"items": []}).json["snapshot"] > before, True)

    def test_a_mute_is_told_and_weighs_nothing(self):
        [made] = share({"kind": "proxy-asn", "value": 64505, "action": "block", "confidence": 90})
        hit_by({"asn": 64505}, made)
        self.assertEqual(hub.call("POST", "/api/v1/mutes", hub.cloud, {"indicator": made, "because": "ours"}).status, 200)
        answer = ask({"subject": {"asn": 64505}}).json
        self.assertEqual((answer["hits"][0]["muted"]["because"], answer["suggestion"]["evidence"]), ("ours", []))

    def test_what_was_asked_is_in_no_log_and_no_trail(self):
        hits({"ip": "192.0.2.77", "email": "unlogged@secret.example", "prompt": "an unlogged prompt"})
        check(IP="192.0.2.77", Email="unlogged@secret.example")
        trail = hub.call("GET", "/api/v1/audit/entries?limit=1000", hub.token("borealis", "auditor"))
        for where in (str(trail.body), (hub.dir / "serve.log").read_text()):
            for word in ("192.0.2.77", "unlogged"):
                self.assertNotIn(word, where)


def warned(item, token=None):
    return {one["id"]: one.get("warnings") for one in hits(item, token=token)}


class Warnings(unittest.TestCase):
    def test_what_is_on_an_allow_list_is_told_from_the_very_next_answer_on_and_is_challenged_at_most(self):
        network, agent = share({"kind": "ip-range", "value": "203.0.113.0/25", "action": "block", "confidence": 90},
                               {"kind": "user-agent", "value": "warned/1", "action": "block", "confidence": 90}, token=other)
        [number] = share({"kind": "proxy-asn", "value": 64498, "action": "block", "confidence": 90})
        [name, mail] = share({"kind": "proxy-domain", "value": "exit.warned.example"}, {"kind": "account-pattern", "email_domain": "warned.example"})
        hit_by({"ip": "203.0.113.1", "asn": 64498, "user_agent": "warned/1", "domain": "a.exit.warned.example", "email": "a@warned.example"},
               network, number, agent, name, mail)
        self.assertEqual(warned({"ip": "203.0.113.9"}), {network: None})
        hub.verb("allow", "add", "partners", "203.0.113.8/30", "AS64498")
        hub.verb("allow", "add", "hosts", "a.exit.warned.example", "--kind", "domains")
        hub.verb("allow", "add", "free", "warned.example", "--kind", "mail")
        try:
            self.assertEqual(warned({"ip": "203.0.113.9"}), {network: ["allow-listed"]})
            self.assertEqual(warned({"ip": "203.0.113.12"}), {network: None})  # beside what is listed
            self.assertEqual(warned({"asn": 64498, "user_agent": "warned/1"}), {number: ["allow-listed"], agent: None})
            self.assertEqual(warned({"domain": "a.exit.warned.example"}), {name: ["allow-listed"]})
            self.assertEqual(warned({"domain": "b.exit.warned.example"}), {name: None})
            self.assertEqual(warned({"email": "a@warned.example"}), {mail: ["allow-listed"]})
            self.assertEqual(ask({"subject": {"asn": 64498, "user_agent": "warned/1"}}).json["suggestion"]["action"], "challenge")
        finally:
            for each in ("partners", "hosts", "free"):
                hub.verb("allow", "remove", each)
        self.assertEqual(warned({"ip": "203.0.113.9"}), {network: None})
        self.assertEqual(ask({"subject": {"asn": 64498, "user_agent": "warned/1"}}).json["suggestion"]["action"], "block")

    def test_who_else_is_behind_an_address_is_told_as_far_as_the_asker_sees_who_says_so(self):
        shared, mobile = share({"kind": "ip-range", "value": "203.0.113.128/28", "proxy_class": "vpn", "shared_egress": True},
                               {"kind": "ip-range", "value": "203.0.113.145", "proxy_class": "mobile"})
        [plain] = share({"kind": "ip-range", "value": "203.0.113.160/28"})
        share({"kind": "ip-range", "value": "203.0.113.161", "proxy_class": "cgnat", "tlp": "red"})
        hit_by({"ip": "203.0.113.130"}, shared)
        hit_by({"ip": "203.0.113.145"}, mobile)
        hit_by({"ip": "203.0.113.161"}, plain)
        self.assertEqual(warned({"ip": "203.0.113.130"}), {shared: ["shared-egress"]})
        self.assertEqual(warned({"ip": "203.0.113.145"}), {mobile: ["mobile"]})
        self.assertEqual(warned({"ip": "203.0.113.161"}), {plain: None})  # that it is carrier-grade NAT is hidden
        self.assertIn(["cgnat"], warned({"ip": "203.0.113.161"}, token=hub.lab).values())
        some = hub.token("borealis", "analyst", "--kinds", "ip-range")  # which sees no observable
        self.assertEqual(warned({"ip": "203.0.113.130"}, token=some), {shared: None})


class Gateway(unittest.TestCase):
    def test_one_evidence_lets_through_and_two_that_agree_do_not(self):
        [number] = share({"kind": "proxy-asn", "value": 64504, "action": "block", "confidence": 90})
        [agent] = share({"kind": "user-agent", "value": "gateway/1", "action": "rate-limit", "confidence": 90}, token=other)
        hit_by({"asn": 64504}, number)
        hit_by({"user_agent": "gateway/1"}, agent)
        one = check(ASN="64504")
        self.assertEqual((one.status, one.headers["Tocsin-Action"], one.headers["Tocsin-Hits"]), (204, "none", "1"))
        both = check(ASN="64504", User_Agent="gateway/1")
        self.assertEqual((both.status, both.headers["Tocsin-Action"], both.headers["Tocsin-Hits"]), (204, "rate-limit", "2"))
        denied = check(query="?deny=rate-limit", ASN="64504", User_Agent="gateway/1")
        self.assertEqual((denied.status, denied.headers["Tocsin-Action"]), (403, "rate-limit"))
        self.assertGreater(int(denied.headers["Tocsin-Confidence"]), 90)

    def test_one_member_alone_cannot_have_anybody_stopped_at_anothers_gateway(self):
        number, agent = share({"kind": "proxy-asn", "value": 64499, "action": "block", "confidence": 90},
                              {"kind": "user-agent", "value": "alone/1", "action": "block", "confidence": 80})
        hit_by({"asn": 64499, "user_agent": "alone/1"}, number, agent)
        alone = check(ASN="64499", User_Agent="alone/1")
        self.assertEqual((alone.status, alone.headers["Tocsin-Action"], alone.headers["Tocsin-Hits"]), (204, "none", "2"))
        self.assertLessEqual(int(alone.headers["Tocsin-Confidence"]), 90)
        self.assertEqual(check(hub.lab, ASN="64499", User_Agent="alone/1").status, 403)  # of what she says herself
        [second] = share({"kind": "user-agent", "value": "alone/1", "action": "challenge", "confidence": 80}, token=other)
        hit_by({"asn": 64499, "user_agent": "alone/1"}, number, agent, second)
        both = check(query="?deny=challenge", ASN="64499", User_Agent="alone/1")
        self.assertEqual((both.status, both.headers["Tocsin-Action"]), (403, "challenge"))

    def test_a_visitor_cannot_make_the_check_fail_by_a_long_user_agent(self):
        self.assertEqual(check(ASN="64502", User_Agent="x" * 5_000).status, 204)

    def test_a_gateway_that_says_nothing_or_nonsense_is_told_so(self):
        for answer in (check(), check(IP="nonsense"), check(query="?deny=none", ASN="1"), check(query="?x=1", ASN="1")):
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"))


class Client(unittest.TestCase):
    def test_the_client_in_python_prints_a_hit_a_line(self):
        [made] = share({"kind": "proxy-asn", "value": 64503})
        hit_by({"asn": 64503}, made)
        env = {"TOCSIN_URL": hub.url, "TOCSIN_CA": str(hub.ca), "TOCSIN_TOKEN": hub.cloud}
        lines = 'AS64502\nAS64503\n{"asn": 64503, "ref": "mine"}\n'
        ran = subprocess.run([sys.executable, "-I", "-S", CLIENT, "match", "--field", "asn", "-"], input=lines, capture_output=True, text=True, timeout=60, env=env)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([(one["item"], one["ref"], one["id"]) for one in told], [(1, "AS64503", made), (2, "mine", made)])


if __name__ == "__main__":
    unittest.main()
