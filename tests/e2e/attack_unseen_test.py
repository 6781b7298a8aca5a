"""Attacks that other systems of this kind fell to, by the numbers of our list: who is shown what, and what is told of the rest.

Over HTTPS, against the real binary. The tests in which a case is shown in depth are named by a comment."""
import json
import random
import unittest
import uuid

from attack import admin_of, raw, routes, told
from community import set_up_module
from instance import TAXII, TLP, indicator

NOBODYS = f"marking-definition--{uuid.UUID(int=7)}"


def setUpModule():
    global hub, admin
    hub = set_up_module()
    hub.organisation("dorado", "cloud", "red")
    hub.dorado = hub.token("dorado", "analyst")
    hub.own_only = hub.token("borealis", "submitter")
    hub.ring = hub.verb("audience", "add", "ring", "--member", "aurora,dorado")
    admin = admin_of(hub)


def readers():
    return {"cloud": hub.cloud, "gov": hub.gov, "dorado": hub.dorado}


def stored(*made, token=None):
    answer = hub.submit(*made, token=token)
    if answer["success_count"] != len(made):
        raise AssertionError(answer)
    return answer


def shown(token, *identifiers):
    """Which of these ids, all of them asked for in lists of 100."""
    seen = set()
    for at in range(0, len(identifiers), 100):
        page = hub.call("GET", f"{hub.objects}?match[id]={','.join(identifiers[at:at + 100])}", token).json
        seen |= {one["id"] for one in page.get("objects", [])}
    return seen


class Unseen(unittest.TestCase):
    """In depth: tests/integration/access/non_interference_test.cpp, with two instances and every question."""

    def questions(self, identifier):
        one, network = f"{hub.objects}{identifier}/", hub.collection("network")
        manifest = hub.objects.replace("/objects/", "/manifest/")
        return [("GET", one), ("HEAD", one), ("GET", one + "versions/"), ("GET", one + "?match[version]=all"), ("DELETE", one),
                ("GET", f"{hub.objects}?match[id]={identifier}"), ("GET", f"{manifest}?match[id]={identifier}&match[version]=all"),
                ("GET", f"/api/v1/collections/{network}/objects/{identifier}/readers")]

    def answers(self, questions):
        tokens = (hub.cloud, hub.gov, hub.feed, hub.own_only)
        return [told(hub.call(method, path, token, headers=headers)) for token in tokens for method, path in questions
                for headers in ({}, {"If-None-Match": "*"})]

    def test_a05_an_object_that_is_hidden_is_answered_like_one_that_never_was(self):
        made = indicator(object_marking_refs=[TLP["amber+strict"], hub.ring])
        first = self.answers(self.questions(made["id"]))
        stored(made, dict(made, modified="2026-02-01T00:00:00Z"))
        for before, after in zip(first, self.answers(self.questions(made["id"])), strict=True):
            self.assertEqual(before, after)
        self.assertEqual(shown(hub.dorado, made["id"]), {made["id"]})

    def test_a05_submissions_and_collections_of_others_are_answered_like_those_that_never_were(self):
        status = stored(indicator(tlp="green"))["id"]
        there, never = (told(hub.call("GET", f"/taxii2/root/status/{one}/", hub.cloud)) for one in (status, uuid.uuid4()))
        self.assertEqual(there, never)
        self.assertEqual(there[0], 404)
        limited = hub.token("borealis", "feed", "--collections", "network")
        for tail in ("", "objects/", "manifest/", f"objects/indicator--{uuid.uuid4()}/", f"objects/indicator--{uuid.uuid4()}/versions/"):
            there, never = (told(hub.call("GET", f"/taxii2/root/collections/{one}/{tail}", limited)) for one in (hub.collection("campaigns"), uuid.uuid4()))
            self.assertEqual(there, never)
            self.assertEqual(there[0], 404)

    def test_a06_counts_pages_cursors_and_tags_do_not_tell_of_what_is_hidden(self):
        stored(*[indicator(tlp="clear") for _ in range(3)])
        lists = [("GET", path) for path in (hub.objects, hub.objects + "?limit=2", hub.objects.replace("/objects/", "/manifest/") + "?limit=1",
                                            "/taxii2/root/collections/", hub.objects.removesuffix("objects/"), "/api/v1/me")]
        page = hub.call("GET", hub.objects + "?limit=1", hub.cloud).json
        lists.append(("GET", f"{hub.objects}?limit=1&next={page['next']}"))
        first = self.answers(lists)
        stored(*[indicator(tlp=level) for level in ("red", "amber+strict") * 10])
        for before, after in zip(first, self.answers(lists), strict=True):
            self.assertEqual(before, after)

    def test_a06_a_write_does_not_tell_that_an_id_or_a_value_is_taken_by_what_is_hidden(self):
        hidden, free = indicator("203.0.113.200", tlp="red"), f"indicator--{uuid.uuid4()}"
        stored(hidden)
        answers = []
        for identifier in (hidden["id"], free):
            answer = hub.call("POST", hub.objects, hub.cloud, {"objects": [indicator("203.0.113.200", tlp="clear", identifier=identifier)]})
            answers.append(told(answer, identifier, answer.json["id"], answer.json["request_timestamp"]))
        self.assertEqual(*answers)
        self.assertEqual(answers[0][0], 202)

    def test_a25_no_answer_may_be_kept_by_a_cache_and_a_tag_opens_nothing_to_who_does_not_see(self):
        made = indicator(tlp="amber")
        stored(made)
        one, listed = f"{hub.objects}{made['id']}/", f"{hub.objects}?match[id]={made['id']}"
        for path in (one, listed, one + "versions/"):
            tag = hub.call("GET", path, hub.lab).headers["ETag"]
            self.assertEqual(hub.call("GET", path, hub.cloud, headers={"If-None-Match": tag}).status, 304, "who sees the same")
            for value in (tag, "W/" + tag, f'"x", {tag}'):
                with self.subTest(path, value=value):
                    unseen, plain = (hub.call("GET", path, hub.gov, headers=headers) for headers in ({"If-None-Match": value}, {}))
                    self.assertEqual(told(unseen), told(plain))
                    self.assertNotEqual(unseen.headers["ETag"], tag)
        for method, pattern, _ in routes():
            path = pattern.replace("{id}", hub.collection("network")).replace("{object}", made["id"]).replace("{name}", "nobody")
            for token in (hub.lab, admin, None):
                if method == "GET":
                    with self.subTest(path, token=token):
                        answer = hub.call(method, path, token)
                        self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-store"])
                        self.assertIsNone(answer.headers["Set-Cookie"])


class Markings(unittest.TestCase):
    """In depth: visibility_oracle_test.cpp (random worlds against a model) and classify_test.cpp."""

    # Who is shown an object of aurora's with these markings. No marking is the collection's default, green.
    SHOWN = [((), {"cloud", "gov", "dorado"}), (("clear",), {"cloud", "gov", "dorado"}), (("green", "amber"), {"cloud", "dorado"}), (("amber",), {"cloud", "dorado"}),
             (("amber+strict",), set()), (("red",), set()), (("clear", "red"), set()), (("ring",), {"dorado"}), (("clear", "ring"), {"dorado"}),
             (("amber+strict", "ring"), {"dorado"}), (("red", "ring"), {"dorado"}), (("unknown",), set()), (("clear", "unknown"), set()), (("ring", "unknown"), set())]
    # What does not decide it, although much of it sounds so.
    BESIDE = {"description": "TLP:CLEAR, for all", "confidence": 1, "lang": "en", "labels": ["tlp:clear", "public"], "revoked": False,
              "external_references": [{"source_name": "s", "description": "d"}], "indicator_types": ["benign"], "valid_until": "2030-01-01T00:00:00Z",
              "granular_markings": [{"marking_ref": TLP["clear"], "selectors": ["name"]}], "distribution": 3, "sharing_group_id": 1, "tlp": "clear",
              "x_opencti_files": [], "x_tlp": "clear", "audience": "all", "releasable_to": ["XA"], "object_marking_ref": [TLP["clear"]]}

    def refs(self, names):
        return [{"ring": hub.ring, "unknown": NOBODYS}.get(name) or TLP[name] for name in names]

    def test_a02_who_is_shown_an_object_does_not_depend_on_what_else_it_says(self):
        chance, expected, made = random.Random(2), {}, []
        for names, audience in self.SHOWN:
            for some in range(9):
                beside = {name: self.BESIDE[name] for name in chance.sample(sorted(self.BESIDE), some * 2)}
                made.append(indicator(**beside, **({"object_marking_refs": self.refs(names)} if names else {})))
                expected[made[-1]["id"]] = audience
        stored(*made)
        for name, token in readers().items():
            self.assertEqual(shown(token, *expected), {one for one, audience in expected.items() if name in audience}, name)

    def test_a07_random_markings_versions_and_submitters_are_shown_as_the_rule_in_one_line_says(self):
        chance, versions, chains = random.Random(7), [], []
        submitters = {"aurora": hub.lab, "dorado": hub.dorado, "borealis": hub.cloud}
        for _ in range(120):
            names, audience = chance.choice([row for row in self.SHOWN if "ring" not in row[0]])
            chains.append((chance.choice(sorted(submitters)), indicator(object_marking_refs=self.refs(names) or [TLP["green"]]), audience))
        for step in (1, 2):
            for who, token in submitters.items():
                batch = []
                for owner, made, audience in chains:
                    if owner == who and chance.random() < 0.8:
                        batch.append(dict(made, modified=f"2026-03-0{step}T00:00:00.000Z"))
                        versions.append((owner, made["id"], batch[-1]["modified"], audience))
                hub.submit(*batch, token=token)
        for name, (own, token) in {"cloud": ("borealis", hub.cloud), "dorado": ("dorado", hub.dorado), "gov": ("cassini", hub.gov)}.items():
            expected = {(one, version) for owner, one, version, audience in versions if owner == own or name in audience}
            seen = set()
            for at in range(0, len(chains), 60):
                ids = ",".join(made["id"] for _, made, _ in chains[at:at + 60])
                page = hub.call("GET", hub.objects.replace("/objects/", "/manifest/") + f"?match[version]=all&match[id]={ids}", token).json
                seen |= {(one["id"], one["version"]) for one in page.get("objects", [])}
            self.assertEqual(seen, expected, name)

    def test_a07_no_second_marking_second_owner_or_later_version_opens_what_was_closed(self):
        made = indicator(tlp="red", name="the secret one")
        stored(made)
        stored(dict(made, name="another one", modified="2026-04-01T00:00:00Z", object_marking_refs=[TLP["clear"]]), token=hub.cloud)
        for markings in ([TLP["clear"]], [], [TLP["amber"], TLP["clear"]]):
            opened = dict(made, name="opened later", modified="2026-04-02T00:00:00Z", object_marking_refs=markings)
            self.assertEqual(hub.submit(opened)["failure_count"], 1, markings)
        for tail in ("", "?match[version]=all", "?match[version]=first"):
            names = {one["name"] for one in hub.call("GET", f"{hub.objects}{made['id']}/{tail}", hub.gov).json["objects"]}
            self.assertEqual(names, {"another one"})
        text = json.dumps(indicator(tlp="red"))
        for second in ("object_marking_refs", "object_marking_re\\u0066s"):
            body = '{"objects": [' + text[:-1] + f', "{second}": ["{TLP["clear"]}"]}}]}}'
            answer = raw(hub, "POST", hub.objects, f"Authorization: Bearer {hub.lab}", f"Content-Type: {TAXII}", f"Content-Length: {len(body)}", body=body.encode())
            self.assertTrue(answer.status >= 400 or answer.json["failure_count"] == 1, answer.body)


if __name__ == "__main__":
    unittest.main()
