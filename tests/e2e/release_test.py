"""Two people of an organisation show an object to more readers: who may, what it does, and what it tells nobody."""
import json
import subprocess
import threading
import unittest
import uuid

from community import set_up_module
from instance import TLP, TOCSIN, indicator


def setUpModule():
    global hub, alice, alice_again, bob, nobody, me
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    hub.organisation("dorado", "cloud", "red")
    hub.organisation("elara", "lab", "red")
    hub.dorado, hub.elara = hub.token("dorado", "analyst"), hub.token("elara", "analyst")
    alice, alice_again = person("alice"), person("alice")
    bob, nobody = person("bob"), hub.lab
    me = hub.call("GET", "/api/v1/me", hub.lab).json


def person(name, *words, organisation="aurora", role="analyst"):
    return hub.token(organisation, role, "--person", name, *words)


def audience(*members):
    """Its name, and its marking."""
    name = "ring-" + uuid.uuid4().hex[:8]
    return name, hub.verb("audience", "add", name, "--member", ",".join(members))


def submitted(*markings, path=None, **members):
    made = indicator("203.0.113.77", object_marking_refs=list(markings or [TLP["amber"]]), **members)
    if hub.submit(made, path=path)["success_count"] != 1:
        raise AssertionError(made)
    return made


def propose(made, to, token=None):
    return hub.call("POST", f"/api/v1/indicators/{made['id']}/release", token or alice, {"to": to})


def approve(proposal, token=None):
    return hub.call("POST", f"/api/v1/releases/{proposal}/approve", token or bob)


def proposed(made, to="tlp:green", token=None):
    answer = propose(made, to, token)
    if answer.status != 202:
        raise AssertionError(answer.body)
    return answer.json["proposal"]


def released(made, to="tlp:green"):
    answer = approve(proposed(made, to))
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json


def seen(made, token, query="", alias="network"):
    """The versions of the object that a reader is shown."""
    return hub.call("GET", f"{hub.objects_of(alias)}{made['id']}/{query}", token).json.get("objects", [])


def history(made, token):
    return [version for version in hub.call("GET", f"{hub.objects}{made['id']}/versions/", token).json.get("versions", [])]


class Released(unittest.TestCase):
    def test_the_new_readers_see_the_newest_version_which_differs_in_its_markings_and_its_time_alone(self):
        made = submitted(description="as it was said", labels=["x", "a"])
        before = seen(made, hub.lab)[0]
        self.assertEqual(seen(made, hub.gov), [])
        answer = released(made)
        self.assertEqual((answer["object"], answer["collections"]), (made["id"], [hub.collection("network")]))
        [after] = seen(made, hub.gov)
        self.assertEqual(after["object_marking_refs"], [TLP["green"]])
        self.assertEqual(after["modified"], answer["version"])
        self.assertGreater(after["modified"], before["modified"])
        changed = ("modified", "object_marking_refs")
        self.assertEqual({key: value for key, value in after.items() if key not in changed}, {key: value for key, value in before.items() if key not in changed})
        for token in (hub.lab, hub.cloud):
            self.assertEqual(seen(made, token), [after])

    def test_of_the_versions_before_nobody_is_shown_any_and_none_comes_back(self):
        made = submitted()
        hub.submit(dict(made, modified="2026-02-02T00:00:00.000Z", name="a second version"))
        version = released(made)["version"]
        for token in (hub.gov, hub.cloud, hub.lab):
            self.assertEqual(history(made, token), [version])
            self.assertEqual([one["modified"] for one in seen(made, token, "?match[version]=first")], [version])
            self.assertEqual(len(seen(made, token, "?match[version]=all")), 1)
        for path in (None, hub.objects_of("campaigns")):
            again = hub.submit(made, path=path)
            self.assertEqual((again["success_count"], again["failure_count"]), (1, 0))
            self.assertIn("released to more readers", again["successes"][0]["message"])
        self.assertEqual(history(made, hub.lab), [version])
        self.assertEqual(seen(made, hub.gov, alias="campaigns"), [])

    def test_later_versions_have_the_wider_marking_and_cannot_be_narrowed(self):
        made = submitted()
        released(made)
        later = seen(made, hub.lab)[0]["modified"][:-1] + "1Z"
        wide = dict(made, object_marking_refs=[TLP["green"]], modified=later)
        self.assertIn("visibility-narrowed", hub.submit(dict(made, modified=later))["failures"][0]["message"])
        self.assertEqual(hub.submit(wide)["success_count"], 1)
        self.assertEqual(seen(made, hub.gov), [wide])

    def test_it_is_released_in_every_collection_in_which_it_is(self):
        made = submitted()
        hub.submit(made, path=hub.objects_of("campaigns"))
        answer = released(made)
        self.assertEqual(sorted(answer["collections"]), sorted([hub.collection("network"), hub.collection("campaigns")]))
        for alias in ("network", "campaigns"):
            self.assertEqual([one["modified"] for one in seen(made, hub.gov, alias=alias)], [answer["version"]])

    def test_to_an_audience_is_to_its_members_and_to_nobody_else(self):
        name, marking = audience("aurora", "dorado")
        made = submitted(TLP["amber+strict"])
        self.assertEqual(seen(made, hub.dorado), [])
        answer = propose(made, name).json
        self.assertEqual(answer["newly"], ["dorado"])
        self.assertEqual(approve(answer["proposal"]).status, 200)
        self.assertEqual(len(seen(made, hub.dorado)), 1)
        self.assertEqual(sorted(seen(made, hub.dorado)[0]["object_marking_refs"]), sorted([TLP["amber+strict"], marking]))
        self.assertEqual(seen(made, hub.elara), [])

    def test_a_wider_audience_takes_the_place_of_a_narrower_one_and_who_joined_since_sees_it(self):
        _, small = audience("aurora", "dorado")
        large, _ = audience("aurora", "dorado", "elara")
        made = submitted(TLP["amber+strict"], small)
        self.assertEqual(propose(made, large).json["newly"], ["elara"])
        released(made, large)
        for token in (hub.dorado, hub.elara):
            self.assertEqual(len(seen(made, token)), 1)

    def test_an_authority_is_shown_what_is_amber_and_released_to_it(self):
        hub.verb("audience", "add", "to-xa-" + uuid.uuid4().hex[:6], "--releasable-to", "XA")
        made = submitted()
        self.assertEqual(seen(made, hub.gov), [])
        released(made, "XA")
        self.assertEqual(len(seen(made, hub.gov)), 1)
        self.assertEqual(len(seen(made, hub.cloud)), 1)

    def test_a_value_that_is_shared_again_is_a_version_of_the_released_indicator(self):
        item = {"kind": "ip-range", "value": "198.51.100.9", "tlp": "amber"}
        share = lambda **more: hub.call("POST", "/api/v1/indicators", hub.lab, item | more).json["items"][0]
        made = share()
        released(made)
        again = share(tlp="green", confidence=80)
        self.assertEqual((again["id"], seen(made, hub.gov)[0]["confidence"]), (made["id"], 80))


class Refused(unittest.TestCase):
    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.json["code"]), (status, code), answer.body)

    def test_what_would_show_it_to_nobody_else_or_hide_it_from_somebody(self):
        _, ring = audience("aurora", "dorado")
        other, _ = audience("aurora", "elara")
        made = submitted()
        for to in ("tlp:amber", "tlp:amber+strict", "tlp:red", other):
            self.assert_refused(propose(made, to), 422, "release-not-wider")
        strict = submitted(TLP["amber+strict"], ring)
        self.assert_refused(propose(strict, other), 422, "release-not-wider")

    def test_a_target_that_is_none_or_an_audience_of_others(self):
        theirs, marking = audience("dorado", "elara")
        answers = [propose(submitted(), to) for to in (theirs, marking, "ring-of-nobody", "tlp:chartreuse", "")]
        for answer in answers:
            self.assert_refused(answer, 400, "bad-parameter")
        self.assertEqual(len({answer.json["detail"] for answer in answers}), 1)

    def test_red_in_one_step_below_amber_strict(self):
        _, ring = audience("aurora", "dorado", "elara")
        made = submitted(TLP["red"], ring)
        for to in ("tlp:amber", "tlp:green", "tlp:clear"):
            self.assert_refused(propose(made, to), 422, "release-of-red")
        released(made, "tlp:amber+strict")
        released(made, "tlp:green")
        self.assertEqual(len(seen(made, hub.gov)), 1)

    def test_below_the_floor_of_its_kind(self):
        item = {"kind": "account-pattern", "email_domain": "mail.example", "tlp": "amber", "evidence_basis": ["behaviour"]}
        answer = hub.call("POST", "/api/v1/indicators", hub.lab, item)
        made = answer.json["items"][0]
        self.assertIn("id", made, answer.body)
        self.assert_refused(propose(made, "tlp:green"), 422, "marking-below-floor")

    def test_what_was_revoked_or_has_no_versions_and_what_is_published_nowhere(self):
        revoked, gone = submitted(), submitted()
        hub.submit(dict(revoked, revoked=True, modified="2026-03-03T00:00:00.000Z"))
        hub.call("DELETE", f"{hub.objects}{gone['id']}/", hub.lab)
        address = {"type": "ipv4-addr", "spec_version": "2.1", "id": f"ipv4-addr--{uuid.uuid4()}", "value": "203.0.113.5", "object_marking_refs": [TLP["amber"]]}
        hub.submit(address)
        for made in (revoked, address):
            self.assert_refused(propose(made, "tlp:green"), 422, "unprocessable")
        self.assert_refused(propose(gone, "tlp:green"), 404, "not-found")


class TwoPeople(unittest.TestCase):
    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status, answer.json["code"]), (status, code), answer.body)

    def test_the_proposer_approves_with_none_of_her_credentials(self):
        made = submitted()
        proposal = proposed(made)
        for token in (alice, alice_again, person("alice", role="analyst,submitter")):
            self.assert_refused(approve(proposal, token), 403, "release-one-person")
        self.assertEqual(seen(made, hub.gov), [])
        self.assertEqual(approve(proposal).status, 200)

    def test_a_credential_that_names_nobody_neither_proposes_nor_approves(self):
        made = submitted()
        self.assert_refused(propose(made, "tlp:green", nobody), 403, "release-one-person")
        self.assert_refused(approve(proposed(made), nobody), 403, "release-one-person")

    def test_a_credential_that_is_younger_than_the_proposal_does_not_approve_it(self):
        line = hub.verb("invite", "--org", "aurora", "--role", "analyst", "--person", "ivan", "--url", hub.url)
        proposal = proposed(submitted())
        redeemed = hub.call("POST", "/api/v1/login", line.split("#")[1].split(".")[0], {}).json["token"]
        for token in (person("carol"), redeemed):
            self.assert_refused(approve(proposal, token), 403, "release-one-person")

    def test_who_has_left_since_neither_approves_nor_has_proposed(self):
        gone, proposer = person("dave"), person("erin")
        made = submitted()
        proposal = proposed(made)
        hub.verb("token", "revoke", gone.split("_")[1])
        self.assertEqual(approve(proposal, gone).status, 401)
        theirs = proposed(made, token=proposer)
        hub.verb("token", "revoke", proposer.split("_")[1])
        self.assert_refused(approve(theirs), 409, "release-lapsed")
        self.assertEqual(hub.call("GET", f"/api/v1/releases/{theirs}", bob).json["state"], "release-lapsed")

    def test_what_was_changed_since_is_stale(self):
        made = submitted()
        proposal = proposed(made)
        hub.submit(dict(made, modified="2026-04-04T00:00:00.000Z", name="another thing"))
        self.assert_refused(approve(proposal), 409, "release-stale")
        self.assertEqual(hub.call("GET", f"/api/v1/releases/{proposal}", bob).json["state"], "release-stale")
        self.assertEqual(seen(made, hub.gov), [])

    def test_who_would_see_it_is_what_was_agreed_to(self):
        name, _ = audience("aurora", "dorado")
        made = submitted(TLP["amber+strict"])
        proposal = proposed(made, name)
        second = hub.dir / "second.token"
        second.write_text(hub.token("aurora", "admin") + "\n")
        hub.verb("audience", "approve", hub.verb("audience", "member", name, "--add", "elara"), "--token", f"@{second}")
        self.assert_refused(approve(proposal), 409, "release-stale")
        self.assertEqual(seen(made, hub.elara), [])

    def test_other_organisations_and_credentials_without_reach_find_nothing(self):
        made = submitted()
        proposal = proposed(made)
        theirs = person("frank", organisation="borealis")
        elsewhere = person("grace", "--collections", "campaigns")
        green = person("heidi", "--max-tlp", "green")
        for token in (theirs, elsewhere, green):
            self.assertEqual(propose(made, "tlp:green", token).status, 404)
            self.assertEqual(approve(proposal, token).status, 404)
            self.assertEqual(hub.call("GET", f"/api/v1/releases/{proposal}", token).status, 404)
            self.assertEqual(hub.call("POST", f"/api/v1/releases/{proposal}/refuse", token).status, 404)
            self.assertEqual(hub.call("GET", "/api/v1/releases", token).json, {"releases": []})
        hub.submit(made, path=hub.objects_of("campaigns"))
        self.assert_refused(propose(made, "tlp:green", elsewhere), 403, "forbidden")
        absent = approve(str(uuid.uuid4()), elsewhere).json["detail"]
        for method, deed in (("POST", "/approve"), ("GET", ""), ("POST", "/refuse")):
            self.assertEqual(hub.call(method, f"/api/v1/releases/{proposal}{deed}", elsewhere).json["detail"], absent)
        self.assertEqual(hub.call("GET", "/api/v1/releases", hub.submitter).status, 403)

    def test_of_two_approvals_at_once_one_makes_one_version(self):
        people = [person(f"judge{i}") for i in range(6)]
        for _ in range(5):
            made = submitted()
            proposal = proposed(made)
            start, answers = threading.Barrier(len(people)), []
            def one(token):
                connection = hub.connect()
                start.wait()
                answers.append(hub.call("POST", f"/api/v1/releases/{proposal}/approve", token, connection=connection))
                connection.close()
            threads = [threading.Thread(target=one, args=(token,)) for token in people]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            self.assertEqual({answer.status for answer in answers} - {200, 404, 409, 503}, set())
            self.assertEqual([answer.status for answer in answers].count(200), 1)
            self.assertEqual(len(history(made, hub.lab)), 1)

    def test_a_proposal_that_was_refused_or_approved_is_gone(self):
        made = submitted()
        proposal = proposed(made)
        listed = hub.call("GET", "/api/v1/releases", bob).json["releases"]
        [one] = [one for one in listed if one["proposal"] == proposal]
        self.assertEqual((one["object"], one["to"], one["state"], one["proposed_by"]), (made["id"], "tlp:green", "open", "alice"))
        self.assertEqual(hub.call("POST", f"/api/v1/releases/{proposal}/refuse", bob).status, 200)
        self.assertEqual(approve(proposal).status, 404)
        again = proposed(made)
        self.assertEqual(approve(again).status, 200)
        self.assertEqual(approve(again).status, 404)

    def test_a_later_proposal_of_the_same_version_takes_the_place_of_an_earlier_one(self):
        made = submitted()
        first = proposed(made)
        second = proposed(made, "tlp:clear", bob)
        self.assertEqual(approve(first).status, 404)
        self.assert_refused(approve(second, bob), 403, "release-one-person")
        self.assertEqual(approve(second, alice).status, 200)
        self.assertEqual(seen(made, hub.gov)[0]["object_marking_refs"], [TLP["clear"]])

    def test_both_are_in_the_audit_trail(self):
        made = submitted()
        proposal = proposed(made)
        approve(proposal)
        auditor = hub.token("aurora", "auditor")
        entries, first = [], 0
        while first is not None:
            page = hub.call("GET", f"/api/v1/audit/entries?first={first}", auditor).json
            entries += [json.loads(row["entry"]) for row in page["entries"]]
            first = page["next"]
        by = {one["action"]: one["by"]["credential"] for one in entries if proposal in json.dumps(one)}
        self.assertEqual(by, {"release.propose": alice.split("_")[1], "submit": bob.split("_")[1]})
        [submit] = [one for one in entries if one["action"] == "submit" and proposal in json.dumps(one)]
        self.assertEqual([one["proposed_by"] for one in submit["released"]], [alice.split("_")[1]])
        self.assertNotIn(made["id"], json.dumps(entries))


class Told(unittest.TestCase):
    def test_who_saw_it_and_who_would_by_which_rule(self):
        answer = propose(submitted(), "tlp:green").json
        self.assertEqual([(one["tlp"], one["collection"]) for one in answer["before"] + answer["after"]], [("amber", "network"), ("green", "network")])
        self.assertIn("clearance reaches TLP:green", answer["after"][0]["because"])
        self.assertNotIn("newly", answer)
        shown = hub.call("GET", f"/api/v1/releases/{answer['proposal']}", bob).json
        self.assertEqual(shown, answer)

    def test_what_it_names_and_what_stays_behind_as_far_as_the_proposer_is_shown_it(self):
        campaign = hub.call("POST", "/api/v1/campaigns", hub.lab, {"name": "Told", "tlp": "amber"}).json["items"][0]["id"]
        made = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "ip-range", "value": "203.0.113.9", "tlp": "amber", "campaign": campaign}).json["items"][0]
        answer = propose(made, "tlp:green").json
        named = {one["id"]: one["shown"] for one in answer["names"]}
        self.assertEqual(named[campaign], False)
        self.assertEqual(sorted(one.split("--")[0] for one in answer["stays"]), ["ipv4-addr", "relationship", "relationship"])

    def test_an_object_that_is_hidden_is_told_as_one_that_is_absent(self):
        _, theirs = audience("dorado", "elara")
        hidden = indicator("203.0.113.78", object_marking_refs=[TLP["amber+strict"], theirs])
        hub.submit(hidden, token=hub.dorado)
        absent = f"indicator--{uuid.uuid4()}"
        made = {"type": "report", "spec_version": "2.1", "id": f"report--{uuid.uuid4()}", "created": "2026-01-02T03:04:05.000Z",
                "modified": "2026-01-02T03:04:05.000Z", "name": "r", "published": "2026-01-02T03:04:05Z", "object_refs": [hidden["id"], absent],
                "object_marking_refs": [TLP["amber"]]}
        hub.submit(made)
        named = {one["id"]: one["shown"] for one in propose(made, "tlp:green").json["names"]}
        self.assertEqual(named, {hidden["id"]: False, absent: False})

    def test_who_was_not_named_is_not_named_by_a_release(self):
        made = submitted(created_by_ref=me["as_member"])
        released(made)
        for path in (f"{hub.objects}{made['id']}/", f"{hub.objects}{made['id']}/versions/", f"{hub.objects}?match[id]={made['id']}",
                     f"/api/v1/indicators/{made['id']}"):
            answer = hub.call("GET", path, hub.gov)
            text = str(answer.headers) + answer.body.decode()
            self.assertNotIn(me["identity"].removeprefix("identity--"), text)
            self.assertNotIn("aurora", text.lower())
            self.assertNotIn("alice", text)
        self.assertEqual(seen(made, hub.gov)[0]["created_by_ref"], me["as_member"])


class CommandLine(unittest.TestCase):
    def run_as(self, token, *words):
        return subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", token, *words], capture_output=True, text=True, timeout=60)

    def test_one_proposes_and_the_other_looks_and_approves(self):
        made = submitted()
        done = self.run_as(alice, "release", "propose", made["id"], "--to", "tlp:green")
        self.assertEqual(done.returncode, 0, done.stderr)
        proposal = done.stdout.split()[0]
        self.assertIn("TLP:green", done.stdout)
        self.assertIn(proposal, self.run_as(bob, "release", "list").stdout)
        self.assertIn(made["id"], self.run_as(bob, "release", "show", proposal).stdout)
        refused = self.run_as(alice, "release", "approve", proposal)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("It is you who proposed", refused.stderr)
        done = self.run_as(bob, "release", "approve", proposal)
        self.assertEqual((done.returncode, done.stdout.split()[0]), (0, "released"), done.stderr)
        self.assertEqual(len(seen(made, hub.gov)), 1)

    def test_an_action_says_what_it_needs(self):
        for words in (("propose", "indicator--" + str(uuid.uuid4())), ("approve",), ("list", "x"), ("propose",)):
            done = self.run_as(alice, "release", *words)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("tocsin release", done.stderr)


if __name__ == "__main__":
    unittest.main()
