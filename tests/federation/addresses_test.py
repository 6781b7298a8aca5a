"""Where a peer's manifest may lead: an instance that is not told otherwise connects to public addresses alone, however the URL spells another one."""
import json
import tempfile
import unittest

from authority import Authority
from made_by_hand import peer_of
from mesh import Node, wait_for

HERE = ["127.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "0177.0.0.1"]
ELSEWHERE = ["169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "198.18.0.1", "224.0.0.1"]


class Addresses(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-addresses-")
        self.addCleanup(folder.cleanup)
        self.authority = Authority(folder.name)
        self.hub = Node("heron", self.authority)
        self.addCleanup(self.hub.close)
        self.hub.make_manifest()

    def failures(self, peer):
        """What the log tells of attempts to follow the peer; one that ends as the one before it is told once."""
        lines = (self.hub.dir / "serve.log").read_text().splitlines()
        return [json.loads(line) for line in lines if '"event":"peer.failed"' in line and f'"peer":"{peer}"' in line]

    def test_A14_no_spelling_of_a_reserved_address_is_connected_to(self):
        self.hub.configure(federation__private_addresses="false")
        self.hub.start()
        origins = []
        for i, host in enumerate(HERE + ELSEWHERE):
            origin = peer_of(self.hub, self.authority, f"peer-{i}", host=host)
            origin.share(origin.indicator())
            origins.append((host, origin))
        for host, origin in origins:
            with self.subTest(host):
                told = wait_for(lambda: self.failures(origin.name), lambda: f"{host} was taken: {self.hub.tail()}")
                self.assertEqual([each["code"] for each in told], ["io-failed"], told)
                self.assertIn("lies at no address that may be connected to", told[0]["mistake"])
                self.assertEqual((origin.server.met, self.hub.ids()), (0, []))

    def test_they_are_where_the_configuration_lets_them_be(self):
        """Else the other test would say nothing."""
        self.hub.start()
        for i, host in enumerate(("127.0.0.1", "localhost")):
            origin = peer_of(self.hub, self.authority, f"peer-{i}", host=host)
            [identifier] = origin.share(origin.indicator())
            self.hub.wait_object(identifier)


if __name__ == "__main__":
    unittest.main(verbosity=1)
