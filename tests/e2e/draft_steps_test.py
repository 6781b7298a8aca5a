"""The steps of docs/draft.md as they are pasted, by the clock: from a table of 20,000 accounts to what another member sees of it."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

from accounts import PERSONAL, as_csv, rows
from community import set_up_module
from instance import TOCSIN

PAGE = pathlib.Path("docs/draft.md")


def setUpModule():
    global hub, folder
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-draft-steps-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


def pasted(title):
    """The commands below a heading of the page: a list for each of its blocks."""
    section = PAGE.read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [block.replace("    ", "", 1).split("\n    ") for block in re.findall(r"(?:^    .+(?:\n    .+)*)", section, re.M)]


def run(command, token):
    """What it prints. It must do what it says, within a minute."""
    env = {"PATH": f"{pathlib.Path(TOCSIN).resolve().parent}:{os.environ['PATH']}", "HOME": str(folder),
           "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token}
    if " > " not in command:
        env["TOCSIN_FORMAT"] = "table"  # which is what a person sees on the terminal
    began = time.monotonic()
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, env=env, cwd=folder)
    print(f"{time.monotonic() - began:6.2f} s  {command}")
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stderr}")
    return done.stdout


def found(needles, *places):
    """The files in which one of the lines of a file stands, in whatever case."""
    done = subprocess.run(["grep", "-rlaiF", "-f", needles, "--exclude", "accounts.csv", "--exclude", needles.name, *places], capture_output=True, text=True,
                          env=os.environ | {"LC_ALL": "C"})
    if done.returncode > 1:
        raise AssertionError(done.stderr)
    return done.stdout.splitlines()


class Steps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = list(rows())
        (folder / "accounts.csv").write_text(as_csv(cls.table))
        drafting, reviewing, reading = pasted("Step by step")
        for command in drafting:
            run(command, hub.lab)
        cls.drafted = [json.loads(line) for line in (folder / "draft.ndjson").read_text().splitlines()]
        cls.said = [run(command, hub.lab) for command in reviewing]
        cls.reviewed = [json.loads(line) for line in (folder / "draft.ndjson").read_text().splitlines()]
        cls.campaigns, cls.patterns, cls.around, _ = (run(command, hub.cloud) for command in reading)
        cls.pulled = [json.loads(line) for line in (folder / "theirs.ndjson").read_text().splitlines()]

    def struck_out(self):
        left = {one["ref"] for one in self.reviewed}
        return [one for one in self.drafted if one["ref"] not in left]

    def test_all_that_was_left_is_shared_and_seen_by_the_other_member(self):
        dry = json.loads((folder / "objects.json").read_text())
        self.assertEqual((dry["dry_run"], dry["accepted"], dry["refused"]), (True, len(self.reviewed), 0))
        self.assertEqual(self.said[-1], f"{len(self.reviewed)} accepted, 0 unchanged, 0 refused\n")
        indicators = [one for one in self.reviewed if one["kind"] not in ("campaign", "proxy-network")]
        self.assertEqual(len(self.pulled), len(indicators))
        self.assertEqual({one["confidence"] for one in self.pulled}, {80})
        self.assertRegex(self.campaigns, r"^campaign--\S+  Spring harvest")
        self.assertEqual(len(self.patterns.splitlines()), sum(one["kind"] == "account-pattern" for one in indicators))
        self.assertIn("fleet.example", self.patterns)
        self.assertIn("2001:db8:7::/48", self.around)

    def test_what_was_struck_out_is_not_shared(self):
        address, mailbox = sorted(self.struck_out(), key=lambda one: one["kind"], reverse=True)
        self.assertEqual((address["kind"], mailbox["email_domain"]), ("ip-range", "gmail.com"))
        text = json.dumps(self.pulled)
        self.assertNotIn(f"'{address['value']}'", text)
        self.assertNotIn("gmail.com", text)

    def test_no_value_of_an_account_is_in_what_was_written_or_on_the_server(self):
        needles = folder / "needles"
        needles.write_text("\n".join(sorted({row[column] for row in self.table for column in PERSONAL})) + "\n")
        self.assertEqual(found(needles, folder, hub.dir), [])
        needles.write_text("fleet.example\n")  # what was shared stands there, to be found
        self.assertIn(str(hub.dir / "tocsin.db"), "\n".join(found(needles, hub.dir)))
        self.assertIn(str(folder / "draft.ndjson"), found(needles, folder))


if __name__ == "__main__":
    unittest.main()
