"""Own ranges: a member registers them, is alerted of what others say about them, and disputes it."""
import json
import pathlib
import subprocess
import unittest
import uuid

from community import Community
from instance import TOCSIN, TLP, indicator


def setUpModule():
    global hub, other
    hub = Community()
    unittest.addModuleCleanup(hub.close)
    hub.organisation("dorado", "lab", "amber")
    other = hub.token("dorado", "analyst")
    hub.start()
    unittest.addModuleCleanup(hub.stop_cleanly)


def tocsin(*words, token=None, code=0, stdin=""):
    done = subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", token or hub.cloud, *words],
                          input=stdin, capture_output=True, text=True, timeout=60)
    if done.returncode != code:
        raise AssertionError(f"{words}: {done.returncode} {done.stdout} {done.stderr}")
    return done


def alerts(token=None, *words):
    return json.loads(tocsin("--json", "alerts", *words, token=token).stdout)


def ids(token=None):
    return [alert["id"] for alert in alerts(token)["alerts"]]


class Ranges(unittest.TestCase):
    def tearDown(self):
        registered = [row["range"] for row in json.loads(tocsin("--json", "ranges", "list").stdout)["ranges"]]
        if registered:
            tocsin("ranges", "remove", *registered)

    def test_ranges_are_added_listed_and_removed(self):
        self.assertEqual(tocsin("ranges", "add", "-", stdin="9.9.9.0/24 # office\nas150\n").stdout, "2 added, 2 registered\n")
        self.assertEqual(tocsin("ranges", "add", "AS150").stdout, "0 added, 2 registered\n")
        self.assertEqual([line.split()[0] for line in tocsin("ranges", "list").stdout.splitlines()], ["9.9.9.0/24", "AS150"])
        refused = tocsin("ranges", "add", "AS151", "9.9.9.9/24", code=1)
        self.assertIn("9.9.9.9/24", refused.stderr)
        self.assertIn("Write it as 9.9.9.0/24", refused.stderr)
        tocsin("ranges", "add", "203.0.113.0/24", code=1)
        self.assertEqual(tocsin("ranges", "remove", "AS150", "AS151").stdout, "1 removed, 1 registered\n")

    def test_ranges_are_told_to_nobody_else(self):
        tocsin("ranges", "add", "9.9.9.0/24")
        for token in (hub.lab, other):
            self.assertNotIn("9.9.9.0/24", tocsin("ranges", "list", token=token).stdout)
        admin = (hub.dir / "admin.token").read_text().strip()
        for token in (admin, hub.feed, hub.gov):
            tocsin("ranges", "list", token=token, code=3)
        trail = pathlib.Path(hub.folder.name) / "trail"
        hub.verb("audit", "export", str(trail))
        text = (trail / "entries.ndjson").read_text()
        self.assertIn("ranges.add", text)
        self.assertIn("\tranges.add\tborealis\tranges=1\n", hub.verb("audit", "list") + "\n")
        self.assertNotIn("9.9.9.0", text)
        self.assertNotIn("9.9.9.0", (hub.dir / "serve.log").read_text())

    def test_another_members_indicator_raises_an_alert_which_is_disputed_and_the_member_sees_that(self):
        tocsin("ranges", "add", "9.9.9.0/24", "AS150")
        made = indicator("9.9.9.77", tlp="green")
        hub.submit(made, indicator("8.8.8.8", tlp="green"))
        shown = tocsin("alerts")
        line = shown.stdout.splitlines()[0].split()
        self.assertEqual((line[0], line[2], line[3]), ("9.9.9.0/24", made["id"], "network"))
        dispute = shown.stdout.splitlines()[-1].split()
        self.assertEqual(dispute[:4], ["tocsin", "dispute", made["id"], "--because"])
        tocsin("dispute", made["id"], "--because", "our NAT gateway")
        seen = [json.loads(line) for line in tocsin("pull", "--type", "opinion", token=hub.lab).stdout.splitlines()]
        opinion = next(one for one in seen if one["object_refs"] == [made["id"]])
        self.assertEqual((opinion["opinion"], opinion["explanation"]), ("strongly-disagree", "our NAT gateway"))
        self.assertEqual(opinion["object_marking_refs"], [TLP["green"]])
        self.assertEqual(opinion["created_by_ref"], hub.call("GET", "/api/v1/me", hub.cloud).json["identity"])

    def test_the_dispute_that_is_offered_is_of_the_indicator_and_not_of_its_address(self):
        tocsin("ranges", "add", "9.9.3.0/24")
        made = indicator("9.9.3.1", tlp="green")
        address = {"type": "ipv4-addr", "spec_version": "2.1", "id": f"ipv4-addr--{uuid.uuid4()}", "value": "9.9.3.1", "object_marking_refs": [TLP["green"]]}
        hub.submit(made, address)
        shown = tocsin("alerts")
        self.assertIn(address["id"], shown.stdout)
        self.assertEqual(shown.stdout.splitlines()[-1].split()[:4], ["tocsin", "dispute", made["id"], "--because"])

    def test_only_what_is_new_is_told_behind_a_place(self):
        tocsin("ranges", "add", "9.9.8.0/24")
        hub.submit(indicator("9.9.8.1", tlp="green"))
        first = tocsin("alerts")
        place = first.stderr.split()[-1]
        self.assertEqual(alerts(None, "--after", place)["alerts"], [])
        news = indicator("9.9.0.0/16", tlp="green")
        hub.submit(news)
        self.assertEqual([one["id"] for one in alerts(None, "--after", place)["alerts"]], [news["id"]])
        tocsin("alerts", "--after", "AAAA", code=1)

    def test_an_alert_reaches_who_may_see_the_object_and_nobody_else(self):
        for token in (hub.cloud, other, hub.lab):
            tocsin("ranges", "add", "9.9.7.0/24", token=token)
        before = hub.call("GET", "/api/v1/alerts", hub.cloud).body
        red = indicator("9.9.7.7", tlp="red")
        hub.submit(red)
        self.assertEqual(hub.call("GET", "/api/v1/alerts", hub.cloud).body, before)
        self.assertNotIn(red["id"], ids(other))
        self.assertIn(red["id"], ids(hub.lab))
        tocsin("dispute", red["id"], "--because", "ours", code=5)
        self.assertIn(red["id"], ids(hub.lab))

    def test_a_dispute_is_shown_to_no_more_readers_than_its_object(self):
        made = indicator("9.9.6.6", tlp="amber")
        hub.submit(made)
        tocsin("dispute", made["id"], "--because", "ours", "--tlp", "green", code=1)
        tocsin("dispute", made["id"], "--because", "ours")
        opinions = lambda token: [one for one in map(json.loads, tocsin("pull", "--type", "opinion", token=token).stdout.splitlines())
                                  if one["object_refs"] == [made["id"]]]
        self.assertEqual([one["object_marking_refs"] for one in opinions(hub.lab)], [[TLP["amber"]]])
        self.assertEqual(opinions(hub.gov), [])

    def test_a_dispute_can_leave_its_author_unnamed(self):
        made = indicator("9.9.5.5", tlp="green")
        hub.submit(made)
        me = hub.call("GET", "/api/v1/me", hub.cloud).json
        tocsin("dispute", made["id"], "--because", "ours", "--as-member")
        told = next(line for line in tocsin("pull", "--type", "opinion", token=hub.lab).stdout.splitlines() if made["id"] in line)
        self.assertEqual(json.loads(told)["created_by_ref"], me["as_member"])
        self.assertNotIn(me["identity"].removeprefix("identity--"), told)
        tocsin("dispute", made["id"], "--because", f"seen by {me['identity']}", "--as-member", code=1)

    def test_ranges_outlive_the_server_and_their_organisations_disabling(self):
        tocsin("ranges", "add", "9.9.4.0/24")
        hub.verb("org", "disable", "borealis")
        tocsin("ranges", "list", code=3)
        hub.verb("org", "enable", "borealis")
        hub.stop()
        hub.start()
        self.assertIn("9.9.4.0/24", tocsin("ranges", "list").stdout)


if __name__ == "__main__":
    unittest.main()
