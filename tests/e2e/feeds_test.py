"""Enforcement feeds over HTTPS against the real binary: what enters, for whom, in which bytes, and whether nft and nginx take them."""
import csv
import datetime
import hashlib
import io
import ipaddress
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from community import set_up_module
from peering import wait_for


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(value, token=None, kind="ip-range", **said):
    answer = hub.call("POST", "/api/v1/indicators?override=A%20test", token or hub.lab, {"kind": kind, "value": value, **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def ask(name, token=None, headers=None, **parameters):
    query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
    return hub.call("GET", f"/api/v1/feeds/{name}{query}", token or hub.cloud, None, headers)


def told(answer):
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer


def lines(name, token=None, **parameters):
    return told(ask(name, token, **parameters)).body.decode().split("\n")[:-1]


def manifest(name, token=None, **parameters):
    return told(ask(name + "/manifest", token, **parameters)).json


def excluded(name="block-v4", token=None, **parameters):
    return manifest(name, token, **parameters)["excluded"]


def networks_of_nft(elements):
    """Of what nft lists: an address, a prefix, or a range."""
    for one in elements:
        if isinstance(one, str):
            yield ipaddress.ip_network(one)
        elif "prefix" in one:
            yield ipaddress.ip_network(f"{one['prefix']['addr']}/{one['prefix']['len']}")
        else:
            yield from ipaddress.summarize_address_range(*map(ipaddress.ip_address, one["range"]))


class Entering(unittest.TestCase):
    def test_a_feed_has_what_suggests_its_intent_and_families_are_apart(self):
        share("198.51.100.0/26", action="block")
        share("198.51.100.64/26", action="rate-limit")
        share("198.51.100.128/26")
        share("2001:db8:1::/48", action="block")
        share(64496, kind="proxy-asn", action="block")
        mine = [ipaddress.ip_network(one) for one in ("198.51.100.0/25", "198.51.100.128/26")]
        inside = lambda name: {one for one in lines(name) if any(ipaddress.ip_network(one).subnet_of(each) for each in mine)}
        self.assertEqual(inside("block-v4"), {"198.51.100.0/26"})
        self.assertEqual(inside("rate-limit-v4"), {"198.51.100.0/25"})  # two neighbours are one network
        self.assertEqual(inside("observe-v4"), {"198.51.100.0/25", "198.51.100.128/26"})
        self.assertIn("2001:db8:1::/48", lines("block-v6"))
        self.assertEqual(lines("block-asn"), ["AS64496"])

    def test_a_block_feed_leaves_out_who_else_is_behind_an_address(self):
        before = excluded()
        share("203.0.113.1", action="block", proxy_class="vpn", shared_egress=True)
        share("203.0.113.2", action="block", proxy_class="cgnat")
        share("203.0.113.3", action="block", proxy_class="mobile")
        share("203.0.113.4", action="block", proxy_class="residential")
        share("203.0.113.16/28", action="block", proxy_class="residential")
        share("203.0.113.5", action="block", collateral="high")
        share("203.0.113.6", action="block", proxy_class="datacenter", collateral="low")
        mine = lambda **asked: [one for one in lines("block-v4", **asked) if one.startswith("203.0.113.") and one.split("/")[0] in
                                {f"203.0.113.{last}" for last in (1, 2, 3, 4, 5, 6, 16)}]
        self.assertEqual(mine(), ["203.0.113.4", "203.0.113.6"])
        after = excluded()
        for reason, more in (("shared-egress", 1), ("cgnat", 1), ("mobile", 1), ("residential", 1), ("collateral", 1)):
            self.assertEqual(after.get(reason, 0) - before.get(reason, 0), more, reason)
        self.assertIn("203.0.113.1", mine(include="shared-egress"))
        self.assertIn("203.0.113.16/28", mine(include="residential"))
        self.assertNotIn("203.0.113.2", mine(include="shared-egress"))
        rate_limited = [ipaddress.ip_network(one) for one in lines("rate-limit-v4")]
        self.assertTrue(all(any(ipaddress.ip_address(f"203.0.113.{last}") in one for one in rate_limited) for last in (1, 2, 3, 5)))

    def test_who_is_behind_an_address_counts_whoever_says_it(self):
        share("192.0.2.64/28", action="block")
        self.assertIn("192.0.2.64/28", lines("block-v4"))
        share("192.0.2.66", token=hub.cloud, proxy_class="cgnat")
        self.assertNotIn("192.0.2.64/28", lines("block-v4"))

    def test_what_ended_is_in_no_feed(self):
        identifier = share("192.0.2.1", action="block")
        self.assertIn("192.0.2.1", lines("block-v4"))
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{identifier}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertNotIn("192.0.2.1", lines("block-v4"))
        self.assertNotIn("192.0.2.1", lines("observe-v4"))

    def test_filters_narrow_it(self):
        share("192.0.2.32/29", action="block", confidence=30, tlp="amber")
        self.assertIn("192.0.2.32/29", lines("block-v4"))
        for asked in ({"min_confidence": 31}, {"max_tlp": "green"}, {"min_corroboration": 2}):
            self.assertNotIn("192.0.2.32/29", lines("block-v4", **asked), asked)

    def test_corroboration_is_what_the_reader_sees_of_it(self):
        share("192.0.2.48/29", action="block", tlp="red")
        share("192.0.2.48/29", token=hub.cloud, action="block")  # which could not read the other one
        self.assertIn("192.0.2.48/29", lines("block-v4", hub.lab, min_corroboration=2))
        self.assertNotIn("192.0.2.48/29", lines("block-v4", min_corroboration=2))
        self.assertIn("192.0.2.48/29", lines("block-v4", min_corroboration=1))


class Readers(unittest.TestCase):
    def test_red_is_in_no_feed_and_who_does_not_see_it_is_told_no_count(self):
        ours, theirs = excluded(token=hub.lab).get("level", 0), manifest("block-v4")
        share("192.0.2.100", action="block", tlp="red")
        self.assertEqual(excluded(token=hub.lab).get("level", 0), ours + 1)
        now = manifest("block-v4")
        self.assertEqual({name: now[name] for name in ("excluded", "entries", "sha256")},
                         {name: theirs[name] for name in ("excluded", "entries", "sha256")})
        self.assertNotIn("192.0.2.100", lines("block-v4", hub.lab))

    def test_what_the_readers_organisation_muted_or_owns_is_left_out_for_it_alone(self):
        muted, own = "192.0.2.104", "192.0.2.108"
        share(muted, action="block")
        share(own, action="block")
        hub.call("POST", "/api/v1/mutes", hub.cloud, {"kind": "ip-range", "value": muted, "because": "a test"})
        hub.call("POST", "/api/v1/ranges", hub.cloud, {"ranges": [own + "/30"]})
        self.assertFalse({muted, own} & set(lines("block-v4")))
        self.assertFalse({muted, own} & set(lines("block-v4", hub.feed)))
        self.assertLessEqual({muted, own}, set(lines("block-v4", hub.lab)))
        self.assertEqual([excluded()[reason] for reason in ("muted", "own-range")], [1, 1])

    def test_analysts_and_feeds_read_them_and_others_do_not(self):
        self.assertEqual(ask("block-v4", hub.feed).status, 200)
        for token in (hub.submitter, hub.gov):
            self.assertEqual(ask("block-v4", token).status, 403)
            self.assertEqual(hub.call("GET", "/api/v1/feeds", token).status, 403)

    def test_a_credential_of_one_kind_gets_no_block_feed_since_it_does_not_see_who_would_be_hit(self):
        share("192.0.2.112", action="block")
        narrow = hub.token("borealis", "feed", "--kinds", "ip-range")
        answer = ask("block-v4", narrow)
        self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))
        self.assertIn("192.0.2.112", lines("rate-limit-v4", narrow))


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        share("198.51.100.200/30", action="block", confidence=70)
        share("198.51.100.204", action="block", confidence=60)

    def test_the_list_names_every_feed_and_its_formats(self):
        all_of_them = told(hub.call("GET", "/api/v1/feeds", hub.feed)).json["feeds"]
        self.assertEqual(len(all_of_them), 12)
        for feed in all_of_them:
            for form in feed["formats"]:
                told(ask(feed["name"], format=form))

    def test_the_manifest_says_what_the_list_is(self):
        for form in ("text", "csv", "nginx-geo", "aws-waf"):
            answer, said = told(ask("block-v4", format=form)), manifest("block-v4", format=form)
            self.assertEqual(hashlib.sha256(answer.body).hexdigest(), said["sha256"])
            self.assertEqual(answer.headers["Tocsin-Digest"], "sha-256=" + said["sha256"])
            self.assertEqual((int(answer.headers["Tocsin-Entries"]), len(answer.body)), (said["entries"], said["bytes"]))
            self.assertLess(said["as_of"], said["expires"])

    def test_who_has_the_bytes_is_told_so_until_they_change(self):
        tag = told(ask("block-v4")).headers["ETag"]
        again = ask("block-v4", headers={"If-None-Match": tag})
        self.assertEqual((again.status, again.body), (304, b""))
        share("198.51.100.210", action="block")
        self.assertEqual(ask("block-v4", headers={"If-None-Match": tag}).status, 200)

    def test_it_errs_rather_than_leave_out_or_widen(self):
        count = len(lines("block-v4"))
        self.assertEqual(len(lines("block-v4", max_entries=count)), count)
        answer = ask("block-v4", max_entries=count - 1)
        self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"))

    def test_every_format_has_the_same_addresses(self):
        networks = lambda texts: list(ipaddress.collapse_addresses(ipaddress.ip_network(one) for one in texts))
        body = lambda form: told(ask("block-v4", format=form)).body.decode()
        expected = networks(lines("block-v4"))
        self.assertEqual(networks(row["value"] for row in csv.DictReader(io.StringIO(body("csv")))), expected)
        self.assertEqual(networks(json.loads(line)["value"] for line in body("ndjson").splitlines()), expected)
        self.assertEqual(networks(line.split()[1].strip(";") for line in body("nginx").splitlines()), expected)
        self.assertEqual(networks(line.split()[0] for line in body("nginx-geo").splitlines()), expected)
        self.assertEqual(networks(json.loads(body("aws-waf"))["Addresses"]), expected)
        self.assertEqual(networks(one["ip"] for one in json.loads(body("cloudflare"))), expected)
        self.assertEqual(lines("block-v4"), [str(one).removesuffix("/32") for one in expected])  # the fewest, in order

    def test_what_is_not_understood_is_refused(self):
        unknown = ask("block")
        self.assertEqual((unknown.status, unknown.json["code"]), (404, "not-found"))
        for feed in hub.call("GET", "/api/v1/feeds", hub.lab).json["feeds"]:
            self.assertIn(feed["name"], unknown.json["detail"])
        for asked in ({"format": "xml"}, {"include": "muted"}, {"max_tlp": "red"}, {"max_entries": "0"}, {"x": "1"}):
            answer = ask("block-v4", **asked)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), asked)
        self.assertEqual(ask("block-asn", format="nginx").status, 400)


def changes(name, since, token=None, **parameters):
    return ask(name + "/changes", token, since=since, **parameters)


def digest_of(body):
    return hashlib.sha256(body).hexdigest()


def applied(older, changed):
    """What a reader makes of the list that he has: each line that goes is the one that is there."""
    before, after = older.split(b"\n")[:-1], []
    at = 0
    for change in changed:
        after += before[at:change["line"]]
        at = change["line"] + len(change["removed"])
        if before[change["line"]:at] != [line.encode() for line in change["removed"]]:
            raise AssertionError("what is to go is not there")
        after += [line.encode() for line in change["added"]]
    return b"".join(line + b"\n" for line in after + before[at:])


class Changes(unittest.TestCase):
    def test_changes_applied_to_the_older_list_are_the_newer_one_byte_for_byte_in_every_format_of_lines(self):
        share("203.0.113.64/28", action="block", confidence=40)
        gone = share("203.0.113.96", action="block")
        forms = ("text", "csv", "ndjson", "nftables", "nginx", "nginx-geo")
        older = {form: told(ask("block-v4", format=form)).body for form in forms}
        share("203.0.113.80/28", action="block")  # which makes one network of two
        hub.call("POST", f"/api/v1/indicators/{gone}/retract", hub.lab, {"because": "wrong"})
        for form in forms:
            answer = told(changes("block-v4", digest_of(older[form]), format=form)).json
            newer = told(ask("block-v4", format=form)).body
            self.assertEqual(applied(older[form], answer["changes"]), newer, form)
            self.assertEqual(answer["manifest"]["sha256"], digest_of(newer))
            self.assertTrue(any("203.0.113.96" in line for change in answer["changes"] for line in change["removed"]), form)
            self.assertEqual(told(changes("block-v4", digest_of(newer), format=form)).json["changes"], [])

    def test_a_list_from_some_changes_ago_is_known(self):
        older = told(ask("block-v4")).body
        for last in (1, 3, 5, 7):
            share(f"203.0.113.{128 + last}", action="block")
            between = told(ask("block-v4")).body
        answer = told(changes("block-v4", digest_of(older))).json
        self.assertEqual(applied(older, answer["changes"]), between)

    def test_a_list_that_is_not_known_is_to_be_read_whole(self):
        body = told(ask("block-v4")).body
        share("203.0.113.140", action="block")
        told(ask("block-v4"))
        for since, asked in ((digest_of(b"never made"), {}), (digest_of(body), {"format": "nginx"}), (digest_of(body), {"min_confidence": 1})):
            answer = changes("block-v4", since, **asked)
            self.assertEqual((answer.status, answer.json["code"]), (409, "conflict"))
        told(changes("block-v4", digest_of(body), max_entries=100000))  # which decides nothing of the bytes

    def test_the_list_of_a_reader_who_sees_more_is_not_known_to_another(self):
        share("203.0.113.144", action="block", tlp="amber")
        theirs = told(ask("observe-v4", hub.token("aurora", "feed"))).body
        narrow = hub.token("aurora", "feed", "--max-tlp", "green")
        self.assertEqual(changes("observe-v4", digest_of(theirs), narrow).status, 409)
        own = told(ask("observe-v4", narrow)).body
        self.assertNotIn(b"203.0.113.144", own)
        self.assertEqual(told(changes("observe-v4", digest_of(own), narrow)).json["changes"], [])

    def test_what_is_not_understood_is_refused(self):
        known = digest_of(told(ask("block-v4", format="aws-waf")).body)
        self.assertEqual(ask("block-v4/changes").status, 400)
        self.assertEqual(changes("block", known).status, 404)
        for since, asked in ((known, {"format": "aws-waf"}), (known.upper(), {}), ("", {}), (known, {"x": "1"})):
            answer = changes("block-v4", since, **asked)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), asked)
        self.assertEqual(changes("block-v4", known, hub.gov).status, 403)


class Renderings(unittest.TestCase):
    """How often a feed is made from the database: once for all who see the same, until something changes."""

    def setUp(self):
        self.admin = (hub.dir / "admin.token").read_text().strip()
        share("203.0.113.160", action="block")
        self.count = self.made()

    def made(self):
        metrics = hub.call("GET", "/metrics", self.admin).body.decode()
        return int(re.search(r"(?m)^tocsin_feed_cache_misses_total ([0-9]+)$", metrics)[1])

    def reads(self, name="block-v4", token=None, **asked):
        """The body, and whether it was made for this."""
        before = self.made()
        body = told(ask(name, token, **asked)).body
        return body, self.made() > before

    def test_two_readers_of_one_class_cause_one_rendering(self):
        told(ask("block-v4"))
        for token, asked in ((hub.cloud, {}), (hub.feed, {}), (hub.feed, {"max_entries": 1000}), (hub.feed, {"format": "text"})):
            self.assertFalse(self.reads(token=token, **asked)[1], asked)
        manifest("block-v4")
        self.assertEqual(self.made(), self.count + 1)

    def test_a_reader_of_another_class_is_never_given_it(self):
        share("203.0.113.161", action="block", tlp="amber")
        self.assertIn(b"203.0.113.16", self.reads(token=hub.lab)[0])
        narrow = hub.token("aurora", "feed", "--max-tlp", "green")
        self.assertNotEqual(told(ask("block-v4", narrow)).body, told(ask("block-v4", hub.lab)).body)

    def test_what_is_shared_retracted_or_muted_is_in_the_next_answer(self):
        self.reads()
        identifier = share("203.0.113.170", action="block")
        self.assertIn(b"203.0.113.170", self.reads()[0])
        hub.call("POST", "/api/v1/mutes", hub.cloud, {"kind": "ip-range", "value": "203.0.113.170", "because": "a test"})
        self.assertNotIn(b"203.0.113.170", self.reads()[0])
        self.assertIn(b"203.0.113.170", told(ask("block-v4", hub.lab)).body)
        hub.call("POST", f"/api/v1/indicators/{identifier}/retract", hub.lab, {"because": "wrong"})
        self.assertNotIn(b"203.0.113.170", told(ask("block-v4", hub.lab)).body)

    def test_what_is_recalled_is_in_no_answer_any_more(self):
        identifier = share("203.0.113.174", action="block")
        self.assertIn(b"203.0.113.174", self.reads()[0])
        answer = hub.call("POST", "/api/v1/recalls", hub.lab, {"id": identifier, "because": "wrong"})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertNotIn(b"203.0.113.174", self.reads()[0])

    def test_what_ends_or_begins_is_seen_at_that_moment_and_not_before(self):
        soon = lambda seconds: (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        share("203.0.113.176", action="block", valid_until=soon(2))
        share("203.0.113.178", action="block", valid_from=soon(2))
        body, _ = self.reads()
        self.assertIn(b"203.0.113.176\n", body)
        self.assertNotIn(b"203.0.113.178\n", body)
        there = lambda: [last for last in (b"176", b"178") if b"203.0.113." + last + b"\n" in told(ask("block-v4")).body]
        wait_for(lambda: there() == [b"178"], "what ended is there, or what has begun is not")
        self.assertFalse(self.reads()[1])


class Consumers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        share("198.51.100.220/30", action="block")
        share("198.51.100.221", action="rate-limit")
        share("2001:db8:2::/48", action="block")

    def test_nft_takes_the_set(self):
        alone = ["unshare", "--net"]  # a namespace of its own: the machine's tables stay as they are
        nft = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin")
        if nft is None or subprocess.run([*alone, nft, "list", "ruleset"], capture_output=True).returncode != 0:
            self.skipTest("nft cannot change a table here")
        for name in ("block-v4", "block-v6"):
            rules = told(ask(name, format="nftables")).body
            script = f"{nft} -f - && {nft} -j list set inet tocsin {name.replace('-', '_')}"
            done = subprocess.run([*alone, "sh", "-c", script], input=rules, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            [stored] = [one["set"] for one in json.loads(done.stdout)["nftables"] if "set" in one]
            self.assertEqual(list(ipaddress.collapse_addresses(networks_of_nft(stored["elem"]))), [ipaddress.ip_network(one) for one in lines(name)])

    def test_nginx_takes_deny_and_geo(self):
        own = pathlib.Path("build/tools/nginx")
        nginx = str(own.resolve()) if own.exists() else shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
        if nginx is None:
            self.skipTest("nginx is not here")
        with tempfile.TemporaryDirectory(prefix="tocsin-nginx-") as folder:
            at = pathlib.Path(folder)
            for form in ("nginx", "nginx-geo"):
                (at / form).write_bytes(b"".join(told(ask(name, format=form)).body for name in ("block-v4", "block-v6")))
            temporary = "".join(f"{name}_temp_path {at}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            (at / "nginx.conf").write_text(
                f"pid {at}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary} geo $tocsin {{ default none; include {at}/nginx-geo; }}"
                f" server {{ listen unix:{at}/socket; include {at}/nginx; }} }}")
            done = subprocess.run([nginx, "-t", "-p", folder, "-e", str(at / "error.log"), "-c", str(at / "nginx.conf")], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
