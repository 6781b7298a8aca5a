#!/usr/bin/env python3
"""Measures how peers follow each other: how fast a log is verified and taken up, how soon a publication is at a peer, and how soon all peers have signed for a recall.

usage: tests/bench/federation.py [--entries N] [--times N] [--recalls N] [--seconds N]

TOCSIND names the server's program; without it the release build is measured."""
import argparse
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import load
from rows import Row, Within
from servers import ROOT
from instance import Instance, indicator  # found by the path that servers adds

sys.path.insert(0, str(ROOT / "tests" / "federation"))
from mesh import Mesh, wait_for

LOADER = "identity--7d1c9c0e-2f6e-4b57-9a94-5a1d0f0b8c11"  # for whom submit.lua speaks
ALL = {"entries_per_hour": 10**9, "mib_per_hour": 10**6}
CONNECTIONS, PAUSE_MS = 64, 50


def at(share, values):
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def verified(entries):
    """In turn with plain SHA-256, answer by answer."""
    found = load.verify_scale(entries)
    yield Row(f"verification alone of {entries:,} entries of a peer", "SHA-256 of the same bytes", found["verified"], found["hashed"], 0.3, 0.5)


def taken_up(entries):
    """What making the peer's answers takes is not counted."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        theirs = load.raw_sqlite(folder, entries, 1_000)
    hub = Instance(init=["--host", "heron.example"])
    try:
        hub.verb("manifest", "make")
        ours = load.follow_scale(hub.dir, entries)
    finally:
        hub.close()
    yield Row(f"{entries:,} entries of a peer, verified and applied", "SQLite alone, 1,000 rows a transaction", ours, theirs, 0.15, 0.5)


class Pair:
    """Ibis follows Heron, of whose members one is the load generator."""

    def __enter__(self):
        self.mesh = Mesh(heron="lab", ibis="cloud")
        self.heron, self.ibis = self.mesh.nodes
        self.heron.organisation("loader", "lab", "red", identity=LOADER)
        self.heron.identities.append(LOADER)
        self.loader = self.heron.token("loader", "analyst")
        self.mesh.join(**ALL)
        self.send_one(0)
        return self

    def __exit__(self, *failure):
        self.mesh.close()

    def send_one(self, number):
        """Milliseconds from its acknowledgement until it is found: here, and at the peer. At no time of the checkpoints', which are 250 ms apart at least."""
        time.sleep(random.uniform(0.3, 0.8))
        made = indicator(f"198.51.100.{number % 256}", tlp="green")
        self.heron.submit(made)
        began, times = time.monotonic(), []
        for node in (self.heron, self.ibis):
            while node.object(made["id"]) is None:
                time.sleep(0.001)
            times.append((time.monotonic() - began) * 1e3)
        return times

    def send(self, times):
        return zip(*(self.send_one(number) for number in range(times)))


def row_of_times(words, here, there):
    return Within(f"p99 from acknowledged to found at a peer{words}", "found where it was published", at(0.99, there), at(0.99, here), 500, 100, " ms")


def published(times, seconds):
    """Rows, and a line of the report, once both are measured."""
    notes = []
    with Pair() as pair:
        here, there = pair.send(times)
        yield row_of_times("", here, there), None
        notes.append(f"{at(0.5, there):.0f} ms idle")
        load_of = load.start_pacing(pair.heron.url + pair.heron.objects_of("network"), pair.loader, CONNECTIONS, PAUSE_MS, seconds)
        time.sleep(2)
        busy, end = [], time.monotonic() + seconds - 4
        while time.monotonic() < end:
            busy.append(pair.send_one(len(busy)))
        found = load.finish(load_of)
        rate = found["accepted"] / found["seconds"]
        yield row_of_times(f" beside {rate:,.0f} submissions a second", *zip(*busy)), None
        notes.append(f"{at(0.5, [one[1] for one in busy]):.0f} ms beside {rate:,.0f} submissions a second")
    yield None, f"Half of what was published was found at a peer {', '.join(notes)}; {len(there):,} and {len(busy):,} publications."


def recalled(times):
    """Of a mesh of four: the slowest from the recall's answer to the last of three receipts."""
    mesh = Mesh(heron="lab", ibis="cloud", magpie="lab", curlew="cloud")
    try:
        heron, *peers = mesh.join(**ALL)
        answered, acknowledged = [], []
        for number in range(times):
            identifier = heron.submit(indicator(f"203.0.113.{number % 256}", tlp="green"))[0]
            for peer in peers:
                peer.wait_object(identifier)
            began = time.monotonic()
            answer = heron.call("POST", "/api/v1/recalls", heron.analyst, {"id": identifier, "because": "wrong"})
            if answer.status != 201:
                raise RuntimeError(answer.body)
            answered.append((time.monotonic() - began) * 1e3)
            path = f"/api/v1/recalls/{answer.json['recall']}"
            wait_for(lambda: heron.call("GET", path, heron.analyst).json["outstanding"] == 0, lambda: heron.tail())
            acknowledged.append((time.monotonic() - began) * 1e3)
        yield Within(f"recall to the last receipt of three peers, slowest of {times}", "the recall is answered", max(acknowledged), max(answered), 2_000, 1_000, " ms")
    finally:
        mesh.close()


def measure(entries=1_000_000, times=200, recalls=20, seconds=60):
    """Rows and lines of the report, as they are measured."""
    for row in verified(min(entries, 200_000)):
        yield row, None
    for row in taken_up(entries):
        yield row, None
    yield from published(times, seconds)
    for row in recalled(recalls):
        yield row, None


def main():
    parser = argparse.ArgumentParser()
    for name, most in (("entries", 1_000_000), ("times", 200), ("recalls", 20), ("seconds", 60)):
        parser.add_argument(f"--{name}", type=int, default=most)
    for row, note in measure(**vars(parser.parse_args())):
        print(note or f"{row.work}: {row.ours:,.2f}{row.unit} against {row.theirs:,.2f}{row.unit} ({row.reference}): {row.ratio:.2f}, {row.verdict()}", flush=True)


if __name__ == "__main__":
    main()
