#!/usr/bin/env python3
"""Measures `tocsin scan` over the log of a day with a planted attack, beside Python reading the same lines, and counts whom it found and whom it blamed.

usage: tests/bench/scan_scale.py [LINES]      how many lines the log has (10,000,000)

2,000 accounts ask 26 times each among 200,000 honest ones (tests/e2e/access_logs.py). A tenth of the lines is scanned without their prompts, too. Takes about ten minutes and 6 GiB
under the temporary directory. TOCSIND and TOCSIN name the programs; without them the release build is measured."""
import itertools
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from rows import AtLeast
from servers import BUILD  # which adds the path of the next two
import access_logs
from community import Community

LINES = 10_000_000
READ = "import json, sys\nfor line in sys.stdin.buffer: json.loads(line)"


def share_the_attack(hub):
    """By two members, for nobody alone makes two kinds of evidence."""
    hub.organisation("delphi", "lab", "amber")
    other = hub.token("delphi", "analyst")
    for item in access_logs.indicators():
        answer = hub.call("POST", "/api/v1/indicators", hub.lab if item["kind"] == "ip-range" else other, [item])
        if answer.status != 200 or answer.json["refused"]:
            raise RuntimeError(f"not shared: {answer.body[:300]}")


def write_day(path, lines):
    with path.open("w") as file:
        file.writelines(line + "\n" for line in access_logs.attack_day(lines))


def without_prompts(line):
    request = json.loads(line)
    del request["prompt"]
    return json.dumps(request)


def write_first(path, log, lines):
    """So many lines of the log, as a member writes them who keeps no prompts."""
    with path.open("w") as file, log.open() as whole:
        file.writelines(without_prompts(line) + "\n" for line in itertools.islice(whole, lines))


def in_a_child(work, *words):
    """So that this program stays small: what it starts is said to have held no less than it."""
    child = multiprocessing.get_context("fork").Process(target=work, args=words)
    child.start()
    child.join()
    if child.exitcode != 0:
        raise RuntimeError(f"{work.__name__} ended with {child.exitcode}")


def scanned(hub, log):
    """Lines for programs, seconds, and bytes held at most."""
    environment = {"HOME": str(hub.dir), "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.cloud}
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen([os.environ.get("TOCSIN", BUILD / "bin" / "tocsin"), "scan", "--ndjson", log], stdout=said, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"the scan ended with {process.returncode}")
        said.seek(0)
        return [json.loads(line) for line in said], seconds, used.ru_maxrss * 1024


def read_by_python(log):
    began = time.monotonic()
    with log.open("rb") as file:
        subprocess.run([sys.executable, "-c", READ], stdin=file, check=True)
    return time.monotonic() - began


def judged(found):
    """How many accounts of the attack were not found, and how many others are suspects."""
    suspects = {one["account"] for one in found if one["type"] == "account" and one["action"] != "none"}
    attack = {f"bad-{number}" for number in range(access_logs.ATTACKERS)}
    return len(attack - suspects), len(suspects - attack)


def measure(lines):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        log, bare = pathlib.Path(folder) / "day.ndjson", pathlib.Path(folder) / "bare.ndjson"
        in_a_child(write_day, log, lines)
        write_first(bare, log, lines // 10)
        hub = Community(init=["--demo"])  # which takes what is reserved for documentation
        try:
            hub.start()
            share_the_attack(hub)
            _, bare_seconds, _ = scanned(hub, bare)
            found, seconds, most = scanned(hub, log)
        finally:
            hub.close()
        missed, blamed = judged(found)
        return {"prompts": (seconds, read_by_python(log)), "bare": (bare_seconds, read_by_python(bare)), "bytes": log.stat().st_size, "missed": missed, "blamed": blamed, "resident": most}


def rows(lines, found):
    for words, count, (ours, theirs), must, aim in (("with prompts", lines, found["prompts"], 20_000, 60_000), ("without prompts", lines // 10, found["bare"], 200_000, 400_000)):
        yield AtLeast(f"lines of a scan of {count:,} {words}", "Python's `json.loads` of the same lines", count / ours, count / theirs, must, aim)


def note(lines, found):
    return (f"Of {access_logs.ATTACKERS:,} accounts that asked {access_logs.A_DAY} times each among {access_logs.HONEST:,} honest ones, a scan of {lines:,} lines "
            f"({found['bytes'] / 2**30:.1f} GiB) missed {found['missed']:,} and blamed {found['blamed']:,} of the honest ones, in {found['prompts'][0]:.0f} s and {found['resident'] / 2**20:.0f} MiB.")


def main():
    lines = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else LINES
    found = measure(lines)
    for row in rows(lines, found):
        print(f"{row.work}: {row.ours:,.0f}{row.unit} against {row.theirs:,.0f}{row.unit} ({row.reference}): {row.ratio:.2f}, must {row.bound(row.must)}, aim {row.bound(row.aim)}: {row.verdict()}")
    print(note(lines, found))


if __name__ == "__main__":
    main()
