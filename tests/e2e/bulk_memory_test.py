"""What the server holds while it takes a long body does not follow the length of that. Measures memory: for release builds."""
import contextlib
import os
import pathlib
import re
import subprocess
import threading
import time
import unittest

from attack import admin_of
from community import Community
from instance import TOCSIN
from peering import wait_for

FEW, MANY = 20_000, int(os.environ.get("TOCSIN_ROWS", "200000"))
MIB = 2**20


def setUpModule():
    global admin, hub
    hub = Community(init=["--demo"])  # which takes what is reserved for documentation
    unittest.addModuleCleanup(hub.close)
    hub.configure(store__cache_mib="64")
    hub.start()
    unittest.addModuleCleanup(hub.stop_cleanly)
    admin = admin_of(hub)


def table(first, count):
    rows = (f"2001:db8:{number >> 16:x}:{number & 0xffff:x}::/64,ip-range,50\n" for number in range(first, first + count))
    return ("value,kind,confidence\n" + "".join(rows)).encode()


def status(process, name):
    """Bytes; 0 when the process has ended."""
    found = re.search(rf"{name}:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


@contextlib.contextmanager
def peak():
    """The most that the server holds meanwhile, in the list; what is a file's does not count."""
    most, done = [status(hub.process, "RssAnon")], threading.Event()

    def watch():
        while not done.wait(0.02):
            most[0] = max(most[0], status(hub.process, "RssAnon"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def matched_against(indicators):
    """The bytes of it, once it has so many."""
    def told():
        metrics = hub.call("GET", "/metrics", admin).body.decode()
        found = [int(re.search(rf"(?m)^tocsin_match_{name} (\d+)$", metrics)[1]) for name in ("indicators", "bytes")]
        return found[1] if found[0] >= indicators else None
    return wait_for(told, f"it never came to {indicators:,} indicators")


class Memory(unittest.TestCase):
    def held_for(self, first, count, query):
        body, connection = table(first, count), hub.connect()
        connection.timeout = 600  # the answer comes when all is stored
        began = time.monotonic()
        with peak() as most:
            answer = hub.call("POST", "/api/v1/indicators" + query, hub.lab, body, {"Content-Type": "text/csv"}, connection=connection)
        connection.close()
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertEqual((answer.json["accepted"], answer.json.get("stopped")), (count, None))
        print(f"{count:,} rows{query}: at most {most[0] / MIB:.0f} MiB, {count / (time.monotonic() - began):,.0f} rows/s")
        return most[0]

    def test_the_memory_of_the_server_does_not_follow_the_rows(self):
        # The allocator comes to keep what it is given back, at one time more and at another less: some 30 MiB. A row that
        # was kept would be an object of more than 500 bytes, so that 300,000 more of them would be 150 MB.
        few = max(self.held_for(0, MANY, "?dry_run=1") for _ in range(2))
        many = self.held_for(0, MANY * 5 // 2, "?dry_run=1")
        self.assertLess(many - few, 48 * MIB)
        # What is stored is cached, up to what the configuration says, the newest versions wait for their index, and all is
        # matched against: by one snapshot of it, the one that takes its place, and what that is made from.
        few, many = self.held_for(0, FEW, ""), self.held_for(FEW, MANY, "")
        self.assertLess(many - few, (64 + 32) * MIB + 3 * matched_against(FEW + MANY))

    def test_the_memory_of_the_client_does_not_follow_the_rows(self):
        file = pathlib.Path(hub.folder.name) / "long.csv"
        few, many = (self.client_held_for(file, count) for count in (FEW // 4, FEW))
        self.assertLess(many - few, 8 * MIB)

    def client_held_for(self, file, count):
        file.write_bytes(table(0x1000000, count))
        environment = {"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": hub.folder.name}
        most = 0
        with subprocess.Popen([TOCSIN, "share", "--dry-run", "--json", file], stdout=subprocess.DEVNULL, env=environment) as process:
            while process.poll() is None:
                most = max(most, status(process, "VmHWM"))
                time.sleep(0.02)
        self.assertEqual(process.returncode, 0)
        return most


if __name__ == "__main__":
    unittest.main()
