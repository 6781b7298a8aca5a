"""A peer made by hand tries to deceive a real instance that follows it. Each move of the tables has a test: the verdict is the one expected, nothing of the
move is seen or kept, the instance is healthy, and an honest continuation is taken.

`hostile_test.py Checkpoints` makes the moves of one table."""
import itertools
import json
import tempfile
import unittest

import origin_server
from authority import Authority
from log_maker import Origin
from made_by_hand import evidence_against, peer_of
from mesh import Node, wait_for
from moves import Effect
from moves_of_connections import connections
from moves_of_control import control
from moves_of_logs import checkpoints, signatures, tiles
from moves_of_numberings import numberings
from moves_of_objects import objects
from moves_of_openings import headers, openings


numbers = itertools.count(1)


def setUpModule():
    global folder, authority, hub, ring, neighbour, stranger
    folder = tempfile.TemporaryDirectory(prefix="tocsin-hostile-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = Authority(folder.name)
    stranger = authority.issue("stranger", "IP:127.0.0.1", "serverAuth,clientAuth")
    hub = Node("heron", authority)
    unittest.addModuleCleanup(hub.close)
    hub.make_manifest()
    ring = hub.verb("audience", "add", "ring", "--member", "heron")
    hub.start()
    neighbour = follow("neighbour")
    honest(neighbour, 1)


def follow(name):
    return peer_of(hub, authority, name)


def nowhere():
    """A server that is nobody's: whoever follows a redirect meets it."""
    server = origin_server.Server(stranger).serve(Origin("nowhere.example", stranger, "https://nowhere.example"))
    unittest.addModuleCleanup(server.close)
    return server


def honest(origin, count):
    """Shares so many objects, and waits until they are applied."""
    ids = origin.share(*[origin.indicator() for _ in range(count)])
    size = len(origin.data.entries)
    wait_for(lambda: followed(origin)["data"] == (size, size), lambda: f"{followed(origin)}, not {size}: {verdict(origin)} {hub.tail()}")
    return ids


def followed(origin):
    return hub.followed(origin.log.name)


def verdict(origin):
    """The code of what stands between the instance and this peer; "" when nothing does."""
    return hub.verdict(origin.name)


class Play(unittest.TestCase):
    def play(self, move):
        origin = follow(f"peer-{next(numbers)}")
        origin.ring, origin.neighbour = ring, neighbour
        origin.elsewhere, origin.stranger = nowhere(), stranger
        honest(origin, move.size)
        logs, before = (origin.data, origin.control), followed(origin)
        shown = move.play(origin)
        getattr(self, move.effect.name.lower())(origin, move, before, shown)
        self.assertEqual(origin.elsewhere.met, 0)
        self.assertTrue(hub.healthy(), hub.tail())
        if move.effect not in (Effect.STUCK, Effect.UNHEARD):
            self.goes_on(origin, move, logs)

    def goes_on(self, origin, move, logs):
        """The peer is honest again, with the logs that it had before when it showed others."""
        origin.server.show(origin.certificate)
        origin.replace(*logs)
        origin.play(None)
        if move.effect is Effect.CONVICTED:
            hub.verb("peer", "resume", origin.name)
        [good] = origin.share(origin.indicator())
        hub.wait_object(good)
        wait_for(lambda: hub.shown(origin.name, "following") == "following", lambda: hub.verb("peer", "show", origin.name))
        if move.effect is Effect.STALLED:
            self.stalls_no_more(origin)

    def assert_hidden(self, shown):
        for identifier in shown:
            self.assertIsNone(hub.object(identifier))

    def told(self, origin, move):
        wait_for(lambda: verdict(origin) == move.verdict, lambda: f"{verdict(origin)!r}, not {move.verdict!r}: {hub.tail()}")

    def stops(self, origin, move, before, shown):
        self.told(origin, move)
        self.assertEqual(followed(origin)["data"], before["data"])
        self.assert_hidden(shown)

    def verified(self, origin, move, before, shown):
        self.told(origin, move)
        self.assertEqual(followed(origin)["data"], (len(origin.data.entries), before["data"][1]))
        self.assert_hidden(shown)

    stuck = verified

    def convicted(self, origin, move, before, shown):
        self.stops(origin, move, before, shown)
        wait_for(lambda: hub.shown(origin.name) == "quarantined", lambda: f"it is {hub.shown(origin.name)}")
        first, second = evidence_against(origin, hub)
        self.assertNotEqual(first, second)

    def refused(self, origin, move, before, shown):
        index = len(origin.data.entries) - 1
        code = wait_for(lambda: hub.refusals(origin.log.name).get(index), lambda: f"nothing was refused: {verdict(origin)} {hub.tail()}")
        self.assertEqual(code, move.verdict)
        self.assertEqual(followed(origin)["data"], (index + 1, index + 1))
        self.assert_hidden(shown)

    def unseen(self, origin, move, before, shown):
        size = len(origin.data.entries)
        wait_for(lambda: followed(origin)["data"] == (size, size), lambda: f"{verdict(origin)} {hub.tail()}")
        self.assertEqual(hub.refusals(origin.log.name), {})
        self.assert_hidden(shown)

    def taken(self, origin, move, before, shown):
        for identifier in shown:
            hub.wait_object(identifier)
        self.assertEqual(verdict(origin), "")

    def withheld(self, origin, move, before, shown):
        self.taken(origin, move, before, shown)
        wait_for(lambda: hub.shown(origin.name, "withholds") == move.verdict, lambda: f"{hub.verb('peer', 'show', origin.name)} {hub.tail()}")
        self.assertEqual(hub.gauge("tocsin_peer_withheld", origin.name), 1)
        self.assertEqual(hub.shown(origin.name), "active")

    def stalled(self, origin, move, before, shown):
        self.addCleanup(origin.neighbour.play, None)
        wait_for(lambda: hub.shown(origin.name, "withholds") == move.verdict, lambda: f"{hub.verb('peer', 'show', origin.name)} {hub.tail()}", patience=300)
        self.assertEqual(hub.gauge("tocsin_peer_stalled_entries", origin.name), 1)
        told = [json.loads(line) for line in (hub.dir / "serve.log").read_text().splitlines() if '"event":"federation.stalls"' in line]
        self.assertEqual([(one["peer"], one["size"], one["seen"], one["seen_by"]) for one in told], [(origin.name, 2, 3, origin.neighbour.name)])
        self.assertEqual((followed(origin), verdict(origin)), (before, ""))
        self.assert_hidden(shown)
        self.assertEqual(hub.rows("SELECT 1 FROM evidence WHERE peer IN (?, ?)", origin.name, origin.neighbour.name), [])
        self.assertEqual((hub.shown(origin.name), hub.shown(origin.neighbour.name)), ("active", "active"))

    def stalls_no_more(self, origin):
        wait_for(lambda: hub.shown(origin.name, "withholds") == "-", lambda: f"{hub.verb('peer', 'show', origin.name)} {hub.tail()}", patience=300)
        self.assertEqual(hub.gauge("tocsin_peer_stalled_entries", origin.name), 0)

    def stale(self, origin, move, before, shown):
        more = lambda: self.taken(origin, move, before, origin.share(origin.indicator()))
        self.taken(origin, move, before, shown)
        more()
        fresh = hub.gauge("tocsin_peer_fresh_seconds", origin.name)
        more()
        more()
        self.assertEqual(hub.gauge("tocsin_peer_fresh_seconds", origin.name), fresh)

    def unheard(self, origin, move, before, shown):
        self.told(origin, move)
        size = len(origin.control.entries)
        self.assertEqual(followed(origin), before | {"control": (size, size - 1)})
        for identifier in shown:
            self.assertIsNotNone(hub.object(identifier))

    def void(self, origin, move, before, shown):
        size = len(origin.control.entries)
        wait_for(lambda: followed(origin)["control"] == (size, size), lambda: f"{verdict(origin)} {hub.tail()}")
        self.assertTrue(hub.statements(origin.log.name)[size - 1])
        self.taken(origin, move, before, shown)


def table(name, moves):
    """A test case with a test for each move."""
    def test_of(move):
        return lambda self: self.play(move)
    tests = {f"test_{move.attack}_{move.name}" if move.attack else f"test_{move.name}": test_of(move) for move in moves}
    if len(tests) != len(moves):
        raise AssertionError("two moves have one name")
    return type(name, (Play,), tests)


TABLES = {"Checkpoints": checkpoints, "Signatures": signatures, "Tiles": tiles, "Connections": connections, "Openings": openings, "Headers": headers,
          "Numberings": numberings, "Objects": objects, "Control": control}
globals().update({name: table(name, moves) for name, moves in TABLES.items()})


if __name__ == "__main__":
    unittest.main(verbosity=1)
