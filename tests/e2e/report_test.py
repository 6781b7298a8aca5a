"""The report: what an organisation is told of how its indicators were received, and what it is not."""
import subprocess
import unittest

from community import set_up_module
from instance import TOCSIN
from peering import wait_for


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])
    hub.organisation("dorado", "lab", "amber")
    hub.dorado = hub.token("dorado", "analyst")
    hub.organisation("ember", "lab", "amber")
    hub.ember = hub.token("ember", "analyst")


def share(value, token=None, **said):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, {"kind": "ip-range", "value": value, **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def report(token=None, query=""):
    answer = hub.call("GET", "/api/v1/report" + query, token or hub.lab)
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json


def of_ranges(told):
    [found] = [one for one in told["indicators"] if one["kind"] == "ip-range"] or [{}]
    return {name: found.get(name, 0) for name in ("live", "over", "shared_by_others", "disputed")}


class Report(unittest.TestCase):
    def gained(self, before, **expected):
        after = of_ranges(report())
        self.assertEqual({name: after[name] - before[name] for name in after}, {"live": 0, "over": 0, "shared_by_others": 0, "disputed": 0, **expected})

    def test_it_counts_what_holds_what_is_over_and_what_others_share_too(self):
        before = of_ranges(report())
        first, second, _ = share("203.0.113.1"), share("203.0.113.2"), share("203.0.113.3")
        self.gained(before, live=3)
        share("203.0.113.1", hub.cloud)
        self.gained(before, live=3, shared_by_others=1)
        hub.call("POST", f"/api/v1/indicators/{second}/retract", hub.lab, {"because": "wrong"})
        self.gained(before, live=2, over=1, shared_by_others=1)
        hub.call("POST", f"/api/v1/indicators/{first}/opinions", hub.cloud, {"opinion": "strongly-disagree"})
        self.gained(before, live=2, over=1, shared_by_others=1, disputed=1)

    def test_it_counts_what_others_say_and_nothing_that_is_said_by_oneself(self):
        made, before = share("203.0.113.11"), report()
        for token, outcome in ((hub.cloud, "confirmed"), (hub.dorado, "confirmed"), (hub.cloud, "false-positive"), (hub.lab, "suspected")):
            hub.call("POST", f"/api/v1/indicators/{made}/sightings", token, {"outcome": outcome})
        hub.call("POST", f"/api/v1/indicators/{made}/opinions", hub.dorado, {"opinion": "agree"})
        hub.call("POST", f"/api/v1/indicators/{made}/opinions", hub.lab, {"opinion": "disagree"})
        after = report()
        gained = lambda what, name: after[what].get(name, 0) - before[what].get(name, 0)
        self.assertEqual([gained("sightings", name) for name in ("confirmed", "false-positive", "suspected")], [2, 1, 0])
        self.assertEqual([gained("opinions", name) for name in ("agree", "disagree")], [1, 0])

    def test_what_was_said_of_an_earlier_version_is_counted_still(self):
        made = share("203.0.113.61", hub.ember, tlp="green")
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{made}/sightings", hub.cloud, {"outcome": "confirmed"}).status, 200)
        self.assertEqual(report(hub.ember)["sightings"], {"confirmed": 1})
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{made}/retract", hub.ember, {"because": "wrong"}).status, 200)
        told = report(hub.ember)
        self.assertEqual((of_ranges(told)["over"], told["sightings"], told["complete"]), (1, {"confirmed": 1}, True))

    def test_what_is_not_seen_is_not_counted(self):
        share("203.0.113.21", hub.dorado, tlp="green")
        before = hub.call("GET", "/api/v1/report", hub.dorado).json
        share("203.0.113.21", hub.lab, tlp="red")
        self.assertEqual(hub.call("GET", "/api/v1/report", hub.dorado).json, before)

    def test_it_says_how_many_may_have_read_of_it(self):
        share("203.0.113.31")
        hub.call("GET", hub.objects, hub.gov)
        hub.call("GET", hub.objects, hub.cloud)
        wait_for(lambda: report()["readers"]["organisations"] >= 2, "the reads were not recorded")
        told = report()["readers"]
        self.assertGreaterEqual(told["organisations"], 2)
        self.assertTrue(told["complete"])

    def test_it_begins_where_it_is_asked_to(self):
        share("203.0.113.41")
        self.assertEqual(report(query="?since=2090-01-01T00:00:00Z")["indicators"], [])
        self.assertGreater(of_ranges(report(query="?since=2020-01-01T00:00:00Z"))["live"], 0)
        for query in ("?since=yesterday", "?until=2020-01-01T00:00:00Z", "?since=2020-01-01T00:00:00Z&since=2020-01-01T00:00:00Z"):
            self.assertEqual(hub.call("GET", "/api/v1/report" + query, hub.lab).json["code"], "bad-parameter")
        self.assertEqual(hub.call("GET", "/api/v1/report", hub.submitter).status, 403)

    def test_the_command_prints_it(self):
        share("203.0.113.51")
        done = subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", hub.lab, "report"], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"ip-range: \d+ live, \d+ over, \d+ shared by others too, \d+ disputed\nsightings: ")


if __name__ == "__main__":
    unittest.main()
