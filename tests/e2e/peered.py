"""An instance with a peer that is a script: it has the certificate that the peer's manifest pins, and reads what it is shown."""
import contextlib
import json
import pathlib
import unittest

from authority import Authority
from instance import Instance
from openings import Openings
from peering import PeeringInstance


class Peered(PeeringInstance):
    """Heron, with members and a peer Ibis whose certificate a test has; nothing is agreed."""

    def __init__(self):
        self.other = Instance(init=["--host", "ibis.example"])
        authority = Authority(self.other.folder.name)
        super().__init__("heron", authority)
        self.make_manifest()
        self.certificate = authority.issue("ibis")
        self.other.verb("manifest", "make", "--pin", self.certificate.pin)
        reply = self.carry(self.verb("peer", "invite"), self.other)
        self.accept(reply, "ibis.example")
        self.verb("peer", "resume", "ibis.example")
        self.organisation("aurora", "lab", "red")
        self.ring = self.verb("audience", "add", "ring", "--member", "aurora,ibis.example")
        self.others = self.verb("audience", "add", "others", "--member", "aurora")
        self.lab = self.token("aurora", "analyst")
        self.objects, self.elsewhere = self.objects_of("network"), self.objects_of("campaigns")

    @staticmethod
    def carry(line, to):
        file = pathlib.Path(to.folder.name) / "line"
        file.write_text(line + "\n")
        return to.verb("peer", "accept", str(file))

    def close(self):
        super().close()
        self.other.close()

    def agree(self, **keys):
        if super().agree("ibis.example", **keys) != "ibis.example\tin force":
            raise AssertionError(keys)

    def submit(self, *made, path=None):
        answer = self.call("POST", path or self.objects, self.lab, {"objects": list(made)})
        if (answer.status, answer.json["success_count"]) != (202, len(made)):
            raise AssertionError(answer.body)
        return made

    def ask(self, path):
        """As the peer, on a connection of its own."""
        with contextlib.closing(self.connect(self.certificate, mtls=True)) as connection:
            return self.call("GET", path, connection=connection)

    def got(self, path):
        answer = self.ask(path)
        if answer.status != 200:
            raise AssertionError((path, answer.status, answer.body))
        return answer.body

    def size(self, log="data", above=None):
        """Of the newest checkpoint; of one that covers more than `above`."""
        query = "" if above is None else f"?after={above}&wait=30"
        size = int(self.got(f"/log/{log}/checkpoint{query}").split(b"\n")[1])
        if above is not None and size <= above:
            raise AssertionError((size, above))
        return size

    def hashes(self, size, log="data"):
        """Of all leaves, from the tiles."""
        tiles = [f"{number:03}" for number in range(size // 256)] + ([f"{size // 256:03}.p/{size % 256}"] if size % 256 else [])
        joined = b"".join(self.got(f"/log/{log}/tile/0/{name}") for name in tiles)
        return [joined[at:at + 32] for at in range(0, len(joined), 32)]

    def openings(self, begin, end, log="data"):
        return Openings(self.got(f"/log/{log}/openings?from={begin}&to={end}"))

    def shown(self):
        """Objects by id, of the whole data log; each opening must give its leaf. Heads and what is closed are in no collection."""
        size, at, found = self.size(), 0, {}
        hashes = self.hashes(size)
        while at < size:
            part = self.openings(at, size)
            for entry in part.entries:
                if entry.leaf != hashes[entry.index]:
                    raise AssertionError(entry.index)
                if entry.collections:
                    found[json.loads(entry.body)["id"]] = entry
            if part.end <= at:
                raise AssertionError(part.end)
            at = part.end
        return found


class PeeredCase(unittest.TestCase):
    def setUp(self):
        self.heron = Peered()
        self.addCleanup(self.heron.close)
        self.heron.start()

    def logged(self, *made, path=None):
        """Stores them, and waits until a checkpoint covers them."""
        size = self.heron.size()
        expected = size + len(made)
        self.heron.submit(*made, path=path)
        while size < expected:
            size = self.heron.size(above=size)
