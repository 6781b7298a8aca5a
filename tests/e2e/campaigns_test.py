"""Campaigns and networks of proxies in the native form, over HTTPS against the real binary: what refers to what in one body."""
import json
import pathlib
import subprocess
import tempfile
import unittest

from community import set_up_module
from instance import TLP, TOCSIN


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(body, query="", path="/api/v1/indicators", token=None):
    return hub.call("POST", path + query, token or hub.lab, body if isinstance(body, (str, bytes)) else json.dumps(body),
                    {"Content-Type": "application/json"})


def stored(token=None):
    """The newest version of each object that the reader sees, by id."""
    out = {}
    for alias in ("network", "accounts-and-behaviour", "campaigns"):
        page = hub.call("GET", hub.objects_of(alias) + "?limit=10000", token or hub.lab).json
        out.update({one["id"]: one for one in page.get("objects", [])})
    return out


def links(seen, *types):
    return {(one["source_ref"], one["relationship_type"], one["target_ref"]) for one in seen.values() if one.get("relationship_type") in types}


def whole(name, first):
    """A campaign, what it used and what gives it away, in an order in which everything comes before what it refers to."""
    return [{"kind": "proxy-network", "name": f"{name} proxies", "ref": "net", "campaign": "local:gang", "consists_of": ["local:range", "local:as"]},
            {"kind": "ip-range", "value": f"{first}.1-{first}.4", "ref": "range", "campaign": "local:gang"},
            {"kind": "proxy-asn", "value": 65_436 + int(first.rsplit(".", 1)[1]), "ref": "as"},
            {"kind": "user-agent", "value": f"{name}/1.%", "campaign": "local:gang"},
            {"kind": "campaign", "name": name, "ref": "gang", "exchange_count": 13_000_000, "exchange_count_basis": "lower-bound"}]


def outcomes(answer):
    if answer.status != 200:
        raise AssertionError(answer.body)
    return [one["outcome"] for one in answer.json["items"]]


def found(item):
    return [(one["code"], one.get("pointer")) for one in item.get("findings", [])]


class OneBody(unittest.TestCase):
    def test_items_refer_to_each_other_in_any_order(self):
        answer = share(whole("Purple Heron", "198.51.100"))
        self.assertEqual(outcomes(answer), ["accepted"] * 7)
        ids = {}
        for item in answer.json["items"]:
            ids.setdefault(item["kind"], []).append(item["id"])
        seen = stored(hub.cloud)
        [campaign], [network] = ids["campaign"], ids["proxy-network"]
        self.assertEqual(seen[campaign]["object_marking_refs"], [TLP["amber"]])
        self.assertEqual(links(seen, "indicates") & {(one, "indicates", campaign) for one in seen},
                         {(one, "indicates", campaign) for one in ids["ip-range"] + ids["user-agent"]})
        self.assertEqual({one for one in links(seen, "uses") if one[0] == campaign}, {(campaign, "uses", network)})
        parts = {seen[target]["type"] + " " + str(seen[target].get("value", seen[target].get("number")))
                 for source, _, target in links(seen, "consists-of") if source == network}
        self.assertEqual(parts, {"ipv4-addr 198.51.100.1", "ipv4-addr 198.51.100.2/31", "ipv4-addr 198.51.100.4", "autonomous-system 65536"})

    def test_the_same_body_again_stores_nothing_and_makes_no_second_relationship(self):
        body = whole("Night Heron", "198.51.101")
        share(body)
        before = stored()
        again = share(body)
        self.assertEqual(outcomes(again), ["unchanged"] * 7)
        self.assertEqual(stored(), before)

    def test_a_campaign_shared_again_under_its_name_is_a_version_of_the_same(self):
        first = share({"kind": "campaign", "name": "White Stork"}).json["items"][0]
        second = share({"kind": "campaign", "name": " white  STORK", "account_count": 24_123, "account_count_basis": "estimate"}).json["items"][0]
        self.assertEqual((second["outcome"], second["id"]), ("accepted", first["id"]))
        self.assertIn("rounded", second["notes"][0])
        facts = stored()[first["id"]]["extensions"]["extension-definition--d5bc1dbe-9168-41c0-bffa-8dd6d4616ecc"]
        self.assertEqual(facts["account_count"], 24_000)
        other = share({"kind": "campaign", "name": "White Stork"}, token=hub.cloud).json["items"][0]
        self.assertNotEqual(other["id"], first["id"])

    def test_a_relationship_that_is_new_makes_an_item_that_was_there_accepted(self):
        share({"kind": "proxy-asn", "value": 64510})
        network = {"kind": "proxy-network", "name": "Growing"}
        self.assertEqual(outcomes(share(network)), ["accepted"])
        grown = [dict(network, consists_of=["local:as"]), {"kind": "proxy-asn", "value": 64510, "ref": "as"}]
        self.assertEqual(outcomes(share(grown)), ["accepted", "unchanged"])
        self.assertEqual(outcomes(share(grown)), ["unchanged", "unchanged"])

    def test_a_name_that_nobody_has_and_a_circle_are_refused_with_their_places_and_nothing_else_is(self):
        answer = share([{"kind": "proxy-asn", "value": 64501, "campaign": "local:nobody"},
                        {"kind": "proxy-network", "name": "a", "ref": "a", "consists_of": ["local:b"]},
                        {"kind": "proxy-network", "name": "b", "ref": "b", "proxy_class": "vpn", "reseller_of_refs": ["local:a"]},
                        {"kind": "proxy-network", "name": "c", "consists_of": ["local:a"]},
                        {"kind": "proxy-network", "name": "d", "consists_of": ["local:agent"]},
                        {"kind": "user-agent", "value": "harvest/3.%", "ref": "agent"}]).json
        self.assertEqual([found(one) for one in answer["items"]],
                         [[("reference-unknown", "/0/campaign")], [("reference-cycle", "/1/consists_of/0")],
                          [("reference-cycle", "/2/reseller_of_refs/0")], [("reference-refused", "/3/consists_of/0")],
                          [("reference-type", "/4/consists_of/0")], []])

    def test_what_refers_to_an_item_that_the_store_refuses_is_refused_with_it(self):
        share({"kind": "campaign", "name": "Narrow"})
        answer = share([{"kind": "proxy-asn", "value": 64502, "campaign": "local:c"}, {"kind": "campaign", "name": "Narrow", "tlp": "red", "ref": "c"}])
        self.assertEqual([found(one) for one in answer.json["items"]], [[("reference-refused", "/0/campaign")], [("visibility-narrowed", "/1/tlp")]])

    def test_an_indicator_that_names_a_stored_campaign_indicates_it(self):
        campaign = share({"kind": "campaign", "name": "Black Kite"}).json["items"][0]["id"]
        made = share({"kind": "proxy-asn", "value": 64503, "campaign": campaign}).json["items"][0]["id"]
        self.assertIn((made, "indicates", campaign), links(stored(), "indicates"))

    def test_a_dry_run_shows_the_relationships_and_stores_nothing(self):
        before = stored()
        answer = share(whole("Dry Heron", "198.51.102"), "?dry_run=1").json
        kinds = [one["relationship_type"] for item in answer["items"] for one in item["objects"] if one["type"] == "relationship"]
        self.assertEqual(sorted(kinds), ["based-on"] * 4 + ["consists-of"] * 4 + ["indicates"] * 4 + ["uses"])
        self.assertEqual(stored(), before)


class Whole(unittest.TestCase):
    def test_nothing_is_stored_when_an_item_is_refused_by_the_rules(self):
        before = stored()
        answer = share([*whole("Whole Heron", "198.51.103"), {"kind": "proxy-asn", "value": "nonsense"}], "?atomic=1")
        self.assertEqual([found(one)[0][0] for one in answer.json["items"]], ["submission-refused"] * 7 + ["property-value"])
        self.assertEqual((answer.json["accepted"], stored()), (0, before))

    def test_nothing_is_stored_when_the_store_refuses_an_item_of_another_collection(self):
        share({"kind": "campaign", "name": "Kept Narrow"})
        before = stored()
        answer = share([{"kind": "proxy-asn", "value": 64504}, {"kind": "user-agent", "value": "kept/1.%"},
                        {"kind": "campaign", "name": "Kept Narrow", "tlp": "red"}], "?atomic=1")
        self.assertEqual([found(one)[0][0] for one in answer.json["items"]], ["submission-refused"] * 2 + ["visibility-narrowed"])
        self.assertEqual(stored(), before)
        self.assertEqual(outcomes(share({"kind": "proxy-asn", "value": 64504})), ["accepted"])

    def test_everything_is_stored_when_nothing_is_refused(self):
        answer = share(whole("Sound Heron", "198.51.104"), "?atomic=1")
        self.assertEqual(outcomes(answer), ["accepted"] * 7)
        self.assertTrue({one["id"] for one in answer.json["items"]} <= set(stored(hub.cloud)))
        self.assertEqual(outcomes(share(whole("Sound Heron", "198.51.104"), "?atomic=1")), ["unchanged"] * 7)

    def test_what_is_too_much_for_one_transaction_is_refused_as_a_whole(self):
        answer = share([{"kind": "proxy-asn", "value": 400_000 + i} for i in range(1_400)], "?atomic=1")
        self.assertEqual((answer.status, answer.json["code"]), (413, "content-too-large"))


class Demonstration(unittest.TestCase):
    def test_the_demonstration_is_stored_whole_and_counts_what_it_says(self):
        body = pathlib.Path("scripts/demo/campaigns.json").read_text()
        answer = share(body, "?atomic=1")
        self.assertEqual(set(outcomes(answer)), {"accepted"}, answer.body)
        actors = [one for one in json.loads(body) if one["kind"] == "campaign"]
        self.assertEqual((sum(one["account_count"] for one in actors), [one["exchange_count"] for one in actors]),
                         (24_000, [13_000_000, 3_400_000, 150_000]))
        heron = next(item["id"] for item in answer.json["items"] if item["kind"] == "campaign")
        seen = hub.call("GET", "/api/v1/campaigns/" + heron, hub.cloud).json
        self.assertEqual(seen["indicators"]["by_kind"], {"ip-range": 2, "proxy-asn": 1, "user-agent": 1})


class Routes(unittest.TestCase):
    def test_the_kind_is_implied_and_no_other_is_taken(self):
        self.assertEqual(outcomes(share({"name": "Red Kite"}, path="/api/v1/campaigns")), ["accepted"])
        self.assertEqual(outcomes(share({"name": "Red Kite Net"}, path="/api/v1/infrastructures")), ["accepted"])
        answer = share([{"name": "Red Kite"}, {"kind": "proxy-asn", "value": 1}], path="/api/v1/campaigns")
        self.assertEqual([found(one) for one in answer.json["items"]], [[], [("property-value", "/1/kind")]])

    def test_a_table_of_campaigns_has_names_in_its_header(self):
        answer = hub.call("POST", "/api/v1/campaigns", hub.lab, "name,exchange_count,exchange_count_basis,target_models\nLittle Egret,150000,estimate,a;b\n",
                          {"Content-Type": "text/csv"})
        self.assertEqual(outcomes(answer), ["accepted"])


class View(unittest.TestCase):
    def read(self, path, token=None):
        return hub.call("GET", "/api/v1/campaigns" + path, token or hub.cloud)

    def campaign(self, name, **facts):
        return share(dict({"name": name}, **facts), path="/api/v1/campaigns").json["items"][0]["id"]

    def test_what_indicates_a_campaign_is_counted_over_what_the_reader_sees(self):
        campaign = self.campaign("Counted", account_count=24_000, account_count_basis="exact")
        share([{"kind": "proxy-asn", "value": 64505, "campaign": campaign}, {"kind": "proxy-asn", "value": 64506, "campaign": campaign},
               {"kind": "user-agent", "value": "counted/1.%", "campaign": campaign, "tlp": "red"}])
        seen = self.read("/" + campaign).json
        self.assertEqual(seen["indicators"], {"count": 2, "by_kind": {"proxy-asn": 2}, "complete": True})
        self.assertEqual(seen["said"][0]["accounts"], {"count": 24_000, "basis": "exact"})
        self.assertEqual(seen["at_least"], {"accounts": 24_000})
        self.assertEqual(self.read("/" + campaign, hub.lab).json["indicators"]["by_kind"], {"proxy-asn": 2, "user-agent": 1})
        self.assertEqual(self.read("/" + campaign, hub.gov).status, 404)
        self.assertEqual(self.read("/campaign--00000000-0000-4000-8000-000000000000").status, 404)

    def test_an_indicator_that_is_withdrawn_or_erased_is_not_counted_and_a_revoked_one_by_its_relationship(self):
        campaign = self.campaign("Shrinking")
        ids = [one["id"] for one in share([{"kind": "proxy-asn", "value": 64507 + i, "campaign": campaign} for i in range(3)]).json["items"]]
        self.assertEqual(self.read("/" + campaign).json["indicators"]["count"], 3)
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{ids[0]}/", hub.lab).status, 200)
        version = stored()[ids[1]]
        hub.submit(dict(version, revoked=True, modified=version["modified"][:-1] + "5Z"))
        left = self.read("/" + campaign).json["indicators"]["count"]
        # The relationship of the revoked one says so still, and its indicator is shown.
        self.assertEqual(left, 2)
        hub.verb("erase", "--org", "aurora", ids[2])
        self.assertEqual(self.read("/" + campaign).json["indicators"]["count"], 1)

    def sight(self, identifier, token=None, **members):
        answer = hub.call("POST", f"/api/v1/indicators/{identifier}/sightings", token or hub.cloud, dict({"outcome": "confirmed"}, **members))
        self.assertEqual(answer.status, 200, answer.body)

    def test_sightings_of_it_and_of_what_indicates_it_are_counted_by_day(self):
        campaign = self.campaign("Sighted")
        one, other = (item["id"] for item in share([{"kind": "proxy-asn", "value": value, "campaign": campaign} for value in (65549, 65550)]).json["items"])
        self.sight(one, count=5, first_seen="2026-01-01T00:00:00Z", last_seen="2026-01-02T23:59:59.9Z")
        self.sight(other, hub.lab, count=2, last_seen="2026-01-02T00:00:00Z")
        self.sight(other, outcome="suspected", last_seen="2026-01-04T00:00:00Z")
        self.sight(other, outcome="false-positive", count=100, last_seen="2026-01-04T00:00:00Z")
        self.sight(other, count=100, last_seen="2026-01-04T00:00:00Z", tlp="red")
        now = "2026-01-05T10:00:00.000Z"
        hub.submit({"type": "sighting", "spec_version": "2.1", "id": "sighting--6f7c35f0-6f0b-4f4c-8a43-1f3e0f3b5a01", "created": now, "modified": now,
                    "sighting_of_ref": campaign, "object_marking_refs": [TLP["amber"]]}, token=hub.lab, path=hub.objects_of("campaigns"))
        unrelated = share([{"kind": "proxy-asn", "value": 65551}]).json["items"][0]["id"]
        self.sight(unrelated, last_seen="2026-01-02T00:00:00Z")
        days = [{"day": "2026-01-02", "sightings": 2, "count": 7, "organisations": 2}, {"day": "2026-01-04", "sightings": 1, "count": 1, "organisations": 1},
                {"day": "2026-01-05", "sightings": 1, "count": 1, "organisations": 1}]
        self.assertEqual(self.read("/" + campaign, hub.lab).json["sightings"], {"by_day": days, "complete": True})
        days[1] = {"day": "2026-01-04", "sightings": 2, "count": 101, "organisations": 1}
        self.assertEqual(self.read("/" + campaign, hub.cloud).json["sightings"], {"by_day": days, "complete": True})

    def test_a_day_that_has_not_come_yet_is_the_day_on_which_it_was_said(self):
        campaign = self.campaign("Sighted ahead")
        made = share({"kind": "user-agent", "value": "ahead/1.%", "campaign": campaign}).json["items"][0]["id"]
        said = {"outcome": "confirmed", "first_seen": "2199-01-01T00:00:00Z", "last_seen": "2199-01-02T00:00:00Z"}
        sighting = hub.call("POST", f"/api/v1/indicators/{made}/sightings", hub.cloud, said).json["id"]
        [stored] = hub.call("GET", f"{hub.objects}{sighting}/", hub.cloud).json["objects"]
        [one] = self.read("/" + campaign, hub.cloud).json["sightings"]["by_day"]
        self.assertEqual(one["day"], stored["modified"][:10])

    def test_what_indicates_it_for_others_only_is_sighted_for_them_only(self):
        campaign = self.campaign("Sighted by few")
        made = share({"kind": "user-agent", "value": "few/1.%", "campaign": campaign, "tlp": "red"}).json["items"][0]["id"]
        self.sight(made, hub.lab, last_seen="2026-01-04T00:00:00Z")
        self.assertEqual(self.read("/" + campaign, hub.cloud).json["sightings"], {"by_day": [], "complete": True})
        self.assertEqual(len(self.read("/" + campaign, hub.lab).json["sightings"]["by_day"]), 1)

    def test_counts_of_several_asserters_stand_beside_each_other(self):
        campaign = self.campaign("Shared", exchange_count=13_000_000, exchange_count_basis="lower-bound")
        mine = dict(stored()[campaign])
        del mine["created_by_ref"]
        mine["extensions"]["extension-definition--d5bc1dbe-9168-41c0-bffa-8dd6d4616ecc"].update(exchange_count=14_000_000, account_count=9, account_count_basis="estimate")
        answer = hub.submit(mine, token=hub.cloud, path=hub.objects_of("campaigns"))
        self.assertEqual(answer["success_count"], 1, answer)
        seen = self.read("/" + campaign).json
        self.assertEqual([one["exchanges"]["count"] for one in seen["said"]], [13_000_000, 14_000_000])
        self.assertEqual(seen["at_least"], {"exchanges": 14_000_000})
        self.assertNotIn("created_by_ref", seen["said"][1])
        # Who names itself is told by name; who does not is not named.
        self.assertEqual([one.get("organisation") for one in seen["said"]], ["aurora", None])
        listed = [one for one in self.read("?limit=200").json["campaigns"] if one["id"] == campaign]
        self.assertEqual({one.get("organisation") for one in listed}, {"aurora", None})

    def test_pages_show_each_campaign_once_and_say_where_to_go_on(self):
        wanted = {self.campaign(f"Paged {i}") for i in range(5)}
        told, after = [], ""
        while True:
            page = self.read("?limit=2" + (f"&after={after}" if after else "")).json
            told += [(one["id"], one.get("created_by_ref")) for one in page["campaigns"]]
            after = page["after"]
            if page["complete"]:
                break
        self.assertEqual(len(told), len(set(told)))
        self.assertTrue(wanted <= {one for one, _ in told})
        late = self.campaign("Paged late")
        self.assertEqual([one["id"] for one in self.read(f"?after={after}").json["campaigns"]], [late])

    def test_reads_are_in_the_audit_trail(self):
        token = hub.token("borealis", "feed")
        self.assertEqual(self.read("/" + self.campaign("Audited"), token).status, 200)
        read = f"\t{token[7:23]}\tread\t{hub.collection('campaigns')} campaigns\tobjects=1 requests=1"
        for _ in range(200):  # each asks the server anew; a read is in the trail within a second
            if read in hub.verb("audit", "list"):
                return
        self.fail("the read is not in the trail")


class Program(unittest.TestCase):
    """`tocsin campaign` and `tocsin share --atomic`, as docs/cli.md promises them."""

    def run_tocsin(self, *words, stdin=""):
        return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=60,
                              env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name})

    def test_a_file_is_shared_whole_or_not_at_all(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "some.json"
            file.write_text(json.dumps([*whole("Program Heron", "198.51.105"), {"kind": "proxy-asn", "value": "x"}]))
            done = self.run_tocsin("share", "--atomic", file)
            self.assertEqual((done.returncode, done.stdout), (2, "0 accepted, 0 unchanged, 8 refused\n"))
            file.write_text(json.dumps(whole("Program Heron", "198.51.105")))
            done = self.run_tocsin("share", "--atomic", file)
            self.assertEqual((done.returncode, done.stdout), (0, "7 accepted, 0 unchanged, 0 refused\n"))

    def test_a_campaign_is_listed_and_shown(self):
        made = share({"name": "Printed", "exchange_count": 3_400_000, "exchange_count_basis": "estimate", "first_seen": "2026-01-02T00:00:00Z",
                      "release_pivots": [{"model": "example-2", "time": "2026-01-02T00:00:00Z", "seconds": 86_400, "share": 0.5}]},
                     path="/api/v1/campaigns").json["items"][0]["id"]
        seen = share([{"kind": "proxy-asn", "value": 65548, "campaign": made}]).json["items"][0]["id"]
        for day, count in (("2026-01-02", 8), ("2026-01-04", 2)):
            hub.call("POST", f"/api/v1/indicators/{seen}/sightings", hub.cloud, {"outcome": "confirmed", "count": count, "last_seen": day + "T00:00:00Z"})
        done = self.run_tocsin("campaign", "list")
        self.assertIn(f"{made}  Printed  3,400,000 (estimate) exchanges", done.stdout)
        self.assertIn(made, {one["id"] for one in json.loads(self.run_tocsin("--json", "campaign", "list").stdout)["campaigns"]})
        done = self.run_tocsin("campaign", "show", made)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^Printed  \([a-z+]+, aurora\)\n")
        for line in ("exchanges     3,400,000 (estimate)", "turned to     example-2, released 2026-01-02T00:00:00Z: 50 % of the traffic moved within 24 h",
                     "  seen          from 2026-01-02T00:00:00Z", "Indicated by 1 indicator that you see", "Seen in 2 sightings, by day (UTC)", f"  2026-01-02  {'#' * 40}  8\n",
                     f"  2026-01-04  {'#' * 10}{' ' * 30}  2\n"):
            self.assertIn(line, done.stdout)
        self.assertEqual(self.run_tocsin("campaign", "show", "campaign--00000000-0000-4000-8000-000000000000").returncode, 5)
        self.assertEqual(self.run_tocsin("campaign", "show").returncode, 1)


if __name__ == "__main__":
    unittest.main()
