"""TAXII 2.1 submissions: their status, large ones, and withdrawing what was submitted."""
import unittest
import uuid

from community import set_up_module
from instance import indicator


def setUpModule():
    global hub, objects, submit, lab, cloud
    hub = set_up_module()
    objects, submit, lab, cloud = hub.objects, hub.submit, hub.lab, hub.cloud


def read(path):
    return hub.call("GET", objects + path, lab)


class Status(unittest.TestCase):
    def test_the_same_version_again_is_success_and_with_other_content_a_conflict(self):
        one = indicator("192.0.2.2")
        submit(one)
        self.assertEqual(submit(one)["success_count"], 1)
        self.assertEqual(submit(dict(one, modified="2026-01-02T03:04:05Z"))["failure_count"], 1)  # the same instant, other bytes
        failure = submit(dict(one, name="another"))["failures"][0]
        self.assertIn("version-conflict", failure["message"])
        self.assertEqual(len(hub.call("GET", f"{objects}{one['id']}/", lab).json["objects"]), 1)

    def test_the_status_resource_repeats_the_answer_and_belongs_to_the_submitter(self):
        made = submit(indicator("192.0.2.36"), indicator(pattern="["))
        status = hub.call("GET", f"/taxii2/root/status/{made['id']}/", lab)
        self.assertEqual(status.json, made)
        self.assertEqual(hub.call("GET", f"/taxii2/root/status/{made['id']}/", cloud).status, 404)
        for kind in ("success", "failure", "pending"):
            plural = {"success": "successes", "failure": "failures", "pending": "pendings"}[kind]
            self.assertEqual(len(made[plural]), made[kind + "_count"])

    def test_a_value_outside_an_open_vocabulary_is_stored_and_the_status_warns_of_it(self):
        made = submit(indicator("192.0.2.37", indicator_types=["of-mine"]))
        self.assertEqual((made["success_count"], made["failure_count"]), (1, 0))
        self.assertIn("vocabulary", made["successes"][0]["message"])
        self.assertIn("/indicator_types/0", made["successes"][0]["message"])

    def test_an_unknown_property_inside_an_extension_of_ours_is_refused_with_its_place(self):
        ours = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"
        body = {"extension_type": "property-extension", "indicator_kind": "ip-range"}
        good = indicator("9.9.9.38", extensions={ours: body})
        bad = indicator("9.9.9.39", extensions={ours: body | {"x_note": "for your eyes only"}})
        made = submit(good, bad)
        self.assertEqual([one["id"] for one in made["successes"]], [good["id"]])
        message = made["failures"][0]["message"]
        self.assertIn("property-unknown", message)
        self.assertIn(f"/extensions/{ours}/x_note", message)
        self.assertNotIn("eyes", message)

    def test_a_large_submission_is_answered_at_once_and_its_status_says_when_it_is_stored(self):
        path = hub.objects_of("campaigns")
        objects = [indicator(f"198.51.100.{i % 250}") for i in range(10_500)] + [indicator(pattern="[")]
        made = hub.call("POST", path, lab, {"objects": objects})
        self.assertEqual(made.status, 202)
        status = made.json
        self.assertEqual(status["status"], "pending")
        self.assertEqual([one["id"] for one in status["pendings"]], [one["id"] for one in objects[:-1]])
        self.assertEqual(hub.call("GET", f"/taxii2/root/status/{status['id']}/", cloud).status, 404)
        while status["status"] == "pending":
            self.assertEqual(status["pending_count"] + status["failure_count"], len(objects))
            self.assertEqual(len(status["pendings"]), status["pending_count"])
            status = hub.call("GET", f"/taxii2/root/status/{status['id']}/", lab).json
        self.assertEqual((status["success_count"], status["failure_count"], status["pendings"]), (10_500, 1, []))
        self.assertEqual([one["id"] for one in status["successes"]], [one["id"] for one in objects[:-1]])
        again = hub.call("POST", path, lab, {"objects": objects[:3]}).json
        self.assertEqual(again["success_count"], 3)


class Statements(unittest.TestCase):
    """A statement marking restricts nothing, an unknown one hides: what decides is what was stored, not what was sent beside it."""

    def definition(self, statement=True, identifier=None):
        made = {"type": "marking-definition", "spec_version": "2.1", "id": identifier or f"marking-definition--{uuid.uuid4()}",
                "created": "2026-01-02T03:04:05.000Z"}
        if statement:
            return made | {"definition_type": "statement", "definition": {"statement": "Copyright"}}
        return made | {"extensions": {"extension-definition--7a5cbb6a-2f5f-4b35-9e3c-0b8f0a5f9b11":
                                      {"extension_type": "property-extension", "level": "secret"}}}

    def marked(self, definition):
        return indicator("192.0.2.90", object_marking_refs=[definition["id"]])

    def is_seen(self, made):
        return hub.call("GET", f"{objects}{made['id']}/", cloud).status == 200

    def test_a_statement_counts_for_the_objects_beside_it_wherever_it_stands(self):
        statement = self.definition()
        before, after = self.marked(statement), self.marked(statement)
        answer = submit(before, statement, after)
        self.assertEqual(answer["failure_count"], 0)
        self.assertFalse(any("message" in one for one in answer["successes"]))
        self.assertTrue(self.is_seen(before) and self.is_seen(after))

    def test_a_refused_statement_does_not_show_what_an_unknown_marking_hides(self):
        secret = self.definition(statement=False)
        submit(secret)
        made = self.marked(secret)
        answer = submit(self.definition(identifier=secret["id"]), made)
        self.assertEqual((answer["success_count"], answer["failure_count"]), (1, 1))
        self.assertIn("only your organisation sees", answer["successes"][0]["message"])
        self.assertFalse(self.is_seen(made))

    def test_a_marking_that_is_defined_in_two_ways_at_once_is_relied_on_by_nobody(self):
        statement = self.definition()
        secret = self.definition(statement=False, identifier=statement["id"])
        made = self.marked(statement)
        self.assertEqual(submit(statement, secret, made)["success_count"], 2)
        self.assertFalse(self.is_seen(made))

    def test_of_two_definitions_beside_each_other_the_stored_one_decides_alone(self):
        secret = self.definition(statement=False)
        made = self.marked(secret)
        answer = submit(secret, self.definition(identifier=secret["id"]), made)
        self.assertEqual(answer["failure_count"], 1)
        stored = hub.call("GET", f"{objects}{secret['id']}/", lab).json["objects"][0]
        self.assertEqual(self.is_seen(made), stored.get("definition_type") == "statement")


class Chains(unittest.TestCase):
    def test_first_and_last_are_right_however_versions_arrive(self):
        one = indicator("192.0.2.91")
        version = lambda second: f"2026-01-03T00:00:{second:02}.000Z"
        expected = []
        for second in (30, 31, 10, 20, 40, 5, 35, 45):
            submit(dict(one, modified=version(second)))
            expected = sorted(expected + [version(second)])
            for which, wanted in (("first", expected[0]), ("last", expected[-1])):
                got = hub.call("GET", f"{objects}{one['id']}/?match[version]={which}", lab).json["objects"]
                self.assertEqual([o["modified"] for o in got], [wanted])
        self.assertEqual(sorted(hub.call("GET", f"{objects}{one['id']}/versions/", lab).json["versions"]), expected)

    def test_a_chain_of_many_versions_is_stored_like_many_objects(self):
        one = indicator("192.0.2.92")
        versions = [dict(one, modified=f"2026-01-04T{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}.000Z") for i in range(9_000)]
        self.assertEqual(submit(*versions)["success_count"], 9_000)
        last = hub.call("GET", f"{objects}{one['id']}/", lab).json["objects"]
        self.assertEqual([o["modified"] for o in last], [versions[-1]["modified"]])


class Withdrawal(unittest.TestCase):
    def test_delete_ends_the_publications_of_the_callers_organisation_only(self):
        one = indicator("192.0.2.7", "green")
        submit(one)
        self.assertEqual(hub.call("DELETE", objects + one["id"] + "/", cloud).status, 404)
        self.assertEqual(hub.call("DELETE", objects + one["id"] + "/", hub.feed).status, 403)
        self.assertEqual(hub.call("DELETE", objects + one["id"] + "/", lab).status, 200)
        self.assertEqual(hub.call("GET", objects + one["id"] + "/", lab).status, 404)
        self.assertEqual(hub.call("DELETE", objects + one["id"] + "/", lab).status, 404)
        submit(one)  # showing again is a new publication
        self.assertEqual(hub.call("GET", objects + one["id"] + "/", cloud).status, 200)

    def test_an_object_without_dates_has_one_version_everywhere(self):
        address = {"type": "ipv4-addr", "spec_version": "2.1", "value": "192.0.2.77", "id": "ipv4-addr--7c9ff1c8-4a0d-5b0e-8d0a-0f6f0f2f1c77"}
        made = submit(address)
        version = made["successes"][0]["version"]
        self.assertEqual(hub.call("GET", f"/taxii2/root/status/{made['id']}/", lab).json["successes"][0]["version"], version)
        self.assertEqual(read(f"{address['id']}/versions/").json["versions"], [version])
        self.assertEqual(hub.call("DELETE", f"{objects}{address['id']}/?match[version]=2020-01-01T00:00:00Z", lab).status, 404)
        self.assertEqual(hub.call("DELETE", f"{objects}{address['id']}/?match[version]={version}", lab).status, 200)
        self.assertEqual(read(f"{address['id']}/").status, 404)

    def test_a_limited_token_withdraws_no_more_than_it_sees(self):
        made = indicator("192.0.2.78", "amber")
        submit(made)
        limited = hub.token("aurora", "analyst", "--max-tlp", "green")
        self.assertEqual(hub.call("DELETE", f"{objects}{made['id']}/", limited).status, 404)
        self.assertEqual(read(f"{made['id']}/").status, 200)
        self.assertEqual(hub.call("DELETE", f"{objects}{made['id']}/", lab).status, 200)


if __name__ == "__main__":
    unittest.main()
