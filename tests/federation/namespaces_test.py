"""Three instances on three machines whose network is cut and loses packets, and that are killed, while all of them share and recall. In the end each has the same.

TOCSIN_SEED in the environment chooses what happens in which order; the seed is printed."""
import http.client
import json
import os
import random
import subprocess
import threading
import time
import unittest

from instance import TOCSIN, indicator
from mesh import Mesh, Node, introduce, wait_for
from namespaces import Switch

SEED = int(os.environ.get("TOCSIN_SEED", random.SystemRandom().getrandbits(32)))
STORM, PATIENCE = 30, 75  # seconds


class Remote(Node):
    """On a machine of its own, where its listeners are."""

    def __init__(self, name, authority, kind, machine):
        super().__init__(name, authority, kind)
        self.machine, self.before = machine, machine.before
        self.configure(listen__mtls=json.dumps(f"{machine.address}:8444"))
        self.mtls_url = f"https://{machine.address}:8444"

    def connect(self, certificate=None, mtls=False):
        connection = super().connect(certificate, mtls)
        with self.machine.inside():
            connection.connect()
        return connection


def setUpModule():
    global mesh
    switch = Switch(3)
    unittest.addModuleCleanup(switch.unplug)
    try:
        switch.plug_in()
    except OSError as refused:
        print("SKIPPED: network namespaces cannot be made here", flush=True)
        raise unittest.SkipTest(str(refused)) from refused
    mesh = Mesh()
    unittest.addModuleCleanup(mesh.close)
    machines = iter(switch.machines)
    for name, kind in (("heron", "lab"), ("ibis", "cloud"), ("wren", "lab")):
        mesh.nodes.append(Remote(name, mesh.authority, kind, next(machines)))
    mesh.join(entries_per_hour=1_000_000)


class Sharer(threading.Thread):
    """Shares, shares again, and recalls at one instance, which may die at any moment."""

    def __init__(self, node, number):
        super().__init__(daemon=True)
        self.node, self.number, self.random = node, number, random.Random(SEED + number)
        self.stop, self.alive = threading.Event(), threading.Event()
        self.alive.set()
        self.shared, self.recalled, self.unsure, self.wrong = {}, set(), set(), []

    def run(self):
        while not self.stop.is_set():
            self.alive.wait(1)
            try:
                self.step()
            except (OSError, http.client.HTTPException):
                if (broken := self.node.connections.pop(self.node.analyst, None)) is not None:
                    broken.close()
            except AssertionError as error:
                self.wrong.append(error)
            self.stop.wait(self.random.uniform(0.02, 0.2))

    def step(self):
        known = sorted(self.shared.keys() - self.recalled - self.unsure)
        what = self.random.random()
        if what < 0.6 or len(known) < 3:
            self.submit(indicator(f"203.0.{113 + self.number}.{self.random.randrange(250)}", "green"))
        elif what < 0.8:
            self.submit(dict(self.shared[self.random.choice(known)], modified=f"2026-03-{1 + self.random.randrange(28):02}T00:00:00.{self.random.randrange(1000):03}Z"))
        else:
            self.recall(self.random.choice(known))

    def submit(self, made):
        self.unsure.add(made["id"])
        self.node.submit(made)
        self.unsure.discard(made["id"])
        self.shared[made["id"]] = made

    def recall(self, identifier):
        self.unsure.add(identifier)
        answer = self.node.call("POST", "/api/v1/recalls", self.node.analyst, {"id": identifier, "because": "wrong"})
        if answer.status != 201:
            raise AssertionError(answer.body)
        self.unsure.discard(identifier)
        self.recalled.add(identifier)


class Storm:
    """One trouble after another, one machine at a time or two together."""

    def __init__(self, sharers):
        self.sharers, self.random = sharers, random.Random(SEED)
        self.told = []

    def blow(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            sharer = self.random.choice(self.sharers)
            trouble = self.random.choice(("cut", "mend", "lose", "calm", "kill"))
            self.told.append(f"{trouble} {sharer.node.name}")
            getattr(self, trouble)(sharer)
            time.sleep(self.random.uniform(0.2, 1.5))

    def cut(self, sharer):
        sharer.node.machine.cut()

    def mend(self, sharer):
        sharer.node.machine.mend()

    def lose(self, sharer):
        sharer.node.machine.lose(20)

    def calm(self, sharer):
        sharer.node.machine.lose(0)

    def kill(self, sharer):
        sharer.alive.clear()
        sharer.node.process.kill()
        sharer.node.process.wait(30)
        sharer.node.process.stdout.close()
        sharer.node.log.close()
        sharer.node.start()
        sharer.alive.set()

    def end(self):
        for sharer in self.sharers:
            self.mend(sharer)
            self.calm(sharer)


class Storms(unittest.TestCase):
    def test_after_cuts_losses_and_kills_each_has_the_same(self):
        print(f"seed {SEED}", flush=True)
        sharers = [Sharer(node, number) for number, node in enumerate(mesh.nodes, 1)]
        storm = Storm(sharers)
        for sharer in sharers:
            sharer.start()
        try:
            storm.blow(STORM)
        finally:
            for sharer in sharers:
                sharer.stop.set()
            for sharer in sharers:
                sharer.join(90)
            storm.end()
            print("; ".join(storm.told), flush=True)
        for node in mesh.nodes:
            node.drop_connections()
        self.assertEqual([error for sharer in sharers for error in sharer.wrong], [])
        self.assertTrue(all(sharer.recalled and len(sharer.shared) > 10 for sharer in sharers))
        self.converge()
        self.compare(sharers)
        self.verify()

    def converge(self):
        """Cursors are sizes, everywhere."""
        end = time.monotonic() + PATIENCE
        for origin in mesh.nodes:
            for log in ("data", "control"):
                for node in mesh.nodes:
                    if node is not origin:
                        wait_for(lambda: node.followed(origin.origin)[log] == (origin.checkpoint(log)[0],) * 2,
                                 lambda: f"seed {SEED}: {node.name} of {origin.name}: {node.followed(origin.origin)} {node.verdict(origin.name)} {node.tail()}", end - time.monotonic())

    def compare(self, sharers):
        states = [self.state(node) for node in mesh.nodes]
        for state in states[1:]:
            self.assertEqual(state, states[0])
        shown = {identifier for identifier, _ in states[0]}
        for sharer in sharers:
            self.assertEqual(shown & sharer.recalled, set())
            self.assertEqual(sharer.shared.keys() - sharer.recalled - sharer.unsure - shown, set())

    def state(self, node):
        """Every version that is shown, by id and time."""
        found, more = {}, f"{node.objects_of('network')}?match[version]=all&limit=500"
        while more:
            page = node.call("GET", more, node.analyst).json
            found |= {(each["id"], each.get("modified")): each for each in page.get("objects", [])}
            more = page.get("more") and f"{node.objects_of('network')}?match[version]=all&limit=500&next={page['next']}"
        return found

    def verify(self):
        for node in mesh.nodes:
            self.assertNotIn("quarantined", node.verb("peer", "list"))
            self.assertNotIn("federation.quarantined", (node.dir / "serve.log").read_text())
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")
            for log in ("data", "control"):
                environment = {"PATH": os.environ["PATH"], "HOME": node.folder.name, "TOCSIN_FORMAT": "table", "TOCSIN_URL": node.url, "TOCSIN_CA": node.ca, "TOCSIN_TOKEN": node.auditor}
                done = subprocess.run([*node.before, TOCSIN, "log", "fsck", log], capture_output=True, text=True, timeout=60, env=environment)
                self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
