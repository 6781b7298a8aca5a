"""Real instances that are peers of each other: each has its listener for peers, a certificate to show them, and an agreement with each of them."""
import json
import re
import sqlite3
import tempfile
import unittest
import uuid

import notes
import peering
from authority import Authority
from peering import PeeringInstance, wait_for


class Node(PeeringInstance):
    """An instance with a member of its name and a second one, who speak there."""

    def __init__(self, name, authority, kind="lab"):
        super().__init__(name, authority)
        self.kind, self.identities, self.members = kind, [], {}
        self.analyst, self.second = self.member(name), self.member(f"{name}-second")
        self.auditor = self.token("hub", "auditor")
        self.objects = self.objects_of("network")

    def member(self, name):
        """The token of its analyst."""
        identity = f"identity--{uuid.uuid4()}"
        self.organisation(name, self.kind, "red", identity=identity)
        self.members[name] = identity
        self.identities.append(identity)
        return self.token(name, "analyst")

    def make_manifest(self):
        super().make_manifest(*self.identities)

    # Peers.

    def followed(self, origin):
        """Of a log's name: {"data": (verified size, applied), "control": …}, as they are stored."""
        stored = {("data", "control")[log]: (size, applied) for log, size, applied in self.rows(
            "SELECT log, size, applied FROM origin_logs JOIN origins USING (origin) WHERE name = ?", origin)}
        return {"data": (0, 0), "control": (0, 0)} | stored

    def refusals(self, origin):
        """Code by index of what that origin opened and the door refused here."""
        return dict(self.rows("SELECT position, code FROM origin_refusals JOIN origins USING (origin) WHERE name = ?", origin))

    def statements(self, origin):
        """Of the control log of that origin: why each that was applied counts for nothing; None when it counts."""
        return dict(self.rows("SELECT position, void FROM origin_control JOIN origins USING (origin) WHERE name = ?", origin))

    def verdict(self, peer):
        """The code of what stands between here and the peer, as the log tells it; "" when nothing does."""
        told = ""
        written, _, _ = (self.dir / "serve.log").read_text().rpartition("\n")  # without a line that is being written
        for line in written.splitlines():
            if f'"peer":"{peer}"' in line and '"event":"peer.f' in line:
                event = json.loads(line)
                told = event["code"] if event["event"] == "peer.failed" else ""
        return told

    def shown(self, peer, line="state"):
        """What `peer show` says in a line; "" when it has no such line."""
        found = re.search(rf"(?m)^{line}\t(.*)$", self.verb("peer", "show", peer))
        return found[1] if found else ""

    def gauge(self, name, peer):
        text = self.call("GET", "/metrics", (self.dir / "admin.token").read_text().strip()).body.decode()
        return int(re.search(rf'(?m)^{name}{{peer="{peer}"}} (\d+)', text)[1])

    def rows(self, sql, *values):
        database = sqlite3.connect(f"file:{self.dir}/tocsin.db?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    # Content.

    def submit(self, *made, token=None, alias="network"):
        answer = self.call("POST", self.objects_of(alias), token or self.analyst, {"objects": list(made)})
        if answer.status != 202 or answer.json["success_count"] != len(made):
            raise AssertionError(answer.body)
        return [each["id"] for each in made]

    def share(self, *items, token=None):
        """In the short form; ids of the indicators."""
        answer = self.call("POST", "/api/v1/indicators", token or self.analyst, json.dumps(items), {"Content-Type": "application/json"})
        if answer.status != 200 or answer.json["refused"]:
            raise AssertionError(answer.body)
        return [each["id"] for each in answer.json["items"]]

    def object(self, identifier, alias="network"):
        """What TAXII shows under the id in a collection; None: nothing."""
        answer = self.call("GET", f"{self.objects_of(alias)}{identifier}/", self.analyst)
        if answer.status not in (200, 404):
            raise AssertionError(answer.body)
        return answer.body if answer.status == 200 and answer.json.get("objects") else None

    def wait_object(self, identifier, alias="network"):
        return wait_for(lambda: self.object(identifier, alias), lambda: f"{identifier} did not come to {self.name}: {self.tail()}")

    def wait_gone(self, identifier, alias="network"):
        wait_for(lambda: self.object(identifier, alias) is None, lambda: f"{identifier} did not go at {self.name}: {self.tail()}")

    def ids(self, alias="network"):
        """Of all that TAXII shows in a collection."""
        found, path = [], f"{self.objects_of(alias)}?limit=500"
        while path:
            page = self.call("GET", path, self.analyst).json
            found += [each["id"] for each in page.get("objects", [])]
            path = page.get("more") and f"{self.objects_of(alias)}?limit=500&next={page['next']}"
        return found

    def objects_of(self, alias):
        self.paths = getattr(self, "paths", {})
        if alias not in self.paths:
            self.paths[alias] = super().objects_of(alias)
        return self.paths[alias]

    def checkpoint(self, log="data"):
        """Size, and the time of the freshness key in seconds; none while nothing is signed."""
        answer = self.call("GET", f"/log/{log}/checkpoint", self.auditor)
        if answer.status != 200:
            return None
        text = answer.body.decode()
        return int(text.split("\n")[1]), notes.signed_by(text, (self.dir / "keys" / "freshness.pub").read_text().strip())

    def healthy(self):
        return self.call("GET", "/healthz").status == 200 and self.call("GET", "/readyz").status == 200


class Stream:
    """Live events of a reader, taken as they come."""

    def __init__(self, node):
        self.connection = node.connect()
        self.connection.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {node.analyst}"})
        self.answer = self.connection.getresponse()
        self.answer.readline()  # the place where it begins: whatever is published from here on is told

    def wait_object(self, identifier):
        """Until an event tells of it; the connection's own time limit ends a wait in vain."""
        while line := self.answer.readline():
            if line.startswith(b"data: ") and identifier.encode() in line:
                return json.loads(line[6:])["object"]
        raise AssertionError("the stream ended")

    def close(self):
        self.connection.close()


class Mesh:
    """Instances by name, each a peer of each."""

    def __init__(self, **kinds):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-mesh-")
        self.authority = Authority(self.folder.name)
        self.nodes = [Node(name, self.authority, kind) for name, kind in kinds.items()]

    def join(self, **agreement):
        """All of them, running, with an agreement that holds both ways unless told otherwise."""
        for node in self.nodes:
            node.make_manifest()
            node.start()
        for i, one in enumerate(self.nodes):
            for other in self.nodes[i + 1:]:
                introduce(one, other)
                for here, there in ((one, other), (other, one)):
                    self.agree(here, there, **agreement)
                    here.verb("peer", "resume", there.name)
        return self.nodes

    def agree(self, here, there, **agreement):
        here.agree(there.name, **{"direction": "both", "identities": there.identities, "collections": ["network"], "max_tlp": "green"} | agreement)

    def close(self):
        for node in self.nodes:
            node.close()
        self.folder.cleanup()


def introduce(one, other):
    """As peering has it; they see the same fingerprint."""
    peering.introduce(one, other)
    words = [here.shown(there.name, "fingerprint") for here, there in ((one, other), (other, one))]
    if words[0] != words[1]:
        raise AssertionError(words)


def set_up_mesh(**kinds):
    """For setUpModule: instances at work, which must stop cleanly when the module's tests are done."""
    mesh = Mesh(**kinds)
    unittest.addModuleCleanup(mesh.close)
    mesh.join()

    def stop_cleanly():
        for node in mesh.nodes:
            if node.process is not None and node.stop() != 0:
                raise AssertionError(node.tail())
    unittest.addModuleCleanup(stop_cleanly)
    return mesh
