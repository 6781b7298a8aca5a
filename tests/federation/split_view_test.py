"""A peer made by hand shows two real instances two logs, both signed with its key. The two follow each other, and compare what they saw."""
import hashlib
import json
import pathlib
import re
import subprocess
import unittest

from instance import TOCSIN
from made_by_hand import met_by_both
from mesh import set_up_mesh, wait_for


def setUpModule():
    global mesh, heron, ibis
    mesh = set_up_mesh(heron="lab", ibis="lab")
    heron, ibis = mesh.nodes


def share_with_both(one, other, count=1):
    """The same entries, to the byte."""
    entries = [one.entry(one.indicator()) for _ in range(count)]
    for origin in (one, other):
        with origin.changed:
            origin.data.entries += entries
            origin.changed.notify_all()
    other.sequence = one.sequence
    for node, origin in ((heron, one), (ibis, other)):
        size = len(origin.data.entries)
        wait_for(lambda: node.followed(origin.log.name)["data"] == (size, size), lambda: f"{node.followed(origin.log.name)} {node.tail()}")


def seen(node, origin):
    """What an instance says as a witness that it saw of a log."""
    return node.call("GET", f"/witness/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint", node.auditor)


class SplitView(unittest.TestCase):
    def test_two_logs_of_one_origin_are_found_out_by_who_compares(self):
        one, other = met_by_both(mesh, "magpie")
        share_with_both(one, other, 3)
        shown = [one.share(one.indicator()), other.share(other.indicator())]
        for node, (identifier,) in zip((heron, ibis), shown):
            node.wait_object(identifier)
        for node, teller in ((heron, "ibis"), (ibis, "heron")):
            wait_for(lambda: node.shown("magpie") == "quarantined", lambda: f"{node.name} has not found out: {node.tail()}")
            self.assertEqual(node.shown(teller), "active")
            self.assertIn("two roots at size 4", node.shown("magpie", "reason"))
            self.assertEqual(node.gauge("tocsin_peer_quarantined", "magpie"), 1)
            file = pathlib.Path(node.folder.name) / "evidence"
            file.write_text(node.verb("peer", "evidence", "magpie") + "\n")
            verified = subprocess.run([TOCSIN, "verify", file, "--vkey", one.log.text, "--json"], capture_output=True, text=True, timeout=60,
                                      env={"HOME": node.folder.name})
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
            self.assertEqual([step["result"] for step in json.loads(verified.stdout)["steps"]], ["holds"] * 4)

    def test_one_that_is_behind_finds_out_when_it_has_as_much(self):
        one, other = met_by_both(mesh, "jackdaw")
        share_with_both(one, other)
        other.share(other.indicator())
        one.share(one.indicator(), one.indicator())
        wait_for(lambda: "quarantined" in (heron.shown("jackdaw"), ibis.shown("jackdaw")), lambda: heron.tail() + ibis.tail())
        found = heron if heron.shown("jackdaw") == "quarantined" else ibis
        self.assertRegex(found.shown("jackdaw", "reason"), "rewritten below size 2|two roots at size")

    def test_an_origin_that_shows_both_the_same_is_witnessed_by_both(self):
        one, other = met_by_both(mesh, "wagtail")
        share_with_both(one, other, 2)
        for node, origin in ((heron, one), (ibis, other)):
            answer = seen(node, origin.log.name)
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(answer.body.decode().split("\n\n")[0] + "\n", origin.data.text())
            keys = dict(line.split(" ", 1) for line in node.verb("manifest", "show").splitlines() if line.startswith("witness-key "))
            self.assertIn(f"— {keys['witness-key'].split('+')[0]} ", answer.body.decode())
        cosigned = "SELECT size FROM witnessed WHERE origin = ?"
        key = re.search(r"(?m)^witness-key (.*)$", ibis.verb("manifest", "show"))[1]
        heron.agree("wagtail", direction="both", identities=[one.identity], collections=["network"], max_tlp="green", witnesses=[key])
        wait_for(lambda: heron.rows(cosigned, one.log.name) == [(2,)], lambda: f"{heron.rows(cosigned, one.log.name)} {heron.tail()}")
        for node in (heron, ibis):
            self.assertEqual(node.shown("wagtail"), "active")


if __name__ == "__main__":
    unittest.main(verbosity=1)
