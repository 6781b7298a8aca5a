"""Mutes: what an organisation leaves out of what it acts on, and who is told of that."""
import datetime
import json
import pathlib
import subprocess
import unittest

from community import set_up_module
from instance import TOCSIN, indicator


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])
    hub.call("POST", "/api/v1/ranges", hub.cloud, {"ranges": ["203.0.113.0/24"]})


def share(value, **said):
    answer = hub.call("POST", "/api/v1/indicators?override=A%20test", hub.lab, {"kind": "ip-range", "value": value, **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def mute(token=None, because="a test of it", **body):
    return hub.call("POST", "/api/v1/mutes", token or hub.cloud, {"because": because, **body})


def told(answer):
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer.json


def found(value, token=None):
    return {one["id"]: one for one in told(hub.call("GET", f"/api/v1/indicators?value={value}", token or hub.cloud))["indicators"]}


def shown(identifier, token=None):
    [said] = told(hub.call("GET", f"/api/v1/indicators/{identifier}", token or hub.cloud))["said"]
    return said


def alerted(token=None):
    return {one["id"] for one in told(hub.call("GET", "/api/v1/alerts?limit=1000", token or hub.cloud))["alerts"]}


def in_(**time):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Muted(unittest.TestCase):
    def test_an_indicator_is_marked_for_its_organisation_and_no_alert_tells_of_it(self):
        made, other = share("203.0.113.1"), share("203.0.113.2")
        self.assertLessEqual({made, other}, alerted())
        until = in_(days=3)
        answer = told(mute(indicator=made, because="our own egress", until=until))
        self.assertEqual((answer["indicator"], answer["because"]), (made, "our own egress"))
        self.assertEqual(found("203.0.113.1")[made]["muted"], {"because": "our own egress", "until": until.replace("Z", ".000Z")})
        self.assertEqual(shown(made)["muted"]["because"], "our own egress")
        self.assertNotIn("muted", shown(other))
        self.assertNotIn(made, alerted())
        self.assertIn(other, alerted())
        self.assertEqual(hub.call("GET", f"{hub.objects}{made}/", hub.cloud).status, 200)
        self.assertEqual(told(hub.call("POST", "/api/v1/mutes/remove", hub.cloud, {"indicator": made})), {"removed": True})
        self.assertEqual(told(hub.call("POST", "/api/v1/mutes/remove", hub.cloud, {"indicator": made})), {"removed": False})
        self.assertNotIn("muted", shown(made))
        self.assertIn(made, alerted())

    def test_a_value_is_muted_whoever_shares_it_and_however_it_is_written(self):
        made = share("203.0.113.5")
        observables = {one for one in alerted() if one.startswith("ipv4-addr")}
        told(mute(kind="ip-range", value="203.0.113.5/32"))
        self.assertIn("muted", shown(made))
        self.assertLess({one for one in alerted() if one.startswith("ipv4-addr")}, observables)
        answer = hub.call("POST", "/api/v1/indicators", hub.cloud, {"kind": "ip-range", "value": "203.0.113.5"})
        self.assertIn("muted", shown(told(answer)["items"][0]["id"]))
        wider = share("203.0.113.4/30")
        self.assertNotIn("muted", shown(wider))

    def test_nobody_else_learns_of_it(self):
        made = share("203.0.113.9")
        before = [hub.call("GET", path, hub.lab).body for path in (f"/api/v1/indicators/{made}", "/api/v1/mutes", "/api/v1/indicators?value=203.0.113.9")]
        told(mute(indicator=made))
        after = [hub.call("GET", path, hub.lab).body for path in (f"/api/v1/indicators/{made}", "/api/v1/mutes", "/api/v1/indicators?value=203.0.113.9")]
        self.assertEqual(after, before)
        self.assertEqual(hub.call("GET", "/api/v1/mutes", hub.feed).status, 403)

    def test_the_trail_says_who_and_neither_which_nor_why(self):
        made = share("203.0.113.11")
        told(mute(indicator=made, because="heron-on-the-lake"))
        told(mute(kind="ip-range", value="203.0.113.12"))
        folder = pathlib.Path(hub.folder.name) / "trail"
        hub.verb("audit", "export", str(folder))
        trail = (folder / "entries.ndjson").read_text()
        self.assertIn("mutes.add", trail)
        for secret in (made, "heron-on-the-lake", "203.0.113.12"):
            self.assertNotIn(secret, trail)

    def test_it_ends_and_survives_a_restart_until_then(self):
        made = share("203.0.113.13")
        told(mute(indicator=made, until=in_(days=1)))
        hub.kill()
        hub.start()
        self.assertIn("muted", shown(made))
        told(mute(indicator=made, until=in_(seconds=2)))
        for _ in range(100_000):
            if "muted" not in shown(made):
                break
        self.assertNotIn("muted", shown(made))
        self.assertNotIn(made, str(told(hub.call("GET", "/api/v1/mutes", hub.cloud))))

    def test_what_is_not_seen_is_not_there_to_be_muted(self):
        hidden = share("203.0.113.15", tlp="red")
        absent = "indicator--00000000-0000-4000-8000-000000000000"
        answers = [mute(indicator=one) for one in (hidden, absent)]
        self.assertEqual([one.status for one in answers], [404, 404])
        self.assertEqual(*[{**one.json, "request_id": ""} for one in answers])

    def test_a_credential_with_limits_neither_lists_nor_removes_what_it_is_not_shown(self):
        made, other = share("203.0.113.24", tlp="amber"), share("203.0.113.25", tlp="green")
        for one in (made, other):
            told(mute(indicator=one))
        limited = hub.token("borealis", "analyst", "--max-tlp", "green")
        listed = str(told(hub.call("GET", "/api/v1/mutes", limited)))
        self.assertNotIn(made, listed)
        self.assertIn(other, listed)
        removed = [told(hub.call("POST", "/api/v1/mutes/remove", limited, {"indicator": one}))["removed"] for one in (made, other)]
        self.assertEqual(removed, [False, True])
        self.assertIn(made, str(told(hub.call("GET", "/api/v1/mutes", hub.cloud))))

    def test_what_is_not_understood_is_refused_with_its_place(self):
        made = share("203.0.113.17")
        for body, pointer in (({}, None), ({"indicator": made, "kind": "ip-range", "value": "203.0.113.1"}, None), ({"indicator": "tool--" + made[11:]}, "/indicator"),
                              ({"kind": "campaign", "value": "x"}, "/kind"), ({"kind": "ip-range", "value": "203.0.113.1-203.0.113.9"}, "/value"),
                              ({"kind": "user-agent", "value": "a" * 1_025}, "/value"), ({"kind": "ip-range"}, None), ({"indicator": made, "until": in_(days=-1)}, "/until"), ({"indicator": made, "because": "x"}, "/because"),
                              ({"indicator": made, "because": "ask jane@mail.example"}, "/because")):
            answer = mute(**body)
            self.assertEqual((answer.status, answer.json["code"], answer.json.get("pointer")), (400, "bad-parameter", pointer), body)

    def test_what_is_erased_is_muted_no_more(self):
        made = share("203.0.113.19")
        told(mute(indicator=made))
        hub.verb("erase", "--org", "aurora", made)
        self.assertNotIn(made, str(told(hub.call("GET", "/api/v1/mutes", hub.cloud))))

    def test_an_erasure_of_one_member_unmutes_nothing_that_another_published_under_the_id(self):
        made = indicator("203.0.113.20")
        hub.submit(made)
        hub.submit(made, token=hub.cloud)
        told(mute(indicator=made["id"]))
        hub.verb("erase", "--org", "borealis", made["id"])
        self.assertIn(made["id"], str(told(hub.call("GET", "/api/v1/mutes", hub.cloud))))
        hub.verb("erase", "--org", "aurora", made["id"])
        self.assertNotIn(made["id"], str(told(hub.call("GET", "/api/v1/mutes", hub.cloud))))


class CommandLine(unittest.TestCase):
    def tocsin(self, *words):
        done = subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", hub.cloud, *words], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_it_mutes_lists_and_unmutes(self):
        made = share("203.0.113.21")
        self.assertEqual(self.tocsin("mute", made, "--because", "our own"), f"{made}  for good  our own\n")
        self.tocsin("mute", "--kind", "ip-range", "203.0.113.22", "--because", "a partner's")
        self.assertIn("ip-range 203.0.113.22  for good  a partner's\n", self.tocsin("muted"))
        self.assertIn(made, [one.get("indicator") for one in json.loads(self.tocsin("--json", "muted"))["mutes"]])
        self.assertIn("muted", self.tocsin("search", "203.0.113.21") + self.tocsin("show", made))
        self.assertEqual(self.tocsin("unmute", made), f"unmuted  {made}\n")
        self.assertEqual(self.tocsin("unmute", made), f"was not muted  {made}\n")


if __name__ == "__main__":
    unittest.main()
