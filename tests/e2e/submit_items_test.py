"""`submit`, of `tocsin` and of tocsin.py, sends a draft and other items of the short form as `share` does, and STIX objects as ever."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from community import set_up_module
from instance import TOCSIN, indicator

CLIENT = pathlib.Path("clients/python/tocsin.py").resolve()
DRAFT = [{"kind": "campaign", "ref": "campaign", "name": "Grey Heron", "tlp": "amber"},
         {"kind": "ip-range", "ref": "range-1", "value": "198.51.100.0/28", "tlp": "amber", "campaign": "local:campaign"},
         {"kind": "proxy-network", "name": "Exits", "tlp": "amber", "campaign": "local:campaign", "consists_of": ["local:range-1"]}]


def setUpModule():
    global hub, folder
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-submit-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


def write(name, text):
    (folder / name).write_text(text)
    return folder / name


def lines(items):
    return "".join(json.dumps(one) + "\n" for one in items)


def run(program, words, stdin):
    return subprocess.run([*program, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=120,
                          env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": hub.lab, "HOME": str(folder)})


def tocsin(*words, stdin=""):
    return run([TOCSIN], words, stdin)


def tocsin_py(*words, stdin=""):
    return run([sys.executable, "-I", "-S", CLIENT], words, stdin)


class Submit(unittest.TestCase):
    def test_a_draft_is_sent_and_to_share_it_then_says_nothing_new(self):
        file = write("draft.ndjson", lines(DRAFT))
        done = tocsin("submit", file)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "3 accepted, 0 unchanged, 0 refused\n", ""))
        self.assertEqual(tocsin("share", file).stdout, "0 accepted, 3 unchanged, 0 refused\n")
        self.assertEqual(tocsin("submit", "-", stdin=lines(DRAFT)).stdout, "0 accepted, 3 unchanged, 0 refused\n")
        self.assertEqual(tocsin_py("submit", file).stdout, "0 accepted, 3 unchanged, 0 refused\n")
        listed = json.loads(tocsin("--json", "submit", file).stdout)
        self.assertEqual([(one["outcome"], one["line"], one["file"]) for one in listed["items"]], [("unchanged", line, str(file)) for line in (1, 2, 3)])

    def test_tables_and_lists_are_known_by_their_names(self):
        table = write("some.csv", "kind,value\nproxy-domain,a.proxy.example\nproxy-domain,-\n")
        for program in (tocsin, tocsin_py):
            done = program("submit", table)
            self.assertEqual((done.returncode, done.stdout.split()[-2:]), (2, ["1", "refused"]), done.stderr)
            self.assertTrue(done.stderr.startswith(f"{table}:3"), done.stderr)
        self.assertEqual(tocsin("submit", "--kind", "proxy-asn", "--tlp", "green", "-", stdin="64502\n").stdout, "1 accepted, 0 unchanged, 0 refused\n")

    def test_a_dry_run_stores_nothing(self):
        file = write("dry.ndjson", lines([{"kind": "ip-range", "value": "198.51.100.64/28"}]))
        done = tocsin("submit", "--dry-run", "--confidence", "70", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[0])["confidence"], 70)
        self.assertEqual(tocsin("submit", file).stdout, "1 accepted, 0 unchanged, 0 refused\n")

    def test_stix_objects_are_submitted_as_ever(self):
        made = [indicator(tlp="green") for _ in range(2)]
        bundle = write("bundle.json", json.dumps({"type": "bundle", "id": "bundle--1", "objects": made}))
        self.assertTrue(tocsin("submit", bundle).stdout.startswith("2 of 2 objects accepted"))
        self.assertEqual(tocsin_py("submit", bundle).stdout, "2 accepted, 0 refused\n")

    def test_what_goes_two_ways_is_not_sent_at_all(self):
        made = indicator(tlp="green")
        stix = write("stix.json", json.dumps(made))
        items = write("items.json", json.dumps([{"kind": "proxy-asn", "value": 64503}]))
        for program in (tocsin, tocsin_py):
            done = program("submit", stix, items)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertIn("one after the other", done.stderr)
            done = program("submit", "--collection", "network", items)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertEqual(tocsin("submit", "--as-member", items).returncode, 1)
        self.assertEqual(tocsin("submit", items).stdout, "1 accepted, 0 unchanged, 0 refused\n")  # it was not there yet
        self.assertEqual(tocsin("get", made["id"]).returncode, 5)


if __name__ == "__main__":
    unittest.main()
