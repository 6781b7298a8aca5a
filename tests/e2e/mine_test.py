"""`tocsin mine`: templates that were planted among honest accounts are found, with the networks behind them, and nothing that few accounts have is told."""
import csv
import gzip
import io
import json
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

from community import set_up_module
from instance import TOCSIN

CLUSTER, HONEST, LEAST = 120, 1_500, 5
TEXTS = [one for one in json.loads(pathlib.Path("tests/cases/templates/templates.json").read_text()) if one["language"] == "en" and len(re.findall(r"\w+", one["text"])) > 45][:6]
WORDS = [f"{a}{b}{c}" for a in ("ba", "ce", "di", "fo", "gu", "ha") for b in ("lor", "men", "nas", "pit", "ros") for c in ("a", "en", "ity", "or", "um", "ish", "ling", "est")]


def setUpModule():
    global hub, folder
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-mine-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


def words(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def filled(rng, text, account):
    secret = f"secret{account}x{rng.randrange(10 ** 9)} person{account}@mail.example +49 171 {rng.randrange(10 ** 7, 10 ** 8)} "
    return re.sub(r"\{\w*\}", lambda _: secret + words(rng, rng.choice((10, 60, 300))), text)


def line(rng, account, address, prompt):
    return json.dumps({"time": f"2026-05-{rng.randrange(1, 9):02}T{rng.randrange(24):02}:{rng.randrange(60):02}:00Z", "account": account, "ip": address, "prompt": prompt}) + "\n"


def planted():
    rng = random.Random(5)
    out = []
    for account in range(CLUSTER):
        for asked in range(12):
            prompt = filled(rng, TEXTS[(account + asked) % len(TEXTS)]["text"], account) if asked % 4 else words(rng, 80)
            out.append(line(rng, f"planted-{account}", f"203.0.113.{rng.randrange(60)}", prompt))
    own = words(rng, 60)
    for account in range(HONEST):
        for _ in range(3):
            out.append(line(rng, f"honest-{account}", f"{rng.choice((5, 31, 77))}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", words(rng, 80)))
        if account < LEAST - 1:  # a template of its own that too few accounts use
            out += [line(rng, f"honest-{account}", "203.0.113.7", f"{own} {words(rng, 30)}") for _ in range(20)]
        if account % 30 == 0:  # offices behind one address, and a few of them behind that of the cluster
            out.append(line(rng, f"honest-{account}", "192.0.2.80", words(rng, 20)))
    rng.shuffle(out)
    return out, own


def tocsin(*words, token=None, stdin=""):
    env = {"TOCSIN_FORMAT": "table", "HOME": str(folder)}
    if token:
        env |= {"TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token}
    return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=120, env=env)


def triples(text):
    found = re.findall(r"[^\W_]+", text.lower())
    return set(zip(found, found[1:], found[2:]))


class Mine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines, cls.own = planted()
        cls.log, cls.accounts = folder / "access.ndjson", folder / "accounts.csv"
        cls.log.write_text("".join(cls.lines))
        cls.done = tocsin("mine", cls.log, "--campaign", "Spring harvest", "--accounts-to", cls.accounts)
        assert cls.done.returncode == 0, cls.done.stderr
        cls.items = [json.loads(one) for one in cls.done.stdout.splitlines()]
        cls.templates = [one for one in cls.items if one["kind"] == "prompt-template"]

    def test_nobody_else_reads_the_file_that_names_accounts(self):
        self.assertEqual(self.accounts.stat().st_mode & 0o777, 0o600)

    def test_each_template_that_was_planted_is_found_and_no_other(self):
        self.assertEqual(len(self.templates), len(TEXTS), self.done.stderr)
        for planted in TEXTS:
            fixed = set().union(*(triples(piece) for piece in re.split(r"\{\w*\}", planted["text"])))
            best = max(self.templates, key=lambda one: len(fixed & triples(one["template"])))
            self.assertGreaterEqual(len(fixed & triples(best["template"])), 0.9 * len(fixed))
            self.assertGreaterEqual(len(best["fingerprints"]["values"]), 20)

    def test_every_three_words_of_a_template_are_those_of_enough_accounts(self):
        holders = {}
        for one in map(json.loads, self.lines):
            for triple in triples(one["prompt"]):
                holders.setdefault(triple, set()).add(one["account"])
        for one in self.templates:
            for piece in one["template"].split("{}"):
                for triple in triples(piece):
                    self.assertGreaterEqual(len(holders.get(triple, ())), LEAST, triple)

    def test_nothing_of_an_account_is_in_the_draft_or_the_summary(self):
        for text in (self.done.stdout, self.done.stderr):
            for word in ("planted-", "honest-", "secret", "mail.example", "+49"):
                self.assertNotIn(word, text)
            self.assertNotRegex(text, r"person\d")
        own = triples(self.own)
        for one in self.templates:
            self.assertFalse(own & triples(one["template"]))

    def test_networks_that_the_accounts_come_from_more_than_others_are_named_and_offices_are_not(self):
        ranges = {one["value"] for one in self.items if one["kind"] == "ip-range"}
        self.assertTrue(any(value.startswith("203.0.113.") for value in ranges), ranges)
        self.assertEqual([value for value in ranges if not value.startswith("203.0.113.")], [])
        [network] = [one for one in self.items if one["kind"] == "proxy-network"]
        self.assertEqual(len(network["consists_of"]), len(ranges))
        [campaign] = [one for one in self.items if one["kind"] == "campaign"]
        self.assertEqual((campaign["name"], campaign["account_count"]), ("Spring harvest", CLUSTER))

    def test_of_the_same_requests_as_csv_the_same_is_made(self):
        table = io.StringIO()
        rows = csv.DictWriter(table, ("time", "account", "ip", "prompt"))
        rows.writeheader()
        rows.writerows(map(json.loads, self.lines))
        (folder / "access.csv.gz").write_bytes(gzip.compress(table.getvalue().encode()))
        mined = tocsin("mine", folder / "access.csv.gz", "--campaign", "Spring harvest")
        self.assertEqual((mined.returncode, mined.stdout), (0, self.done.stdout), mined.stderr)
        measured = [tocsin("profile", log, "--accounts", self.accounts) for log in (self.log, folder / "access.csv.gz")]
        self.assertEqual([one.returncode for one in measured], [0, 0], measured[1].stderr)
        self.assertEqual(measured[0].stdout, measured[1].stdout)

    def test_the_accounts_are_in_a_file_of_their_own_from_which_a_profile_is_made(self):
        with self.accounts.open() as file:
            self.assertEqual({row["account"] for row in csv.DictReader(file)}, {f"planted-{n}" for n in range(CLUSTER)})
        profile = tocsin("profile", self.log, "--accounts", self.accounts)
        self.assertEqual(profile.returncode, 0, profile.stderr)
        self.assertAlmostEqual(json.loads(profile.stdout)["repeat_structure_ratio"], 0.75, delta=0.0075)
        refused = tocsin("mine", self.log, "--accounts-to", "-")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))

    def test_another_order_of_the_log_makes_the_same_draft(self):
        again = tocsin("mine", "-", "--campaign", "Spring harvest", stdin="".join(reversed(self.lines)))
        self.assertEqual((again.returncode, again.stdout), (0, self.done.stdout), again.stderr)

    def test_honest_accounts_alone_have_no_template(self):
        done = tocsin("mine", "-", stdin="".join(one for one in self.lines if '"honest-' in one))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("found no template that 5 accounts use", done.stderr)

    def test_what_is_shared_of_it_is_matched_by_prompts_that_another_member_meets(self):
        file = folder / "draft.ndjson"
        file.write_text(self.done.stdout)
        done = tocsin("share", "--atomic", "--confidence", "60", file, token=hub.lab)
        self.assertEqual((done.returncode, done.stdout), (0, f"{len(self.items)} accepted, 0 unchanged, 0 refused\n"), done.stderr)
        seen = tocsin("pull", "--type", "prompt-template", token=hub.feed).stdout.splitlines()
        self.assertEqual({json.loads(one)["template"] for one in seen}, {one["template"] for one in self.templates})


if __name__ == "__main__":
    unittest.main()
