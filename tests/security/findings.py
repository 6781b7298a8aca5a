"""What a tool found, what of it is explained, and the file that keeps both."""
import dataclasses
import datetime
import pathlib
import re
import subprocess
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FILE = HERE / "findings.md"
LEVELS = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")

TITLE = """# What scanners find

Written by `make security`, section by section: `tests/security/run TOOL` renews the section of that tool. A finding above a tool's bar
fails the run, unless `explained.toml` says why it stands.
"""


@dataclasses.dataclass(frozen=True)
class Finding:
    """`name` is the same in every run, so that it can be explained; `text` may say more."""

    door: str
    name: str
    level: str
    text: str


@dataclasses.dataclass
class Report:
    """One tool's run. `bar` is the highest level that needs no explanation; `asked` are commands without what differs from run to run."""

    tool: str
    version: str
    bar: str
    asked: list[str] = dataclasses.field(default_factory=list)
    seen: list[str] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)

    def find(self, door, name, level, text):
        found = Finding(door, name, level, " ".join(text.split()))
        if found not in self.findings:
            self.findings.append(found)


def explanations():
    rows = tomllib.loads((HERE / "explained.toml").read_text())["explained"]
    return {(row["tool"], row["finding"]): row["why"] for row in rows}


def unexplained(report):
    known = explanations()
    return [each for each in report.findings if LEVELS.index(each.level) > LEVELS.index(report.bar) and (report.tool, each.name) not in known]


def idle(report):
    """Explanations of what this tool no longer finds."""
    found = {each.name for each in report.findings}
    return [name for tool, name in explanations() if tool == report.tool and name not in found]


def passed(report):
    return not unexplained(report) and not idle(report)


def revision():
    say = lambda *words: subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    changed = say("status", "--porcelain", "--", "server", "schema", "clients", "migrations")
    return say("rev-parse", "--short=12", "HEAD") + (" with changes" if changed else "")


def section(report):
    known = explanations()
    lines = [f"## {report.tool}", "", f"{datetime.date.today()} · revision {revision()} · {report.version}", "", "Asked:", ""]
    lines += [f"    {line}" for line in report.asked] + ["", "Seen:", ""] + [f"- {line}" for line in report.seen]
    if report.findings:
        lines += ["", "| where | finding | level | what it says | why it stands |", "|---|---|---|---|---|"]
        for each in sorted(report.findings, key=lambda each: (each.name, each.door)):
            below = LEVELS.index(each.level) <= LEVELS.index(report.bar)
            why = known.get((report.tool, each.name), f"not above {report.bar}" if below else "**unexplained**")
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in (each.door, f"`{each.name}`", each.level, each.text, why)) + " |")
    else:
        lines += ["", "Nothing was found."]
    lines += [f"\n`{name}` is explained, but no longer found." for name in idle(report)]
    return "\n".join(lines + ["", f"Verdict: **{'passed' if passed(report) else 'failed'}**", ""])


def keep(report, order):
    """Puts the report's section in the place of the tool's older one."""
    text = FILE.read_text() if FILE.exists() else ""
    sections = {part.split("\n", 1)[0].removeprefix("## "): part.rstrip() + "\n" for part in re.split(r"(?m)^(?=## )", text)[1:]}
    sections[report.tool] = section(report)
    FILE.write_text("\n".join([TITLE] + [sections[tool] for tool in order if tool in sections]))
