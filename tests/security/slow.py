"""slowhttptest: thousands of slow clients hold the server while another member reads. Good traffic must hardly notice.

Slow headers, slow bodies with a valid token, and answers read slowly. With its own timeouts the server closes slow clients after seconds, and
of one organisation it hears a few requests at a time; here it is told to bear with them all, so that they stay and do not come again and again.
The clients need processor time of the machine that is measured: the baseline is the time of the same reads while the same clients hold an nginx
that bears with them, too. Figures are for the machine at hand, with nothing else running."""
import contextlib
import gc
import re
import resource
import subprocess
import sys
import time

import doors
from findings import Report

sys.path.append(str(doors.ROOT / "tests" / "bench"))  # behind the tools here: both have a tls.py
from servers import Nginx  # noqa: E402  (needs the path above)

ROUNDS, SECONDS = 3, 10
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


class PatientNginx(Nginx):
    """Holds slow clients for as long as they like; requests with a body it would hand on once it has them whole."""

    CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;
events {{ worker_connections 10000; }}
http {{
  access_log off; tcp_nodelay on; server_tokens off; default_type application/taxii+json;
  client_header_timeout 3600s; client_body_timeout 3600s; send_timeout 3600s; keepalive_timeout 3600s; keepalive_requests 1000000000;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{
    listen 127.0.0.1:{port} ssl backlog=4096; root {folder}/files;
    ssl_protocols TLSv1.3; ssl_certificate {certificates}/server.crt; ssl_certificate_key {certificates}/server.key;
    location /bodies {{ proxy_pass http://127.0.0.1:9; }}
  }}
}}
"""


def p99(times):
    return sorted(times)[len(times) * 99 // 100]


def with_token(token):
    """As another field behind the cookie: slowhttptest has no option for it."""
    return ["-m", "application/taxii+json;version=2.1", "-j", f"a=b\r\nAuthorization: Bearer {token}"]


# What is slow, as slowhttptest is told, and what it asks of us and of nginx.
MODES = {
    "headers": (lambda hub: ["-H", "-i", 10, "-x", 16], lambda hub: "/taxii2/", "/"),
    "bodies": (lambda hub: ["-B", "-i", 10, "-x", 16, "-s", 8192, "-t", "POST", "-f", "application/taxii+json;version=2.1", *with_token(hub.lab)],
               lambda hub: hub.objects, "/bodies"),
    "reading": (lambda hub: ["-X", "-w", 256, "-y", 512, "-n", 5, "-z", 32, "-k", 3, *with_token(hub.lab)],
                lambda hub: f"{hub.objects}?limit=1000", "/page.json"),
}
ARRIVAL = 60  # seconds at most: as many handshakes as this machine does beside the reads


def command_of(hub, name, clients, url):
    rate = max(50, clients // 10)
    return [str(word) for word in ("slowhttptest", "-c", clients, "-r", rate, "-l", 60 + ARRIVAL, "-p", 5, *MODES[name][0](hub), "-u", url)]


def beside(reader, command, is_there):
    """The p99 of the reads while the clients of the command come, and while they stay, and how many stayed at least and at most."""
    attacker = subprocess.Popen(["nice", "-n", "19", *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        arriving, begun, held = [], time.monotonic(), 0
        while not is_there(held) and attacker.poll() is None and time.monotonic() < begun + ARRIVAL:
            times, _, held = reader.measure(1)
            arriving += times
        if attacker.poll() is not None:
            raise AssertionError(f"{command[0]} ended before it was measured, with status {attacker.returncode}")
        times, fewest, most = reader.measure(SECONDS)
    finally:
        attacker.terminate()
        attacker.wait(30)
    return p99(arriving), p99(times), fewest, most


def attack(hub, nginx, reader, name, clients):
    """One round: the ratio of the p99s, those alone, beside the same clients elsewhere, while they come and while they stay, and how many
    stayed at least and at most."""
    _, path, elsewhere = MODES[name]
    reader.alone()
    alone = p99(reader.measure(SECONDS)[0])
    arriving, during, fewest, most = beside(reader, command_of(hub, name, clients, hub.url + path(hub)), lambda held: held >= clients)
    reader.alone()
    as_long = time.monotonic() + clients / 250  # nginx is not asked how many it holds
    _, baseline, _, _ = beside(reader, command_of(hub, name, clients, nginx.url + elsewhere), lambda _: time.monotonic() > as_long)
    return during / baseline, alone, baseline, arriving, during, fewest, most


def judge(report, hub, nginx, reader, name, clients):
    """The round with the median ratio counts: one that something else disturbed does not."""
    asked = " ".join(command_of(hub, name, clients, hub.url + MODES[name][1](hub)))
    report.asked.append(hub.plain(asked).replace("\r\n", "\\r\\n").replace(hub.objects, "/OBJECTS"))
    rounds = sorted(attack(hub, nginx, reader, name, clients) for _ in range(ROUNDS))
    ratio, alone, baseline, arriving, during, fewest, most = rounds[ROUNDS // 2]
    report.seen.append(f"slow {name}, {clients:,} clients: at least {fewest:,} and at most {most:,} stayed; p99 of a page of {PAGE} objects {alone * 1e6:.0f} µs alone, "
                       f"{arriving * 1e6:.0f} µs while they came, {during * 1e6:.0f} µs while they stayed, {baseline * 1e6:.0f} µs while they held nginx: "
                       f"{ratio:.2f} times (must ≤ {RATIO}; rounds " + ", ".join(f"{each[0]:.2f}" for each in rounds) + ")")
    if ratio > RATIO:
        report.find(f"slow {name}", "slower", "HIGH", f"p99 of good traffic is more than {RATIO} times what it was")
    if min(each[5] for each in rounds) < clients:
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
    places = {"limits__in_flight": str(8 * clients), "http__max_connections": str(2 * clients + 1000), "http__max_connections_per_address": str(2 * clients + 1000)}
    gc.disable()
    for name in MODES:
        with contextlib.closing(doors.Target(**PATIENCE, **places)) as hub:
            hub.submit(*(doors.indicator(f"198.51.100.{number % 250}", tlp="green") for number in range(1000)))
            hub.drop_connections()
            with contextlib.closing(Reader(hub)) as reader, contextlib.closing(PatientNginx(hub.dir / "certs")) as nginx:
                nginx.put("page.json", b"x" * 700_000)
                judge(report, hub, nginx, reader, name, clients)
    gc.enable()
    return report
