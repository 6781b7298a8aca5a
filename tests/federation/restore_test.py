"""An instance is lost and restored from a backup while its peers go on: it learns from them what it had signed, takes back what they hold of its logs, does again what
was taken back, and goes on without a fork."""
import itertools
import pathlib
import shutil
import subprocess
import unittest

from instance import TOCSIN, TOCSIND, indicator
from mesh import set_up_mesh, wait_for

hosts = itertools.count(251)


def setUpModule():
    global mesh, heron, ibis, wren
    mesh = set_up_mesh(heron="lab", ibis="cloud", wren="lab")
    heron, ibis, wren = mesh.nodes


def made(**members):
    host = next(hosts)
    return indicator(f"203.0.{112 + host // 250}.{host % 250}", "green", **members)


def recall(node, identifier):
    answer = node.call("POST", "/api/v1/recalls", node.analyst, {"id": identifier, "because": "wrong"})
    if answer.status != 201:
        raise AssertionError(answer.body)


def everywhere(identifier):
    for node in mesh.nodes:
        node.wait_object(identifier)


class Restored(unittest.TestCase):
    def setUp(self):
        self.keep = pathlib.Path(mesh.folder.name)
        self.root_key, self.backup = self.keep / "root.key", self.keep / "backup.db"

    def unseal(self, *words):
        return heron.verb("unseal", "--accept-loss", "--root-key", str(self.root_key), *words, check=False)

    def lose_and_restore(self):
        """All but the backup, and what an operator keeps beside it: the root key, certificates, agreements."""
        heron.kill()
        for part in ("certs", "peers"):
            shutil.copytree(heron.dir / part, self.keep / part)
        shutil.rmtree(heron.dir)
        done = subprocess.run([TOCSIND, "restore", "--from", str(self.backup), "--dir", str(heron.dir)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("certs", "peers"):
            shutil.copytree(self.keep / part, heron.dir / part, dirs_exist_ok=True)

    def followed_by_all(self, log="data"):
        size = heron.checkpoint(log)[0]
        for node in (ibis, wren):
            wait_for(lambda: node.followed(heron.origin)[log] == (size, size), lambda: f"{node.followed(heron.origin)} {node.verdict('heron')} {node.tail()}")
        return size

    def wait_headed(self):
        """The log grows no more until something is submitted, and all of it is signed."""
        due = "SELECT count(*) FROM numberings WHERE retired = 0 AND headed < count"
        wait_for(lambda: heron.rows(due) == [(0,)], lambda: heron.tail())
        wait_for(lambda: heron.rows("SELECT count(*) FROM leaves WHERE log = 0") == [(heron.checkpoint()[0],)], lambda: heron.tail())

    def test_it_goes_on_behind_all_that_its_peers_saw(self):
        shutil.copy(heron.dir / "keys" / "root.key", self.root_key)
        kept, recalled, erased, restored = heron.submit(*[made() for _ in range(4)])
        theirs_recalled, theirs_erased = ibis.submit(made(), made())
        for identifier in (kept, recalled, erased, restored, theirs_recalled, theirs_erased):
            everywhere(identifier)
        heron.verb("backup", "--to", str(self.backup))
        size = heron.checkpoint()[0]

        lost = heron.submit(*[made() for _ in range(300)])
        recall(heron, recalled)
        recall(heron, lost[0])
        heron.verb("erase", "--org", "heron", erased)
        recall(ibis, theirs_recalled)
        ibis.verb("erase", "--org", "ibis", theirs_erased)
        for node in mesh.nodes:
            for identifier in (recalled, erased, theirs_recalled, theirs_erased, lost[0]):
                node.wait_gone(identifier)
        wait_for(lambda: heron.checkpoint("control")[0] == 3, "the control log did not grow")
        self.wait_headed()
        signed = self.followed_by_all(), self.followed_by_all("control")
        self.assertGreater(signed[0], size + 300)
        self.assertEqual(signed[1], 3)

        self.lose_and_restore()
        refused = heron.verb("serve", "--listen", "127.0.0.1:0", check=False)
        self.assertIn("is sealed", refused.stderr)
        wren.kill()
        refused = self.unseal()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("wren: ", refused.stderr)
        self.assertNotIn("ibis: ", refused.stderr)
        self.assertIn("--without NAME", refused.stderr)
        self.assertIn("no peer of a name", self.unseal("--without", "nobody").stderr)
        wren.start()
        done = self.unseal()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"peer\tibis saw {signed[0]} entries of the log, and 3 of the control log", done.stdout)
        self.assertIn(f"lost\t{signed[0] - size} entries of the log, from {size} on", done.stdout)
        self.assertIn("done again\t1 erased, 1 recalled, 0 restored", done.stdout)
        self.assertIn("read\t2 entries of the control log of ibis", done.stdout)
        self.assertIn(f"log\tsize {signed[0]}, ", done.stdout)

        # What it shows is right before it can reach the peer that took something back.
        named = [word for identity in heron.identities for word in ("--identity", identity)]
        heron.verb("manifest", "make", "--after", "1", "--root-key", str(self.root_key), "--url", heron.mtls_url, "--pin", heron.certificate.pin, *named)
        ibis.kill()
        heron.start()
        for identifier in (recalled, erased, theirs_recalled, theirs_erased, *lost[:3]):
            self.assertIsNone(heron.object(identifier))
        for identifier in (kept, restored):
            self.assertIsNotNone(heron.object(identifier))
        ibis.start()
        for node in (ibis, wren):
            node.verb("peer", "accept", str(heron.dir / "manifest"))

        [after] = heron.submit(made())
        [theirs] = ibis.submit(made())
        everywhere(after)
        everywhere(theirs)
        self.wait_headed()
        self.assertEqual((self.followed_by_all(), self.followed_by_all("control")), (signed[0] + 2, 4))
        for node in (ibis, wren):
            # A loss is nothing that is kept back.
            settled = node.rows("SELECT lost_before, (SELECT count(*) FROM origin_flaws) FROM origins WHERE name = ?", heron.origin)
            self.assertEqual(settled, [(signed[0], 0)])
            self.assertIsNotNone(node.object(lost[1]))
            self.assertIsNone(node.object(lost[0]))
        for node in mesh.nodes:
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")
            self.assertNotIn("quarantined", node.verb("peer", "list"))
            self.assertNotIn("federation.own_log_forked", (node.dir / "serve.log").read_text())
        for log in ("data", "control"):
            self.assert_verifies(log)

    def assert_verifies(self, log):
        environment = {"PATH": "/usr/bin:/bin", "HOME": heron.folder.name, "TOCSIN_FORMAT": "table", "TOCSIN_URL": heron.url, "TOCSIN_CA": heron.ca, "TOCSIN_TOKEN": heron.auditor}
        done = subprocess.run([TOCSIN, "log", "fsck", log], capture_output=True, text=True, timeout=120, env=environment)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
