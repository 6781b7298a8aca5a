"""Signing in by a client certificate in Chromium, by clients/console/browser/certificate.test.mjs."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from authority import Authority
from community import Community

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients" / "console"


def setUpModule():
    global hub, bound, unbound, credential
    folder = tempfile.TemporaryDirectory(prefix="tocsin-e2e-ca-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = Authority(folder.name)
    bound, unbound = authority.issue("analyst"), authority.issue("stranger")
    hub = Community()
    unittest.addModuleCleanup(hub.close)
    (hub.dir / "certs" / "clients-ca.crt").write_text(authority.file.read_text())
    hub.configure(listen__mtls='"127.0.0.1:0"')
    credential = hub.verb("certificate", "add", "--org", "aurora", "--role", "analyst", "--pin", bound.pin).split()[0]
    hub.start()
    unittest.addModuleCleanup(hub.stop_cleanly)


class Certificates(unittest.TestCase):
    def test_a_person_signs_in_by_her_certificate(self):
        world = {"TOCSIN_URL": hub.url, "MTLS_URL": f"https://127.0.0.1:{hub.mtls_port}", "ADMIN": (hub.dir / "admin.token").read_text().strip(),
                 "CERTIFICATE": str(bound.file), "KEY": str(bound.key), "UNBOUND": str(unbound.file), "UNBOUND_KEY": str(unbound.key),
                 "CREDENTIAL": credential, "NODE_EXTRA_CA_CERTS": hub.ca}
        done = subprocess.run(["node", "--test", "browser/certificate.test.mjs"], cwd=CLIENT, env=os.environ | world, timeout=600, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-8_000:] + done.stderr[-2_000:])


if __name__ == "__main__":
    unittest.main()
