"""Audiences from end to end: who is named by a marking sees what bears it, since when and until when."""
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TOCSIN, indicator

STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"


def setUpModule():
    global hub, second
    hub = set_up_module()
    hub.organisation("dorado", "cloud", "red")
    hub.dorado = hub.token("dorado", "analyst")
    second = hub.dir / "second.token"
    second.write_text(hub.token("aurora", "admin") + "\n")


def tocsin(token, *words):
    return subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", token, *words], capture_output=True, text=True, timeout=60)


def audience(*members):
    """A new audience: its name and the id of its marking."""
    name = "ring-" + uuid.uuid4().hex[:8]
    return name, hub.verb("audience", "add", name, "--member", ",".join(members))


def add(name, organisation):
    proposal = hub.verb("audience", "member", name, "--add", organisation)
    hub.verb("audience", "approve", proposal, "--token", f"@{second}")


def submitted(*markings, token=None, **properties):
    if markings:
        properties["object_marking_refs"] = list(markings)
    made = indicator("192.0.2.77", **properties)
    answer = hub.submit(made, token=token)
    if answer["success_count"] != 1:
        raise AssertionError(answer)
    return made


def sees(token, made):
    status = hub.call("GET", f"{hub.objects}{made['id']}/", token).status
    if status not in (200, 404):
        raise AssertionError(status)
    return status == 200


def is_refused(made, token=None):
    return hub.submit(made, token=token)["failure_count"] == 1


class Membership(unittest.TestCase):
    def test_amber_strict_is_shared_with_the_audience_it_names(self):
        _, marking = audience("aurora", "dorado")
        made = submitted(STRICT, marking)
        self.assertTrue(sees(hub.dorado, made))
        self.assertTrue(sees(hub.lab, made))
        self.assertFalse(sees(hub.cloud, made))

    def test_a_member_that_is_not_cleared_sees_nothing(self):
        _, marking = audience("aurora", "borealis")
        self.assertFalse(sees(hub.cloud, submitted(STRICT, marking)))
        self.assertTrue(sees(hub.cloud, submitted(AMBER, marking)))

    def test_an_audience_restricts_every_level(self):
        _, marking = audience("aurora", "dorado")
        self.assertFalse(sees(hub.cloud, submitted(marking)))

    def test_two_audiences_are_shown_to_who_belongs_to_both(self):
        _, one = audience("aurora", "dorado", "borealis")
        _, two = audience("aurora", "dorado")
        made = submitted(one, two)
        self.assertTrue(sees(hub.dorado, made))
        self.assertFalse(sees(hub.cloud, made))

    def test_joining_opens_no_history_not_even_later_versions_of_it(self):
        name, marking = audience("aurora", "dorado")
        old = submitted(STRICT, marking)
        add(name, "borealis")
        new = submitted(AMBER, marking)
        later = dict(submitted(AMBER, marking), modified="2026-03-01T00:00:00.000Z")
        self.assertTrue(sees(hub.cloud, new))
        self.assertFalse(sees(hub.cloud, old))
        newer = dict(old, modified="2026-03-02T00:00:00.000Z")
        answer = hub.submit(newer)
        self.assertEqual(answer["success_count"], 1)
        self.assertIn("who joined since does not see it", answer["successes"][0]["message"])
        self.assertFalse(sees(hub.cloud, old))
        self.assertNotIn("message", hub.submit(later)["successes"][0])

    def test_leaving_closes_everything_at_once(self):
        name, marking = audience("aurora", "dorado")
        made = submitted(STRICT, marking)
        self.assertTrue(sees(hub.dorado, made))
        hub.verb("audience", "member", name, "--remove", "dorado")
        self.assertFalse(sees(hub.dorado, made))
        add(name, "dorado")
        self.assertTrue(sees(hub.dorado, made), "it belonged when the object came, and belongs now")

    def test_who_left_can_revoke_what_it_shared_and_share_nothing_more(self):
        name, marking = audience("aurora", "dorado")
        made = submitted(STRICT, marking)
        hub.verb("audience", "member", name, "--remove", "aurora")
        fresh = submitted(AMBER, marking)
        self.assertFalse(sees(hub.dorado, fresh))
        revoked = dict(made, modified="2026-04-01T00:00:00.000Z", revoked=True)
        self.assertEqual(hub.submit(revoked)["success_count"], 1)
        got = hub.call("GET", f"{hub.objects}{made['id']}/", hub.dorado).json["objects"]
        self.assertTrue(got[0]["revoked"])

    def test_who_left_does_not_learn_by_a_release_who_is_still_in_it(self):
        left, marking = audience("aurora", "dorado")
        within, _ = audience("aurora", "dorado", "borealis")
        beside, _ = audience("aurora", "borealis")
        made = submitted(STRICT, marking)
        ada = hub.token("aurora", "analyst", "--person", "ada")
        hub.verb("audience", "member", left, "--remove", "aurora")
        answers = [hub.call("POST", f"/api/v1/indicators/{made['id']}/release", ada, {"to": to}) for to in (within, beside)]
        self.assertEqual([(one.status, one.json["code"]) for one in answers], [(422, "unprocessable")] * 2)
        self.assertEqual(answers[0].json["detail"], answers[1].json["detail"])

    def test_to_an_outsider_an_audience_is_a_marking_that_does_not_exist(self):
        _, marking = audience("aurora", "dorado")
        answers = []
        for one in (marking, f"marking-definition--{uuid.uuid4()}"):
            made = indicator("192.0.2.78", object_marking_refs=[one])
            answers.append([hub.submit(made, token=hub.cloud)["successes"][0]["message"], sees(hub.dorado, made),
                            sees(hub.cloud, made)])
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0][1:], [False, True])
        self.assertNotIn(marking, hub.call("GET", "/api/v1/me", hub.cloud).body.decode())

    def test_a_definition_sent_as_content_names_nobody(self):
        _, marking = audience("aurora", "dorado")
        definition = next(one["definition"] for one in hub.call("GET", "/api/v1/me", hub.lab).json["audiences"]
                          if one["definition"]["id"] == marking)
        copy = dict(definition, id=f"marking-definition--{uuid.uuid4()}")
        self.assertEqual(hub.submit(copy, token=hub.cloud)["success_count"], 1)
        self.assertFalse(sees(hub.dorado, submitted(copy["id"], token=hub.cloud)))

    def test_members_are_told_the_markings_that_they_may_use_and_who_belongs(self):
        name, marking = audience("aurora", "dorado")
        for token in (hub.lab, hub.dorado):
            rows = {one["name"]: one for one in hub.call("GET", "/api/v1/me", token).json["audiences"]}
            self.assertEqual(rows[name]["members"], ["aurora", "dorado"])
            self.assertEqual(rows[name]["definition"]["id"], marking)
            self.assertNotIn(name, str(rows[name]["definition"]))
        self.assertNotIn(name, str(hub.call("GET", "/api/v1/me", hub.cloud).json))


class Releases(unittest.TestCase):
    def test_a_government_sees_from_amber_up_what_is_releasable_to_it(self):
        marking = hub.verb("audience", "add", "to-xa-" + uuid.uuid4().hex[:6], "--releasable-to", "XA,XB")
        other = hub.verb("audience", "add", "to-xb-" + uuid.uuid4().hex[:6], "--releasable-to", "XB")
        self.assertFalse(sees(hub.gov, submitted(AMBER)))
        self.assertTrue(sees(hub.gov, submitted(AMBER, marking)))
        self.assertFalse(sees(hub.gov, submitted(AMBER, other)))
        self.assertFalse(sees(hub.gov, submitted(AMBER, marking, other)))
        self.assertTrue(sees(hub.cloud, submitted(AMBER, other)), "others are not concerned")

    def test_a_release_below_amber_keeps_other_governments_out(self):
        other = hub.verb("audience", "add", "to-xc-" + uuid.uuid4().hex[:6], "--releasable-to", "XC")
        self.assertTrue(sees(hub.gov, submitted()))
        self.assertFalse(sees(hub.gov, submitted(other)))

    def test_a_liaison_is_told_what_her_authority_may_see(self):
        name = "to-xa-" + uuid.uuid4().hex[:6]
        marking = hub.verb("audience", "add", name, "--releasable-to", "XA")
        self.assertIn("releasable to XA", hub.call("GET", "/api/v1/me", hub.gov).json["sees"])
        text = tocsin(hub.gov, "whoami").stdout
        self.assertIn("that are releasable to XA.", text)
        self.assertIn(f"{name}, {marking}", text)

    def test_who_shares_is_told_each_marking_that_may_be_used_and_who_reads_it(self):
        name, marking = audience("aurora", "dorado")
        hidden, _ = audience("borealis", "dorado")
        release = "to-xd-" + uuid.uuid4().hex[:6]
        released = hub.verb("audience", "add", release, "--releasable-to", "XD")
        markings = hub.call("GET", "/api/v1/me/markings", hub.lab).json["markings"]
        by_name = {one["name"]: one for one in markings}
        self.assertEqual([one["name"] for one in markings[:5]], ["clear", "green", "amber", "amber+strict", "red"])
        self.assertEqual((by_name["amber"]["id"], "tlp1_id" in by_name["amber+strict"]), (AMBER, False))
        self.assertIn("only your organisation sees it", by_name["red"]["readers"])
        self.assertEqual((by_name[name]["id"], by_name[name]["organisations"]), (marking, ["aurora", "dorado"]))
        self.assertEqual((by_name[release]["id"], by_name[release]["releasable_to"]), (released, ["XD"]))
        self.assertNotIn(hidden, by_name)
        for one in markings:  # each may indeed be put on what is shared
            refs = [one["id"]] if one["kind"] == "tlp" else [AMBER, one["id"]]
            self.assertTrue(sees(hub.lab, submitted(*refs)), one["name"])
        self.assertEqual(hub.call("GET", "/api/v1/me/markings", hub.gov).status, 403)
        text = tocsin(hub.lab, "whoami", "--markings").stdout
        self.assertIn(f"{name}  {marking}\n    aurora, dorado\n    Beside a TLP level: only these organisations", text)
        self.assertNotIn(hidden, text)
        self.assertNotIn(hidden, hub.call("GET", "/api/v1/me/markings", hub.submitter).body.decode())

    def test_everybody_is_told_what_is_to_be_seen(self):
        told = lambda token: hub.call("GET", "/api/v1/me", token).json["sees"]
        for role in ("auditor", "peer"):
            self.assertEqual(told(hub.token("borealis", role)), "No objects: reading them is for the roles submitter, analyst, feed and liaison.")
        self.assertEqual(told((hub.dir / "admin.token").read_text().strip())[:11], "No objects:")
        self.assertEqual(told(hub.submitter), "Your organisation's own objects only.")
        self.assertEqual(told(hub.token("borealis", "auditor,submitter")), "Your organisation's own objects only.")
        name = "cleared-" + uuid.uuid4().hex[:6]
        hub.verb("org", "add", name, "--type", "lab", "--clearance", "red")
        alone = hub.token(name, "analyst")
        self.assertEqual(told(alone), "Objects up to TLP:amber; above it only what has an audience, and none names your organisation.")
        audience(name)
        self.assertEqual(told(alone), "Objects up to TLP:amber; above it, up to TLP:red, only what has an audience that names your organisation.")
        self.assertEqual(told(hub.token(name, "feed", "--max-tlp", "green"))[:24], "Objects up to TLP:green;")

    def test_an_empty_pull_says_what_it_is_empty_of(self):
        hub.verb("collection", "add", "nothing yet")
        empty = tocsin(hub.gov, "pull", "--collection", "nothing yet")
        self.assertEqual((empty.returncode, empty.stdout), (0, ""))
        self.assertIn("that are releasable to XA.", empty.stderr)
        submitted()
        self.assertNotIn("releasable", tocsin(hub.lab, "pull", "--collection", "network").stderr)


class TwoPeople(unittest.TestCase):
    def refused(self, *words):
        done = hub.verb(*words, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def test_an_addition_needs_another_administrator(self):
        name, marking = audience("aurora")
        proposal = hub.verb("audience", "member", name, "--add", "dorado")
        made = submitted(STRICT, marking)
        self.assertFalse(sees(hub.dorado, made))
        self.assertIn(f"dorado={proposal}", hub.verb("audience", "list"))
        hub.verb("audience", "approve", proposal, "--token", f"@{second}")
        self.assertNotIn(proposal, hub.verb("audience", "list"))
        self.assertIn("There is no such proposal", self.refused("audience", "approve", proposal, "--token", f"@{second}"))

    def test_who_proposes_over_https_cannot_approve(self):
        name, _ = audience("aurora")
        token = second.read_text().strip()
        answer = hub.call("POST", f"/api/v1/admin/audiences/{name}/members", token, {"organisation": "dorado"})
        self.assertEqual(answer.status, 202)
        proposal = answer.json["proposal"]
        again = hub.call("POST", f"/api/v1/admin/audience-proposals/{proposal}/approve", token, {})
        self.assertEqual((again.status, again.json["code"]), (403, "forbidden"))

    def test_a_credential_made_after_the_proposal_cannot_approve_it(self):
        name, _ = audience("aurora")
        proposal = hub.verb("audience", "member", name, "--add", "dorado")
        late = hub.token("aurora", "admin")
        self.assertIn("younger than the proposal", self.refused("audience", "approve", proposal, "--token", late))

    def test_only_an_administrators_token_approves(self):
        name, _ = audience("aurora")
        proposal = hub.verb("audience", "member", name, "--add", "dorado")
        for token in (hub.lab, "tocsin_0000000000000000_nonsense"):
            self.refused("audience", "approve", proposal, "--token", token)
        self.assertIn(proposal, hub.verb("audience", "list"))


class Restart(unittest.TestCase):
    def test_memberships_outlive_a_killed_server(self):
        name, marking = audience("aurora", "dorado")
        made = submitted(STRICT, marking)
        add(name, "borealis")
        later = submitted(AMBER, marking)
        hub.kill()
        hub.start()
        self.assertTrue(sees(hub.dorado, made))
        self.assertFalse(sees(hub.cloud, made))
        self.assertTrue(sees(hub.cloud, later))

    def test_the_verbs_work_without_a_server(self):
        hub.stop_cleanly()
        try:
            name, _ = audience("aurora")
            proposal = hub.verb("audience", "member", name, "--add", "dorado")
            hub.verb("audience", "approve", proposal, "--token", f"@{second}")
            self.assertIn("aurora,dorado", hub.verb("audience", "list"))
        finally:
            hub.start()


if __name__ == "__main__":
    unittest.main()
