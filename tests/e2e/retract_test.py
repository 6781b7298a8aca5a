"""What an organisation shared is taken back: what each reason does, who may, and what others then see."""
import json
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TLP, TOCSIN, indicator


def setUpModule():
    global hub, admin
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    admin = (hub.dir / "admin.token").read_text().strip()


def share(item, token=None):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, item)
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]


def retract(identifier, because, token=None, **members):
    return hub.call("POST", f"/api/v1/indicators/{identifier}/retract", token or hub.lab, {"because": because, **members})


def done(answer):
    """Outcome, and what was done to which types."""
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json["outcome"], sorted((one["change"], one["id"].split("--")[0]) for one in answer.json["changes"])


def stored(token=None, query=""):
    """The newest version of each object that the reader sees, by id; with a query that of other versions."""
    out = {}
    for alias in ("network", "accounts-and-behaviour", "campaigns"):
        page = hub.call("GET", hub.objects_of(alias) + "?limit=10000" + query, token or hub.cloud).json
        out.update({one["id"]: one for one in page.get("objects", [])})
    return out


def about(seen, identifier):
    """The relationships that lead from or to an object."""
    return [one for one in seen.values() if identifier in (one.get("source_ref"), one.get("target_ref"))]


class Wrong(unittest.TestCase):
    def test_it_is_revoked_with_the_relationships_that_lead_from_it_and_readers_see_that(self):
        campaign = hub.call("POST", "/api/v1/campaigns", hub.lab, {"name": "Retracted"}).json["items"][0]["id"]
        made = share({"kind": "ip-range", "value": "203.0.113.1", "campaign": campaign})["id"]
        before = stored()[made]
        answer = retract(made, "wrong")
        self.assertEqual(done(answer), ("retracted", [("revoked", "indicator"), ("revoked", "relationship"), ("revoked", "relationship")]))
        self.assertEqual(answer.json["changes"][0]["collections"], [hub.collection("network")])
        seen = stored()
        self.assertTrue(seen[made]["revoked"])
        self.assertGreater(seen[made]["modified"], before["modified"])
        self.assertEqual({key: value for key, value in seen[made].items() if key not in ("revoked", "modified")},
                         {key: value for key, value in before.items() if key != "modified"})
        self.assertEqual([one["revoked"] for one in about(seen, made)], [True, True])
        self.assertEqual(hub.call("GET", f"/api/v1/campaigns/{campaign}", hub.cloud).json["indicators"]["count"], 0)

    def test_again_it_is_unchanged(self):
        made = share({"kind": "proxy-asn", "value": 64496})["id"]
        self.assertEqual(done(retract(made, "wrong"))[0], "retracted")
        before = stored()
        for because in ("wrong", "duplicate", "ended"):
            self.assertEqual(done(retract(made, because)), ("unchanged", []))
        self.assertEqual(stored(), before)

    def test_the_value_is_a_new_indicator_when_it_is_shared_again(self):
        item = {"kind": "ip-range", "value": "203.0.113.2"}
        old = share(item)["id"]
        retract(old, "wrong")
        new = share(item)["id"]
        self.assertNotEqual(new, old)
        self.assertIn((new, "derived-from", old), [(one["source_ref"], one["relationship_type"], one["target_ref"]) for one in about(stored(), old)])

    def test_it_is_revoked_in_every_collection_in_which_it_is(self):
        made = share({"kind": "user-agent", "value": "retracted/1.%"})["id"]
        hub.submit(stored(hub.lab)[made], path=hub.objects_of("campaigns"))
        answer = retract(made, "wrong")
        self.assertEqual(sorted(answer.json["changes"][0]["collections"]), sorted([hub.collection("network"), hub.collection("campaigns")]))
        for alias in ("network", "campaigns"):
            [seen] = hub.call("GET", f"{hub.objects_of(alias)}{made}/", hub.cloud).json["objects"]
            self.assertTrue(seen["revoked"])

    def test_what_came_by_taxii_is_revoked_too(self):
        made = indicator("203.0.113.3", modified="2026-01-02T03:04:05.000006Z")
        hub.submit(made)
        self.assertEqual(done(retract(made["id"], "wrong")), ("retracted", [("revoked", "indicator")]))
        self.assertTrue(stored()[made["id"]]["revoked"])

    def test_a_note_tells_readers_why(self):
        made = share({"kind": "ip-range", "value": "203.0.113.4", "tlp": "amber"})["id"]
        answer = retract(made, "wrong", note="The address was ours.")
        self.assertIn(("added", "note"), done(answer)[1])
        [note] = [one for one in stored().values() if one["type"] == "note" and one["object_refs"] == [made]]
        self.assertEqual((note["content"], note["object_marking_refs"]), ("The address was ours.", [TLP["amber"]]))
        self.assertEqual([one for one in stored(hub.gov).values() if one["type"] == "note" and one["object_refs"] == [made]], [])


class Ended(unittest.TestCase):
    def test_it_holds_no_longer_and_is_not_revoked(self):
        made = share({"kind": "ip-range", "value": "203.0.113.20"})["id"]
        before = stored()[made]
        self.assertEqual(done(retract(made, "ended")), ("retracted", [("ended", "indicator")]))
        seen = stored()[made]
        self.assertNotIn("revoked", seen)
        self.assertLess(seen["valid_until"], before["valid_until"])
        self.assertLessEqual(seen["valid_until"], seen["modified"])
        self.assertEqual(done(retract(made, "ended")), ("unchanged", []))

    def test_shared_again_it_holds_again(self):
        item = {"kind": "ip-range", "value": "203.0.113.21"}
        made = share(item)
        retract(made["id"], "ended")
        again = share(item)
        self.assertEqual((again["outcome"], again["id"]), ("accepted", made["id"]))
        self.assertGreater(stored()[made["id"]]["valid_until"], stored()[made["id"]]["modified"])

    def test_what_has_ended_by_itself_is_unchanged(self):
        made = share({"kind": "ip-range", "value": "203.0.113.22", "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-01-02T00:00:00Z"})["id"]
        self.assertEqual(done(retract(made, "ended")), ("unchanged", []))

    def test_what_has_not_begun_cannot_end(self):
        made = share({"kind": "ip-range", "value": "203.0.113.23", "valid_from": "2090-01-01T00:00:00Z", "valid_until": "2090-01-02T00:00:00Z"})["id"]
        answer = retract(made, "ended")
        self.assertEqual((answer.status, answer.json["code"]), (422, "unprocessable"))

    def test_sharing_with_another_end_makes_a_version_that_differs_in_nothing_else(self):
        item = {"kind": "ip-range", "value": "203.0.113.24", "valid_until": "2090-01-01T00:00:00Z"}
        made = share(item)["id"]
        first = stored()
        for until in ("2091-01-01T00:00:00Z", "2089-01-01T00:00:00Z"):
            again = share(dict(item, valid_until=until))
            self.assertEqual((again["outcome"], again["id"]), ("accepted", made))
            seen = stored()
            self.assertEqual({one for one in seen if seen[one] != first[one]}, {made})
            self.assertEqual(seen[made]["valid_until"][:4], until[:4])
            self.assertEqual({name for name in seen[made] if seen[made][name] != first[made][name]}, {"valid_until", "modified"})


class Duplicate(unittest.TestCase):
    def test_it_is_revoked_and_says_of_what_it_is_a_duplicate(self):
        kept, made = (share({"kind": "ip-range", "value": f"203.0.113.{last}"})["id"] for last in (30, 31))
        answer = retract(made, "duplicate", duplicate_of=kept)
        self.assertIn(("added", "relationship"), done(answer)[1])
        self.assertIn((made, "duplicate-of", kept), [(one["source_ref"], one["relationship_type"], one["target_ref"]) for one in about(stored(), made)])
        self.assertNotIn("revoked", stored()[kept])
        self.assertEqual(done(retract(made, "duplicate", duplicate_of=kept)), ("unchanged", []))

    def test_nothing_names_what_is_anothers_is_marked_otherwise_or_is_not_there(self):
        others = share({"kind": "ip-range", "value": "203.0.113.32"}, hub.cloud)["id"]
        stricter = share({"kind": "ip-range", "value": "203.0.113.33", "tlp": "red"})["id"]
        told = []
        for last, other in enumerate((others, stricter, f"indicator--{uuid.uuid4()}"), 34):
            made = share({"kind": "ip-range", "value": f"203.0.113.{last}"})["id"]
            answer = retract(made, "duplicate", duplicate_of=other)
            told.append(done(answer))
            self.assertNotIn(other, answer.body.decode())
            self.assertEqual([one for one in about(stored(hub.lab), made) if one["relationship_type"] == "duplicate-of"], [])
        self.assertEqual(told, [("retracted", [("revoked", "indicator"), ("revoked", "relationship")])] * 3)


class Overshared(unittest.TestCase):
    def test_nobody_sees_any_of_it_in_any_version_any_more(self):
        item = {"kind": "ip-range", "value": "203.0.113.40", "proxy_class": "vpn"}
        made = share(item)["id"]
        share(dict(item, proxy_class="tor"))  # another observable, and another relationship
        network = share({"kind": "proxy-network", "name": "Overshared", "consists_of": [
            next(one["target_ref"] for one in about(stored(), made))]})["id"]
        parts = {one["id"] for one in about(stored(), made)} | {one["target_ref"] for one in about(stored(), made)} | {made}
        self.assertEqual(len(parts), 5)
        answer = retract(made, "overshared")
        self.assertEqual({one["change"] for one in answer.json["changes"]}, {"withdrawn"})
        self.assertTrue(parts <= {one["id"] for one in answer.json["changes"]})
        for token in (hub.cloud, hub.lab):
            text = json.dumps(stored(token, "&match[version]=all"))
            for one in parts:
                self.assertNotIn(one, text)
            self.assertIn(network, text)
        self.assertEqual(done(retract(made, "overshared")), ("unchanged", []))

    def test_the_value_can_be_shared_more_strictly_afterwards(self):
        item = {"kind": "ip-range", "value": "203.0.113.41"}
        made = share(item)["id"]
        retract(made, "overshared")
        stricter = share(dict(item, tlp="red"))
        self.assertNotEqual(stricter["id"], made)
        self.assertIn(stricter["id"], stored(hub.lab))
        self.assertNotIn(stricter["id"], stored(hub.cloud))
        self.assertNotIn(made, json.dumps(stored(hub.lab)))

    def test_an_observable_that_a_later_indicator_has_stays(self):
        item = {"kind": "ip-range", "value": "203.0.113.42"}
        old = share(item)["id"]
        retract(old, "wrong")
        new = share(item)["id"]
        observable = next(one["target_ref"] for one in about(stored(), new) if one["relationship_type"] == "based-on")
        answer = retract(old, "overshared")
        self.assertNotIn(observable, {one["id"] for one in answer.json["changes"]})
        seen = stored()
        self.assertNotIn(old, json.dumps(seen))
        self.assertEqual([one["relationship_type"] for one in about(seen, new)], ["based-on"])
        self.assertIn(observable, seen)

    def test_what_another_organisation_says_of_the_same_value_stays(self):
        item = {"kind": "ip-range", "value": "203.0.113.43"}
        mine, theirs = share(item)["id"], share(item, hub.cloud)["id"]
        retract(mine, "overshared")
        seen = stored()
        self.assertNotIn(mine, seen)
        [link] = about(seen, theirs)
        self.assertIn(link["target_ref"], seen)

    def test_how_many_may_have_read_it_is_told_afterwards(self):
        made = share({"kind": "ip-range", "value": "203.0.113.44"})["id"]
        self.assertEqual(retract(made, "ended").json["readers"], {"organisations": 0, "complete": True})
        stored(hub.cloud)
        stored(hub.gov)  # whose reads are on disk before they are answered
        stored(hub.lab)
        for _ in range(200):  # each asks the server anew; a read is in the trail within a second
            told = retract(made, "overshared").json["readers"]
            if told["organisations"] == 2:
                return
        self.fail(told)

    def test_a_note_is_refused(self):
        made = share({"kind": "ip-range", "value": "203.0.113.45"})["id"]
        for because in ("overshared", "personal-data"):
            answer = retract(made, because, note="see elsewhere")
            self.assertEqual((answer.status, answer.json["pointer"]), (400, "/note"))
        self.assertIn(made, stored())


class PersonalData(unittest.TestCase):
    def test_it_is_withdrawn_and_the_commands_that_erase_it_are_told_and_do(self):
        made = share({"kind": "proxy-domain", "value": "retracted.example"})["id"]
        answer = retract(made, "personal-data")
        self.assertEqual(done(answer), ("retracted", [("withdrawn", "domain-name"), ("withdrawn", "indicator"), ("withdrawn", "relationship")]))
        commands = retract(made, "personal-data").json["erase"]
        self.assertEqual(commands, answer.json["erase"])
        self.assertEqual(len(commands), 3)
        for command in commands:
            words = command.split()
            self.assertEqual(words[:4], ["tocsind", "erase", "--org", "'aurora'"])
            self.assertIn("erased", hub.verb("erase", "--org", "aurora", words[4]))
        self.assertEqual(retract(made, "personal-data").status, 404)


class Whose(unittest.TestCase):
    def test_anothers_a_hidden_and_an_absent_one_are_the_same_404(self):
        made = share({"kind": "ip-range", "value": "203.0.113.60"})["id"]
        red = share({"kind": "ip-range", "value": "203.0.113.61", "tlp": "red"})["id"]
        narrow = hub.token("aurora", "analyst", "--max-tlp", "green")
        before = stored(hub.lab)
        bodies = []
        for because in ("wrong", "overshared", "ended"):
            for identifier, token in ((made, hub.cloud), (red, hub.cloud), (red, narrow), (f"indicator--{uuid.uuid4()}", hub.cloud),
                                      ("nothing", hub.lab), (f"malware--{uuid.uuid4()}", hub.lab)):
                answer = retract(identifier, because, token)
                self.assertEqual(answer.status, 404, answer.body)
                bodies.append({key: value for key, value in answer.json.items() if key not in ("instance", "request_id")})
        self.assertEqual([one for one in bodies if one != bodies[0]], [])
        self.assertEqual(stored(hub.lab), before)

    def test_a_credential_of_some_collections_retracts_nothing_that_is_in_others_too(self):
        made = share({"kind": "user-agent", "value": "reached/1.%"})["id"]
        hub.submit(stored(hub.lab)[made], path=hub.objects_of("campaigns"))
        narrow = hub.token("aurora", "analyst", "--collections", hub.collection("network"))
        answer = retract(made, "overshared", narrow)
        self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))
        self.assertIn(made, stored())

    def test_an_administrator_ends_what_anybody_published_and_makes_no_versions(self):
        made = indicator("203.0.113.62")
        hub.submit(made)
        hub.submit(made, token=hub.cloud)
        self.assertEqual(retract(made["id"], "wrong", admin).status, 403)
        self.assertEqual(done(retract(made["id"], "overshared", admin)), ("retracted", [("withdrawn", "indicator")] * 2))
        self.assertNotIn(made["id"], stored())

    def test_the_trail_tells_who_retracted_and_why_and_not_what(self):
        one, other = (share({"kind": "ip-range", "value": f"203.0.113.{last}"})["id"] for last in (63, 64))
        retract(one, "wrong")
        retract(other, "overshared")
        auditor = hub.token("aurora", "auditor")
        entries = hub.call("GET", "/api/v1/audit/entries?limit=10000", auditor).json["entries"]
        texts = [json.loads(entry["entry"]) for entry in entries]
        revoked = next(entry for entry in reversed(texts) if entry["action"] == "submit" and "retracted" in entry)
        self.assertEqual(revoked["retracted"][0]["because"], "wrong")
        withdrawn = next(entry for entry in reversed(texts) if entry["action"] == "retract")
        self.assertEqual((withdrawn["because"], withdrawn["objects"], withdrawn["publications"], withdrawn["organisation"]),
                         ("overshared", 3, 3, "aurora"))
        self.assertNotIn(other.split("--")[1], json.dumps(texts))


class Program(unittest.TestCase):
    def run_tocsin(self, *words):
        return subprocess.run([TOCSIN, *words], capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})

    def test_it_says_what_was_done(self):
        made = share({"kind": "user-agent", "value": "program/1.%"})["id"]
        run = self.run_tocsin("retract", made, "--because", "wrong", "--note", "A mistake of ours.")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stdout.splitlines()[0], f"revoked  {made}")
        self.assertEqual(run.stdout.splitlines()[2], "0 organisations may have read it")
        self.assertEqual(self.run_tocsin("retract", made, "--because", "wrong").stdout.splitlines()[0], f"unchanged  {made}")
        told = self.run_tocsin("retract", made, "--because", "personal-data").stdout
        self.assertIn(f"  tocsind erase --org 'aurora' {made}\n", told)
        self.assertEqual(json.loads(self.run_tocsin("--json", "retract", made, "--because", "overshared").stdout)["outcome"], "unchanged")

    def test_what_is_not_there_is_5_and_what_is_no_reason_1(self):
        self.assertEqual(self.run_tocsin("retract", f"indicator--{uuid.uuid4()}", "--because", "wrong").returncode, 5)
        self.assertEqual(self.run_tocsin("retract", f"indicator--{uuid.uuid4()}", "--because", "boredom").returncode, 1)


if __name__ == "__main__":
    unittest.main()
