"""Merkle trees of RFC 6962 and their tiles (C2SP tlog-tiles), commitments and openings: written from the formats and not from the server."""
import hmac
import json
import os
import struct

from notes import sha

WIDTH = 256


def leaf_of(entry):
    return sha(b"\0", entry)


def root_of(leaves):
    if not leaves:
        return sha()
    while len(leaves) > 1:
        leaves = [sha(b"\1", *leaves[i:i + 2]) if i + 1 < len(leaves) else leaves[i] for i in range(0, len(leaves), 2)]
    return leaves[0]


def level(leaves, number):
    """Hashes of a level of tiles: roots of whole tiles of the one below."""
    for _ in range(number):
        leaves = [root_of(leaves[i:i + WIDTH]) for i in range(0, len(leaves) // WIDTH * WIDTH, WIDTH)]
    return leaves


def tile_path(level, number, width=WIDTH):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def read_tile_path(path):
    """Level ("entries" or a number), number and width; None for what is no canonical path."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "tile":
        return None
    what, rest, width = parts[1], parts[2:], WIDTH
    if len(rest) > 1 and rest[-2].endswith(".p"):
        if not rest[-1].isdigit():
            return None
        width, rest = int(rest[-1]), [*rest[:-2], rest[-2].removesuffix(".p")]
    digits = [part.removeprefix("x") for part in rest]
    if not all(len(part) == 3 and part.isdigit() for part in digits) or not (what.isdigit() or what == "entries"):
        return None
    number = int("".join(digits))
    return (what, number, width) if tile_path(what, number, width) == path else None


def commit(label, salt, data):
    return hmac.digest(label.encode(), salt + data, "sha256")


def entry_of(header_commitment, body_commitment):
    return b"\1" + sha(b"fed/entry/v1\n", header_commitment, body_commitment)


def canonical(value):
    """RFC 8785 of what has no fractions and only names of ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Entry:
    """An entry of a log with all that it is made of. What is opened of it may be told otherwise: each part is a member."""

    def __init__(self, header, body, collections=()):
        self.header, self.body, self.collections = header, body, list(collections)
        self.header_salt, self.body_salt = os.urandom(32), os.urandom(32)
        self.bytes = entry_of(commit("fed/hdr/v1", self.header_salt, header), commit("fed/body/v1", self.body_salt, body))
        self.leaf = leaf_of(self.bytes)

    def opening(self, index):
        aliases = b"".join(struct.pack(">B", len(name)) + name.encode() for name in self.collections)
        return (struct.pack(">QH", index, len(self.header)) + self.header + self.header_salt + self.body_salt + struct.pack(">B", len(self.collections)) +
                aliases + struct.pack(">I", len(self.body)) + self.body)


def data_header(origin, token, sequence, control_size, op="put"):
    return canonical({"class": token.hex(), "class_seq": sequence, "control_size": control_size, "log": "data", "op": op, "origin": origin, "v": 1})


def rolled(leaves):
    """The hash over the leaves of a numbering."""
    rolling = bytes(32)
    for leaf in leaves:
        rolling = sha(b"fed/class/v1\n" + rolling + leaf)
    return rolling


def head(leaves, **members):
    """The body of a head of a log that holds these leaves and nothing else."""
    return canonical({"count": len(leaves), "last": len(leaves) - 1, "rolling": rolled(leaves).hex(), "v": 1} | members)


def control_header(origin, op, data_size, data_root):
    return canonical({"data_root": data_root, "data_size": data_size, "log": "control", "op": op, "origin": origin, "v": 1})


def openings(origin, terms, begin, end, opened):
    """The body of an answer; `opened` are pairs of index and opening."""
    head = f"tocsin.openings/v1\n{origin}\n{terms.hex()}\n{begin} {end} {len(opened)}\n\n".encode()
    return head + b"".join(bytes for _, bytes in opened)


def read_openings(body):
    """Terms, bounds, and of each entry index, header, salts, collections and body."""
    head, rest = body.split(b"\n\n", 1)
    title, origin, terms, bounds = head.decode().split("\n")
    begin, end, count = map(int, bounds.split())
    if title != "tocsin.openings/v1":
        raise ValueError(title)
    found = []

    def take(size):
        nonlocal rest
        if len(rest) < size:
            raise ValueError("the openings end too early")
        part, rest = rest[:size], rest[size:]
        return part

    for _ in range(count):
        index, length = struct.unpack(">QH", take(10))
        entry = Entry(take(length), b"")
        entry.header_salt, entry.body_salt = take(32), take(32)
        entry.collections = [take(take(1)[0]).decode() for _ in range(take(1)[0])]
        entry.body = take(struct.unpack(">I", take(4))[0])
        # Of what is published no more the commitment to the body stands for its salt.
        body_commitment = commit("fed/body/v1", entry.body_salt, entry.body) if entry.body else entry.body_salt
        entry.bytes = entry_of(commit("fed/hdr/v1", entry.header_salt, entry.header), body_commitment)
        entry.leaf = leaf_of(entry.bytes)
        found.append((index, entry))
    if rest:
        raise ValueError("something stands behind the openings")
    return origin, terms, begin, end, found
