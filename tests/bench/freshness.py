#!/usr/bin/env python3
"""Measures how soon what is published is matched among many indicators, how long other readers wait meanwhile, and how soon what was taken back or has ended is matched no more.

usage: tests/bench/freshness.py [INDICATORS]      how many there are beside (1,000,000)

Takes about six minutes. TOCSIND names the server's program; without it the release build is measured."""
import datetime
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tables
from rows import Row, Within
from streams import Child, at

PUBLICATIONS, ENDINGS, IDLE_SECONDS, BATCH = 100, 10, 40, 100
PATIENCE = 60


def called(hub, token, path, body, connection):
    answer = hub.call("POST", path, token, body, connection=connection)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}: {answer.body[:300]}")
    return answer.json


def read(hub, count, parent):
    """Another member's gateway: one batch of addresses after the other, until the pipe says that it is over. Milliseconds of each."""
    connection, chance, out = hub.connect(), random.Random(50), []
    while not parent.poll():
        some = (chance.randrange(2 * count) for _ in range(BATCH))  # half of them inside what there is
        items = [{"ip": f"2a10:0:{number >> 16:x}:{number & 0xffff:x}::7"} for number in some]
        began = time.monotonic()
        called(hub, hub.other_writer, "/api/v1/match", {"items": items}, connection)
        out.append((time.monotonic() - began) * 1e3)
    parent.send(sorted(out))


def beside_a_reader(hub, count, work):
    """What the work returns, and what the reader measured meanwhile."""
    reader = Child(read, hub, count)
    try:
        done = work()
        reader.pipe.send("over")
        return done, reader.pipe.recv()
    finally:
        reader.close()


class Writer:
    """One member who publishes, and asks what she published."""

    def __init__(self, hub):
        self.hub, self.connection, self.number = hub, hub.connect(), 0

    def publish(self, **members):
        """The indicator and an address in it."""
        self.number += 1
        network = f"2a10:1:0:{self.number:x}::"
        share = [{"kind": "ip-range", "value": network + "/64", "tlp": "green", **members}]
        [item] = called(self.hub, self.hub.writer, "/api/v1/indicators", share, self.connection)["items"]
        return item["id"], network + "7"

    def retract(self, indicator):
        called(self.hub, self.hub.writer, f"/api/v1/indicators/{indicator}/retract", {"because": "wrong"}, self.connection)

    def is_hit(self, address):
        return bool(called(self.hub, self.hub.writer, "/api/v1/match", {"items": [{"ip": address}]}, self.connection)["hits"])

    def wait_for(self, address):
        """Milliseconds until it is hit."""
        began = time.monotonic()
        while not self.is_hit(address):
            if time.monotonic() > began + PATIENCE:
                raise RuntimeError("what was published is not matched")
        return (time.monotonic() - began) * 1e3


def published(writer):
    """Milliseconds from acknowledged to matched, and how often what was retracted was hit in the very next answer."""
    chance, matched, hit_after = random.Random(51), [], 0
    for _ in range(PUBLICATIONS):
        indicator, address = writer.publish()
        matched.append(writer.wait_for(address))
        time.sleep(chance.uniform(0, 0.5))  # so that the looks of the server are met at any moment
        writer.retract(indicator)
        hit_after += writer.is_hit(address)
    return sorted(matched), hit_after


def ended(writer):
    """How many answers to questions that were asked after an indicator's end had it, of how many."""
    hits, asked = 0, 0
    for _ in range(ENDINGS):
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
        _, address = writer.publish(valid_until=until.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        writer.wait_for(address)
        while datetime.datetime.now(datetime.timezone.utc) < until:
            writer.is_hit(address)
        for _ in range(10):
            hits, asked = hits + writer.is_hit(address), asked + 1
    return hits, asked


def measure(count):
    with tables.Stored(count) as stored:
        hub, writer = stored.hub, Writer(stored.hub)
        writer.wait_for(writer.publish()[1])  # everything was read
        _, idle = beside_a_reader(hub, count, lambda: time.sleep(IDLE_SECONDS))
        (matched, hit_after), busy = beside_a_reader(hub, count, lambda: published(writer))
        return {"matched": matched, "hit_after": hit_after, "idle": idle, "busy": busy, "ended": ended(writer)}


def rows(count, found):
    yield Within(f"p99 from acknowledged to matched among {count:,} indicators", f"a match of {BATCH} addresses, idle", at(0.99, found["matched"]),
                 at(0.99, found["idle"]), 1_000, 250, " ms")
    yield Row(f"p99 of a match of {BATCH} addresses among {count:,} indicators while others publish", "the same, idle", at(0.99, found["busy"]),
              at(0.99, found["idle"]), 5, 2, " ms", True)


def note(count, found):
    hits, asked = found["ended"]
    return (f"Half of {len(found['matched'])} publications were matched {at(0.5, found['matched']):.0f} ms after they were acknowledged, the slowest {found['matched'][-1]:.0f} ms, among {count:,} "
            f"indicators. What was retracted was hit in the very next answer {found['hit_after']} of {len(found['matched'])} times, what had ended {hits} of {asked} times. A reader waited "
            f"{found['busy'][-1]:.0f} ms at most while others published, of {len(found['busy']):,} questions, and {found['idle'][-1]:.0f} ms idle, of {len(found['idle']):,}.")


def main():
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    found = measure(count)
    for row in rows(count, found):
        print(f"{row.work}: {row.ours:,.1f}{row.unit} against {row.theirs:,.1f}{row.unit} ({row.reference}), must {row.bound(row.must)}, aim {row.bound(row.aim)}: {row.verdict()}")
    print(note(count, found))


if __name__ == "__main__":
    main()
