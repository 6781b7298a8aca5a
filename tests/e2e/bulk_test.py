"""Bodies of items that are longer than what the server holds: stored stretch by stretch, in constant memory."""
import contextlib
import sqlite3
import time
import unittest

from attack import dial
from community import set_up_module

STRETCH = 5_000  # items
PATH = "/api/v1/indicators"


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def networks(first, count):
    """So many lines, each with a network of its own."""
    return "".join(f"2001:db8:{number >> 16:x}:{number & 0xffff:x}::/64\n" for number in range(first, first + count))


def share(body, query="", content_type="text/plain"):
    answer = hub.call("POST", PATH + "?kind=ip-range" + query, hub.lab, body, {"Content-Type": content_type})
    if answer.status != 200:
        raise AssertionError(answer.body)
    return answer.json


def values():
    """How many values are shared. The database is opened for reading alone."""
    with contextlib.closing(sqlite3.connect(f"file:{hub.dir / 'tocsin.db'}?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM claims").fetchone()[0]


def wait_for_values(count):
    until = time.monotonic() + 120
    while values() < count:
        if time.monotonic() > until:
            raise AssertionError(f"{values()} of {count}")
        time.sleep(0.02)


def counts(answer):
    return answer["accepted"], answer["unchanged"], answer["refused"]


class Long(unittest.TestCase):
    def test_of_many_items_only_what_is_refused_or_noted_is_told_one_by_one(self):
        lines = networks(0x10000, 11_000).splitlines()
        lines[3], lines[7_000], lines[10_500] = "nonsense", "203.0.113.9/24", "2001:db8::/200"
        answer = share("\n".join(lines))
        self.assertEqual((*counts(answer), answer["left_out"]), (10_998, 0, 2, 10_997))
        self.assertEqual([(one["line"], one["outcome"]) for one in answer["items"]],
                         [(4, "refused"), (7_001, "accepted"), (10_501, "refused")])
        self.assertIn("cleared", answer["items"][1]["notes"][0])
        again = share("\n".join(lines))
        self.assertEqual((*counts(again), again["left_out"]), (0, 10_998, 2, 10_998))

    def test_as_many_items_as_fit_are_told_one_by_one(self):
        answer = share(networks(0x20000, STRETCH))
        self.assertEqual((len(answer["items"]), answer["accepted"]), (STRETCH, STRETCH))
        self.assertNotIn("left_out", answer)

    def test_a_table_has_its_header_once_and_a_dry_run_of_many_stores_nothing(self):
        body = "value,confidence\n" + networks(0x30000, 2 * STRETCH + 1).replace("\n", ",7\n")
        self.assertEqual(counts(share(body, "&dry_run=1", "text/csv")), (2 * STRETCH + 1, 0, 0))
        self.assertEqual(counts(share(body, "", "text/csv")), (2 * STRETCH + 1, 0, 0))

    def test_a_value_that_comes_again_in_the_next_stretch_is_one_indicator(self):
        lines = networks(0x70000, STRETCH + 10).splitlines()
        rows = [f"{value},7" for value in lines[:STRETCH]] + [lines[0] + ",7", lines[1] + ",9"] + [f"{value},7" for value in lines[STRETCH:]]
        self.assertEqual(counts(share("value,confidence\n" + "\n".join(rows), "", "text/csv")), (STRETCH + 11, 1, 0))
        self.assertEqual(counts(share(f"value,confidence\n{lines[0]},7\n{lines[1]},9\n", "", "text/csv")), (0, 2, 0))

    def test_more_refusals_than_anybody_reads_are_counted(self):
        answer = share("nonsense\n" * (STRETCH + 1))
        self.assertEqual((answer["refused"], len(answer["items"]), answer["left_out"]), (STRETCH + 1, 1_000, STRETCH - 999))

    def test_a_body_that_breaks_off_being_text_says_from_which_line_on_not_all_was_stored(self):
        body = networks(0x40000, 3 * STRETCH)  # more than is read at once
        answer = share(body.encode() + b"\xff\n")
        stored = answer["accepted"]
        self.assertIn(stored, (STRETCH, 2 * STRETCH))
        self.assertEqual((answer["stopped"]["line"], answer["stopped"]["code"]), (stored + 1, "json-encoding"))
        self.assertEqual(counts(share(body)), (3 * STRETCH - stored, stored, 0))

    def test_of_a_client_that_goes_away_whole_stretches_are_stored_and_nothing_else(self):
        body, before = networks(0x50000, 2 * STRETCH).encode(), values()
        tls = dial(hub)
        tls.sendall(f"POST {PATH}?kind=ip-range HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {hub.lab}\r\n"
                    f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        tls.sendall(body[:-1])
        wait_for_values(before + STRETCH)
        tls.close()
        self.assertEqual(counts(share(body)), (STRETCH, STRETCH, 0))

    def test_a_credential_that_is_revoked_while_it_sends_stores_no_more(self):
        body, before = networks(0x60000, 2 * STRETCH).encode(), values()
        token = hub.token("aurora", "submitter")
        tls = dial(hub)
        tls.sendall(f"POST {PATH}?kind=ip-range HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
                    f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        tls.sendall(body[:-1])
        wait_for_values(before + STRETCH)
        hub.verb("token", "revoke", token.split("_")[1])
        tls.sendall(body[-1:])
        answer = b""
        while not answer.endswith(b"]}"):
            piece = tls.recv(65_536)
            self.assertTrue(piece, answer)
            answer += piece
        self.assertIn(b'"accepted":5000', answer)
        self.assertIn(b'"stopped":{"code":"unauthorized"', answer)


if __name__ == "__main__":
    unittest.main()
