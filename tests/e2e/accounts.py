#!/usr/bin/env python3
"""A table of fraudulent accounts as a lab has one after an attack: harvested ones that share what others can use, and strangers' among them.

usage: tests/e2e/accounts.py [ACCOUNTS [SEED]] > accounts.csv      both are 20,000; the same numbers make the same table

Addresses and domains are those for documentation, beside one free-mail domain: only a demonstration instance takes what is made of them."""
import csv
import io
import random
import sys

ACCOUNTS = SEED = 20_000
SHARED_JA4 = [f"t13d{number}h2_8daaf6152771_{number:012x}" for number in (1516, 1517, 1715)]


def letters(rng, count):
    return "".join(rng.choice("bcdfghjklmnpqrstvwxyz") for _ in range(count))


def mailbox(rng, number):
    """Harvested accounts of a few forms, and others that have a form, or a domain, of their own."""
    local = f"{letters(rng, 3)}{number:06}"
    if number % 4 == 0:
        return f"{local}@mail.example"
    if number % 4 == 1:
        return f"{local}@gmail.com"
    if number % 4 == 2:
        return f"{letters(rng, number % 37 + 4)}.{number:06}@fleet.example"
    return f"{letters(rng, 8)}{number:06}@{letters(rng, 12)}{number}.example"


def address(rng, number):
    """Of rotating proxies, of single gateways, and of people at home."""
    if number % 3 == 0:
        return f"2001:db8:{rng.randrange(40):x}:{rng.randrange(1 << 16):x}::{rng.randrange(1 << 16):x}"
    if number % 3 == 1 and number % 5:
        return f"203.0.113.{rng.randrange(1, 255)}"
    if number % 3 == 1:
        return f"2001:db8:a{rng.randrange(6)}:1::53"
    return f"2001:db8:{0x1000 + number % 0xE000:x}:{number:x}::{number:x}"


def fingerprint(rng, number):
    return SHARED_JA4[number % 3] if number % 2 else f"t13d1516h2_{rng.randrange(1 << 48):012x}_{number:012x}"


def rows(accounts=ACCOUNTS, seed=SEED):
    rng = random.Random(seed)
    for number in range(accounts):
        day, second = 1 + number % 28, 1 + number % 86_399
        yield {"Customer ID": f"acct_{rng.randrange(1 << 60):015x}", "E-Mail": mailbox(rng, number), "IP": address(rng, number), "ja4": fingerprint(rng, number),
               "created_at": f"2026-02-{day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{number % 1000:03}Z",
               "payment_token": f"tok_{rng.randrange(9_000):09x}{'z' * 6}", "card": str(4_000_000_000_000_000 + rng.randrange(10**15)), "provider": "Cloud A"}


PERSONAL = ("Customer ID", "E-Mail", "created_at", "payment_token", "card")  # what is nobody else's business


def as_csv(table):
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0])
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.write(as_csv(list(rows(*(int(word.replace(",", "")) for word in sys.argv[1:3])))))
