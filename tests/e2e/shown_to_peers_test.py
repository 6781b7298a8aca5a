"""What a peer is shown of an instance: openings of its logs."""
import base64
import hashlib
import json
import random
import unittest
import uuid

from instance import TLP, indicator
from peered import PeeredCase


def marked(level, *markings, **members):
    return indicator(f"198.51.100.{len(markings) + 7}", object_marking_refs=[TLP[level], *markings], **members)


class Shown(PeeredCase):
    def test_a_peer_reads_what_was_agreed_and_nothing_beyond_it(self):
        ring, others = self.heron.ring, self.heron.others
        cells = {"clear": marked("clear"), "green": marked("green"), "amber": marked("amber"), "strict": marked("amber+strict"),
                 "ring": marked("green", ring), "ring strict": marked("amber+strict", ring), "others": marked("green", others),
                 "both": marked("green", ring, others)}
        self.logged(*cells.values())
        self.heron.submit(marked("red"), marked("red", ring))
        elsewhere = indicator("198.51.100.99", "clear")
        self.logged(elsewhere, path=self.heron.elsewhere)
        names = {made["id"]: name for name, made in cells.items()} | {elsewhere["id"]: "elsewhere"}
        seen = lambda: {names[identifier] for identifier in self.heron.shown()}
        self.assertEqual(self.heron.size(), 9)  # RED is in no log
        all_ours = dict(direction="out", collections=["network"], max_tlp="amber+strict", audiences=["ring"])
        for keys, expected in (
                (dict(), set()),
                (dict(direction="in", collections=["network"], max_tlp="amber"), set()),
                (dict(direction="out", max_tlp="amber"), set()),
                (dict(direction="out", collections=["network"]), {"clear"}),
                (dict(direction="both", collections=["network"], max_tlp="green"), {"clear", "green"}),
                (dict(direction="out", collections=["network"], max_tlp="amber"), {"clear", "green", "amber"}),
                (dict(direction="out", collections=["network"], max_tlp="amber", audiences=["ring"]), {"clear", "green", "amber", "ring"}),
                (dict(all_ours, audiences=["ring", "others"]), {"clear", "green", "amber", "ring", "ring strict"}),
                (dict(all_ours, collections=["campaigns"]), {"elsewhere"}),
                (dict(all_ours, collections=["network", "campaigns"]), {"clear", "green", "amber", "ring", "ring strict", "elsewhere"})):
            with self.subTest(**keys):
                self.heron.agree(**keys)
                self.assertEqual(seen(), expected)
        entry = self.heron.shown()[cells["ring"]["id"]]
        self.assertEqual((json.loads(entry.body)["pattern"], entry.collections), (cells["ring"]["pattern"], ["network"]))
        header = json.loads(entry.header)
        self.assertEqual((header["origin"], header["log"], header["op"]), ("heron.example/log", "data", "put"))
        self.heron.verb("audience", "member", "ring", "--remove", "ibis.example")
        self.assertEqual(seen(), {"clear", "green", "amber", "elsewhere"})

    def test_a_peer_sees_what_a_member_of_its_clearance_and_audiences_sees_byte_for_byte(self):
        chance, levels = random.Random(20261122), ("clear", "green", "amber", "amber+strict")
        for level in levels:
            self.heron.organisation("twin-" + level, "other", level)
        twins = {level: self.heron.token("twin-" + level, "feed") for level in levels}
        names = ",".join("twin-" + level for level in levels)
        audiences = [self.heron.verb("audience", "add", name, "--member", members) for name, members in
                     (("band", f"aurora,ibis.example,{names}"), ("choir", f"aurora,ibis.example,{names}"), ("strangers", "aurora"))]
        drawn = [(chance.choice((*levels, "red")), chance.sample(audiences, chance.choice((0, 0, 1, 1, 2, 3)))) for _ in range(80)]
        made = [marked(level, *named) for level, named in drawn]
        logged = sum(level != "red" for level, _ in drawn)
        self.heron.submit(*made)
        size = 0
        while size < logged:
            size = self.heron.size(above=size)
        for each in chance.sample(made, 10):
            self.assertEqual(self.heron.call("DELETE", f"{self.heron.objects}{each['id']}/", self.heron.lab).status, 200)
        counts = []
        for level, token in twins.items():
            self.heron.agree(direction="out", collections=["network"], max_tlp=level, audiences=["band", "choir", "strangers"])
            member = {each["id"]: each for each in self.heron.call("GET", self.heron.objects + "?limit=1000", token).json.get("objects", [])}
            self.assertEqual({identifier: json.loads(entry.body) for identifier, entry in self.heron.shown().items()}, member)
            counts.append(len(member))
        self.assertEqual(counts, sorted(set(counts)))  # each level shows more than the one below
        self.assertGreater(counts[0], 0)

    def test_of_what_ends_only_the_number_is_shown_and_nothing_tells_why_an_entry_is_withheld(self):
        kept, withdrawn, erased, amber = made = [indicator(f"198.51.100.{i}", level) for i, level in enumerate(("green", "green", "green", "amber"))]
        self.logged(*made)
        self.heron.agree(direction="out", collections=["network"], max_tlp="green")
        self.assertEqual(set(self.heron.shown()), {each["id"] for each in made[:3]})
        place = {identifier: entry.index for identifier, entry in self.heron.shown().items()}
        withheld = ({0, 1, 2, 3} - set(place.values())).pop()
        self.assertEqual(self.heron.call("DELETE", f"{self.heron.objects}{withdrawn['id']}/", self.heron.lab).status, 200)
        self.heron.verb("erase", "--org", "aurora", erased["id"])
        self.assertEqual(set(self.heron.shown()), {kept["id"]})
        answers = set()
        [closed] = self.heron.openings(place[withdrawn["id"]], place[withdrawn["id"]] + 1).entries
        self.assertEqual((closed.collections, closed.body, set(json.loads(closed.header))),
                         ([], b"", {"class", "class_seq", "control_size", "log", "op", "origin", "v"}))
        self.assertEqual(closed.leaf, self.heron.hashes(4)[closed.index])
        for index in (place[erased["id"]], withheld):
            answer = self.heron.ask(f"/log/data/openings?from={index}&to={index + 1}")
            fields = tuple((name, value) for name, value in answer.headers.items() if name not in ("Date", "X-Request-Id"))
            answers.add((answer.status, fields, answer.body.replace(f"\n{index} {index + 1} 0\n".encode(), b"\nPLACE\n")))
        self.assertEqual(len(answers), 1, answers)
        entries = self.heron.openings(0, self.heron.size("control", above=0), "control").entries
        told = entries[-1].body.decode()
        self.assertIn("tocsin/erasure/v1", told)
        self.assertEqual([entry.leaf for entry in entries], self.heron.hashes(len(entries), "control"))

    def test_the_terms_change_when_something_else_is_shared_and_at_no_other_time(self):
        terms = lambda: self.heron.openings(0, 0).terms
        keys = dict(direction="out", collections=["network"], max_tlp="green", audiences=["ring"])
        self.heron.agree(**keys)
        before = terms()
        self.logged(indicator("198.51.100.1", "green"))
        self.heron.agree(**keys, entries_per_hour=5, identities=[])
        self.assertEqual(terms(), before)
        self.heron.stop()
        self.heron.start()
        self.assertEqual(terms(), before)
        seen = [before]
        for change in (dict(max_tlp="amber"), dict(collections=["network", "campaigns"]), dict(direction="in"), dict(audiences=[])):
            self.heron.agree(**dict(keys, **change))
            self.assertNotIn(terms(), seen)
            seen.append(terms())
        self.heron.agree(**keys)
        self.assertEqual(terms(), before)
        self.heron.verb("audience", "member", "ring", "--remove", "ibis.example")
        self.assertEqual(terms(), seen[-1])  # as if the agreement named no audience

    def test_nobody_else_is_shown_openings_and_a_stopped_peer_is_not_let_in(self):
        self.logged(indicator("198.51.100.1", "green"))
        self.heron.agree(direction="out", collections=["network"], max_tlp="green")
        path = "/log/data/openings?from=0&to=1"
        for role in ("submitter", "analyst", "feed", "auditor", "admin"):
            for log in ("data", "control"):
                self.assertEqual(self.heron.call("GET", path.replace("data", log), self.heron.token("aurora", role)).status, 403, role)
        self.assertEqual(self.heron.call("GET", path).status, 401)
        answer = self.heron.ask(path)
        self.assertEqual((answer.status, answer.headers.get_all("Cache-Control")), (200, ["no-store"]))
        self.heron.verb("peer", "pause", "ibis.example")
        self.assertEqual(self.heron.ask(path).status, 401)
        self.heron.verb("peer", "resume", "ibis.example")
        self.assertEqual(len(self.heron.openings(0, 1).entries), 1)
        self.heron.verb("peer", "remove", "ibis.example")
        self.assertEqual(self.heron.ask(path).status, 401)

    def test_a_peer_is_told_of_no_audience_nor_of_who_is_in_it(self):
        to_xa = self.heron.verb("audience", "add", "to-xa", "--releasable-to", "XA")
        self.heron.agree(direction="out", collections=["network"], max_tlp="amber+strict", audiences=["ring", "others"])
        told = self.heron.got("/api/v1/me").decode()
        for hidden in (self.heron.ring, self.heron.others, to_xa, "aurora", "XA"):
            self.assertNotIn(hidden, told)
        self.assertEqual({one["name"] for one in self.heron.call("GET", "/api/v1/me", self.heron.lab).json["audiences"]}, {"ring", "others", "to-xa"})

    def test_no_byte_that_a_peer_without_an_agreement_can_fetch_tells_of_a_value_or_an_id(self):
        made = [indicator(f"198.51.100.{number}", level, name=f"name-{uuid.uuid4().hex}") for number, level in enumerate(("clear", "green", "amber"))]
        self.logged(*made)
        self.heron.verb("erase", "--org", "aurora", made[0]["id"])
        control = self.heron.size("control", above=0)
        size = self.heron.size()
        fetched = [self.heron.got(path) for path in ("/api/v1/me", "/taxii2/", "/taxii2/root/")]
        for log, length in (("data", size), ("control", control)):
            fetched += [self.heron.got(f"/log/{log}/checkpoint"), self.heron.got(f"/log/{log}/tile/entries/000.p/{length}"), *self.heron.hashes(length, log),
                        self.heron.got(f"/log/{log}/openings?from=0&to={length}")]
        stored = {each["id"]: each for each in self.heron.call("GET", self.heron.objects, self.heron.lab).json["objects"]}
        self.assertEqual(set(stored), {each["id"] for each in made[1:]})
        needles = []
        for each in made:
            canonical = json.dumps(stored.get(each["id"], each), sort_keys=True, separators=(",", ":"))
            texts = [each["id"], each["id"][-36:], each["name"], each["pattern"], each["pattern"].split("'")[1], canonical]
            digests = [hashlib.sha256(text.encode()).digest() for text in texts] + [uuid.UUID(each["id"][-36:]).bytes]
            needles += [text.encode() for text in texts] + digests + [digest.hex().encode() for digest in digests]
            needles += [base64.b64encode(digest)[:-2] for digest in digests]
        for answer in fetched:
            for needle in needles:
                self.assertNotIn(needle, answer)


if __name__ == "__main__":
    unittest.main(verbosity=1)
