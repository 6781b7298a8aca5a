"""The wall clock is put forward and back under a running server: dates of addition and cursors never go back, nobody waits for it, and
what ends at a time of day follows it while deadlines and rates do not. libfaketime steps the server's clock through a file."""
import contextlib
import datetime
import glob
import json
import os
import re
import threading
import time
import unittest
import urllib.parse
from email.utils import parsedate_to_datetime

from instance import Instance, indicator

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
DAY = datetime.timedelta(days=1)


def timestamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Case(unittest.TestCase):
    def hub(self, **settings):
        self.assertTrue(LIBRARY, "the package faketime is missing: scripts/install-dependencies test")
        hub = Instance()
        self.addCleanup(hub.close)
        self.file = hub.dir.parent / "step"
        self.step("+0")
        hub.environment = {**os.environ, "LD_PRELOAD": LIBRARY[0], "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                           "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
        hub.configure(**settings)
        hub.add_lab_and_liaison()
        return hub

    def step(self, words):
        """The server's clock from its next look at it on."""
        other = self.file.with_suffix(".next")
        other.write_text(words)
        other.rename(self.file)

    def store(self, hub, **members):
        one = indicator(tlp="green", **members)
        answer = hub.call("POST", hub.objects, hub.lab, {"objects": [one]})
        self.assertEqual(answer.status, 202, answer.body)
        return one["id"], answer.json

    def manifest(self, hub):
        rows, query = [], "limit=1000"
        while query:
            page = hub.call("GET", f"{hub.objects.removesuffix('objects/')}manifest/?{query}", hub.lab).json
            rows += page.get("objects", [])
            query = f"limit=1000&next={page['next']}" if page["more"] else None
        return rows

    def assert_in_order(self, hub, ids):
        """Everything stored is there once, and its dates are those of an order."""
        rows = self.manifest(hub)
        self.assertEqual(sorted(row["id"] for row in rows), sorted(ids))
        dates = [row["date_added"] for row in rows]
        self.assertEqual(dates, sorted(dates))
        self.assertEqual(len(set(dates)), len(dates))

    def assert_whole(self, hub):
        self.assertEqual(hub.stop(), 0)
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")
        self.assertEqual(hub.verb("check").splitlines()[-1], "ok")


class Writer(threading.Thread):
    def __init__(self, hub, moved):
        super().__init__(daemon=True)
        self.hub, self.moved, self.stopping, self.stored, self.failure = hub, moved, False, [], None

    def run(self):
        with contextlib.closing(self.hub.connect()) as connection:
            self.submit(connection)

    def submit(self, connection):
        while not self.stopping:
            batch = [indicator(tlp="green") for _ in range(3)]
            answer = self.hub.call("POST", self.hub.objects, self.hub.lab, {"objects": batch}, connection=connection)
            if answer.status != 202 or answer.json["success_count"] != 3:
                self.failure = answer.body
                return
            self.stored += [one["id"] for one in batch]
            self.moved.release()


class Puller(threading.Thread):
    """Asks again and again for what was added after the last date that it was told."""

    def __init__(self, hub, token):
        super().__init__(daemon=True)
        self.hub, self.token, self.last_round, self.seen, self.failure = hub, token, False, [], None

    def run(self):
        with contextlib.closing(self.hub.connect()) as connection:
            self.pull(connection)

    def pull(self, connection):
        after = None
        while True:
            last = self.last_round
            query = "limit=50" + (f"&added_after={urllib.parse.quote(after)}" if after else "")
            answer = self.hub.call("GET", f"{self.hub.objects}?{query}", self.token, connection=connection)
            if answer.status != 200:
                self.failure = answer.body
                return
            page = answer.json
            self.seen += [one["id"] for one in page.get("objects", [])]
            after = answer.headers.get("X-TAXII-Date-Added-Last") or after
            if last and not page.get("more"):
                return


class Steps(Case):
    def test_steps_under_load_lose_nothing_repeat_nothing_and_hold_nobody_up(self):
        hub = self.hub()
        hub.start()
        moved = threading.Semaphore(0)  # once for each submission that was answered
        writers, pullers = [Writer(hub, moved) for _ in range(2)], [Puller(hub, token) for token in (hub.lab, hub.liaison)]
        for thread in writers + pullers:
            thread.start()
        for words in ("+1d", "+0", "-1d", "-1h", "+0", "+1d", "-1d"):
            self.step(words)
            for _ in range(20):
                self.assertTrue(moved.acquire(timeout=60), f"nothing was stored for a minute after {words}")
        for writer in writers:
            writer.stopping = True
            writer.join(60)
            self.assertIsNone(writer.failure)
        for puller in pullers:
            puller.last_round = True
            puller.join(60)
            self.assertIsNone(puller.failure)
        stored = sorted(writers[0].stored + writers[1].stored)
        for puller in pullers:
            self.assertEqual(sorted(puller.seen), stored)
        self.assert_in_order(hub, stored)
        self.assert_whole(hub)
        hub.verb("audit", "export", str(hub.dir.parent / "out"))
        entries = [json.loads(json.loads(line)["entry"]) for line in (hub.dir.parent / "out" / "entries.ndjson").read_text().splitlines()]
        reads = [one for one in entries if one["action"] == "read"]
        self.assertTrue(reads)
        for one in reads:
            self.assertLessEqual(one["at"], one["until"])

    def test_a_restart_with_an_earlier_clock_goes_on_where_the_dates_were(self):
        hub = self.hub()
        ids = []
        for words in ("+1d", "-1d", "-30d", "+0"):
            self.step(words)
            hub.start()
            ids += [self.store(hub)[0] for _ in range(3)]
            self.assertEqual(hub.call("GET", f"{hub.objects}{ids[-1]}/", hub.liaison).status, 200)
            self.assert_in_order(hub, ids)
            self.assert_whole(hub)

    def test_a_start_says_when_the_certificate_is_not_good_at_this_time(self):
        hub = self.hub()
        for words, event in (("+0", None), ("-1d", "certificate.not-yet"), ("+355d", "certificate.ends"), ("+366d", "certificate.ended")):
            self.step(words)
            (hub.dir / "serve.log").unlink(missing_ok=True)
            hub.start()
            self.assertEqual(re.findall(r'"event":"(certificate[.][a-z-]+)"', (hub.dir / "serve.log").read_text()), [event] if event else [])
            hub.stop()

    def test_a_version_from_the_future_is_refused_until_the_clock_says_so(self):
        hub = self.hub()
        hub.start()
        soon = timestamp(now() + datetime.timedelta(minutes=10))[:-4] + "Z"
        identifier, status = self.store(hub, modified=soon)
        self.assertEqual((status["failure_count"], status["success_count"]), (1, 0))
        self.assertIn("modified", json.dumps(status["failures"]))
        self.step("+1h")
        self.assertEqual(self.store(hub, modified=soon, identifier=identifier)[1]["success_count"], 1)
        self.step("+0")
        self.assertEqual(hub.call("GET", f"{hub.objects}{identifier}/", hub.lab).json["objects"][0]["modified"], soon)
        later = timestamp(now() + datetime.timedelta(minutes=20))[:-4] + "Z"
        self.assertEqual(self.store(hub, modified=later, identifier=identifier)[1]["failure_count"], 1)


class TimesOfDayAndDurations(Case):
    def test_a_token_ends_by_the_wall_clock(self):
        hub = self.hub()
        hub.start()
        token = hub.token("aurora", "feed", "--expires", timestamp(now() + DAY / 2)[:-4] + "Z")
        for words, status in (("+0", 200), ("+1d", 401), ("-1d", 200), ("+11h", 200), ("+13h", 401), ("+0", 200)):
            self.step(words)
            self.assertEqual(hub.call("GET", hub.objects, token).status, status, words)

    def test_the_rate_of_a_credential_does_not_follow_the_wall_clock(self):
        hub = self.hub(limits__requests_per_second="2")
        hub.start()
        began, passed, refused = time.monotonic(), 0, 0
        for words in ("+0", "+1d", "+2d", "+3d", "+4d", "+5d", "-1d", "-2d", "+6d"):
            self.step(words)
            while (status := hub.call("GET", hub.objects, hub.lab).status) == 200:
                passed += 1
            self.assertEqual(status, 429)
            refused += 1
        self.assertLessEqual(passed, 4 + 2 * (time.monotonic() - began) + 1)
        self.assertEqual(refused, 9)
        while hub.call("GET", hub.objects, hub.lab).status != 200:  # the test's own time limit ends it
            pass

    def test_deadlines_of_connections_do_not_follow_the_wall_clock(self):
        hub = self.hub(http__threads="1")
        hub.start()
        idle, busy = hub.connect(), hub.connect()
        self.addCleanup(idle.close)
        self.addCleanup(busy.close)
        self.assertEqual(hub.call("GET", "/healthz", connection=idle).status, 200)
        for words, days in (("+2d", 2), ("-2d", -2), ("+400d", 400)):
            self.step(words)
            wanted = now() + days * DAY
            while abs(parsedate_to_datetime(hub.call("GET", "/healthz", connection=busy).headers["Date"]) - wanted) > DAY / 2:
                pass  # until the thread has looked at its deadlines with the new clock
            self.assertEqual(hub.call("GET", "/healthz", connection=idle).status, 200, words)

    def test_an_invitation_ends_after_a_day_and_its_token_when_it_was_said(self):
        hub = self.hub()
        words = ("invite", "--org", "aurora", "--role", "feed", "--expires", timestamp(now() + 3 * DAY), "--url", "https://hub.example")
        invitations = [hub.verb(*words).split("#")[1].split(".")[0] for _ in range(2)]
        hub.start()
        token = hub.call("POST", "/api/v1/login", invitations[0], {}).json["token"]
        self.step("+25h")
        self.assertEqual(hub.call("POST", "/api/v1/login", invitations[1], {}).status, 401)
        self.assertEqual(hub.call("GET", "/api/v1/me", token).status, 200)
        self.step("+73h")
        self.assertEqual(hub.call("GET", "/api/v1/me", token).status, 401)


if __name__ == "__main__":
    unittest.main(verbosity=1)
