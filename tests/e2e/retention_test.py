"""Retention: what was shared until a moment, and what ended long enough ago, destroys itself, and the log still verifies."""
import datetime
import re
import sqlite3
import time
import unittest
import uuid

from community import Community
from data_directory import files_that_hold
from instance import indicator

EXTENSION = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa"
PATIENCE = 60  # seconds, for what happens within a second or two


def setUpModule():
    global hub
    hub = Community(init=["--demo"])  # which takes what is reserved for documentation
    unittest.addModuleCleanup(hub.close)
    hub.configure(retention__interval_s="1", retention__user_agent_d="1")
    hub.start()


def instant(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-4] + "Z"


def word():
    return "canary" + uuid.uuid4().hex[:24]


def share(**item):
    answer = hub.call("POST", "/api/v1/indicators", hub.lab, item)
    if answer.status != 200 or answer.json["items"][0]["outcome"] != "accepted":
        raise AssertionError(answer.body)
    return answer.json["items"][0]["id"]


def seen(identifier, token=None, alias="network"):
    return hub.call("GET", f"{hub.objects_of(alias)}{identifier}/", token or hub.lab).status == 200


def with_it(identifier):
    """The ids of what was stored with an indicator."""
    objects = hub.call("GET", hub.objects + "?limit=10000", hub.lab).json["objects"]
    links = [one for one in objects if one.get("source_ref") == identifier]
    return [one["id"] for one in links] + [one["target_ref"] for one in links]


def wait_until(holds, what):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(what)
        time.sleep(0.1)  # between looks at what the server does by itself


def due():
    """By rule how many are due."""
    return {rule: int(count) for rule, days, count, oldest in (line.split("\t") for line in hub.verb("retention").splitlines())}


class Retention(unittest.TestCase):
    def tearDown(self):
        if hub.process is None:
            hub.start()

    def check_passes(self):
        done = hub.verb("check", check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout)

    def test_what_was_shared_until_a_moment_is_in_no_answer_and_no_file_afterwards(self):
        canary = word()
        other = share(kind="ip-range", value="192.0.2.71")
        value = "192.0.2.70"
        made = share(kind="ip-range", value=value, description=f"seen {canary} there", share_until=instant(5))
        again = share(kind="ip-range", value=value, description=f"seen {canary} again")  # which does not put it off
        self.assertEqual(again, made)
        beside = with_it(made)
        self.assertEqual(len(beside), 2)
        self.assertTrue(seen(made, hub.cloud))
        self.assertEqual(len(hub.call("GET", f"/api/v1/indicators?q={canary}", hub.lab).json["indicators"]), 1)
        raw = [uuid.UUID(one.split("--")[1]).bytes for one in (made, *beside)]
        self.assertNotEqual(files_that_hold(hub.dir, canary.encode()), [])
        wait_until(lambda: not seen(made), "it is still shown")
        for identifier in (made, *beside):
            self.assertFalse(seen(identifier), identifier)
            self.assertFalse(seen(identifier, hub.cloud), identifier)
        self.assertEqual(hub.call("GET", f"/api/v1/indicators?q={canary}", hub.lab).json["indicators"], [])
        self.assertEqual(hub.call("GET", f"/api/v1/indicators/{made}", hub.lab).status, 404)
        wait_until(lambda: not files_that_hold(hub.dir, canary.encode(), made.encode(), *raw), "a file still holds it")
        self.assertTrue(seen(other))
        self.assertEqual(due()["share_until"], 0)
        self.check_passes()
        listed = hub.verb("audit", "list")
        self.assertIn("\tretention\t", listed)
        self.assertNotIn(made.split("--")[1], listed)
        metrics = hub.call("GET", "/metrics", (hub.dir / "admin.token").read_text().strip()).body.decode()
        self.assertGreaterEqual(int(re.search(r"(?m)^tocsin_retention_destroyed_total (\d+)", metrics)[1]), 4)
        self.assertIn("\ntocsin_retention_overdue_seconds 0\n", metrics)
        self.assertNotEqual(share(kind="ip-range", value=value), made)  # whoever shares it again says something new

    def test_what_another_indicator_was_stored_with_stays(self):
        value = "192.0.2.72"
        first = share(kind="ip-range", value=value, share_until=instant(4))
        other = share(kind="ip-range", value="192.0.2.73")
        kept = with_it(other)
        wait_until(lambda: not seen(first), "it is still shown")
        for identifier in (other, *kept):
            self.assertTrue(seen(identifier), identifier)

    def test_a_moment_that_has_passed_is_refused_with_its_place(self):
        for query in ("", "?dry_run=1"):
            answer = hub.call("POST", "/api/v1/indicators" + query, hub.lab, [{"kind": "ip-range", "value": "192.0.2.74", "share_until": instant(-1)}])
            finding = answer.json["items"][0]["findings"][0]
            self.assertEqual((finding["code"], finding["pointer"]), ("share-until-past", "/0/share_until"))
        made = indicator("192.0.2.75", extensions={EXTENSION: {"extension_type": "property-extension", "indicator_kind": "ip-range", "share_until": instant(-1)}})
        status = hub.submit(made)
        self.assertEqual(status["failure_count"], 1)
        self.assertIn("share-until-past", status["failures"][0]["message"])

    def test_a_dry_run_and_a_reader_are_told_until_when_it_is_shared(self):
        item = {"kind": "ip-range", "value": "192.0.2.76", "share_until": "2099-01-01T00:00:00Z"}
        self.assertIn("2099-01-01T00:00:00", hub.call("POST", "/api/v1/indicators?dry_run=1", hub.lab, item).body.decode())
        self.assertIn("2099-01-01T00:00:00", hub.call("GET", f"/api/v1/indicators/{share(**item)}", hub.cloud).body.decode())

    def test_of_a_kind_that_is_not_kept_goes_what_ended_long_enough_ago(self):
        canary = word()
        old = share(kind="user-agent", value=canary + "/1", valid_from=instant(-3 * 86_400), valid_until=instant(-2 * 86_400))
        wait_until(lambda: not files_that_hold(hub.dir, canary.encode()), "a file still holds it")
        self.assertFalse(seen(old))
        ended = share(kind="user-agent", value="kept/9.9", valid_from=instant(-3_600), valid_until=instant(-60))
        kept = share(kind="ip-range", value="192.0.2.77", valid_from=instant(-3 * 86_400), valid_until=instant(-2 * 86_400))
        sentinel = share(kind="ip-range", value="192.0.2.78", share_until=instant(3))
        wait_until(lambda: not seen(sentinel), "nothing is destroyed any more")
        self.assertTrue(seen(ended))
        self.assertTrue(seen(kept))
        self.check_passes()

    def test_what_came_due_while_no_server_ran_goes_when_one_starts_and_a_kill_loses_nothing(self):
        canary = word()
        many = [share(kind="ip-range", value=f"198.51.100.{i}", description=canary, share_until=instant(4)) for i in range(40)]
        hub.kill()
        moment = time.monotonic() + 5
        wait_until(lambda: time.monotonic() > moment, "time stands still")
        hub.start()
        hub.kill()  # wherever it was
        hub.start()
        wait_until(lambda: not files_that_hold(hub.dir, canary.encode()), "a file still holds it")
        self.assertFalse(any(seen(one) for one in many))
        self.check_passes()

    def test_damage_is_told_from_retention(self):
        made = share(kind="ip-range", value="192.0.2.79", share_until=instant(2))
        kept = share(kind="ip-range", value="192.0.2.80")
        wait_until(lambda: not seen(made), "it is still shown")
        self.check_passes()
        self.assertTrue(seen(kept))
        hub.stop()
        file = next(hub.dir.glob("**/tocsin.db"))
        with sqlite3.connect(file) as database:
            row, old = database.execute("SELECT version, bytes FROM versions WHERE length(bytes) > 0 ORDER BY version DESC LIMIT 1").fetchone()
            database.execute("UPDATE versions SET bytes = x'' WHERE version = ?", (row,))
        self.assertNotEqual(hub.verb("check", check=False).returncode, 0)
        with sqlite3.connect(file) as database:
            database.execute("UPDATE versions SET bytes = ? WHERE version = ?", (old, row))
        self.check_passes()

    def test_what_is_due_is_told_by_rule_and_to_administrators_alone(self):
        rules = due()
        self.assertEqual(len(rules), 11)
        self.assertEqual({"share_until", "user-agent", "keyed-identifier"} & set(rules), {"share_until", "user-agent", "keyed-identifier"})
        for token in (hub.lab, hub.cloud, hub.gov):
            self.assertEqual(hub.call("GET", "/api/v1/admin/retention", token).status, 403)


if __name__ == "__main__":
    unittest.main()
