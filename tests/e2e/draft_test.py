"""`tocsin draft`: from a table of 20,000 fraudulent accounts to a file that a person reads, and from there to another member's pull."""
import collections
import ipaddress
import json
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

from accounts import ACCOUNTS, PERSONAL, SHARED_JA4, as_csv, rows
from community import set_up_module
from instance import TLP, TOCSIN

LEAST = 5


def setUpModule():
    global hub, folder
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-draft-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


def tocsin(*words, token=None, stdin=""):
    env = {"TOCSIN_FORMAT": "table", "HOME": str(folder)}
    if token:
        env |= {"TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token}
    return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=120, env=env)


def draft(table, *words):
    done = tocsin("draft", "--map", "account=Customer ID", "--campaign", "Spring harvest", *words, "-", stdin=table)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done


class Draft(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = list(rows())
        cls.text = as_csv(cls.table)
        cls.done = draft(cls.text)
        cls.items = [json.loads(line) for line in cls.done.stdout.splitlines()]

    def of_kind(self, kind):
        return [one for one in self.items if one["kind"] == kind]

    def test_no_value_of_an_account_is_in_the_draft(self):
        text = self.done.stdout.lower()
        for row in self.table:
            for column in PERSONAL:
                self.assertNotIn(row[column].lower(), text)
        shared = collections.defaultdict(set)
        for row in self.table:
            for value in (row["IP"], row["ja4"], row["E-Mail"].split("@")[1]):
                shared[value].add(row["Customer ID"])
        words = set(re.findall(r"[0-9a-z_.:-]+", text))
        self.assertEqual([value for value, accounts in shared.items() if len(accounts) < LEAST and value in words], [])

    def test_every_item_holds_for_as_many_accounts_as_it_must(self):
        by_kind = collections.Counter(one["kind"] for one in self.items)
        self.assertEqual((by_kind["campaign"], by_kind["proxy-network"], by_kind["tls-fingerprint"]), (1, 1, len(SHARED_JA4)))
        for one in self.of_kind("ip-range"):
            network = ipaddress.ip_network(one["value"])
            inside = {row["Customer ID"] for row in self.table if ipaddress.ip_address(row["IP"]) in network}
            self.assertGreaterEqual(len(inside), LEAST, one)
        for one in self.of_kind("account-pattern"):
            found = sum(self.fits(one, row["E-Mail"]) for row in self.table)
            self.assertGreaterEqual(found, LEAST, one)
            self.assertTrue(found >= one["accounts_in_cluster"] > found * 0.9, (one, found))

    @staticmethod
    def fits(item, email):
        local, domain = email.split("@")
        shape = re.sub("[0-9]", "9", re.sub("[a-z]", "a", local))
        return domain == item["email_domain"] and item.get("email_local_shape", shape) == shape

    def test_what_harvesters_share_is_found(self):
        values = {one["value"] for one in self.of_kind("ip-range")}
        self.assertLessEqual({str(ipaddress.ip_network(f"2001:db8:{number:x}::/48")) for number in range(40)} | {"203.0.113.0/24"}, values)
        self.assertLessEqual({f"2001:db8:a{number}:1::53" for number in range(6)}, values)
        patterns = {(one["email_domain"], one.get("email_local_shape")) for one in self.of_kind("account-pattern")}
        self.assertLessEqual({("mail.example", "aaa999999"), ("gmail.com", "aaa999999"), ("fleet.example", None)}, patterns)
        self.assertNotIn(("gmail.com", None), patterns)

    def test_the_items_refer_to_each_other_by_names_of_the_file(self):
        [campaign], [network] = self.of_kind("campaign"), self.of_kind("proxy-network")
        self.assertEqual((campaign["name"], campaign["account_count"]), ("Spring harvest", ACCOUNTS))
        self.assertEqual({one["campaign"] for one in self.items if one is not campaign}, {"local:" + campaign["ref"]})
        self.assertEqual(network["consists_of"], ["local:" + one["ref"] for one in self.of_kind("ip-range")])
        references = [one["ref"] for one in self.items]
        self.assertEqual(len(references), len(set(references)))

    def test_the_same_accounts_in_another_order_or_form_make_the_same_draft(self):
        mixed = random.Random(1).sample(self.table, len(self.table))
        self.assertEqual(draft(as_csv(mixed)).stdout, self.done.stdout)
        self.assertEqual(draft("".join(json.dumps(row) + "\n" for row in self.table)).stdout, self.done.stdout)

    def test_the_summary_says_what_was_read_drafted_and_left_out(self):
        lines = self.done.stderr.splitlines()
        self.assertEqual(lines[0], f"read {ACCOUNTS} rows and {ACCOUNTS} accounts")
        self.assertRegex(lines[1], r"^drafted 1 campaign, 1 proxy-network, \d+ ip-range, \d+ account-pattern and 3 tls-fingerprint$")
        self.assertRegex(lines[2], r"^left out, as fewer than 5 accounts share each: \d+ addresses, \d+ forms of e-mail addresses and \d+ fingerprints$")
        self.assertEqual(lines[3:], ["nothing was sent; read every line, then: tocsin share FILE"])

    def test_what_is_shared_of_the_draft_is_seen_by_another_member(self):
        file = folder / "reviewed.ndjson"
        file.write_text(self.done.stdout)
        done = tocsin("submit", "--atomic", "--confidence", "80", file, token=hub.lab)
        self.assertEqual((done.returncode, done.stdout), (0, f"{len(self.items)} accepted, 0 unchanged, 0 refused\n"), done.stderr)
        again = tocsin("share", "--confidence", "80", file, token=hub.lab)
        self.assertEqual(again.stdout, f"0 accepted, {len(self.items)} unchanged, 0 refused\n", again.stderr)
        seen = [json.loads(line) for line in tocsin("pull", "--type", "indicator", token=hub.feed).stdout.splitlines()]
        self.assertEqual(len(seen), len(self.items) - len(self.of_kind("campaign")) - len(self.of_kind("proxy-network")))
        self.assertIn("[ipv6-addr:value ISSUBSET '2001:db8:7::/48']", {one["pattern"] for one in seen})
        self.assertEqual({tuple(one["object_marking_refs"]) for one in seen}, {(TLP["amber"],)})
        nothing = tocsin("pull", "--type", "indicator", token=hub.gov)
        self.assertEqual((nothing.returncode, nothing.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
