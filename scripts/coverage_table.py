#!/usr/bin/env python3
"""Prints lines and branches that the tests reached, by room, from `llvm-cov export -summary-only`. Exits 1 when a room that
decides what is taken, kept and shown is below its bound, or was not measured.

usage: coverage_table.py SUMMARY.json"""
import collections
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOUNDED = ("schema", "server/access", "server/admission", "server/ledger")
BOUNDS = {"lines": 95.0, "branches": 85.0}


def room_of(name: str) -> str:
    parts = name.split("/")
    return parts[0] if parts[0] == "schema" else "/".join(parts[:2])


def by_room(files) -> dict[str, dict[str, list[int]]]:
    rooms: dict = collections.defaultdict(lambda: {measure: [0, 0] for measure in BOUNDS})
    for file in files:
        name = file["filename"].removeprefix("./").removeprefix(f"{ROOT}/")
        if not name.startswith(("schema/", "server/", "clients/")):
            continue
        for measure in BOUNDS:
            summary = file["summary"][measure]
            rooms[room_of(name)][measure][0] += summary["covered"]
            rooms[room_of(name)][measure][1] += summary["count"]
    return rooms


def main(report: str) -> int:
    rooms = by_room(json.loads(Path(report).read_text())["data"][0]["files"])
    low = [f"{room}: not measured" for room in BOUNDED if room not in rooms]
    print(f"{'room':22}{'lines':>8}{'branches':>10}")
    for room, measured in sorted(rooms.items()):
        shares = {measure: 100 * covered / count if count else 100.0 for measure, (covered, count) in measured.items()}
        print(f"{room:22}{shares['lines']:7.1f}%{shares['branches']:9.1f}%")
        if room in BOUNDED:
            low += [f"{room}: {measure} {shares[measure]:.1f} %, at least {bound:.0f} %" for measure, bound in BOUNDS.items() if shares[measure] < bound]
    for line in low:
        print(line)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
