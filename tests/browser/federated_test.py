"""The consoles of two instances that are peers, in Chromium, by clients/console/browser/federated.test.mjs."""
import os
import pathlib
import subprocess
import unittest

from mesh import set_up_mesh

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients" / "console"


def setUpModule():
    global ours, theirs
    ours, theirs = set_up_mesh(aurora="lab", heron="cloud").nodes


class Federated(unittest.TestCase):
    def test_two_people_see_what_each_of_them_does(self):
        world = {"TOCSIN_URL": ours.url, "LAB": ours.analyst, "THEIR_URL": theirs.url, "THEIR_ANALYST": theirs.analyst}
        done = subprocess.run(["node", "--test", "browser/federated.test.mjs"], cwd=CLIENT, env=os.environ | world, timeout=600, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-8_000:] + done.stderr[-2_000:])


if __name__ == "__main__":
    unittest.main()
