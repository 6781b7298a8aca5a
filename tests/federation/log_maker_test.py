"""The log maker against the real programs: an instance takes it for a peer, and `tocsin log fsck` takes its log for one."""
import pathlib
import subprocess
import tempfile
import unittest

import origin_server
from authority import Authority
from instance import TOCSIN, Instance
from log_maker import Origin


class Honest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-origin-")
        self.addCleanup(folder.cleanup)
        self.authority = Authority(folder.name)
        certificate = self.authority.issue("magpie", "IP:127.0.0.1", "serverAuth,clientAuth")
        server = origin_server.Server(certificate)
        self.origin = Origin("magpie.example", certificate, server.url)
        server.serve(self.origin)
        self.addCleanup(server.close)
        self.hub = Instance(init=["--host", "heron.example"])
        self.addCleanup(self.hub.close)

    def test_an_instance_takes_it_for_a_peer(self):
        self.hub.verb("manifest", "make")
        line = pathlib.Path(self.hub.folder.name) / "line"
        line.write_text(self.origin.acceptance(self.hub.verb("peer", "invite")))
        self.hub.verb("peer", "accept", str(line), "--name", "magpie")
        shown = self.hub.verb("peer", "show", "magpie")
        for part in (f"root\t{self.origin.root.text}\n", f"log_key\t{self.origin.log.text}\n", f"witness_key\t{self.origin.witness.text}\n", f"applied_key\t{self.origin.applied.text}\n",
                     "contradictions\t0", f"speaks_for\t{self.origin.identity}\n"):
            self.assertIn(part, shown)

    def test_its_logs_verify(self):
        self.origin.share(*[self.origin.indicator() for _ in range(300)])
        self.origin.erase(7, 9)
        for name, log, size in (("data", self.origin.data, 300), ("control", self.origin.control, 1)):
            done = subprocess.run([TOCSIN, "log", "fsck", f"{self.origin.url}/log/{name}", "--ca", str(self.authority.file), "--vkey", log.key.text, "--freshness",
                                   self.origin.freshness.text], capture_output=True, text=True, timeout=120, env={"PATH": "/usr/bin:/bin", "TOCSIN_FORMAT": "table", "HOME": self.hub.folder.name})
            self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout + done.stderr)
            self.assertIn(f"size    {size}\n", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=1)
