"""Indicators in the native form, over HTTPS against the real binary: what an analyst sends and what readers then see."""
import datetime
import json
import pathlib
import subprocess
import tempfile
import unittest

from community import set_up_module
from instance import TLP, TOCSIN

PROXY = "extension-definition--89c65579-de9b-4210-a48f-5526194a31fd"


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(body, query="", content_type="application/json", token=None):
    if not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    return hub.call("POST", "/api/v1/indicators" + query, token or hub.lab, body, {"Content-Type": content_type})


def stored(token=None, alias="network"):
    """The newest version of each object that the reader sees, by id."""
    found, query = {}, "?limit=10000"
    while query:
        page = hub.call("GET", hub.objects_of(alias) + query, token or hub.lab).json
        found |= {one["id"]: one for one in page.get("objects", [])}
        query = f"?limit=10000&next={page['next']}" if page.get("more") else None
    return found


def only(answer):
    if answer.status != 200 or len(answer.json["items"]) != 1:
        raise AssertionError(answer.body)
    return answer.json["items"][0]


class Json(unittest.TestCase):
    def test_an_item_becomes_an_indicator_its_observable_and_the_relationship_between_them(self):
        item = only(share({"kind": "ip-range", "value": "2001:DB8:0::/48", "confidence": 80, "proxy_class": "vpn", "action": "challenge"}))
        self.assertEqual((item["outcome"], item["collection"]), ("accepted", "network"))
        seen = stored(hub.cloud)
        indicator = seen[item["id"]]
        self.assertEqual(indicator["pattern"], "[ipv6-addr:value ISSUBSET '2001:db8::/48']")
        self.assertEqual((indicator["confidence"], indicator["object_marking_refs"]), (80, [TLP["green"]]))
        self.assertEqual(indicator["created_by_ref"], hub.call("GET", "/api/v1/me", hub.lab).json["identity"])
        link = next(one for one in seen.values() if one.get("source_ref") == item["id"])
        observable = seen[link["target_ref"]]
        self.assertEqual((observable["type"], observable["value"]), ("ipv6-addr", "2001:db8::/48"))
        self.assertEqual(observable["extensions"][PROXY]["proxy_class"], "vpn")

    def test_what_is_said_again_is_unchanged_and_what_is_said_newly_is_a_new_version(self):
        native = {"kind": "ip-range", "value": "198.51.100.77"}
        first, again = only(share(native)), only(share(native))
        self.assertEqual([first["outcome"], again["outcome"]], ["accepted", "unchanged"])
        self.assertEqual(first["id"], again["id"])
        before = stored()
        newer = only(share(dict(native, confidence=10)))
        self.assertEqual((newer["outcome"], newer["id"]), ("accepted", first["id"]))
        after = stored()
        self.assertEqual({one for one in after if after[one] != before.get(one)}, {first["id"]})
        self.assertEqual(len(hub.call("GET", f"{hub.objects}{first['id']}/versions/", hub.lab).json["versions"]), 2)

    def test_an_observable_that_differs_has_a_new_id_and_the_indicator_stays(self):
        native = {"kind": "ip-range", "value": "198.51.100.78"}
        first = only(share(native))
        newer = only(share(dict(native, proxy_class="mobile")))
        self.assertEqual((newer["outcome"], newer["id"]), ("accepted", first["id"]))
        self.assertEqual(only(share(dict(native, proxy_class="mobile")))["outcome"], "unchanged")
        targets = {one["target_ref"] for one in stored().values() if one.get("source_ref") == first["id"]}
        self.assertEqual(len(targets), 2)

    def test_each_organisation_has_its_own_indicator_of_a_value(self):
        native = {"kind": "ip-range", "value": "198.51.100.79"}
        self.assertNotEqual(only(share(native))["id"], only(share(native, token=hub.cloud))["id"])

    def test_after_a_revocation_the_value_becomes_a_new_indicator_derived_from_the_old(self):
        native = {"kind": "ip-range", "value": "198.51.100.80"}
        old = only(share(native))["id"]
        revoked = dict(stored()[old], revoked=True, modified=stored()[old]["modified"][:-1] + "5Z")
        answer = hub.submit(revoked)
        self.assertEqual(answer["success_count"], 1, answer)
        new = only(share(native))
        self.assertEqual(new["outcome"], "accepted")
        self.assertNotEqual(new["id"], old)
        self.assertIn((new["id"], "derived-from", old), {(one.get("source_ref"), one.get("relationship_type"), one.get("target_ref"))
                                                         for one in stored().values()})
        self.assertEqual(only(share(native))["outcome"], "unchanged")

    def test_what_was_withdrawn_is_shown_again(self):
        native = {"kind": "ip-range", "value": "198.51.100.81"}
        made = only(share(native))["id"]
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{made}/", hub.lab).status, 200)
        self.assertNotIn(made, stored())
        self.assertEqual(only(share(native))["id"], made)
        self.assertIn(made, stored())

    def test_a_version_that_came_by_taxii_is_what_the_next_one_follows(self):
        native = {"kind": "ip-range", "value": "198.51.100.82"}
        made = only(share(native))["id"]
        version = stored()[made]
        self.assertEqual(hub.submit(dict(version, confidence=5, modified=version["modified"][:-1] + "5Z"))["success_count"], 1)
        self.assertEqual(only(share(dict(native, confidence=5)))["outcome"], "unchanged")
        self.assertEqual(only(share(native))["id"], made)
        self.assertNotIn("confidence", stored()[made])

    def test_a_refusal_says_what_where_and_how_to_mend_it_and_spoils_no_other(self):
        answer = share([{"kind": "ip-range", "value": "198.51.100.90"}, {"kind": "ip-range", "value": "198.51.100.91", "proxy_clas": "vpn"},
                        {"kind": "ip-range", "value": "198.51.100.92", "tlp": "clear"}, {"kind": "ip-rnage", "value": "1.1.1.1"}, 7,
                        {"kind": "ip-range", "value": "198.51.100.0/33"}, {"kind": "ip-range", "value": "198.51.100.90", "confidence": 1},
                        {"kind": "ip-range", "value": "198.51.100.93", "valid_until": "2020-01-01T00:00:00Z"}]).json
        self.assertEqual((answer["accepted"], answer["refused"]), (1, 7))
        found = [(one["findings"][0]["code"], one["findings"][0].get("pointer")) for one in answer["items"][1:]]
        self.assertEqual(found, [("property-unknown", "/1/proxy_clas"), ("marking-below-floor", "/2/tlp"), ("property-value", "/3/kind"),
                                 ("not-an-object", "/4"), ("property-value", "/5/value"), ("item-repeated", "/6/value"),
                                 ("timestamp-order", "/7/valid_until")])
        self.assertIn("Did you mean `proxy_class`?", answer["items"][1]["findings"][0]["remedy"])
        self.assertIn("Did you mean `ip-range`?", answer["items"][3]["findings"][0]["remedy"])
        self.assertNotIn("198.51.100", json.dumps([one.get("findings") for one in answer["items"]]))

    def test_of_an_item_whose_indicator_is_refused_nothing_is_stored(self):
        native = {"kind": "ip-range", "value": "198.51.100.94"}
        only(share(native))
        before = stored()
        item = only(share(dict(native, tlp="amber", proxy_class="vpn")))
        self.assertEqual([(one["code"], one["pointer"]) for one in item["findings"]], [("visibility-narrowed", "/tlp")])
        self.assertEqual(stored(), before)

    def test_a_dry_run_says_what_would_be_stored_and_stores_nothing(self):
        before = stored()
        answer = share({"kind": "ip-range", "value": "198.51.100.99/24"}, "?dry_run=1").json
        self.assertTrue(answer["dry_run"])
        [item] = answer["items"]
        self.assertEqual([one["type"] for one in item["objects"]], ["indicator", "ipv4-addr", "relationship"])
        self.assertEqual(item["objects"][0]["pattern"], "[ipv4-addr:value ISSUBSET '198.51.100.0/24']")
        self.assertIn("valid_until", item)
        self.assertIn("cleared", item["notes"][0])
        self.assertEqual(stored(), before)


class Forms(unittest.TestCase):
    def test_a_list_takes_what_it_does_not_say_from_the_query(self):
        body = "# seen on Monday\n203.0.113.7\n\n203.0.113.8-203.0.113.11\r\nnot an address\n"
        answer = share(body, "?kind=ip-range&tlp=AMBER&confidence=70", "text/plain").json
        self.assertEqual([(one["outcome"], one["line"]) for one in answer["items"]], [("accepted", 2), ("accepted", 4), ("refused", 5)])
        made = stored()[answer["items"][1]["id"]]
        self.assertEqual((made["pattern"], made["confidence"]), ("[ipv4-addr:value ISSUBSET '203.0.113.8/30']", 70))
        self.assertEqual(made["object_marking_refs"], [TLP["amber"]])

    def test_csv_has_the_names_of_properties_in_its_header(self):
        body = ('value,proxy_class,labels,description,valid_until\r\n203.0.113.20,vpn,"a; b","says ""so"", often",2090-01-31\r\n'
                '203.0.113.21,nonsense,,,\r\n')
        answer = share(body, "?kind=ip-range", "text/csv").json
        accepted, refused = answer["items"]
        made = stored()[accepted["id"]]
        self.assertEqual((made["labels"], made["description"], made["valid_until"]), (["a", "b"], 'says "so", often', "2090-01-31T00:00:00.000Z"))
        self.assertEqual((refused["line"], refused["findings"][0]["column"], refused["findings"][0]["pointer"]), (3, 2, "/proxy_class"))

    def test_csv_without_a_header_has_the_columns_of_the_documentation(self):
        answer = share("ip-range,203.0.113.30,55,amber\n", "", "text/csv").json
        self.assertEqual(stored()[only_accepted(answer)]["confidence"], 55)

    def test_columns_of_a_foreign_table_are_mapped_and_the_others_are_not_read(self):
        body = "IP,Score,Analyst\n203.0.113.31,60,somebody\n203.0.113.32,600,somebody\n"
        answer = share(body, "?kind=ip-range&map=ip:value,score:confidence", "text/csv").json
        self.assertEqual(stored()[only_accepted(answer)]["confidence"], 60)
        refused = answer["items"][1]
        self.assertEqual((refused["line"], refused["findings"][0]["column"], refused["findings"][0]["pointer"]), (3, 2, "/confidence"))

    def test_a_table_without_a_header_says_its_columns_in_the_query(self):
        answer = share("203.0.113.33,ignored,61\n", "?kind=ip-range&columns=value,,confidence", "text/csv").json
        self.assertEqual(stored()[only_accepted(answer)]["confidence"], 61)

    def test_lines_of_json_tell_line_and_column_of_a_mistake(self):
        body = '{"kind":"ip-range","value":"203.0.113.40"}\n\n{"kind":"ip-range" "value":1}\n'
        answer = share(body, "", "application/x-ndjson").json
        only_accepted(answer)
        refused = answer["items"][1]
        self.assertEqual((refused["line"], refused["findings"][0]["code"]), (3, "json-syntax"))
        self.assertEqual(refused["findings"][0]["column"], 26)

    def test_a_range_is_split_and_each_part_answered(self):
        answer = share("192.0.2.1-192.0.2.4\n", "?kind=ip-range", "text/plain").json
        patterns = {stored()[one["id"]]["pattern"] for one in answer["items"]}
        self.assertEqual(patterns, {"[ipv4-addr:value = '192.0.2.1']", "[ipv4-addr:value ISSUBSET '192.0.2.2/31']",
                                    "[ipv4-addr:value = '192.0.2.4']"})


def only_accepted(answer):
    [made] = [one["id"] for one in answer["items"] if one["outcome"] == "accepted"]
    return made


class Limits(unittest.TestCase):
    def test_a_credential_for_other_collections_shares_nothing_here(self):
        admin = (hub.dir / "admin.token").read_text().strip()
        made = hub.call("POST", "/api/v1/admin/credentials", admin, {"organisation": "aurora", "roles": ["analyst"], "collections": ["campaigns"]})
        token = made.json["token"]
        item = only(share({"kind": "ip-range", "value": "203.0.113.50"}, token=token))
        self.assertEqual([one["code"] for one in item["findings"]], ["forbidden"])

    def test_a_body_of_another_form_is_refused_whole(self):
        for body, query, kind, status, code in (("5", "", "application/json", 422, "items-invalid"), ("[1,", "", "application/json", 422, "items-invalid"),
                                                ("", "", "text/plain", 422, "items-invalid"), (b"\xff", "", "text/csv", 422, "json-encoding"),
                                                ("{}", "", "application/xml", 415, "unsupported-media-type"),
                                                ("{}", "?kinds=x", "application/json", 400, "bad-parameter"),
                                                ("1\n" * 5001, "?kind=ip-range&atomic=1", "text/plain", 413, "content-too-large"),
                                                ("[" + "1," * 5000 + "1]", "", "application/json", 413, "content-too-large"),
                                                ("value\n1\n", "?map=ip:value", "text/csv", 422, "items-invalid"),
                                                ("value\n1\n", "?map=value:nonsense", "text/csv", 400, "bad-parameter"),
                                                ("value\n1\n", "?map=ip:value&columns=value", "text/csv", 400, "bad-parameter"),
                                                ("1\n", "?columns=value", "text/plain", 400, "bad-parameter")):
            with self.subTest(body[:9], kind=kind):
                answer = share(body, query, kind)
                self.assertEqual((answer.status, answer.json["code"]), (status, code))

    def test_an_erasure_forgets_the_claim(self):
        native = {"kind": "ip-range", "value": "203.0.113.60"}
        made = only(share(native))["id"]
        hub.verb("erase", "--org", "aurora", made)
        again = only(share(native))
        self.assertEqual(again["outcome"], "accepted")
        self.assertNotEqual(again["id"], made)


class Program(unittest.TestCase):
    """`tocsin share`, as docs/cli.md promises it."""

    def share(self, *words, stdin=""):
        return subprocess.run([TOCSIN, "share", *map(str, words)], input=stdin, capture_output=True, text=True, timeout=300,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})

    def test_a_list_on_standard_input_is_shared(self):
        done = self.share("--kind", "proxy-asn", "--tlp", "amber", "-", stdin="AS64496\n64497\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "2 accepted, 0 unchanged, 0 refused\n", ""))
        again = self.share("--kind", "proxy-asn", "--tlp", "amber", "-", stdin="64496\n")
        self.assertEqual(again.stdout, "0 accepted, 1 unchanged, 0 refused\n")

    def test_a_refusal_is_a_line_with_file_line_and_column(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "some.csv"
            file.write_text("kind,value,confidence\nproxy-domain,a.proxy.example,50\nproxy-domain,b.proxy.example,500\n")
            done = self.share(file)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stdout, "1 accepted, 0 unchanged, 1 refused\n")
            self.assertTrue(done.stderr.startswith(f"{file}:3:3: refused: property-value: "), done.stderr)
            listed = json.loads(self.share("--json", file).stdout)
            self.assertEqual([(one["outcome"], one["line"], one["file"]) for one in listed["items"]],
                             [("unchanged", 2, str(file)), ("refused", 3, str(file))])

    def test_the_same_refusal_of_many_lines_is_said_once_with_the_others_lines(self):
        done = self.share("--kind", "iprange", "-", stdin="".join(f"2001:db8::{i:x}\n" for i in range(1, 2_502)))
        first, again = done.stderr.splitlines()
        self.assertTrue(first.startswith("(standard input):1: refused: property-value: There is no kind `iprange`."), first)
        self.assertTrue(first.endswith("Did you mean `ip-range`?"), first)
        self.assertEqual(again, "(standard input): As line 1, 2,500 more lines are refused: property-value: 2-2501")
        self.assertEqual((done.returncode, done.stdout), (2, "0 accepted, 0 unchanged, 2501 refused\n"))

    def test_a_suggestion_of_the_server_ends_the_sentence(self):
        done = self.share("--kind", "ip-range", "--set", "acton=block", "-", stdin="2001:db8::7\n")
        self.assertTrue(done.stderr.splitlines()[0].endswith(" Did you mean `action`?"), done.stderr)

    def test_a_long_file_is_sent_in_parts_and_lines_are_those_of_the_file(self):
        lines = [f"2001:db8:{i:x}::1" for i in range(2_500)]
        lines[2_200] = "nonsense"
        done = self.share("--kind", "ip-range", "-", stdin="\n".join(lines))
        self.assertEqual(done.stdout, "2499 accepted, 0 unchanged, 1 refused\n")
        self.assertIn("(standard input):2201: refused", done.stderr)

    def test_a_foreign_table_is_shared_by_the_names_of_its_columns(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "export.csv"
            file.write_text("address,score,note\n203.0.113.34,9,private\n")
            done = self.share("--kind", "ip-range", "--map", "address:value,score:confidence", file)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "1 accepted, 0 unchanged, 0 refused\n", ""))
            file.write_text("203.0.113.35,9\n")
            done = self.share("--json", "--kind", "ip-range", "--columns", "value,confidence", file)
            self.assertEqual((done.returncode, json.loads(done.stdout)["accepted"]), (0, 1), done.stderr)

    def test_a_run_that_is_broken_off_goes_on_when_it_is_run_again(self):
        lines = [f"2001:db8:ffff:{i:x}::1" for i in range(6_100)]
        done = self.share("--kind", "ip-range", "-", stdin="\n".join(lines[:2_500]))
        self.assertEqual(done.stdout, "2500 accepted, 0 unchanged, 0 refused\n")
        done = self.share("--kind", "ip-range", "-", stdin="\n".join(lines))
        self.assertEqual(done.stdout, "3600 accepted, 2500 unchanged, 0 refused\n")

    def test_a_file_that_cannot_be_read_is_found_before_anything_is_sent(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "some.txt"
            file.write_text("203.0.113.36\n")
            done = self.share("--kind", "ip-range", file, folder)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(folder, done.stderr)

    def test_a_dry_run_prints_the_objects_and_stores_nothing(self):
        done = self.share("--dry-run", "--kind", "user-agent", "-", stdin="harvest/9.%\n")
        [indicator] = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
        self.assertEqual(indicator["pattern"], "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE 'harvest/9.%']")
        self.assertNotIn(indicator["pattern"], {one.get("pattern") for one in stored().values()})

    def test_a_dry_run_says_once_who_would_see_it(self):
        done = self.share("--dry-run", "--kind", "ip-range", "-", stdin="203.0.113.37\n203.0.113.38\n")
        self.assertEqual(done.stderr.count("Who would see it in network: No marking names an audience"), 1, done.stderr)
        listed = json.loads(self.share("--dry-run", "--json", "--kind", "ip-range", "-", stdin="203.0.113.37\n").stdout)
        self.assertEqual([one["collection"] for one in listed["readers"]], ["network"])

    def test_every_kind_goes_to_its_collection(self):
        cases = pathlib.Path("tests/cases/kinds")
        for path in sorted(cases.glob("*.json")):
            native = next(one["native"] for one in json.loads(path.read_text()) if not one["findings"])
            native.pop("valid_until", None)
            native.pop("fingerprints", None)  # one alone is too few
            with self.subTest(path.stem):
                done = self.share("--json", "--format", "json", "-", stdin=json.dumps(native))
                self.assertEqual(done.returncode, 0, done.stdout)
                [item] = json.loads(done.stdout)["items"]
                self.assertIn(item["id"], stored(alias=item["collection"]))


class Lifetimes(unittest.TestCase):
    def test_the_operator_sets_how_long_a_kind_holds_and_a_dry_run_shows_it(self):
        def days_of(value):
            [dry] = share({"kind": "ip-range", "value": value}, "?dry_run=1").json["items"]
            [made] = share({"kind": "ip-range", "value": value}).json["items"]
            shown, given = (datetime.datetime.fromisoformat(one["valid_until"]) for one in (dry, made))
            self.assertLess(given - shown, datetime.timedelta(minutes=1))
            return round((given - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 86_400)

        self.assertEqual((days_of("203.0.113.128/27"), days_of("203.0.113.161")), (30, 7))
        hub.stop_cleanly()
        hub.configure(lifetimes__network_d="3")
        hub.start()
        self.addCleanup(hub.configure, lifetimes__network_d="30")
        self.assertEqual((days_of("203.0.113.192/27"), days_of("203.0.113.162")), (3, 7))
        [again] = share({"kind": "ip-range", "value": "203.0.113.128/27"}).json["items"]
        self.assertEqual(again["outcome"], "accepted")  # which ends earlier now


if __name__ == "__main__":
    unittest.main()
