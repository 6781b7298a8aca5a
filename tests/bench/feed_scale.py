#!/usr/bin/env python3
"""Measures a feed of very many ranges: made from the database, given again, and asked for by who has it, beside `sort -V` of the same lines.

usage: tests/bench/feed_scale.py [RANGES]      how many lines it has (200,000)

A feed looks at 1,000,000 indicators at most (server/feeds/gathering.hpp). Takes about two minutes. TOCSIND names the server's program; without it the release build is measured."""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tables
from rows import Row

FEED = "/api/v1/feeds/observe-v6"
ROUNDS, MOST = 3, 200_000


def apart(count):
    """Ranges of which no two are neighbours, so that each is a line."""
    rows = (f"2a10:0:{number >> 15:x}:{number * 2 & 0xffff:x}::/64,ip-range,50,green\n" for number in range(count))
    return ("value,kind,confidence,tlp\n" + "".join(rows)).encode()


def asked(hub, headers=None):
    """The answer, and seconds until all of it was here."""
    began = time.monotonic()
    answer = hub.call("GET", FEED, hub.other_writer, None, headers)
    return answer, time.monotonic() - began


def made(hub, number):
    """The answer after one more range was shared, which makes every kept feed old."""
    share = [{"kind": "ip-range", "value": f"2a10:1:0:{number:x}::/64", "tlp": "green"}]
    if hub.call("POST", "/api/v1/indicators", hub.writer, share).status != 200:
        raise RuntimeError("a range was not taken")
    answer, seconds = asked(hub)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.body[:300]}")
    return answer, seconds


def sorted_by_sort(lines):
    """Seconds of `sort -V` from a file to a file."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        file = pathlib.Path(folder) / "lines"
        file.write_bytes(b"\n".join(lines) + b"\n")
        began = time.monotonic()
        subprocess.run(["sort", "-V", "-o", f"{folder}/sorted", str(file)], check=True, env=dict(os.environ, LC_ALL="C"))
        return time.monotonic() - began


def measure(count):
    with tables.Stored(count, apart) as stored:
        hub = stored.hub
        rounds = [made(hub, number * 2) for number in range(ROUNDS)]
        last = rounds[-1][0]
        lines = last.body.split()
        if len(lines) != count + ROUNDS:
            raise RuntimeError(f"{len(lines)} lines")
        random.Random(60).shuffle(lines)
        again = min(asked(hub)[1] for _ in range(ROUNDS))
        unchanged, told = asked(hub, {"If-None-Match": last.headers["ETag"]})
        if unchanged.status != 304:
            raise RuntimeError(f"{unchanged.status} for who has it")
        return {"made": min(seconds for _, seconds in rounds), "again": again, "unchanged": told, "bytes": len(last.body),
                "sort": min(sorted_by_sort(lines) for _ in range(ROUNDS)), "resident": hub.most_resident_bytes()}


def rows(count, found):
    rate = lambda name: count / found[name]
    yield Row(f"lines of a feed of {count:,} ranges, from the database to the reader", "`sort -V` of the same lines", rate("made"), rate("sort"), 1, 3)
    yield Row("the same feed again, which nothing has changed", "`sort -V` of the same lines", rate("again"), rate("sort"), 10, 50)


def note(count, found):
    return (f"A feed of {count:,} ranges ({found['bytes'] / 2**20:.0f} MiB) was here {found['made']:.2f} s after it was asked for when something had changed, {found['again']:.2f} s when nothing had, and who "
            f"had it was told so after {found['unchanged'] * 1e3:.1f} ms; `sort -V` took {found['sort']:.2f} s. The server held {found['resident'] / 2**20:.0f} MiB at most.")


def main():
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else MOST
    found = measure(count)
    for row in rows(count, found):
        print(f"{row.work}: {row.ours:,.0f}{row.unit} against {row.theirs:,.0f}{row.unit} ({row.reference}): {row.ratio:.2f}, must {row.bound(row.must)}, aim {row.bound(row.aim)}: {row.verdict()}")
    print(note(count, found))


if __name__ == "__main__":
    main()
