"""slowhttptest: thousands of slow clients hold the server while another member reads. Good traffic must hardly notice.

Slow headers, slow bodies with a valid token, and answers read slowly. With its own timeouts the server closes slow clients after seconds;
here it is told to bear with them, so that they all stay. Figures are for the machine at hand, with nothing else running."""
import contextlib
import gc
import re
import resource
import subprocess
import time

import doors
from findings import Report

ROUNDS, SECONDS = 3, 15
RATIO = 1.25
PAGE = 100
PATIENCE = {"http__header_timeout_s": "300", "http__body_timeout_s": "3600", "http__body_min_rate_bytes_per_s": "1", "http__write_timeout_s": "3600"}


class Reader:
    """Good traffic: one member, one connection, one request after the other."""

    def __init__(self, hub):
        self.hub, self.path = hub, f"{hub.objects}?limit={PAGE}"
        self.connection, self.admin = hub.connect(), hub.connect()

    def read(self):
        self.connection.request("GET", self.path, headers={"Authorization": "Bearer " + self.hub.cloud})
        response = self.connection.getresponse()
        response.read()
        if response.status != 200:
            raise AssertionError(f"good traffic was answered with {response.status}")

    def connections(self):
        """How many the server has open, without the two of this reader."""
        text = self.hub.call("GET", "/metrics", self.hub.tokens["admin"], connection=self.admin).body.decode()
        return int(re.search(r"(?m)^tocsin_http_connections (\d+)", text)[1]) - 2

    def measure(self, seconds):
        """The times of all reads, in seconds, and the most and fewest slow clients beside them, counted once a second."""
        times, held, end, count = [], [], time.monotonic() + seconds, time.monotonic()
        while (now := time.monotonic()) < end:
            if now >= count:
                held.append(self.connections())
                count = now + 1
                continue
            begun = time.perf_counter()
            self.read()
            times.append(time.perf_counter() - begun)
        return times, min(held), max(held)

    def alone(self):
        """Returns when the slow clients of before are gone."""
        deadline = time.monotonic() + 60
        while self.connections() > 0:
            if time.monotonic() > deadline:
                raise AssertionError("slow clients stay although they ended")
            self.measure(1)

    def close(self):
        self.connection.close()
        self.admin.close()


def p99(times):
    return sorted(times)[len(times) * 99 // 100]


def with_token(token):
    """As another field behind the cookie: slowhttptest has no option for it."""
    return ["-m", "application/taxii+json;version=2.1", "-j", f"a=b\r\nAuthorization: Bearer {token}"]


# What is slow, as slowhttptest is told, and whether all clients can stay: requests for which there is no place are refused at once.
MODES = {
    "headers": (lambda hub: ["-H", "-i", 10, "-x", 16, "-u", f"{hub.url}/taxii2/"], True),
    "bodies": (lambda hub: ["-B", "-i", 10, "-x", 16, "-s", 8192, "-t", "POST", "-f", "application/taxii+json;version=2.1", *with_token(hub.lab),
                            "-u", hub.url + hub.objects], False),
    "reading": (lambda hub: ["-X", "-w", 256, "-y", 512, "-n", 5, "-z", 32, "-k", 3, *with_token(hub.lab), "-u", f"{hub.url}{hub.objects}?limit=1000"], False),
}


def attack(hub, reader, command, clients, rate):
    """One round: the ratio of the p99s, those of before, while the clients come and while they stay, and how many stayed at least and at most."""
    reader.alone()
    before, _, _ = reader.measure(SECONDS)
    attacker = subprocess.Popen(["nice", "-n", "19", *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        arriving, arrived, begun = [], 0, time.monotonic()
        while arrived < clients and attacker.poll() is None and time.monotonic() < begun + 2 * clients / rate + 5:
            times, _, arrived = reader.measure(1)
            arriving += times
        during, fewest, most = reader.measure(SECONDS)
    finally:
        attacker.terminate()
        attacker.wait(30)
    return p99(during) / p99(before), p99(before), p99(arriving), p99(during), fewest, most


def judge(report, hub, reader, name, clients):
    """The round with the median ratio counts: one that something else disturbed does not."""
    words, stay = MODES[name]
    rate = max(50, clients // 10)
    command = [str(word) for word in ("slowhttptest", "-c", clients, "-r", rate, "-l", 60 + clients // rate, "-p", 5, *words(hub))]
    report.asked.append(hub.plain(" ".join(command)).replace("\r\n", "\\r\\n").replace(hub.objects, "/OBJECTS"))
    rounds = sorted(attack(hub, reader, command, clients, rate) for _ in range(ROUNDS))
    ratio, before, arriving, during, fewest, most = rounds[ROUNDS // 2]
    report.seen.append(f"slow {name}, {clients:,} clients: at least {fewest:,} and at most {most:,} stayed; p99 of a page of {PAGE} objects {before * 1e6:.0f} µs before, "
                       f"{arriving * 1e6:.0f} µs while they came, {during * 1e6:.0f} µs while they stayed: {ratio:.2f} times (must ≤ {RATIO}; rounds "
                       + ", ".join(f"{each[0]:.2f}" for each in rounds) + ")")
    if ratio > RATIO:
        report.find(f"slow {name}", "slower", "HIGH", f"p99 of good traffic is more than {RATIO} times what it was")
    if stay and min(each[4] for each in rounds) < clients:
        report.find(f"slow {name}", "too-few", "HIGH", "not all slow clients stayed, so nothing is shown")


def slowhttptest(clients):
    report = Report("slowhttptest", doors.version("slowhttptest"), "LOW")
    needed = clients + 1000
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < needed:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < needed:
        report.find("here", "descriptors", "HIGH", f"ulimit -n must be {needed:,}")
        return report
    places = {"http__max_connections": str(2 * clients + 1000), "http__max_connections_per_address": str(2 * clients + 1000)}
    gc.disable()
    for name in MODES:
        with contextlib.closing(doors.Target(**PATIENCE, **places)) as hub:
            hub.submit(*(doors.indicator(f"198.51.100.{number % 250}", tlp="green") for number in range(1000)))
            hub.drop_connections()
            with contextlib.closing(Reader(hub)) as reader:
                judge(report, hub, reader, name, clients)
    gc.enable()
    return report
