"""TAXII 2.1 as clients meet it: each numbered line of the HTTP design, over real TLS, against the real binary."""
import datetime
import json
import re
import time
import unittest
import uuid

from community import set_up_module
from instance import TAXII, TLP, basic, indicator


def setUpModule():
    global hub, objects, submit, lab, cloud, feed, gov, submitter
    hub = set_up_module()
    objects, submit = hub.objects, hub.submit
    lab, cloud, feed, gov, submitter = hub.lab, hub.cloud, hub.feed, hub.gov, hub.submitter


def pull(token, query="", path=None):
    seen, answer = [], hub.call("GET", (path or objects) + "?" + query, token)
    while True:
        assert answer.status == 200, answer.body
        document = answer.json
        seen += document["objects"]
        assert document["more"] == ("next" in document)
        if not document["more"]:
            return seen
        assert document["objects"], "an empty page before the last"
        answer = hub.call("GET", (path or objects) + f"?limit={len(document['objects'])}&next=" + document["next"], token)


class Media(unittest.TestCase):
    def test_accept_allows_taxii_in_all_its_spellings_and_nothing_else(self):
        for accept in [TAXII, "application/taxii+json; version=2.1", "application/taxii+json", "*/*", "application/*",
                       "text/html, application/taxii+json;version=2.1;q=0.5", 'application/taxii+json;version="2.1"']:
            answer = hub.call("GET", "/taxii2/", lab, headers={"Accept": accept})
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, TAXII), accept)
        for accept in ["application/json", "application/taxii+json;version=2.0", "text/html", "application/taxii+json;q=0"]:
            answer = hub.call("GET", "/taxii2/", lab, headers={"Accept": accept})
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (406, TAXII), accept)
            self.assertIn("title", answer.json)

    def test_post_takes_envelopes_and_bundles_and_names_what_it_wants_otherwise(self):
        body = json.dumps({"objects": [indicator()]})
        bundle = json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": [indicator()]})
        for kind, text in [(TAXII, body), ("application/taxii+json", body), ("application/taxii+json; version=2.1", bundle),
                           ("application/stix+json; version=2.1", bundle), ("application/stix+json", bundle)]:
            self.assertEqual(hub.call("POST", objects, lab, text, {"Content-Type": kind}).status, 202, kind)
        for kind in ["application/json", "text/plain", "application/taxii+json;version=2.0"]:
            answer = hub.call("POST", objects, lab, body, {"Content-Type": kind})
            self.assertEqual(answer.status, 415)
            self.assertIn("application/taxii+json;version=2.1", answer.json["description"])
        for text in ["[]", "{}", '{"objects":{}}', '{"objects":[]', '{"objects":[],"objects":[]}', json.dumps(indicator())]:
            self.assertEqual(hub.call("POST", objects, lab, text).status, 422, text)

    def test_a_body_beyond_max_content_length_is_413(self):
        root = hub.call("GET", "/taxii2/root/", lab).json
        connection = hub.connect()
        connection.putrequest("POST", objects)
        connection.putheader("Authorization", "Bearer " + lab)
        connection.putheader("Content-Type", TAXII)
        connection.putheader("Content-Length", str(root["max_content_length"] + 1))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)

    def test_one_bad_object_does_not_spoil_the_others(self):
        good, bad = indicator("198.51.100.9"), indicator(pattern="[not a pattern")
        status = submit(good, bad, {"type": "indicator"}, 7)
        self.assertEqual((status["success_count"], status["failure_count"], status["total_count"]), (1, 3, 4))
        self.assertEqual(status["successes"][0]["id"], good["id"])
        self.assertIn("pattern-invalid", next(f for f in status["failures"] if f["id"] == bad["id"])["message"])

    def test_paths_work_with_and_without_the_trailing_slash(self):
        for path in ["/taxii2/", "/taxii2/root/", "/taxii2/root/collections/", objects]:
            with_slash, without = hub.call("GET", path, lab), hub.call("GET", path.rstrip("/"), lab)
            self.assertEqual((without.status, without.body), (with_slash.status, with_slash.body))


class Paging(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.path = hub.objects_of("campaigns")
        cls.ids = []
        for start in range(0, 100, 20):
            made = [indicator(f"203.0.113.{start + i}", ["green", "amber", "red"][i % 3]) for i in range(20)]
            cls.ids += [one["id"] for one in made]
            submit(*made, path=cls.path)

    def test_pages_are_full_until_the_last_and_nothing_is_missed_or_repeated(self):
        for token, visible in [(lab, lambda i: True), (cloud, lambda i: i % 20 % 3 != 2), (gov, lambda i: i % 20 % 3 == 0)]:
            expected = [one for i, one in enumerate(self.ids) if visible(i)]
            for limit in (1, 7, 20, 1000):
                seen, query = [], f"limit={limit}"
                while True:
                    document = hub.call("GET", f"{self.path}?{query}", token).json
                    seen += [one["id"] for one in document["objects"]]
                    if not document["more"]:
                        break
                    self.assertEqual(len(document["objects"]), limit)
                    query = f"limit={limit}&next={document['next']}"
                self.assertEqual(seen, expected)

    def test_next_carries_its_filters_works_again_and_is_refused_elsewhere(self):
        first = hub.call("GET", f"{self.path}?limit=3&match[type]=indicator&added_after=2020-01-01T00:00:00Z", lab).json
        second = hub.call("GET", f"{self.path}?limit=5&next={first['next']}", lab)
        again = hub.call("GET", f"{self.path}?limit=5&next={first['next']}", lab)
        self.assertEqual(second.body, again.body)
        for path, cursor in [(objects, first["next"]), (self.path, first["next"][:-2] + "AA"), (self.path, "x"), (self.path, "")]:
            self.assertEqual(hub.call("GET", f"{path}?next={cursor}", lab).status, 400)

    def test_date_added_is_strictly_increasing_with_six_digits(self):
        manifest = hub.call("GET", self.path.replace("objects", "manifest"), lab).json["objects"]
        dates = [one["date_added"] for one in manifest]
        self.assertEqual(dates, sorted(set(dates)))
        for date in dates:
            self.assertRegex(date, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_truncating_added_after_to_milliseconds_loses_nothing_and_repeats_nothing_at_rest(self):
        answer = hub.call("GET", self.path, lab)
        last = answer.headers["X-TAXII-Date-Added-Last"]
        self.assertTrue(last.endswith("000Z"), last)
        self.assertEqual(hub.call("GET", f"{self.path}?added_after={last[:-4]}Z", lab).json["objects"], [])
        seen, cursor = [], "1970-01-01T00:00:00.000Z"
        while True:
            page = hub.call("GET", f"{self.path}?limit=30&added_after={cursor}", lab)
            if not page.json["objects"]:
                self.assertIn("X-TAXII-Date-Added-Last", page.headers)
                break
            fresh = [one["id"] for one in page.json["objects"] if one["id"] not in seen]
            self.assertTrue(fresh, "the client would turn in circles")
            seen += fresh
            cursor = page.headers["X-TAXII-Date-Added-Last"][:-4] + "Z"
        self.assertEqual(seen, self.ids)

    def test_added_after_is_exclusive_in_every_precision(self):
        dates = [one["date_added"] for one in hub.call("GET", self.path.replace("objects", "manifest"), lab).json["objects"]]
        for digits in ("", "000"):
            after = dates[49][:-1] + digits + "Z"
            self.assertEqual(len(pull(lab, f"limit=1000&added_after={after}", self.path)), 50)

    def test_bad_parameters_are_400(self):
        for query in ["limit=0", "limit=-1", "limit=x", "limit=", "match[type]=", "match[type]=UPPER", "match[id]=nonsense", "match[version]=newest",
                      "match[spec_version]=3", "added_after=yesterday", "match[colour]=red", "match[version]=all,last", "match[type]=a,,b",
                      "added_after=2020-01-01T00:00:00Z&added_after=2021-01-01T00:00:00Z", "x=%zz"]:
            answer = hub.call("GET", f"{self.path}?{query}", lab)
            self.assertEqual(answer.status, 400, query)
            self.assertEqual(answer.headers["Content-Type"], TAXII)
        self.assertEqual(hub.call("GET", f"{self.path}?limit=99999999999999999999999", lab).status, 200)

    def test_brackets_work_raw_and_encoded(self):
        raw = hub.call("GET", f"{self.path}?match[type]=malware", lab)
        encoded = hub.call("GET", f"{self.path}?match%5Btype%5D=malware", lab)
        self.assertEqual((raw.status, raw.body), (200, encoded.body))
        self.assertEqual(raw.json["objects"], [])


class Versions(unittest.TestCase):
    def test_match_version_picks_first_last_all_and_exact(self):
        one = indicator("192.0.2.1", modified="2026-01-02T03:04:05.000Z")
        versions = [dict(one, modified=f"2026-01-0{day}T03:04:05.000Z") for day in (2, 4, 3)]
        for version in versions:
            self.assertEqual(submit(version)["success_count"], 1)
        days = lambda query: [o["modified"][8:10] for o in hub.call("GET", f"{objects}{one['id']}/?{query}", lab).json["objects"]]
        self.assertEqual(days(""), ["04"])
        self.assertEqual(days("match[version]=first"), ["02"])
        self.assertEqual(sorted(days("match[version]=first,last")), ["02", "04"])
        self.assertEqual(sorted(days("match[version]=all")), ["02", "03", "04"])
        self.assertEqual(days("match[version]=2026-01-03T03:04:05Z"), ["03"])
        listed = hub.call("GET", f"{objects}{one['id']}/versions/", lab).json["versions"]
        self.assertEqual(sorted(listed), ["2026-01-02T03:04:05.000Z", "2026-01-03T03:04:05.000Z", "2026-01-04T03:04:05.000Z"])

    def test_revocation_is_final_and_stays_readable(self):
        one = indicator("192.0.2.4")
        submit(one)
        submit(dict(one, revoked=True, modified="2026-01-03T00:00:00.000Z"))
        self.assertIn("chain-revoked", submit(dict(one, modified="2026-01-04T00:00:00.000Z"))["failures"][0]["message"])
        self.assertTrue(hub.call("GET", f"{objects}{one['id']}/", lab).json["objects"][0]["revoked"])

    def test_a_version_cannot_narrow_or_widen_who_sees_the_object(self):
        one = indicator("192.0.2.5", "green")
        submit(one)
        later = "2026-01-03T00:00:00.000Z"
        self.assertIn("visibility-narrowed", submit(dict(one, modified=later, object_marking_refs=[TLP["amber"]]))["failures"][0]["message"])
        self.assertIn("visibility-widened", submit(dict(one, modified=later, object_marking_refs=[TLP["clear"]]))["failures"][0]["message"])

    def test_a_version_from_the_future_is_refused(self):
        self.assertIn("modified-in-future", submit(indicator(modified="2099-01-01T00:00:00.000Z"))["failures"][0]["message"])

    def test_two_organisations_never_meet_in_a_chain(self):
        one = indicator("192.0.2.6", "green", name="ours")
        submit(one)
        theirs = dict(one, name="theirs")
        self.assertEqual(submit(theirs, token=cloud)["success_count"], 1)
        names = sorted(o["name"] for o in hub.call("GET", f"{objects}{one['id']}/", feed).json["objects"])
        self.assertEqual(names, ["ours", "theirs"])


class Access(unittest.TestCase):
    def test_credentials_are_taken_from_bearer_token_and_basic_in_any_case(self):
        for scheme in ("Bearer", "bearer", "Token", "TOKEN"):
            self.assertEqual(hub.call("GET", "/taxii2/", headers={"Authorization": f"{scheme} {lab}"}).status, 200, scheme)
        self.assertEqual(hub.call("GET", "/taxii2/", headers=basic(lab)).status, 200)
        self.assertEqual(hub.call("GET", "/api/v1/me", headers=basic(lab)).status, 401)
        for header in ["", "Bearer", "Bearer ", "Basic !!!", "Bearer " + lab[:-1], "Digest " + lab, "Bearer tocsin_0000000000000000_" + "A" * 43]:
            answer = hub.call("GET", "/taxii2/", headers={"Authorization": header})
            self.assertEqual(answer.status, 401, header)
            self.assertIn("WWW-Authenticate", answer.headers)

    def test_an_unknown_collection_looks_like_one_that_may_not_be_known(self):
        limited = hub.token("borealis", "feed", "--collections", "campaigns")
        hidden = hub.call("GET", objects, limited)
        absent = hub.call("GET", f"/taxii2/root/collections/{uuid.uuid4()}/objects/", limited)
        strip = lambda a: re.sub(rb'"error_id":"[0-9a-f]+"', b"", a.body)
        self.assertEqual((hidden.status, strip(hidden)), (404, strip(absent)))
        listed = hub.call("GET", "/taxii2/root/collections/", limited).json["collections"]
        self.assertEqual([one["title"] for one in listed], ["campaigns"])

    def test_revoking_and_disabling_take_effect_on_the_next_request(self):
        hub.organisation("dione", "lab", "green")
        one, two = hub.token("dione", "feed"), hub.token("dione", "feed")
        self.assertEqual(hub.call("GET", objects, one).status, 200)
        hub.verb("token", "revoke", one.split("_")[1])
        self.assertEqual(hub.call("GET", objects, one).status, 401)
        self.assertEqual(hub.call("GET", objects, two).status, 200)
        hub.verb("org", "disable", "dione")
        self.assertEqual(hub.call("GET", objects, two).status, 401)

    def test_expiry_address_range_and_highest_level_bind_a_token(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        ending = hub.token("aurora", "feed", "--expires", soon.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        deadline = time.monotonic() + 30
        while hub.call("GET", objects, ending).status != 401:
            self.assertLess(time.monotonic(), deadline)
        self.assertGreaterEqual(datetime.datetime.now(datetime.timezone.utc), soon)
        self.assertEqual(hub.call("GET", objects, hub.token("aurora", "feed", "--from", "203.0.113.0/24")).status, 401)
        self.assertEqual(hub.call("GET", objects, hub.token("aurora", "feed", "--from", "127.0.0.0/8")).status, 200)
        amber = indicator("192.0.2.30", "amber")
        submit(amber)
        self.assertEqual(hub.call("GET", objects + amber["id"] + "/", hub.token("aurora", "analyst", "--max-tlp", "green")).status, 404)

    def test_all_ten_tlp_ids_decide_who_sees(self):
        expected = {"clear": "lcg", "green": "lcg", "amber": "lc", "amber+strict": "l", "red": "l"}
        others = {"clear": "613f2e26-407d-48c7-9eca-b8e91df99dc9", "green": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
                  "amber": "f88d31f6-486f-44da-b317-01333bde0b82", "red": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
                  "amber+strict": "826578e1-40ad-459f-bc73-ede076f81f37"}
        for level, readers in expected.items():
            for marking in (TLP[level], "marking-definition--" + others[level]):
                one = indicator("192.0.2.31", object_marking_refs=[marking])
                self.assertEqual(submit(one)["success_count"], 1)
                for letter, token in (("l", lab), ("c", cloud), ("g", gov)):
                    status = hub.call("GET", objects + one["id"] + "/", token).status
                    self.assertEqual(status, 200 if letter in readers else 404, (level, letter))

    def test_an_unknown_marking_is_seen_by_the_asserter_only_and_a_statement_restricts_nothing(self):
        one = indicator("192.0.2.32", object_marking_refs=[f"marking-definition--{uuid.uuid4()}"])
        self.assertIn("unknown", submit(one)["successes"][0]["message"])
        self.assertEqual([hub.call("GET", objects + one["id"] + "/", t).status for t in (lab, cloud)], [200, 404])
        statement = {"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uuid.uuid4()}",
                     "created": "2026-01-01T00:00:00.000Z", "definition_type": "statement", "definition": {"statement": "Ours."}}
        two = indicator("192.0.2.33", object_marking_refs=[statement["id"]])
        submit(two, statement)
        self.assertEqual(hub.call("GET", objects + two["id"] + "/", cloud).status, 200)

    def test_a_submitter_sees_its_organisations_own_objects_only(self):
        mine, theirs = indicator("192.0.2.34", "green"), indicator("192.0.2.35", "green")
        submit(mine, token=submitter)
        submit(theirs, token=cloud)
        self.assertEqual([hub.call("GET", objects + o["id"] + "/", submitter).status for o in (mine, theirs)], [200, 404])

    def test_another_members_identity_cannot_be_named_or_published(self):
        identity = next(line.split("\t")[3] for line in hub.verb("org", "list").splitlines() if line.startswith("borealis"))
        self.assertIn("creator-foreign", submit(indicator(created_by_ref=identity))["failures"][0]["message"])
        body = {"type": "identity", "spec_version": "2.1", "id": identity, "created": "2026-01-01T00:00:00.000Z",
                "modified": "2026-01-01T00:00:00.000Z", "name": "not theirs", "identity_class": "organization"}
        self.assertIn("creator-foreign", submit(body)["failures"][0]["message"])
        self.assertEqual(submit(body, token=cloud)["success_count"], 1)

    def test_collections_are_sorted_and_titled_for_every_client(self):
        listed = hub.call("GET", "/taxii2/root/collections/", lab).json["collections"]
        self.assertEqual([one["id"] for one in listed], sorted(one["id"] for one in listed))
        for one in listed:
            self.assertRegex(one["title"], r"^[A-Za-z0-9 -]+$")
        self.assertEqual({one["title"] for one in listed}, {"network", "accounts-and-behaviour", "campaigns"})

    def test_a_tlp1_token_reads_tlp1_ids_and_a_tlp2_token_what_was_submitted(self):
        tlp1 = {"clear": "613f2e26-407d-48c7-9eca-b8e91df99dc9", "green": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
                "amber": "f88d31f6-486f-44da-b317-01333bde0b82", "amber+strict": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
                "red": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}
        old = hub.token("aurora", "analyst", "--dialect", "tlp1")
        path = hub.objects_of("accounts-and-behaviour")
        made = {level: indicator(f"192.0.2.{50 + i}", level, description=TLP[level], granular_markings=[
            {"marking_ref": TLP[level], "selectors": ["name"]}]) for i, level in enumerate(TLP)}
        submit(*made.values(), path=path)
        as_tlp1 = {level: dict(one, object_marking_refs=["marking-definition--" + tlp1[level]], granular_markings=[
            {"marking_ref": "marking-definition--" + tlp1[level], "selectors": ["name"]}]) for level, one in made.items()}
        query = "?match[id]=" + ",".join(one["id"] for one in made.values())
        tags = set()
        for token, expected in [(lab, made), (old, as_tlp1), (lab, made), (old, as_tlp1)]:  # twice: made, then from memory
            page = hub.call("GET", path + query, token)
            self.assertEqual(page.json["objects"], list(expected.values()))
            tags.add((page.headers["ETag"], len(page.body)))
            for level, one in expected.items():
                self.assertEqual(hub.call("GET", f"{path}{one['id']}/", token).json["objects"], [one], level)
        self.assertEqual(len({tag for tag, _ in tags}), 2)
        self.assertEqual(len({length for _, length in tags}), 1)
        tag = hub.call("GET", path + query, lab).headers["ETag"]
        self.assertEqual([hub.call("GET", path + query, token, headers={"If-None-Match": tag}).status for token in (lab, old)], [304, 200])
        manifests = [hub.call("GET", path.replace("objects", "manifest") + query, token).body for token in (lab, old)]
        self.assertEqual(*manifests)
        first = hub.call("GET", path + query + "&limit=2", old).json
        rest = hub.call("GET", f"{path}?next={first['next']}", old).json["objects"]
        self.assertEqual(first["objects"] + rest, list(as_tlp1.values()))
        self.assertEqual([hub.call("GET", "/api/v1/me", token).json["credential"]["dialect"] for token in (lab, old)], ["tlp2", "tlp1"])
        self.assertEqual([line.split("\t")[5] for line in hub.verb("token", "list").splitlines() if line.startswith(old.split("_")[1])], ["tlp1"])
        self.assertEqual(submit(indicator(object_marking_refs=[as_tlp1["red"]["object_marking_refs"][0]]), token=old, path=path)["success_count"], 1)
        self.assertEqual(hub.verb("token", "add", "--org", "aurora", "--role", "feed", "--dialect", "tlp3", check=False).returncode, 1)


class Http(unittest.TestCase):
    def test_head_options_conditional_and_encoded_answers(self):
        get = hub.call("GET", objects, lab)
        head = hub.call("HEAD", objects, lab)
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", get.headers["Content-Length"]))
        self.assertEqual(hub.call("OPTIONS", objects, lab).status, 204)
        again = hub.call("GET", objects, lab, headers={"If-None-Match": get.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        import gzip
        packed = hub.call("GET", objects, lab, headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), get.body)
        body = gzip.compress(json.dumps({"objects": [indicator("192.0.2.40")]}).encode())
        self.assertEqual(hub.call("POST", objects, lab, body, {"Content-Encoding": "gzip"}).status, 202)

    def test_a_page_of_another_origin_is_refused(self):
        for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(hub.call("GET", objects, lab, headers=headers).status, 403)

    def test_what_is_answered_is_visible_to_the_next_request(self):
        for i in range(50):
            one = indicator(f"192.0.2.{100 + i}", "green")
            submit(one)
            self.assertEqual(hub.call("GET", f"{objects}{one['id']}/", cloud).status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=1)
