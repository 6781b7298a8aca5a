"""Harm checks and allow lists over HTTPS against the real binary: what is refused, what is warned of, and who may go on."""
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse
import uuid

from attack import told
from community import set_up_module
from instance import TLP, TOCSIN, indicator

AWS = pathlib.Path("../shared/data/MISP+misp-warninglists/lists__amazon-aws__list.json")
EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"
LISTS = "/api/v1/admin/allow-lists"


def setUpModule():
    global hub
    hub = set_up_module()


def share(value, query="", token=None, **more):
    answer = hub.call("POST", "/api/v1/indicators" + query, token or hub.lab, {"kind": "ip-range", "value": value, **more})
    if answer.status != 200:
        raise AssertionError(answer.body)
    [item] = answer.json["items"]
    return item


def codes(item):
    return [one["code"] for one in item.get("findings", [])]


def override(reason):
    return "?override=" + urllib.parse.quote(reason)


def entries(action):
    admin = (hub.dir / "admin.token").read_text().strip()
    page = hub.call("GET", "/api/v1/audit/entries?limit=10000", admin).json
    found = [json.loads(one["entry"]) if isinstance(one["entry"], str) else one["entry"] for one in page["entries"]]
    return [one for one in found if one["action"] == action]


class Refusals(unittest.TestCase):
    def test_what_is_reserved_or_too_wide_is_refused_and_no_reason_helps(self):
        for value, code in (("0.0.0.0/0", "value-too-broad"), ("9.0.0.0/8", "value-too-broad"), ("10.0.0.1", "value-reserved"),
                            ("203.0.113.7", "value-reserved"), ("::1", "value-reserved")):
            for query in ("", override("We are sure.")):
                with self.subTest(value, query=query):
                    item = share(value, query)
                    self.assertEqual(item["outcome"], "refused")
                    self.assertIn(code, codes(item))
                    self.assertNotIn(value, json.dumps(item["findings"]))
                    self.assertNotIn("warning", item["findings"][0])

    def test_the_limit_is_configuration_and_a_running_server_takes_it_up(self):
        self.assertEqual(share("9.16.0.0/12")["outcome"], "accepted")
        hub.configure(limits__widest_v4="16")
        hub.process.send_signal(1)
        for _ in range(600):  # until the signal was handled
            item = share("9.32.0.0/12", "?dry_run=1")
            if item["outcome"] == "refused":
                break
        self.assertEqual(codes(item), ["value-too-broad"])
        self.assertIn("a /16, with 65,536", item["findings"][0]["detail"])
        hub.configure(limits__widest_v4="12")
        hub.process.send_signal(1)

    def test_a_key_in_a_description_is_refused_and_not_said_again(self):
        secret = "sk-proj-0123456789abcdefghij"
        answer = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "ip-range", "value": "9.9.1.1", "description": "with " + secret})
        self.assertEqual(answer.json["items"][0]["findings"][0]["code"], "secret-in-text")
        self.assertNotIn(secret.encode(), answer.body)

    def test_an_indicator_of_ours_that_comes_by_taxii_is_held_against_the_same(self):
        indicator = {"type": "indicator", "spec_version": "2.1", "id": "indicator--11111111-2222-4333-8444-555555555555",
                     "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "pattern": "[ipv4-addr:value ISSUBSET '9.0.0.0/8']",
                     "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z", "indicator_types": ["anonymization"],
                     "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": "ip-range"}}}
        status = hub.submit(indicator)
        self.assertEqual(status["failure_count"], 1)
        self.assertTrue(status["failures"][0]["message"].startswith("value-too-broad: 16,777,216 addresses"), status)
        del indicator["extensions"]
        self.assertEqual(hub.submit(indicator)["success_count"], 1)


class AllowLists(unittest.TestCase):
    def test_a_list_that_is_added_to_warns_from_the_next_request_on(self):
        self.assertEqual(share("9.9.9.9", "?dry_run=1")["outcome"], "accepted")
        self.assertEqual(hub.verb("allow", "add", "resolvers", "9.9.9.0/24", "AS64500"), "added\t2\nremoved\t0")
        item = share("9.9.9.9")
        self.assertEqual((item["outcome"], codes(item)), ("refused", ["value-allow-listed"]))
        self.assertTrue(item["findings"][0]["warning"])
        self.assertIn("`resolvers` has 1 of its 1 address", item["findings"][0]["detail"])
        self.assertIn("resolvers\tranges\t2\t", hub.verb("allow", "list"))
        self.assertEqual(hub.verb("allow", "remove", "resolvers"), "added\t0\nremoved\t2")
        self.assertEqual(share("9.9.9.9", "?dry_run=1")["outcome"], "accepted")

    def test_an_analyst_goes_on_with_a_reason_and_the_trail_has_it(self):
        hub.verb("allow", "add", "access", "9.8.0.0/16")
        reason = "Two members saw the exit in one attack."
        dry = share("9.8.7.6", override(reason) + "&dry_run=1")
        self.assertEqual(dry["outcome"], "accepted")
        item = share("9.8.7.6", override(reason))
        self.assertEqual(item["outcome"], "accepted")
        self.assertTrue(any("value-allow-listed, overridden" in note for note in item["notes"]), item)
        told = [one["overridden"] for one in entries("submit") if "overridden" in one and one["overridden"][0]["reason"] == reason]
        self.assertEqual([(one[0]["codes"], one[0]["objects"]) for one in told], [(["value-allow-listed"], 1)])
        self.assertNotIn("9.8.7.6", json.dumps(told))

    def test_a_submitter_does_not_override_and_a_reason_is_a_sentence(self):
        body = {"kind": "ip-range", "value": "9.9.9.8"}
        for token, reason, status in ((hub.submitter, "We are sure.", 403), (hub.lab, "", 400), (hub.lab, "x" * 201, 400),
                                      (hub.lab, "joe@mail.example said so", 400), (hub.lab, "9.9.9.8 is an exit", 400), (hub.lab, "An exit (in 9.9.9.0/24).", 400),
                                      (hub.lab, "Exits of 2620:fe::fe: seen twice", 400), (hub.lab, "All of AS19281, seen twice.", 400)):
            answer = hub.call("POST", "/api/v1/indicators" + override(reason), token, body)
            self.assertEqual(answer.status, status, answer.body)
            path = hub.objects + override(reason)
            self.assertEqual(hub.call("POST", path, token, {"objects": []}).status, status)

    def test_nobody_but_an_administrator_sees_or_changes_a_list(self):
        for method, path in (("GET", LISTS), ("POST", LISTS), ("POST", LISTS + "/import"), ("POST", LISTS + "/remove")):
            answer = hub.call(method, path, hub.lab, {"name": "x", "entries": ["AS7"]} if method == "POST" else None)
            self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))

    def test_what_another_member_owns_is_warned_of_without_saying_whose(self):
        self.assertEqual(hub.call("POST", "/api/v1/ranges", hub.cloud, {"ranges": ["9.7.0.0/16"]}).status, 200)
        item = share("9.7.7.7")
        self.assertEqual(item["findings"], [{"code": "value-protected", "detail": "It overlaps a protected range.", "pointer": "/value",
                                             "warning": True, "remedy": "Leave it out, or share it with `override` and the reason."}])
        self.assertEqual(share("9.7.7.7", "?dry_run=1", token=hub.cloud)["outcome"], "accepted")

    def test_an_import_is_the_whole_list_and_a_mistake_in_it_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "mail.txt"
            file.write_text("# free mail\nmail.example\nMAIL.example.\n")
            self.assertEqual(hub.verb("allow", "import", "free", str(file), "--kind", "mail"), "added\t1\nremoved\t0")
            file.write_text("mail.example\nno name\n9.9.9.9\n")
            done = hub.verb("allow", "import", "free", str(file), "--kind", "mail", check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("Entry 3", done.stderr)
        self.assertIn("free\tmail\t1\t", hub.verb("allow", "list"))
        answer = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "account-pattern", "email_domain": "mail.example"})
        self.assertEqual(codes(answer.json["items"][0]), ["value-common"])

    def test_prompts_of_an_operators_users_are_kept_as_fingerprints_and_hold_off_a_template(self):
        prompt = "Hum the harbour song of the seven tin foxes for our evening choir, and then translate it into Latin for the programme."
        template = {"kind": "prompt-template", "normaliser": "n1", "template_sha256": "ab" * 32, "template": prompt + " {}"}
        send = lambda query="?dry_run=1": hub.call("POST", "/api/v1/indicators" + query, hub.lab, template).json["items"][0]
        self.assertEqual(send()["outcome"], "accepted")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "prompts.txt"
            file.write_text("# of last week\n" + prompt + "\nWhat is the weather like in Turku today, and what shall I wear?\n")
            self.assertEqual(hub.verb("allow", "import", "our-users", str(file), "--kind", "prompts"), "added\t2\nremoved\t0")
        self.assertIn("our-users\tprompts\t2\t", hub.verb("allow", "list"))
        item = send("?dry_run=1&override=We%20are%20sure.")
        self.assertEqual(codes(item), ["value-too-broad"])
        self.assertRegex(item["findings"][0]["detail"], r"^The template is found in 1 of \d+ prompts of honest users, or 0\.\d %: at most 0\.1 % may be hit\.$")
        self.assertEqual(item["findings"][0]["pointer"], "/template")
        self.assertNotIn(b"harbour", b"".join(file.read_bytes() for file in hub.dir.glob("tocsin.db*")))
        self.assertEqual(hub.verb("allow", "remove", "our-users"), "added\t0\nremoved\t2")
        self.assertEqual(send()["outcome"], "accepted")

    def test_a_text_that_names_an_organisation_of_a_list_is_warned_of(self):
        hub.verb("allow", "add", "suspects", "Elara Research", "--kind", "organisations")
        item = share("9.6.6.6", description="It is elara-research again.")
        self.assertEqual((codes(item), item["findings"][0]["pointer"], item["findings"][0]["warning"]), (["organisation-named"], "/description", True))
        self.assertNotIn("elara", json.dumps(item["findings"]).lower())
        self.assertEqual(share("9.6.6.6", override("The court said so."), description="It is Elara Research.")["outcome"], "accepted")
        hub.verb("allow", "remove", "suspects")

    def test_the_warning_list_of_a_real_cloud_is_imported_and_warns(self):
        if not AWS.exists():
            print("SKIPPED: the public data sets are not here")
            self.skipTest("the public data sets are not here")
        listed = json.loads(AWS.read_text())["list"]
        self.assertTrue(hub.verb("allow", "import", "amazon-aws", str(AWS)).startswith("added\t"))
        inside = next(one for one in listed if "." in one and one.endswith("/24"))
        done = subprocess.run([TOCSIN, "share", "--kind", "ip-range", "-"], input=inside + "\n", capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})
        self.assertEqual((done.returncode, done.stdout), (2, "0 accepted, 0 unchanged, 1 refused\n"))
        self.assertIn("refused: value-allow-listed: The allow list `amazon-aws` has 256 of its 256 addresses", done.stderr)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "one.json"
            file.write_text(json.dumps({"type": "indicator", "spec_version": "2.1", "id": "indicator--11111111-2222-4333-8444-666666666666",
                                        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
                                        "pattern": f"[ipv4-addr:value ISSUBSET '{inside}']", "pattern_type": "stix",
                                        "valid_from": "2026-01-01T00:00:00Z", "indicator_types": ["anonymization"],
                                        "extensions": {EXTENSION: {"extension_type": "property-extension", "indicator_kind": "ip-range"}}}))
            for words, status in (((), 2), (("--override", "The host was taken over."), 0)):
                sent = subprocess.run([TOCSIN, "submit", *words, str(file)], capture_output=True, text=True, timeout=60,
                                      env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})
                self.assertEqual(sent.returncode, status, sent.stderr)
        again = subprocess.run([TOCSIN, "share", "--kind", "ip-range", "--override", "The host was taken over.", "-"], input=inside + "\n",
                               capture_output=True, text=True, timeout=60,
                               env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})
        self.assertEqual((again.returncode, again.stdout), (0, "1 accepted, 0 unchanged, 0 refused\n"))


def relationship(**more):
    return {"type": "relationship", "spec_version": "2.1", "id": f"relationship--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "relationship_type": "attributed-to", "source_ref": f"campaign--{uuid.uuid4()}",
            "target_ref": f"identity--{uuid.uuid4()}", **more}


def report(*members, tlp="green"):
    return {"type": "report", "spec_version": "2.1", "id": f"report--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z", "name": "r", "published": "2026-01-01T00:00:00Z", "object_refs": list(members),
            "object_marking_refs": [TLP[tlp]]}


class Attributions(unittest.TestCase):
    def test_a_member_blames_nobody_without_confidence_evidence_and_amber_strict(self):
        me = hub.call("GET", "/api/v1/me", hub.lab).json["identity"]
        for made, wanted in ((relationship(created_by_ref=me), 3), (relationship(created_by_ref=me, confidence=80), 2),
                             (relationship(created_by_ref=me, confidence=80, x_evidence_basis=["payment"]), 1)):
            for query in ("", override("We are sure.")):
                status = hub.submit(made, path=hub.objects + query)
                self.assertEqual(status["failure_count"], 1)
                message = status["failures"][0]["message"]
                self.assertEqual(message.count("attribution-unsupported: ") + message.count("marking-below-floor: "), wanted, message)
        good = relationship(created_by_ref=me, confidence=80, x_evidence_basis=["payment"], object_marking_refs=[TLP["amber+strict"]])
        self.assertEqual(hub.submit(good)["success_count"], 1)
        self.assertEqual(hub.call("GET", f"{hub.objects}{good['id']}/", hub.cloud).status, 404)
        self.assertEqual(hub.submit(relationship())["success_count"], 1)  # in nobody's name


class References(unittest.TestCase):
    def test_a_container_below_a_member_that_its_sender_sees_is_warned_of(self):
        member = indicator(tlp="amber")
        self.assertEqual(hub.submit(member)["success_count"], 1)
        low = report(member["id"])
        status = hub.submit(low)
        self.assertTrue(status["failures"][0]["message"].startswith("marking-below-member: 1 of the 1 object that it holds"), status)
        self.assertEqual(hub.submit(report(member["id"], tlp="amber"))["success_count"], 1)
        status = hub.submit(low, path=hub.objects + override("Its name is public."))
        self.assertIn("marking-below-member, overridden", status["successes"][0]["message"])
        told = [one["overridden"][0] for one in entries("submit") if "overridden" in one]
        self.assertIn(("Its name is public.", ["marking-below-member"], 1), [(one["reason"], one["codes"], one["objects"]) for one in told])

    def test_a_bundle_says_it_of_its_item_and_stores_the_rest(self):
        member = indicator(tlp="amber")
        bundle = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": [member, report(member["id"])]}
        send = lambda query: hub.call("POST", "/api/v1/indicators" + query, hub.lab, json.dumps(bundle),
                                      headers={"Content-Type": "application/stix+json;version=2.1"}).json["items"]
        for query in ("?dry_run=1", ""):
            first, second = send(query)
            self.assertEqual((first["outcome"], second["outcome"], codes(second)), ("accepted", "refused", ["marking-below-member"]))

    def test_what_is_hidden_from_the_sender_is_told_as_what_is_nowhere(self):
        hidden = indicator(tlp="amber+strict")
        self.assertEqual(hub.submit(hidden, token=hub.cloud)["success_count"], 1)
        seen, absent = indicator(tlp="green"), f"indicator--{uuid.uuid4()}"
        self.assertEqual(hub.submit(seen, token=hub.cloud)["success_count"], 1)
        one = report(seen["id"])
        answers = []
        for other in (hidden["id"], absent):
            made = report(seen["id"], other)
            answers.append(told(hub.call("POST", hub.objects, hub.lab, {"objects": [made]}), made["id"]))
        self.assertEqual(*[(status, [(name, value) for name, value in headers if name not in ("Location",)], forget(body)) for status, headers, body in answers])
        self.assertIn("reference-unseen: 1 of the 2 objects that it refers to are none that you see here.", answers[0][2])
        self.assertNotIn("message", hub.submit(one)["successes"][0])

    def test_an_item_that_names_what_is_hidden_or_nowhere_is_taken_with_the_same_note(self):
        hidden = {"type": "campaign", "spec_version": "2.1", "id": f"campaign--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z",
                  "modified": "2026-01-01T00:00:00.000Z", "name": "c", "object_marking_refs": [TLP["amber+strict"]]}
        self.assertEqual(hub.submit(hidden, token=hub.cloud)["success_count"], 1)
        for query in ("?dry_run=1", ""):
            items = [share("9.5.5." + str(last), query, campaign=campaign) for last, campaign in ((1, hidden["id"]), (2, f"campaign--{uuid.uuid4()}"))]
            self.assertEqual([one["outcome"] for one in items], ["accepted"] * 2)
            unseen = [[note for note in one["notes"] if note.startswith("reference-unseen")] for one in items]
            self.assertEqual((unseen[0], len(unseen[0])), (unseen[1], 1))


def forget(body):
    """Without the submission's id and time."""
    status = json.loads(body)
    return {name: value for name, value in status.items() if name not in ("id", "request_timestamp")}


if __name__ == "__main__":
    unittest.main()
