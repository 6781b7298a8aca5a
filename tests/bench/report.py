"""Writes the measured part of docs/performance.md; what stands outside its two marks is written by hand and kept."""
import datetime
import os
import pathlib
import platform
import sqlite3
import subprocess

from servers import ROOT

FILE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def disk(hub):
    """Of a stopped server: objects and bytes of the database file."""
    file = next(hub.dir.glob("**/*.db"))
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        count, text = database.execute("SELECT count(*), avg(length(bytes)) FROM versions").fetchone()
    size = sum(part.stat().st_size for part in file.parent.glob(file.name + "*"))
    return f"On disk: {size / count:.0f} bytes an object with all indexes and its log leaf; the object itself has {text:.0f}."


def machine():
    model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}, shared by the server, its reference and the load generator"


def number(value, unit):
    return f"{value:,.2f}{unit}" if value < 100 else f"{value:,.0f}{unit}"


def table(measured):
    yield "| work | Tocsin | reference | | ratio | must | aim | reached |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in measured:
        yield (f"| {row.work} | {number(row.ours, row.unit)} | {row.reference} | {number(row.theirs, row.unit)} | {row.ratio:.2f} | "
               f"{row.bound(row.must)} | {row.bound(row.aim)} | {row.verdict()} |")


def write(measured, notes):
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [BEGIN, "", f"`make bench`, {datetime.date.today()}, revision {commit}. {machine()}.", "", *table(measured), "", *(f"- {note}" for note in notes), "", END]
    before, rest = FILE.read_text().split(BEGIN)
    FILE.write_text(before + "\n".join(lines) + rest.split(END)[1])
