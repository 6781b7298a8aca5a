"""A real instance follows another one's log of more than one pack: 65,536 entries, which one hash on level 2 of the tiles covers. It is killed on the way, and
what both have afterwards is held against tiles and bundles that this test reads by itself."""
import json
import struct
import unittest

import tree
from mesh import Mesh, introduce, wait_for
from notes import b64

PACK, EACH = 65_536, 3  # entries; of an item: its indicator, what that is based on, and that it is
FIRST = PACK // EACH    # items; the last entry of the first pack is of the next one
BEYOND = 100            # items of the second pack: a whole tile, and a part of one
PATIENCE = 600          # seconds


def setUpModule():
    global heron, ibis
    mesh = Mesh(heron="lab", ibis="lab")
    unittest.addModuleCleanup(mesh.close)
    heron, ibis = mesh.nodes
    for node in mesh.nodes:
        node.make_manifest()
        node.start()
    unittest.addModuleCleanup(lambda: [node.stop() for node in mesh.nodes])
    log_many(0, FIRST)
    heron.around = share(FIRST, 2)
    log_many(FIRST + 2, BEYOND)
    introduce(heron, ibis)
    mesh.agree(heron, ibis)
    mesh.agree(ibis, heron, entries_per_hour=1_000_000, mib_per_hour=4_096)
    heron.verb("peer", "resume", "ibis")


def items(first, count):
    """Each with a network of its own."""
    return [{"kind": "ip-range", "value": f"2001:db8:{number >> 16:x}:{number & 0xffff:x}::/64", "tlp": "green"} for number in range(first, first + count)]


def share(first, count):
    return heron.share(*items(first, count))


def log_many(first, count):
    body = "\n".join(map(json.dumps, items(first, count)))
    connection = heron.connect()
    connection.timeout = PATIENCE
    try:
        answer = heron.call("POST", "/api/v1/indicators", heron.analyst, body, {"Content-Type": "application/x-ndjson"}, connection=connection)
    finally:
        connection.close()
    if answer.status != 200 or answer.json["accepted"] != count:
        raise AssertionError(answer.body[-2000:])


def followed():
    return ibis.followed(heron.origin)["data"]


def wait_followed():
    """Until all that is signed is applied: (size, root), as the checkpoint has them."""
    def found():
        _, size, root, *_ = heron.call("GET", "/log/data/checkpoint", heron.auditor).body.decode().split("\n")
        return followed() == (int(size), int(size)) and (int(size), root)
    return wait_for(found, lambda: f"{followed()} of {heron.checkpoint()}: {ibis.tail()}", patience=PATIENCE)


def leaves():
    """As they were verified at the one that follows."""
    joined = b"".join(hashes for hashes, in ibis.rows("SELECT hashes FROM origin_tiles JOIN origins USING (origin) WHERE name = ? AND log = 0 ORDER BY tile",
                                                      heron.origin))
    return [joined[at:at + 32] for at in range(0, len(joined), 32)]


def of_tile(level, number, width):
    answer = heron.call("GET", f"/log/data/{tree.tile_path(level, number, width)}", heron.auditor)
    if answer.status != 200:
        raise AssertionError(f"{level} {number} {width}: {answer.body}")
    return answer.body


def hashes_of_entries(bundle):
    found = []
    while bundle:
        length = struct.unpack(">H", bundle[:2])[0]
        found.append(tree.leaf_of(bundle[2:2 + length]))
        bundle = bundle[2 + length:]
    return found


class LongLog(unittest.TestCase):
    def test_a_log_of_more_than_a_pack_is_followed_through_a_kill_and_goes_on(self):
        ibis.verb("peer", "resume", "heron")
        wait_for(lambda: followed()[0] == PACK and 0 < followed()[1] < PACK, lambda: f"{followed()}: {ibis.tail()}", patience=PATIENCE)
        ibis.kill()
        size, applied = followed()
        self.assertEqual(size, PACK)  # the second pack comes when the first is applied
        ibis.start()
        wait_for(lambda: followed()[1] > applied, lambda: f"{followed()}: {ibis.tail()}", patience=PATIENCE)
        self.agrees()
        for identifier in heron.around:  # where the first pack ends, and the second begins
            self.assertEqual(ibis.wait_object(identifier), heron.wait_object(identifier))
        more = share(FIRST + 2 + BEYOND, tree.WIDTH)
        for identifier in (more[0], more[-1]):
            self.assertEqual(ibis.wait_object(identifier), heron.wait_object(identifier))
        self.agrees()
        self.assertEqual(ibis.rows("SELECT count(*) FROM versions WHERE origin > 0"), [(EACH * (FIRST + 2 + BEYOND + tree.WIDTH),)])
        self.assertEqual((ibis.refusals(heron.origin), ibis.shown("heron", "withholds"), ibis.verdict("heron")), ({}, "-", ""))
        for node in (heron, ibis):
            self.assertEqual(node.verb("check").splitlines()[-1], "ok")

    def agrees(self):
        """What was verified is what the origin signed, shows in whole and partial tiles of each level, and has in its bundles."""
        size, root = wait_followed()
        held = leaves()
        self.assertEqual((len(held), b64(tree.root_of(held))), (size, root))
        for level in (0, 1, 2):
            hashes = tree.level(held, level)
            whole, part = divmod(len(hashes), tree.WIDTH)
            for number, width in {(0, tree.WIDTH), (whole - 1, tree.WIDTH), (whole, part)}:
                if number >= 0 and 0 < number * tree.WIDTH + width <= len(hashes) and width:
                    place = slice(number * tree.WIDTH, number * tree.WIDTH + width)
                    self.assertEqual(of_tile(level, number, width), b"".join(hashes[place]), (level, number, width))
                    if level == 0:
                        self.assertEqual(hashes_of_entries(of_tile("entries", number, width)), hashes[place])


if __name__ == "__main__":
    unittest.main(verbosity=1)
