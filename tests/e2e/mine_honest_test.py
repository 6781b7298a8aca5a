"""`tocsin mine` blames no honest account for the address of its office, nor for the minute in which its timer runs."""
import csv
import ipaddress
import json
import pathlib
import random
import subprocess
import tempfile
import unittest

from instance import TOCSIN

CLUSTER, OFFICE, TIMED, REQUESTS = 24, 60, 40, 12
OFFICE_ADDRESS = "198.51.100.80"
WORDS = [f"{a}{b}{c}" for a in ("ba", "ce", "di", "fo", "gu", "ha") for b in ("lor", "men", "nas", "pit", "ros") for c in ("a", "en", "ity", "or", "um", "ish", "ling", "est")]


def words(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def line(account, address, hour, minute, prompt):
    return json.dumps({"time": f"2026-05-{1 + hour // 24:02}T{hour % 24:02}:{minute:02}:00Z", "account": account, "ip": address, "prompt": prompt}) + "\n"


def office(rng):
    """Accounts behind one address, which ask what they like when they like."""
    return [line(f"office-{n}", OFFICE_ADDRESS, rng.randrange(48), rng.randrange(60), words(rng, 60)) for n in range(OFFICE) for _ in range(REQUESTS)]


def timed(rng):
    """Accounts that have nothing in common but a timer: on the hour, each from home, each with prompts of its own."""
    hours = rng.sample(range(48), REQUESTS)
    return [line(f"timed-{n}", f"{rng.choice((5, 31, 77))}.{n}.7.9", hour, 0, words(rng, 60)) for n in range(TIMED) for hour in hours]


def cluster(rng):
    """Accounts that fill one template from addresses of their own, on the same hours; a third also sits in the office."""
    fixed, hours = words(rng, 60), rng.sample(range(48), REQUESTS)
    out = [line(f"planted-{n}", f"203.0.113.{n % 4}", hour, 0, f"{fixed} {words(rng, 20)}") for n in range(CLUSTER) for hour in hours]
    return out + [line(f"planted-{n}", OFFICE_ADDRESS, 9, 30, words(rng, 60)) for n in range(CLUSTER // 3)]


class Honest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="tocsin-mine-honest-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        rng = random.Random(11)
        cls.office, cls.timed, cls.cluster = office(rng), timed(rng), cluster(rng)

    def tocsin(self, *words, stdin):
        done = subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=120, env={"TOCSIN_FORMAT": "table", "HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def mined(self, lines):
        """The items, and the accounts that were named."""
        table = self.folder / "accounts.csv"
        done = self.tocsin("mine", "--accounts-to", table, "-", stdin="".join(lines))
        with table.open() as file:
            return [json.loads(one) for one in done.stdout.splitlines()], {row["account"] for row in csv.DictReader(file)}

    def covers_office(self, items):
        ranges = [ipaddress.ip_network(one["value"]) for one in items if one["kind"] == "ip-range"]
        self.assertTrue(ranges)
        return any(ipaddress.ip_address(OFFICE_ADDRESS) in one for one in ranges)

    def test_an_office_and_a_timer_alone_propose_nothing_and_name_nobody(self):
        for lines in (self.office, self.timed, self.office + self.timed):
            self.assertEqual(self.mined(lines), ([], set()))

    def test_accounts_on_one_timer_are_in_lock_step_and_are_not_named_beside_a_cluster(self):
        table = self.folder / "timed.csv"
        table.write_text("account\n" + "".join(f"timed-{n}\n" for n in range(TIMED)))
        profile = self.tocsin("profile", "-", "--accounts", table, stdin="".join(self.office + self.timed))
        self.assertGreater(json.loads(profile.stdout)["sync_coefficient"], 0.9)  # so this figure alone would blame them
        _, named = self.mined(self.office + self.timed + self.cluster)
        self.assertEqual(named, {f"planted-{n}" for n in range(CLUSTER)})

    def test_the_office_of_a_part_of_a_cluster_is_not_proposed_while_others_sit_there(self):
        alone, _ = self.mined(self.cluster)
        self.assertTrue(self.covers_office(alone))  # nobody else is known there
        among, named = self.mined(self.office + self.timed + self.cluster)
        self.assertFalse(self.covers_office(among))
        self.assertFalse([one for one in named if one.startswith("office-")])


if __name__ == "__main__":
    unittest.main()
