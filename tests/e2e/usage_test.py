"""`tocsin profile`: a cluster planted in a log of honest accounts has the figures that it was made with, and what is written can be shared."""
import datetime
import json
import math
import pathlib
import random
import subprocess
import tempfile
import unittest

from community import set_up_module
from instance import TOCSIN

START = datetime.datetime(2026, 5, 1, tzinfo=datetime.timezone.utc)
RELEASE = START + datetime.timedelta(days=1)
CLUSTER, HONEST, DAYS, HOURS, TEMPLATES = 200, 1_000, 2, 13, 10
ASKED = DAYS * HOURS * 2  # by each account of the cluster, on 26 minutes a day


def setUpModule():
    global hub, folder
    hub = set_up_module()
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-usage-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


def prompt(rng, template):
    fixed = " ".join(f"fixed{template}x{word}" for word in range(30))
    return fixed + (", step by step: " if template < 3 else ": ") + " ".join(f"slot{rng.randrange(10 ** 9)}" for _ in range(20))


def line(rng, account, minutes, address, prompt, model="model-a", tokens=900):
    at = START + datetime.timedelta(minutes=minutes, seconds=rng.randrange(60))
    return {"time": at.isoformat().replace("+00:00", "Z"), "account": account, "ip": address, "model": model, "prompt": prompt, "usage": {"completion_tokens": tokens}}


def planted():
    """Two teams, each in lock-step, with templates in turn; half of them go over to a model six hours after its release. Honest accounts ask at random."""
    rng = random.Random(6)
    out = []
    for account in range(CLUSTER):
        for asked in range(ASKED):
            day, half_hour = divmod(asked, HOURS * 2)
            moved = day == 1 and half_hour >= 12 and account // 2 % 2 == 0
            tokens = (100, 900, 900, 900, 5_000)[(asked + account) % 5]
            out.append(line(rng, f"planted-{account}", day * 1440 + half_hour * 30 + account % 2 * 15, f"203.0.113.{account % 40}",
                            prompt(rng, (account + asked) % TEMPLATES), "model-b" if moved else "model-a", tokens))
    for account in range(HONEST):
        for _ in range(20):
            out.append(line(rng, f"honest-{account}", rng.randrange(DAYS * 1440), f"198.51.100.{rng.randrange(250)}",
                            " ".join(f"word{rng.randrange(10 ** 6)}" for _ in range(30)), rng.choice(["model-a", "model-c"]), rng.randrange(2_000)))
    out.append(line(rng, "honest-0", 0, "198.51.100.1", "the first one"))
    out.append(line(rng, "honest-0", DAYS * 1440 - 1, "198.51.100.1", "the last one"))
    rng.shuffle(out)
    return "".join(json.dumps(one) + "\n" for one in out)


def tocsin(*words, token=None, stdin=""):
    env = {"TOCSIN_FORMAT": "table", "HOME": str(folder)}
    if token:
        env |= {"TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token}
    return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=120, env=env)


class Profile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = folder / "access.ndjson"
        cls.log.write_text(planted())
        accounts, releases, rules = folder / "accounts.csv", folder / "releases.csv", folder / "rules.txt"
        accounts.write_text("account,payment\n" + "".join(f"planted-{n},card-{n // 8}\n" for n in range(CLUSTER)))
        releases.write_text(f"model-b,{RELEASE.isoformat().replace('+00:00', 'Z')}\n")
        rules.write_text("reasoning: step by step\nagentic-coding: fixed1x0\ndata-analysis: fixed5x0 fixed5x1\ndata-analysis: fixed6x0\n")
        cls.words = ("profile", cls.log, "--accounts", accounts, "--releases", releases, "--rules", rules)
        cls.done = tocsin(*cls.words)
        assert cls.done.returncode == 0, cls.done.stderr
        cls.item = json.loads(cls.done.stdout)

    def assert_within_a_percent(self, expected):
        for name, value in expected.items():
            with self.subTest(name):
                self.assertLessEqual(abs(self.item[name] - value), abs(value) * 0.01, (self.item[name], value))

    def test_the_figures_are_those_that_were_planted(self):
        busy = ASKED / (DAYS * 1440)  # share of minutes in which an account asks
        pairs = CLUSTER * (CLUSTER - 1) / 2
        within = 2 * (CLUSTER / 2) * (CLUSTER / 2 - 1) / 2
        self.assert_within_a_percent({
            "account_count": CLUSTER, "ip_count": 40, "requests_total": 10_000, "shared_payment_clusters": 25,
            "requests_per_min_p50": 0, "requests_per_min_p95": 0, "requests_per_min_max": CLUSTER / 2,
            "active_hours_entropy": math.log2(HOURS),
            "sync_coefficient": (within - (pairs - within) * busy / (1 - busy)) / pairs,
            "prompt_entropy": math.log2(TEMPLATES), "repeat_structure_ratio": 1,
            "capability_top1_share": 0.2, "reasoning_request_share": 0.3, "output_tokens_p50": 900,
            "release_pivot_seconds": 6 * 3600, "release_pivot_share": 7 / 13 / 2})
        self.assertEqual((self.item["capability_top1"], self.item["release_model"]), ("data-analysis", "model-b"))
        self.assertEqual((self.item["window_start"], self.item["window_end"]), ("2026-05-01T00:00:00.000Z", "2026-05-03T00:00:00.000Z"))

    def test_the_thresholds_are_what_tells_the_cluster_from_the_others(self):
        pattern = self.item["value"]
        self.assertRegex(pattern, r"llm-usage-profile:method = 'tocsin-1'")
        self.assertRegex(pattern, r"sync_coefficient >= 0\.2[45]")
        self.assertRegex(pattern, r"repeat_structure_ratio >= 0\.5")
        self.assertRegex(pattern, r"prompt_entropy <= 7\.6")
        for name in ("account_count", "ip_count", "requests_total", "output_tokens_p50"):
            self.assertNotRegex(pattern, rf"{name} <")

    def test_nothing_of_the_log_is_in_the_profile(self):
        for word in ("planted-", "honest-", "203.0.113.", "198.51.100.", "fixed", "slot", "card-", str(folder)):
            self.assertNotIn(word, self.done.stdout)
            self.assertNotIn(word, self.done.stderr)

    def test_standard_error_has_the_figures_beside_those_of_the_others(self):
        self.assertRegex(self.done.stderr, rf"(?m)^requests_total +{CLUSTER * ASKED} +{HONEST * 20 + 2}$")
        self.assertRegex(self.done.stderr, r"(?m)^repeat_structure_ratio +1\.0 +0\.0$")
        self.assertRegex(self.done.stderr, r"(?m)^nothing was sent")

    def test_another_order_of_the_log_and_standard_input_make_the_same_profile(self):
        lines = self.log.read_text().splitlines(keepends=True)
        again = tocsin(self.words[0], "-", *self.words[2:], stdin="".join(reversed(lines)))
        self.assertEqual((again.returncode, again.stdout), (0, self.done.stdout), again.stderr)

    def test_of_few_accounts_nothing_is_written(self):
        few = folder / "few.csv"
        few.write_text("account\n" + "".join(f"planted-{n}\n" for n in range(4)))
        done = tocsin("profile", self.log, "--accounts", few)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("Fewer than 5 of these accounts", done.stderr)
        self.assertNotIn("sync_coefficient", done.stderr)

    def test_honest_accounts_have_nothing_that_tells_them(self):
        some = folder / "some.csv"
        some.write_text("account\n" + "".join(f"honest-{n}\n" for n in range(400)))
        rest = folder / "rest.ndjson"
        rest.write_text("".join(one for one in self.log.read_text().splitlines(keepends=True) if '"honest-' in one))
        done = tocsin("profile", rest, "--accounts", some)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stdout)
        self.assertIn("No figure tells these accounts", done.stderr)

    def test_a_time_can_be_named(self):
        done = tocsin(*self.words, "--from", "2026-05-02", "--until", "2026-05-02T12:00:00Z")
        self.assertEqual(done.returncode, 0, done.stderr)
        item = json.loads(done.stdout)
        self.assertEqual((item["window_start"], item["window_end"]), ("2026-05-02T00:00:00.000Z", "2026-05-02T12:00:00.000Z"))
        self.assertEqual(item["requests_total"], CLUSTER * 24)
        self.assertNotIn("active_hours_entropy", item)
        self.assertNotIn("release_model", item)

    def test_a_log_that_spans_years_is_to_be_cut(self):
        odd = '{"time": "2001-01-01T00:00:00Z", "account": "honest-1"}\n'
        done = tocsin("profile", "-", stdin=self.log.read_text() + odd)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("--from", done.stderr)

    def test_what_is_shared_of_it_is_seen_by_another_member(self):
        file = folder / "profile.ndjson"
        file.write_text(self.done.stdout)
        done = tocsin("share", "--confidence", "70", file, token=hub.lab)
        self.assertEqual((done.returncode, done.stdout), (0, "1 accepted, 0 unchanged, 0 refused\n"), done.stderr)
        [seen] = [json.loads(one) for one in tocsin("pull", "--type", "indicator", token=hub.feed).stdout.splitlines()]
        self.assertEqual(seen["pattern"], self.item["value"])
        [profile] = [json.loads(one) for one in tocsin("pull", "--type", "llm-usage-profile", token=hub.feed).stdout.splitlines()]
        self.assertEqual((profile["method"], profile["sync_coefficient"]), ("tocsin-1", self.item["sync_coefficient"]))


if __name__ == "__main__":
    unittest.main()
