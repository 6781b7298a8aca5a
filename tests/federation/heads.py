"""Heads that a peer made by hand logs, and what members of a class ask each other of them: written from the formats and not from the server."""
import hmac
import os
import struct

import tree
from mesh import wait_for
from notes import sha

QUESTION, ANSWER = b"tocsin.head-question/v1\n", b"tocsin.later-heads/v1\n"
TAGS = 256


def path_of(origin):
    """Where who follows that log is asked about its heads."""
    return f"/witness/{sha(origin.encode()).hex()}/heads"


def grow(*origins):
    """An entry and a head of it and all before, the same to the byte wherever the origin is met; the head."""
    first = origins[0]
    leaves = [entry.leaf for entry in first.data.entries]
    count = first.sequence + 1
    entry = first.entry(first.indicator())
    numbered = [each.leaf for each in first.data.entries if b'"op":"put"' in each.header] + [entry.leaf]
    body = tree.canonical({"count": count, "last": len(leaves), "rolling": tree.rolled(numbered).hex(), "v": 1})
    head = first.entry(body, header=tree.data_header(first.data.origin, first.token, count, 0, op="head"), collections=())
    for origin in origins:
        with origin.changed:
            origin.sequence = count
            origin.data.entries += [entry, head]
            origin.changed.notify_all()
    return head


def wait_applied(node, origin):
    size = len(origin.data.entries)
    wait_for(lambda: node.followed(origin.log.name)["data"] == (size, size), lambda: f"{node.followed(origin.log.name)} {node.tail()}")


def question(origin, asker, answerer, *salts):
    """As a member asks it."""
    nonce = os.urandom(16)
    message = b"fed/heads/v1\n" + nonce + f"{origin}\n{asker}\n{answerer}\n".encode()
    tags = [hmac.digest(salt, message, "sha256") for salt in salts]
    return QUESTION + nonce + b"".join(tags + [os.urandom(32) for _ in range(TAGS - len(tags))])


def answer(*openings):
    return ANSWER + b"".join(struct.pack(">I", len(each)) + each for each in openings)


def closed(origin, index, entry):
    """The opening of a header alone."""
    commitment = tree.commit("fed/body/v1", entry.body_salt, entry.body)
    opening = struct.pack(">QH", index, len(entry.header)) + entry.header + entry.header_salt + commitment + bytes(5)
    return tree.openings(origin, bytes(16), index, index + 1, [(index, opening)])
