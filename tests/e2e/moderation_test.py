"""Moderation: whose submissions wait for an analyst of the instance, who decides, and who learns of it."""
import json
import pathlib
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TLP, TOCSIN, indicator

ALIAS = "network"


def setUpModule():
    global hub, nova, nova_submitter, moderator
    hub = set_up_module(init=["--demo"])
    hub.organisation("nova", "lab", "red")
    nova, nova_submitter = hub.token("nova", "analyst"), hub.token("nova", "submitter")
    moderator = hub.token("hub", "analyst")  # of the organisation that runs the instance
    hub.verb("org", "moderate", "nova")
    hub.verb("collection", "moderate", ALIAS, "chosen")


def told(answer):
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer.json


def share(value, token=None, query="?override=A%20test", **said):
    return told(hub.call("POST", "/api/v1/indicators" + query, token or nova, {"kind": "ip-range", "value": value, **said}))


def waiting(value, token=None, **said):
    """The id under which the item waits."""
    [item] = share(value, token, **said)["items"]
    if item["outcome"] != "waiting":
        raise AssertionError(item)
    [one] = [one for one in queue() if one.get("object") == item["id"]]
    return one["id"], item["id"]


def queue(token=None, query=""):
    return told(hub.call("GET", "/api/v1/moderation" + query, token or moderator))["waiting"]


def decide(action, *ids, token=None, **members):
    return told(hub.call("POST", f"/api/v1/moderation/{action}", token or moderator, {"ids": list(ids), **members}))["results"]


def publish(*ids):
    results = decide("publish", *ids)
    if {one["outcome"] for one in results} != {"published"}:
        raise AssertionError(results)


def own(token=None):
    return {one["id"]: one for one in told(hub.call("GET", "/api/v1/waiting?limit=500", token or nova))["waiting"]}


def found(value, token=None):
    return [one["id"] for one in told(hub.call("GET", f"/api/v1/indicators?value={value}", token or hub.cloud))["indicators"]]


def seen(identifier, token=None):
    return hub.call("GET", f"{hub.objects}{identifier}/", token or hub.cloud).status


class Waiting(unittest.TestCase):
    def test_what_a_moderated_organisation_shares_is_seen_by_nobody_until_it_is_published(self):
        one, made = waiting("203.0.113.1")
        for token in (hub.cloud, hub.lab, nova, moderator):
            self.assertEqual((seen(made, token), found("203.0.113.1", token)), (404, []))
        publish(one)
        for token in (hub.cloud, hub.lab, nova, moderator):
            self.assertEqual((seen(made, token), found("203.0.113.1", token)), (200, [made]))
        self.assertNotIn(one, own())
        self.assertNotIn(one, [left["id"] for left in queue()])

    def test_others_do_not_wait(self):
        [item] = share("203.0.113.2", hub.lab)["items"]
        self.assertEqual((item["outcome"], seen(item["id"])), ("accepted", 200))
        self.assertNotIn("waiting", share("203.0.113.2", hub.lab))

    def test_a_reader_who_had_read_everything_is_shown_it_when_it_is_published(self):
        before = hub.call("GET", f"{hub.objects}?limit=1000", hub.cloud)
        since = before.headers.get("X-TAXII-Date-Added-Last")
        one, made = waiting("203.0.113.3")
        after = hub.call("GET", f"{hub.objects}?limit=1000&added_after={since}", hub.cloud)
        self.assertEqual(after.json.get("objects", []), [])
        publish(one)
        after = hub.call("GET", f"{hub.objects}?limit=1000&added_after={since}", hub.cloud)
        self.assertIn(made, [object["id"] for object in after.json["objects"]])

    def test_a_dry_run_says_that_it_would_wait_and_leaves_nothing(self):
        before = len(queue())
        [item] = share("203.0.113.4", query="?dry_run=1&override=A%20test")["items"]
        self.assertTrue(any("would wait" in note for note in item["notes"]), item)
        self.assertEqual(len(queue()), before)
        [item] = share("203.0.113.4", hub.lab, query="?dry_run=1&override=A%20test")["items"]
        self.assertFalse(any("would wait" in note for note in item.get("notes", [])), item)

    def test_alerts_come_with_the_publication(self):
        hub.call("POST", "/api/v1/ranges", hub.cloud, {"ranges": ["203.0.113.5"]})
        one, made = waiting("203.0.113.5")
        alerted = lambda: {alert["id"] for alert in told(hub.call("GET", "/api/v1/alerts?limit=1000", hub.cloud))["alerts"]}
        self.assertNotIn(made, alerted())
        publish(one)
        self.assertIn(made, alerted())

    def test_who_says_a_value_again_waits_in_the_same_place(self):
        one, _ = waiting("203.0.113.6")
        waiting("203.0.113.66")
        place = [left["id"] for left in queue(query="?limit=500")].index(one)
        again, made = waiting("203.0.113.6", confidence=40)
        self.assertEqual([left["id"] for left in queue(query="?limit=500")].index(again), place)
        self.assertNotEqual(again, one)
        self.assertEqual(decide("publish", one)[0]["outcome"], "failed")  # it is not what was read under that id
        self.assertEqual(found("203.0.113.6"), [])
        publish(again)
        self.assertEqual(found("203.0.113.6"), [made])

    def test_it_survives_a_restart(self):
        one, made = waiting("203.0.113.7")
        hub.kill()
        hub.start()
        self.assertIn(one, own())
        publish(one)
        self.assertEqual(seen(made), 200)

    def test_an_opinion_that_waited_is_counted_when_it_is_published(self):
        [item] = share("203.0.113.9", hub.lab)["items"]
        told(hub.call("POST", f"/api/v1/indicators/{item['id']}/opinions", nova, {"opinion": "disagree"}))
        counted = lambda: told(hub.call("GET", f"/api/v1/indicators/{item['id']}", hub.lab))["opinions"]["by_value"]
        self.assertEqual(counted(), {})
        publish(*[left["id"] for left in queue(query="?organisation=nova") if left["kind"] == "opinion"])
        self.assertEqual(counted(), {"disagree": 1})


class Submitters(unittest.TestCase):
    def test_the_status_is_pending_and_tells_what_became_of_it(self):
        path = "/taxii2/root/status/"
        made = indicator("203.0.113.20", object_marking_refs=[TLP["green"]])
        status = hub.submit(made, token=nova)
        self.assertEqual((status["status"], status["pending_count"]), ("pending", 1))
        self.assertIn("waits for an analyst", status["pendings"][0]["message"])
        [one] = [one["id"] for one in queue() if one.get("object") == made["id"]]
        publish(one)
        status = hub.call("GET", f"{path}{status['id']}/", nova).json
        self.assertEqual((status["status"], status["success_count"], status["successes"][0]["id"]), ("complete", 1, made["id"]))

    def test_who_is_refused_is_told_why(self):
        made = indicator("203.0.113.21", object_marking_refs=[TLP["green"]])
        status = hub.submit(made, token=nova)
        [one] = [one["id"] for one in queue() if one.get("object") == made["id"]]
        self.assertEqual(decide("refuse", one, because="An exit node of a public service."), [{"id": one, "outcome": "refused"}])
        self.assertEqual((own()[one]["state"], own()[one]["because"]), ("refused", "An exit node of a public service."))
        status = hub.call("GET", f"/taxii2/root/status/{status['id']}/", nova).json
        self.assertEqual(status["failure_count"], 1)
        self.assertIn("An exit node of a public service.", status["failures"][0]["message"])
        self.assertEqual(decide("publish", one)[0]["outcome"], "failed")
        self.assertEqual(seen(made["id"], nova), 404)

    def test_they_withdraw_what_is_their_own_and_nobody_elses(self):
        one, made = waiting("203.0.113.22")
        withdraw = lambda token: told(hub.call("POST", "/api/v1/waiting/withdraw", token, {"ids": [one]}))["results"][0]["withdrawn"]
        self.assertEqual([withdraw(hub.cloud), withdraw(moderator)], [False, False])
        self.assertIn(one, [left["id"] for left in queue()])
        self.assertEqual([withdraw(nova_submitter), withdraw(nova)], [True, False])
        self.assertEqual(own()[one]["state"], "withdrawn")
        self.assertEqual(decide("publish", one)[0]["outcome"], "failed")
        self.assertEqual(seen(made), 404)

    def test_what_waits_and_is_asked_for_is_told_to_its_organisation_alone(self):
        one, made = waiting("203.0.113.26")
        path = f"/api/v1/indicators/{made}"
        asks = lambda token: [hub.call("GET", path, token), hub.call("GET", path + "/proof", token),
                              hub.call("POST", path + "/retract", token, {"because": "wrong"})]
        self.assertEqual([(answer.status, answer.json["code"]) for answer in asks(nova)], [(404, "not-found")] * 3)
        for answer in asks(nova):
            self.assertIn("tocsin waiting withdraw " + one, answer.json["detail"])
        for answer in asks(hub.lab) + asks(moderator):
            self.assertEqual(answer.status, 404)
            self.assertNotIn("waiting", answer.body.decode())

    def test_an_opinion_that_waits_is_named_to_who_takes_it_back(self):
        [item] = share("203.0.113.27", hub.lab)["items"]
        path = f"/api/v1/indicators/{item['id']}/opinions"
        self.assertNotIn("waiting", hub.call("POST", path, nova, {"withdraw": True}).body.decode())
        made = told(hub.call("POST", path, nova, {"opinion": "disagree"}))["id"]
        [one] = [left["id"] for left in queue(query="?limit=500") if left.get("object") == made]
        answer = hub.call("POST", path, nova, {"withdraw": True})
        self.assertEqual(answer.status, 404)
        self.assertIn("tocsin waiting withdraw " + one, answer.json["detail"])
        self.assertNotIn(one, hub.call("POST", path, hub.cloud, {"withdraw": True}).body.decode())

    def test_a_recall_never_waits(self):
        one, made = waiting("203.0.113.23")
        publish(one)
        self.assertEqual(told(hub.call("POST", f"/api/v1/indicators/{made}/retract", nova, {"because": "wrong"}))["outcome"], "retracted")
        [stored] = hub.call("GET", f"{hub.objects}{made}/", hub.cloud).json["objects"]
        self.assertTrue(stored["revoked"])
        made = indicator("203.0.113.24", object_marking_refs=[TLP["green"]])
        hub.submit(made, token=nova)
        publish(*[one["id"] for one in queue() if one.get("object") == made["id"]])
        revoked = dict(made, modified="2026-03-02T03:04:05.000Z", revoked=True)
        self.assertEqual(hub.submit(revoked, token=nova)["success_count"], 1)

    def test_a_new_version_of_what_is_published_waits_and_the_old_one_stays(self):
        made = indicator("203.0.113.25", object_marking_refs=[TLP["green"]])
        hub.submit(made, token=nova)
        publish(*[one["id"] for one in queue() if one.get("object") == made["id"]])
        newer = dict(made, modified="2026-03-02T03:04:05.000Z", description="changed")
        self.assertEqual(hub.submit(newer, token=nova)["pending_count"], 1)
        shown = lambda: hub.call("GET", f"{hub.objects}{made['id']}/", hub.cloud).json["objects"][0]["modified"]
        self.assertEqual(shown(), made["modified"])
        publish(*[one["id"] for one in queue() if one.get("object") == made["id"]])
        self.assertEqual(shown(), newer["modified"])


class Moderators(unittest.TestCase):
    def test_only_analysts_of_the_organisation_that_runs_the_instance_moderate(self):
        one, _ = waiting("203.0.113.40")
        for token in (hub.lab, nova, hub.feed, hub.submitter):
            answers = [hub.call("GET", "/api/v1/moderation", token), hub.call("GET", f"/api/v1/moderation/waiting/{one}", token),
                       hub.call("POST", "/api/v1/moderation/publish", token, {"ids": [one]}),
                       hub.call("POST", "/api/v1/moderation/refuse", token, {"ids": [one], "because": "mine"})]
            self.assertEqual([answer.status for answer in answers], [403] * 4)
        self.assertIn(one, [left["id"] for left in queue()])

    def test_they_are_shown_the_content_unless_its_markings_forbid_it(self):
        one, made = waiting("203.0.113.41")
        shown = told(hub.call("GET", f"/api/v1/moderation/waiting/{one}", moderator))
        self.assertFalse(shown["withheld"])
        self.assertIn(made, [object["id"] for object in shown["content"]])
        ring = hub.verb("audience", "add", "ring-" + uuid.uuid4().hex[:8], "--member", "nova,aurora")
        secret = indicator("203.0.113.42", object_marking_refs=[TLP["red"], ring])
        hub.submit(secret, token=nova)
        [hidden] = [left for left in queue() if left["organisation"] == "nova" and "object" not in left]
        shown = told(hub.call("GET", f"/api/v1/moderation/waiting/{hidden['id']}", moderator))
        self.assertEqual((shown["withheld"], shown["content"]), (True, []))
        self.assertNotIn(secret["id"], json.dumps(shown))
        publish(hidden["id"])
        self.assertEqual([seen(secret["id"], token) for token in (hub.lab, hub.cloud)], [200, 404])

    def test_a_reason_holds_nobodys_address(self):
        one, _ = waiting("203.0.113.43")
        answer = hub.call("POST", "/api/v1/moderation/refuse", moderator, {"ids": [one], "because": "ask heron@example.org"})
        self.assertEqual((answer.status, answer.json["code"], answer.json["pointer"]), (400, "bad-parameter", "/because"))
        self.assertNotIn("heron", answer.body.decode())
        self.assertIn(one, [left["id"] for left in queue(query="?limit=500")])

    def test_the_list_comes_in_parts(self):
        ids = [waiting(f"203.0.113.{44 + i}")[0] for i in range(3)]
        listed, after = [], ""
        while True:
            part = told(hub.call("GET", f"/api/v1/moderation?limit=1&organisation=nova{after}", moderator))
            listed += [one["id"] for one in part["waiting"]]
            if part["complete"]:
                break
            after = "&after=" + part["after"]
        self.assertEqual([one for one in listed if one in ids], ids)

    def test_who_has_published_something_is_not_new_any_more(self):
        hub.verb("collection", "add", "Newcomers")
        hub.verb("collection", "moderate", "newcomers", "new")
        path = hub.objects_of("newcomers")
        submit = lambda value: hub.submit(indicator(value, object_marking_refs=[TLP["green"]]), token=hub.cloud, path=path)
        self.assertEqual(submit("203.0.113.50")["pending_count"], 1)
        publish(*[one["id"] for one in queue() if one["collection"] == "newcomers"])
        self.assertEqual(submit("203.0.113.51")["success_count"], 1)

    def test_the_trail_says_who_decided_and_no_content(self):
        one, made = waiting("203.0.113.52")
        publish(one)
        other, refused = waiting("203.0.113.53")
        decide("refuse", other, because="heron-on-the-lake")
        folder = pathlib.Path(hub.folder.name) / "trail"
        hub.verb("audit", "export", str(folder))
        trail = (folder / "entries.ndjson").read_text()
        for action in ("moderation.refuse", r'\"moderated\"', "organisation.standing", "collection.moderation"):
            self.assertIn(action, trail)
        for secret in (made, refused, "heron-on-the-lake", "203.0.113.52"):
            self.assertNotIn(secret, trail)
        listed = hub.verb("audit", "list")
        self.assertIn("\tstored=0 unchanged=0 refused=0 waiting=3\n", listed)
        self.assertRegex(listed, r"\tstored=\d+ unchanged=\d+ refused=0 moderated=1 of=nova\n")

    def test_the_metrics_count_what_waits(self):
        _, _ = waiting("203.0.113.54")
        count = len(queue(query="?limit=500"))
        text = hub.call("GET", "/metrics", hub.token("aurora", "admin")).body.decode()
        self.assertIn(f"tocsin_moderation_waiting {count}\n", text)


class Overtaken(unittest.TestCase):
    """What its organisation changed or recalled while it waited is published no more."""

    def fails(self, one):
        [result] = decide("publish", one)
        self.assertEqual((result["outcome"], result["code"]), ("failed", "conflict"), result)
        self.assertIn(one, [left["id"] for left in queue(query="?limit=500")])

    def test_a_value_that_was_recalled_is_a_new_indicator_whatever_waited_of_it(self):
        one, made = waiting("203.0.113.70", confidence=50)
        publish(one)
        late, same = waiting("203.0.113.70", confidence=90)
        self.assertEqual(same, made)
        self.assertEqual(told(hub.call("POST", f"/api/v1/indicators/{made}/retract", nova, {"because": "wrong"}))["outcome"], "retracted")
        self.fails(late)
        versions = hub.call("GET", f"{hub.objects}{made}/?match[version]=all", hub.cloud).json["objects"]
        self.assertEqual([bool(each.get("revoked")) for each in sorted(versions, key=lambda each: each["modified"])], [False, True])
        again, anew = waiting("203.0.113.70", confidence=90)
        self.assertNotEqual(anew, made)
        publish(again)
        self.assertEqual(seen(anew), 200)

    def test_who_took_an_opinion_back_can_give_another_whatever_waited(self):
        [item] = share("203.0.113.71", hub.lab)["items"]
        path = f"/api/v1/indicators/{item['id']}/opinions"
        opine = lambda **said: told(hub.call("POST", path, nova, said))
        entry = lambda: next(left["id"] for left in queue(query="?organisation=nova&limit=500") if left.get("object") == opinion)
        opinion = opine(opinion="disagree")["id"]
        publish(entry())
        self.assertEqual(opine(opinion="strongly-disagree")["outcome"], "waiting")
        late = entry()
        self.assertEqual(opine(withdraw=True)["outcome"], "accepted")
        self.fails(late)
        opinion = opine(opinion="agree")["id"]
        publish(entry())
        counted = told(hub.call("GET", f"/api/v1/indicators/{item['id']}", hub.lab))["opinions"]["by_value"]
        self.assertEqual(counted, {"agree": 1})

    def test_an_older_version_is_not_published_after_a_later_one(self):
        made = indicator("203.0.113.72", object_marking_refs=[TLP["green"]])
        newer = dict(made, modified="2026-03-02T03:04:05.000Z", description="changed")
        for version in (made, newer):
            self.assertEqual(hub.submit(version, token=nova)["pending_count"], 1)
        late, first = [one["id"] for one in queue(query="?limit=500") if one.get("object") == made["id"]]
        publish(first)
        self.fails(late)
        self.assertEqual(decide("refuse", late, because="A later version is there.")[0]["outcome"], "refused")


class Commands(unittest.TestCase):
    def run_tocsin(self, token, *words):
        environment = {"TOCSIN_FORMAT": "table", "HOME": hub.folder.name, "TOCSIN_URL": hub.url, "TOCSIN_TOKEN": token, "TOCSIN_CA": hub.ca}
        return subprocess.run([TOCSIN, *words], env=environment, capture_output=True, text=True, timeout=60)

    def test_the_queue_is_worked_through_on_the_command_line(self):
        one, made = waiting("203.0.113.60")
        other, _ = waiting("203.0.113.61")
        listed = self.run_tocsin(moderator, "moderate", "list", "--all-of", "nova")
        self.assertIn(f"{one}  nova  network  ip-range  {made}", listed.stdout, listed.stderr)
        self.assertIn(made, self.run_tocsin(moderator, "moderate", "show", one).stdout)
        refused = self.run_tocsin(moderator, "moderate", "refuse", other, "--because", "not this one")
        self.assertEqual((refused.returncode, refused.stdout), (0, f"{other}  refused\n"))
        self.assertIn("not this one", self.run_tocsin(nova, "waiting", "list").stdout)
        everything = self.run_tocsin(moderator, "moderate", "publish", "--all-of", "nova")
        self.assertEqual(everything.returncode, 0, everything.stdout + everything.stderr)
        self.assertEqual((seen(made), queue(query="?organisation=nova")), (200, []))
        self.assertEqual(self.run_tocsin(nova, "moderate", "list").returncode, 3)

    def test_who_shares_what_waits_is_told_its_id_and_where_to_look(self):
        file = pathlib.Path(hub.folder.name) / "shared.txt"
        file.write_text("203.0.113.62\n")
        before = queue(query="?limit=500")
        done = self.run_tocsin(nova, "share", "--kind", "ip-range", "--override", "A test", str(file))
        [left] = [one for one in queue(query="?limit=500") if one not in before]
        self.assertIn(f": note: {left['object']}: It waits", done.stderr)
        self.assertEqual(done.stdout, "0 accepted, 0 unchanged, 0 refused, 1 waiting for an analyst: tocsin waiting list\n")
        publish(left["id"])
        again = self.run_tocsin(nova, "sight", left["object"], "--outcome", "confirmed")
        self.assertIn("tocsin waiting list", again.stdout, again.stderr)


if __name__ == "__main__":
    unittest.main()
