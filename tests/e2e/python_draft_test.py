"""`draft` of clients/python/tocsin.py makes of every table what `tocsin draft` makes of it: the same bytes, the same summary, the same mistakes."""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

from accounts import PERSONAL, as_csv, rows
from instance import TOCSIN

CLIENT = pathlib.Path("clients/python/tocsin.py").resolve()
ADDRESSES = [f"203.0.113.{i}" for i in range(12)] + [f"2001:db8:1:{i:x}::1" for i in range(5)] + """2001:DB8::0:1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 8.8.8.8-8.8.8.8 8.8.8.8-8.8.8.9
    8.8.8.08 fe80::1%eth0 1.2.3.4/32 10.0.0.1 ::1 host 9.9.9.9 100::1 100:0:0:1::1 2001:0:1:: 2001:200::1 240.0.0.1""".split()
MAILBOXES = [f"wei{i}@mail.example" for i in range(5)] + [f"A.b+{i}@Yahoo.co.jp." for i in range(4)] + [f"{'a' * i}@fleet.example" for i in range(1, 14)] + [
    "x@cs.mit.edu", "x@a.ac.uk", "q@ac.uk", "a@b@mail.example", "ü@mail.example", "a@-x.example", "a@x.1", "a@localhost", "@m.example", "none", ""]
VALUES = {
    "User ID": ["u1", "u2", "u3", "u4", "u5", "é", "", " ", "x\ty"],
    "E-Mail": MAILBOXES,
    "IP": ADDRESSES,
    "ja4": ["t13d1516h2_8daaf6152771_b186095e22b6", "T13D1516H2_8daaf6152771_b186095e22b6", "t13d1516h2_8daaf6152771_b186095e22bg", "x", ""],
    "created": ["2026-02-01", "2026-02-28T12:00", "2026-02-29", "2026-02-27 x", "2026-02-27x", "0000-02-29", "31.1.2026", ""],
    "card": ["c1", "c2", "c3", ""],
}
PROVIDERS = (["Cloud A"], ["Cloud A", ""], ["Cloud A", "Cloud B"], ["Cloud A", "é"], [f"p{i}" for i in range(17)])
TAILS = ("", ",", "\n", "x", '"', "\n,", "\n \n", '\n"q"r"s",', "\r", '\n""')
ODD_LINES = ('{"uid":7,"user":"8","account":"9"}', '{"uid":1.0,"ip":"9.9.9.9"}', '{"uid":9007199254740993}', '{"uid":1e2}', '{"uid":1,"uid":2}', '{"uid":"\\ud800"}',
             '{"uid":"\\ud83d\\ude00"}', "[]", "{", '{"uid":-0}', '{"uid":true}', "", "  ", '{"User ID":"a","user-id":"b","ip":"9.9.9.9"}', '{"uid":1e400}', "\x0b", '{"uid":"a"}\0',
             '{"uid":"x","m":' + "[" * 63 + "]" * 63 + "}", '{"uid":"x","m":' + "[" * 64 + "]" * 64 + "}")
MIB = 1 << 20


def program(command, table, *words):
    done = subprocess.run([*command, "draft", *words, "-"], input=table, capture_output=True, timeout=120, env={"HOME": "/nonexistent"})
    return done.returncode, done.stdout, done.stderr.decode()


def quoted(rng, text):
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) or rng.random() < 0.1 else text


def odd_table(rng):
    """CSV or lines of JSON with a little of everything that goes wrong in tables."""
    values = {**VALUES, "provider": rng.choice(PROVIDERS), "IP": rng.sample(ADDRESSES, rng.randrange(1, len(ADDRESSES))), "E-Mail": rng.sample(MAILBOXES, rng.randrange(1, 12))}
    columns = rng.sample(list(values), rng.randrange(4, 8))
    made = [{column: rng.choice(values[column]) for column in columns} for _ in range(rng.randrange(200))]
    if rng.random() < 0.7:
        lines = [",".join(columns)] + [",".join(quoted(rng, row[column]) for column in columns) for row in made]
        for _ in range(rng.randrange(4)):
            lines[rng.randrange(len(lines))] += rng.choice(TAILS)
    else:
        lines = [json.dumps(row, ensure_ascii=rng.random() < 0.5) for row in made] + rng.sample(ODD_LINES, rng.randrange(8))
        rng.shuffle(lines)
    text = rng.choice(["", "", "\ufeff", " \r\n", "\ufeff\n"]) + rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])
    return text.encode(rng.choice(["utf-8", "latin-1"]), "replace")


class Draft(unittest.TestCase):
    def same(self, table, *words):
        here, there = program([sys.executable, "-B", "-I", "-S", CLIENT], table, *words), program([TOCSIN], table, *words)
        self.assertEqual(here, there)
        return here

    def test_a_table_of_an_attack_makes_the_same_draft_and_names_no_account(self):
        table = list(rows(2_000))
        for least, campaign in (("3", "Spring harvest"), ("5", 'A "name" é\x01'), ("40", ""), ("1000000", "none")):
            with self.subTest(least):
                code, out, _ = self.same(as_csv(table).encode(), "--map", "account=Customer ID", "--campaign", campaign, "--min-accounts", least)
                self.assertEqual((code, bool(out)), (0, least != "1000000"))
                text = out.decode().lower()
                for row in table:
                    self.assertEqual([column for column in PERSONAL if row[column].lower() in text], [])
        items = [json.loads(line) for line in self.same(as_csv(table).encode(), "--map", "account=Customer ID")[1].splitlines()]
        self.assertEqual({one["kind"] for one in items}, {"campaign", "ip-range", "proxy-network", "account-pattern", "tls-fingerprint"})
        lines = "".join(json.dumps(row) + "\n" for row in table).encode()
        self.assertEqual([json.loads(line) for line in self.same(lines, "--map", "account=customer-id")[1].splitlines()], items)

    def test_odd_tables_make_the_same_drafts_summaries_and_mistakes(self):
        rng, codes, drafts = random.Random(9), [], 0
        for number in range(60):
            with self.subTest(number):
                code, out, _ = self.same(odd_table(rng), "--min-accounts", "3", *rng.choice(([], [], ["--map", "created=created"], ["--map", "account=E-MAIL"])))
                codes.append(code)
                drafts += bool(out)
        self.assertEqual(set(codes), {0, 1})
        self.assertGreater(drafts, 15)

    def test_the_ends_of_what_a_table_may_be(self):
        for table in (b"", b" \n\t\n", b"account", b"account\r", b'account\n"u1\n', b'account\n"' + b"x" * MIB, b"account\n" + b"x" * (MIB - 1) + b"\n", b"account\n" + b"x" * MIB + b"\n",
                      b"account\n" + b"x" * MIB, b"account\n" + b",a" * 400_000 + b"\n", b'account\n"' + b"\n" * 900_000 + b'"\n', b'{"account":"' + b"x" * (MIB - 14) + b'"}\n',
                      b'{"account":"' + b"x" * (MIB - 13) + b'"}\n', b"account;ip,x\nu;1.1.1.1,3\n", b'"a;b",account\nx,u\n', b"\n\naccount\n\nu1\n,\n", b"{}\n", b"email\na@mail.example\n"):
            with self.subTest(table[:20], size=len(table)):
                self.same(table)
        for maps in ("account", "=x", "account=", "acount=x", "ja4=print"):
            with self.subTest(maps):
                self.assertEqual(self.same(b"account\nu1\n", "--map", maps)[0], 1)

    def test_a_file_is_replaced_only_by_a_whole_draft(self):
        with tempfile.TemporaryDirectory(prefix="tocsin-draft-") as folder:
            file = pathlib.Path(folder) / "draft.ndjson"
            file.write_text("before\n")
            here = [sys.executable, "-B", "-I", "-S", CLIENT]
            self.assertEqual(program(here, b"email\nq@mail.example\n", "-o", file)[0], 1)
            self.assertEqual(program(here, b"account\nu1\n", "--min-accounts", "2", "-o", file)[0], 1)
            self.assertEqual(file.read_text(), "before\n")
            table = as_csv(list(rows(200))).encode()
            code, out, said = program(here, table, "--map", "account=Customer ID", "-o", file)
            self.assertEqual((code, out, [one.name for one in pathlib.Path(folder).iterdir()]), (0, b"", [file.name]))
            self.assertEqual(file.read_bytes(), program([TOCSIN], table, "--map", "account=Customer ID")[1])
            self.assertTrue(said.endswith(f"then: tocsin share {file}\n"), said)


if __name__ == "__main__":
    unittest.main()
