"""Attacks that other systems of this kind fell to, by the numbers of our list: by asking often, by measuring, by sending much.

Over HTTPS, against the real binary. The tests in which a case is shown in depth are named by a comment."""
import contextlib
import datetime
import json
import random
import re
import sqlite3
import statistics
import time
import unittest
import uuid

from attack import dial, raw, receive, tables
from community import Community, set_up_module
from instance import indicator

ME = "/api/v1/me"
CROP = 0.8  # the slowest fifth of all samples is the machine's, not the server's: it is left out of both alike


def setUpModule():
    global hub
    hub = set_up_module()


class Often(unittest.TestCase):
    """In depth: limiter_test.cpp, whose clock is an argument, and gates_test.cpp. The limiter has steady_clock, credentials expire by the system's."""

    def limited(self):
        hub = Community()
        self.addCleanup(hub.close)
        hub.configure(limits__requests_per_second="10")
        return hub

    def burst(self, hub, token, number=60):
        """How many of a burst are let in, by changing methods, paths and connections; and how many may be by the clock, which saves up 2 seconds."""
        begun, let_in = time.monotonic(), 0
        for step in range(number):
            method, path = random.choice((("GET", ME), ("HEAD", ME), ("GET", ME + "/"), ("HEAD", "/taxii2/"), ("GET", "/api/v1/%6de"),
                                          ("GET", "/taxii2/?x=" + str(step))))
            answer = hub.call(method, path, token)
            self.assertIn(answer.status, (200, 429))
            let_in += answer.status == 200
            if step % 10 == 9:
                hub.drop_connections()
        return let_in, 10 * (2 + time.monotonic() - begun)

    def test_a11_a_credential_is_limited_by_a_clock_of_its_own_whatever_the_database_says_of_time(self):
        hub = self.limited().start()
        let_in, most = self.burst(hub, hub.lab)
        self.assertLessEqual(let_in, most + 1)
        self.assertGreaterEqual(let_in, 15)
        self.assertEqual(hub.call("GET", ME, hub.cloud).status, 200, "another's bucket is full")
        hub.stop_cleanly()
        for days in (30, -60):
            with contextlib.closing(sqlite3.connect(hub.dir / "tocsin.db")) as database, database:
                self.assertEqual(database.execute("UPDATE credentials SET created = created + ?", [days * 86_400_000_000]).rowcount, 6)
            hub.start()
            let_in, most = self.burst(hub, hub.lab)
            self.assertTrue(15 <= let_in <= most + 1, (days, let_in, most))
            self.assertEqual(hub.call("GET", ME, hub.cloud).status, 200)
            hub.stop_cleanly()

    def test_a11_guessing_opens_nothing_and_shuts_out_nobody(self):
        hub = self.limited().start()
        for step in range(200):
            guess = hub.lab[:24] + f"{step:043d}"
            method = random.choice(("GET", "PUT", "POST", "HEAD", "DELETE"))
            self.assertIn(hub.call(method, ME, guess, {} if method in ("PUT", "POST") else None).status, (401, 405))
            hub.drop_connections()
        self.assertEqual(hub.call("GET", ME, hub.lab).status, 200)
        hub.stop_cleanly()

    def test_a11_what_has_expired_stays_so_and_nothing_expires_before(self):
        ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
        token = hub.token("aurora", "feed", "--expires", ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        while True:
            asked = datetime.datetime.now(datetime.timezone.utc)
            status = hub.call("GET", ME, token).status
            answered = datetime.datetime.now(datetime.timezone.utc)
            self.assertEqual(status, 200 if answered < ends else 401 if asked > ends else status)
            if status == 401:
                break
            time.sleep(0.05)
        self.assertEqual({hub.call("GET", ME, token).status for _ in range(20)}, {401})


class Measured(unittest.TestCase):
    def samples(self, headers, number):
        """Seconds to the answer for each header, in a random order on one connection, so that a drift of the machine is in all of them alike."""
        requests = {header: f"GET {ME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {header}\r\n\r\n".encode() for header in headers}
        order = headers * number
        random.shuffle(order)
        taken = {header: [] for header in headers}
        with dial(hub) as tls:
            for header in headers * 50 + order:
                begun = time.perf_counter()
                tls.sendall(requests[header])
                tls.recv(4_096)
                taken[header].append(time.perf_counter() - begun)
        return [times[50:] for times in taken.values()]

    def welch(self, one, other):
        """Welch's t of two samples without what is above the common quantile: a few interruptions would widen the spread until it hid everything."""
        most = sorted(one + other)[int(CROP * len(one + other))]
        one, other = ([each for each in sample if each <= most] for sample in (one, other))
        error = (statistics.variance(one) / len(one) + statistics.variance(other) / len(other)) ** 0.5
        return (statistics.fmean(one) - statistics.fmean(other)) / error

    def test_a12_a_token_that_is_known_by_half_takes_as_long_as_one_that_is_unknown(self):
        # In depth: authenticate_test.cpp, that the answers are the same. A difference that is there is there each time; noise is not.
        known, unknown, good = hub.lab[:24] + "A" * 43, "tocsin_" + "0123456789abcdef" + "_" + "A" * 43, hub.lab
        rounds, sharp = [], []
        for _ in range(3):
            # The good token in the same rounds tells whether a difference could have been seen in them: its answer takes microseconds longer.
            refused, other, let_in = self.samples([known, unknown, good], 2_000)
            if abs(self.welch(refused, let_in)) > 4.5:
                sharp.append(abs(self.welch(refused, other)))
                if sharp[-1] < 4.5:
                    return
            rounds.append((self.welch(refused, other), self.welch(refused, let_in)))
        self.assertTrue(sharp, f"a difference that is there is not seen: the measure is blunt: {rounds}")
        self.fail(f"a difference in each round: {rounds}")


class Much(unittest.TestCase):
    def resident(self):
        with open(f"/proc/{hub.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1_024

    def test_a15_the_body_of_a_stranger_is_neither_waited_for_nor_kept(self):
        # In depth: exchange_test.cpp and body_memory_test.cpp.
        connections, growth = 300, 64 * 1_024
        for path in (hub.objects, "/api/v1/admin/organisations"):
            head = (f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {hub.lab[:24]}{'A' * 43}\r\n"
                    f"Content-Length: {10 << 20 if path == hub.objects else 60_000}\r\nExpect: 100-continue\r\n\r\n").encode()
            open_ones = [dial(hub) for _ in range(connections)]
            before = self.resident()
            for tls in open_ones:
                tls.sendall(head + b'{"objects": [' + b" " * 1_000)
            for tls in open_ones:
                answer = receive(tls)
                self.assertEqual((answer.status, answer.headers["Connection"]), (401, "close"))
                self.assertEqual(tls.recv(1), b"", "it is closed, without a 100 and without the body")
            self.assertLess(self.resident() - before, connections * growth)
            for tls in open_ones:
                tls.close()

    def test_a15_a_body_of_bytes_that_grow_is_refused_by_its_head_too(self):
        for headers in ("Content-Encoding: gzip", "Content-Encoding: zstd", "Transfer-Encoding: chunked", "Content-Length: 99999999999"):
            answer = raw(hub, "POST", hub.objects, headers, *(() if "Length" in headers or "Transfer" in headers else ("Content-Length: 10485760",)))
            self.assertIn(answer.status, (400, 401, 411, 413), headers)


class Amplified(unittest.TestCase):
    """No mail and no webhook is sent: what one request makes the server write and send has no other target than itself and its client."""

    def failing(self, number, **members):
        return {"objects": [dict(indicator(), id="x", created="never", modified="never", pattern="[", **members) for _ in range(number)]}

    def size(self):
        return sum(len(str(row)) for rows in tables(hub).values() for row in rows)

    def trail(self):
        with contextlib.closing(sqlite3.connect(f"file:{hub.dir / 'tocsin.db'}?mode=ro", uri=True)) as database:
            return database.execute("SELECT count(*) FROM audit WHERE entry NOT LIKE '%\"action\":\"read\"%'").fetchone()[0]

    def test_a22_what_refused_objects_make_the_server_store_and_say_is_bounded(self):
        # In depth: refusals_test.cpp.
        many = {f"x_{number}!": "?" for number in range(500)}
        answer = hub.call("POST", hub.objects, hub.lab, self.failing(1, **many))
        self.assertEqual(answer.json["failure_count"], 1)
        self.assertLess(len(answer.body), 16_384)
        before, entries = self.size(), self.trail()
        answer = hub.call("POST", hub.objects, hub.lab, self.failing(1_001))
        self.assertEqual((answer.status, self.size(), self.trail()), (422, before, entries))
        self.assertLess(len(answer.body), 2_048)
        answer = hub.call("POST", hub.objects, hub.lab, self.failing(1_000))
        self.assertEqual((answer.status, answer.json["failure_count"], self.trail()), (202, 1_000, entries + 1))
        self.assertLess(self.size() - before, len(answer.body))

    def test_a22_a_withdrawal_that_finds_nothing_writes_nothing(self):
        before, entries = tables(hub), self.trail()
        for number in range(20):
            path = f"{hub.objects}x-nothing-{number}-{'long' * 50}--{uuid.uuid4()}/"
            self.assertEqual(hub.call("DELETE", path, hub.lab).status, 404)
        self.assertEqual((tables(hub)["names"], self.trail()), (before["names"], entries))

    def test_a22_a_stranger_gets_one_short_answer_and_one_line_of_log_for_a_request(self):
        log = hub.dir / "serve.log"
        # A request is told of behind its answer: those of before are, once one that comes after them is.
        self.assertEqual(raw(hub, "GET", ME, "Authorization: Bearer last").status, 401)
        deadline = time.monotonic() + 30
        while f'"{ME}"' not in log.read_text().splitlines()[-1] and time.monotonic() < deadline:
            time.sleep(0.01)
        before, rows, lines = self.size(), self.trail(), len(log.read_text().splitlines())
        for number in range(50):
            path = "/api/v1/admin/organisations?x=" + "y" * (number * 100)
            answer = raw(hub, "POST", path, "Authorization: Bearer " + "z" * number, "Content-Length: 2", body=b"{}")
            self.assertEqual(answer.status, 401)
            self.assertLess(len(answer.body) + len(str(answer.headers)), 1_024)
        said = log.read_text().splitlines()[lines:]
        self.assertLessEqual(len(said), 50)
        self.assertTrue(all(len(line) < 512 and json.loads(line)["event"] == "request" for line in said), said[:3])
        self.assertEqual((self.size(), self.trail()), (before, rows))


if __name__ == "__main__":
    unittest.main()
