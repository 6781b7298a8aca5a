"""The console in a browser: Chromium against the real binary, by clients/console/browser/walk.test.mjs. TOCSIND is a server that was
built with the console in it."""
import os
import pathlib
import re
import subprocess
import unittest

from community import set_up_module

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients" / "console"


def setUpModule():
    global hub, to_gov
    hub = set_up_module()
    to_gov = hub.verb("audience", "add", "to-xa", "--releasable-to", "XA").split()[-1]


class Walk(unittest.TestCase):
    def test_a_person_finds_her_way(self):
        [key] = re.findall(r"(?m)^log-key\tdata\t(\S+)$", hub.verb("check"))
        world = {"TOCSIN_URL": hub.url, "LAB": hub.lab, "CLOUD": hub.cloud, "GOV": hub.gov, "ADMIN": (hub.dir / "admin.token").read_text().strip(),
                 "TO_GOV": to_gov, "LOG_KEY": key, "NODE_EXTRA_CA_CERTS": hub.ca}
        done = subprocess.run(["node", "--test", "browser/walk.test.mjs"], cwd=CLIENT, env=os.environ | world, timeout=900, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-8_000:] + done.stderr[-2_000:])


if __name__ == "__main__":
    unittest.main()
