"""A peer made by hand keeps from one of two real instances what it shows the other. The two follow each other, and compare the heads that they were opened; others
lie about heads, and ask for what is not theirs."""
import os
import re
import unittest

import tree
from heads import ANSWER, answer, closed, grow, path_of, question, wait_applied
from made_by_hand import met_by_both, peer_of
from mesh import set_up_mesh, wait_for


def setUpModule():
    global mesh, heron, ibis
    mesh = set_up_mesh(heron="lab", ibis="lab")
    heron, ibis = mesh.nodes


def keeps_back(origin, first):
    """From this entry on nothing is opened."""
    def trick(ask, honest):
        said = honest()
        if (ask.what, ask.log) == ("openings", "data"):
            begin, end = ask.query["from"], ask.query["to"]
            said.body = tree.openings(origin.log.name, origin.terms, begin, end, origin.data.opened(begin, max(begin, min(end, first))))
        return said
    origin.play(trick)


def withholds(node, name):
    return node.shown(name, "withholds")


class Compared(unittest.TestCase):
    def test_an_origin_that_keeps_something_from_one_of_two_is_told(self):
        one, other = met_by_both(mesh, "magpie")
        grow(one, other)
        for node, origin in ((heron, one), (ibis, other)):
            wait_applied(node, origin)
        keeps_back(other, len(other.data.entries))
        grow(one, other)
        for node, origin in ((heron, one), (ibis, other)):
            wait_applied(node, origin)
        wait_for(lambda: withholds(ibis, "magpie") == "1 heads that another peer was shown", lambda: f"{ibis.verb('peer', 'show', 'magpie')} {ibis.tail()}")
        for name in ("tocsin_peer_withheld", "tocsin_peer_unshown_heads"):
            self.assertEqual((ibis.gauge(name, "magpie"), heron.gauge(name, "magpie")), (1, 0))
        self.assertEqual((ibis.shown("magpie"), ibis.shown("heron")), ("active", "active"))
        self.assertEqual(withholds(heron, "magpie"), "-")
        [told] = re.findall(r'\{[^\n]*"event":"federation.unshown"[^\n]*\}', (ibis.dir / "serve.log").read_text())
        self.assertIn('"origin":"magpie.example/log"', told)
        self.assertIn('"seen_by":"heron"', told)
        self.assertIn('"position":3', told)

    def test_who_shows_what_nobody_logged_convinces_nobody(self):
        origin, liar = peer_of(heron, mesh.authority, "wagtail"), peer_of(heron, mesh.authority, "cuckoo")
        grow(origin)
        grow(origin)
        wait_applied(heron, origin)
        entries, name = origin.data.entries, origin.log.name
        made_up = tree.Entry(tree.data_header(name, origin.token, 9, 0, op="head"), b"{}")
        true_or_later = answer(closed(name, 3, entries[3]), closed(name, len(entries) + 7, made_up))
        false = [answer(closed(name, 2, made_up)), answer(os.urandom(300)), answer(closed(name, 2, entries[2])), answer(closed(liar.log.name, 3, entries[3])), b""]
        lies = [true_or_later, *false]

        def lie(ask, honest):
            """Another one with each round."""
            said = honest()
            if ask.method == "POST" and ask.path == path_of(name) and lies:
                said.status, said.body = 200, lies.pop(0)
            return said
        liar.play(lie)
        wait_for(lambda: not lies, lambda: f"{len(lies)} lies were not asked for: {heron.tail()}", patience=150)
        refused = lambda: (heron.dir / "serve.log").read_text().count('"event":"federation.heads_refused"')
        wait_for(lambda: refused() >= len(false), lambda: f"{refused()} {heron.tail()}")
        self.assertEqual(withholds(heron, "wagtail"), "-")
        self.assertEqual((heron.shown("wagtail"), heron.shown("cuckoo")), ("active", "active"))
        self.assertTrue(heron.healthy())


class Asked(unittest.TestCase):
    def ask(self, asker, origin, body):
        connection = heron.connect(asker.certificate, mtls=True)
        try:
            return heron.call("POST", path_of(origin), body=body, headers={"Content-Type": "application/octet-stream"}, connection=connection)
        finally:
            connection.close()

    def test_who_was_opened_a_head_is_shown_the_next_one_and_everybody_else_nothing(self):
        origin, member, stranger = (peer_of(heron, mesh.authority, name) for name in ("dunnock", "linnet", "siskin"))
        heads = [grow(origin) for _ in range(3)]
        wait_applied(heron, origin)
        salts = [head.body_salt for head in heads]
        asks = lambda who, *salts, **names: self.ask(who, origin.log.name, question(names.get("origin", origin.log.name), names.get("asker", who.log.name),
                                                                                    names.get("answerer", heron.origin), *salts))
        said = asks(member, salts[0])
        self.assertEqual((said.status, said.body), (200, answer(closed(origin.log.name, 3, heads[1]))))
        self.assertEqual(asks(member, salts[1]).body, answer(closed(origin.log.name, 5, heads[2])))
        for secret in (*salts, b"rolling", *(head.body for head in heads)):
            self.assertNotIn(secret, said.body)
        nothing = asks(stranger)
        self.assertEqual((nothing.status, nothing.body), (200, ANSWER))
        plain = lambda answer: (answer.status, answer.body, sorted(name for name, _ in answer.headers.items()))
        for what, other in {"the newest": asks(member, salts[2]), "unknown": asks(stranger, os.urandom(32)), "of another": asks(stranger, salts[0], asker=member.log.name),
                            "asked of another": asks(member, salts[0], answerer=ibis.origin), "of another log": asks(member, salts[0], origin=member.log.name),
                            "no log": self.ask(member, "nobody.example/log", question("nobody.example/log", member.log.name, heron.origin, salts[0]))}.items():
            with self.subTest(what):
                self.assertEqual(plain(other), plain(nothing))

    def test_what_is_no_question_is_refused(self):
        asker = peer_of(heron, mesh.authority, "pipit")
        good = question("pipit.example/log", asker.log.name, heron.origin)
        for body in (b"", good[:-1], good + b"x", b"T" + good[1:], os.urandom(len(good))):
            self.assertEqual(self.ask(asker, "pipit.example/log", body).status, 400)


if __name__ == "__main__":
    unittest.main(verbosity=1)
