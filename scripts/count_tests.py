#!/usr/bin/env python3
"""Counts tests from ctest's JUnit reports and prints the closing line `N passed, N failed, N skipped`.

A Catch2 program counts as many tests as it has test cases, any other program as one. A skip is a line
`SKIPPED: <why>` that a test printed (TOCSIN_SKIP), or a test that ctest did not run; each must be listed in the file
of allowed skips. Exits 1 when a test failed, a skip is not listed, or a report is missing or empty.

usage: count_tests.py SKIPS REPORT...
"""

import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

ALL_PASSED = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)\s*$", re.M)
COUNTS = re.compile(r"^test cases:\s+(\d+)(?: \|\s+(\d+) passed)?(?: \|\s+(\d+) failed)?", re.M)
SKIPPED = re.compile(r"^SKIPPED: (.*?)\s*$", re.M)


def allowed_skips(path: Path) -> set[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def count_case(case: xml.Element) -> tuple[int, int, list[str]]:
    """(passed, failed, skips) of one program that ctest ran."""
    output = case.findtext("system-out") or ""
    status = case.get("status")
    if status in ("notrun", "disabled") or case.find("skipped") is not None:
        return 0, 0, [f"{case.get('name')} was not run"]
    skips = SKIPPED.findall(output)
    if status != "run":  # failed, crashed or timed out
        match = COUNTS.search(output)
        failed = int(match.group(3) or 0) if match else 0
        passed = int(match.group(2) or 0) if match else 0
        return max(passed - len(skips), 0), max(failed, 1), skips
    match = ALL_PASSED.search(output) or COUNTS.search(output)
    cases = int(match.group(1)) if match else 1
    return max(cases - len(skips), 0), 0, skips


def main(skips_file: str, reports: list[str]) -> int:
    allowed = allowed_skips(Path(skips_file))
    passed = failed = 0
    skips: list[str] = []
    bad = False
    for report in reports:
        cases = list(xml.parse(report).getroot().iter("testcase")) if Path(report).exists() else []
        if not cases:
            print(f"{report}: no test was run")
            bad = True
        for case in cases:
            more_passed, more_failed, more_skips = count_case(case)
            passed, failed = passed + more_passed, failed + more_failed
            skips += more_skips
            if more_failed:
                print(f"{report}: {case.get('name')}: {more_failed} failed")
    for why in sorted(set(skips) - allowed):
        print(f"skipped, and not listed in {skips_file}: {why}")
        bad = True
    print(f"{passed} passed, {failed} failed, {len(skips)} skipped")
    return 1 if failed or bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
