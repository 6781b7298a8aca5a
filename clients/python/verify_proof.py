#!/usr/bin/env python3
"""Verifies proofs and revealed canaries of a Tocsin server (docs/verify.md): Python 3.9 or newer, and nothing beside it.

usage: verify_proof.py FILE --vkey NAME+NUMBER+KEY [--witness NAME+NUMBER+KEY ...]

Prints a line a step; the exit code is 0 when everything holds, 6 when not, 1 when the command cannot be carried out.
It shares nothing with `tocsin verify` but the formats: C2SP tlog-proof, signed-note, tlog-checkpoint and tlog-cosignature,
RFC 6962, and Ed25519 (RFC 8032) as OpenSSL has it: canonical encodings only, no multiplication by the cofactor.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import hashlib
import hmac
import json
import re
import sys
from typing import NamedTuple, Optional

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
MOST = 2**63 - 1

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z


class Refused(Exception):
    """A sentence about what does not hold."""


# Ed25519.


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply(number: int, point: Point) -> Point:
    out = (0, 1, 1, 0)
    while number:
        if number & 1:
            out = add(out, point)
        point, number = add(point, point), number >> 1
    return out


def decompress(text: bytes) -> Optional[Point]:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def compress(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    point, number = decompress(key), int.from_bytes(signature[32:], "little")
    if point is None or BASE is None or len(signature) != 64 or number >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (PRIME - point[0], point[1], 1, PRIME - point[3])
    return compress(add(multiply(number, BASE), multiply(digest, minus))) == signature[:32]


# Texts.


def decoded(text: str, what: str) -> bytes:
    """Base64 in its one canonical form."""
    try:
        out = base64.b64decode(text, validate=True)
    except ValueError:
        out = b""
    if not out or base64.b64encode(out).decode() != text:
        raise Refused(f"{what} is not base64")
    return out


def parsed(text: str | bytes) -> object:
    """JSON whose names stand once, so that no two readers take another one."""
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise Refused("a name stands twice in the JSON")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=once)


def digits(text: object) -> str:
    if not isinstance(text, str) or not re.fullmatch("[0-9A-Fa-f]{64}", text):
        raise Refused("the salt is not 64 digits")
    return text


def decimal(text: str, what: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) > MOST:
        raise Refused(f"{what} is not a number in decimal")
    return int(text)


class Key(NamedTuple):
    name: str
    number: bytes
    type: int
    point: bytes


def parse_key(text: str, type_: int) -> Key:
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Refused("a public key is one line: NAME+NUMBER+KEY")
    material = decoded(parts[2], "a public key")
    number = hashlib.sha256(parts[0].encode() + b"\n" + material).digest()[:4]
    if len(material) != 33 or material[0] != type_ or number.hex() != parts[1]:
        raise Refused(f"the key of {parts[0]} is damaged, or of another kind")
    return Key(parts[0], number, type_, material[1:])


class Note(NamedTuple):
    text: str
    signatures: list[tuple[str, bytes]]  # names; number of the key, and what follows


def parse_note(text: str) -> Note:
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Refused("the checkpoint has no signatures")
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("— ([^ +\x00-\x1f]+) ([^ ]+)", line)
        if not found:
            raise Refused("a signature of the checkpoint is malformed")
        signatures.append((found[1], decoded(found[2], "a signature")))
    return Note(body + "\n", signatures)


def signed_at(note: Note, key: Key) -> Optional[int]:
    """The time of the key's latest signature, 0 when it signs without one; None when it has not signed."""
    found = None
    for name, payload in note.signatures:
        if name != key.name or payload[:4] != key.number:
            continue
        time, message = 0, note.text.encode()
        if key.type == 4:
            time = int.from_bytes(payload[4:12], "big")
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        if time > MOST or len(payload) != (76 if key.type == 4 else 68) or not is_signed(key.point, message, payload[-64:]):
            raise Refused(f"the signature of {key.name} is not its own")
        found = max(found or 0, time)
    return found


class Proof(NamedTuple):
    opening: bytes
    index: int
    path: list[bytes]
    checkpoint: str


def parse_proof(text: str) -> Proof:
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Refused("this is no proof of an object")
    path = [decoded(line, "a hash of the proof") for line in lines[3:]]
    if len(path) > 63 or any(len(hash_) != 32 for hash_ in path):
        raise Refused("the hashes of the proof are not of a log")
    opening = decoded(lines[1][6:], "the opening")
    if opening[0] != 1 or len(opening) < 66:
        raise Refused("the opening is of a version that is not known here")
    return Proof(opening, decimal(lines[2][6:], "the index"), path, checkpoint)


# What is verified.


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        raise Refused("the index is beyond the end of the log")
    at, last, out = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            raise Refused("the proof is too long")
        if at & 1 or at == last:
            out = sha(b"\1", hash_, out)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            out = sha(b"\1", out, hash_)
        at, last = at >> 1, last >> 1
    if last:
        raise Refused("the proof is too short")
    return out


def verify_proof(proof: Proof, log: Key, witnesses: list[Key]) -> list[str]:
    header, salt, body = proof.opening[1:33], proof.opening[33:65], proof.opening[65:]
    entry = b"\1" + sha(b"fed/entry/v1\n", header, hmac.new(b"fed/body/v1", salt + body, hashlib.sha256).digest())
    note = parse_note(proof.checkpoint)
    lines = note.text.split("\n")
    if len(lines) != 4 or lines[0] != log.name:
        raise Refused(f"the checkpoint is not one of {log.name}")
    size, root = decimal(lines[1], "the size of the log"), decoded(lines[2], "the root of the log")
    if root_from(sha(b"\0", entry), proof.index, size, proof.path) != root:
        raise Refused("the log does not have this object there")
    if signed_at(note, log) is None:
        raise Refused(f"{log.name} has not signed the checkpoint")
    said = [f"object of {len(body)} bytes, SHA-256 {sha(body).hex()}", f"entry {proof.index} of {size}, signed by {log.name}"]
    for key in witnesses:
        time = signed_at(note, key)
        if time is None:
            raise Refused(f"{key.name} has not signed this checkpoint")
        said.append(f"seen by {key.name} at {written(time)}")
    return said


def written(time: int) -> str:
    if time >= 253_402_300_800:
        return "a time beyond the year 9999"
    return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).isoformat()


def verify_canary(canary: dict[str, object], log: Key, witnesses: list[Key]) -> list[str]:
    if canary.get("type") != "tocsin-canary" or type(canary.get("version")) is not int or canary["version"] != 1 or canary.get("scheme") != "salted-sha256":
        raise Refused("this is no revealed canary, or of a version or scheme that is not known here")
    if set(canary) - {"proof"} != {"type", "version", "scheme", "commitment", "salt", "secret", "indicator"}:
        raise Refused("the canary lacks members, or has some that are not known here")
    salt, secret = bytes.fromhex(digits(canary["salt"])), decoded(str(canary["secret"]), "the secret")
    if hmac.new(b"canary/v1", salt + secret, hashlib.sha256).hexdigest() != canary["commitment"]:
        raise Refused("secret and salt are another commitment's")
    if "proof" not in canary:
        raise Refused("the canary is in no log: when it was shared is its owner's word")
    proof = parse_proof(str(canary["proof"]))
    indicator = parsed(proof.opening[65:])
    if not isinstance(indicator, dict) or indicator.get("id") != canary["indicator"] or indicator.get("pattern") != f"[llm-canary:commitment = '{canary['commitment']}']":
        raise Refused("the object in the proof is not the indicator of this commitment")
    return [f"secret of {len(secret)} bytes", f"indicator {canary['indicator']}"] + verify_proof(proof, log, witnesses)


def verify(text: str, log: Key, witnesses: list[Key]) -> list[str]:
    """What holds. Refused when anything does not."""
    if text.startswith("c2sp.org/tlog-proof@"):
        return verify_proof(parse_proof(text), log, witnesses)
    try:
        canary = parsed(text)
        if not isinstance(canary, dict):
            raise Refused("this is neither a proof nor a revealed canary")
        return verify_canary(canary, log, witnesses)
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("this is neither a proof nor a revealed canary") from error


def main(arguments: Optional[list[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Verify a proof or a revealed canary of a Tocsin server.")
    parser.add_argument("file", help="the file to verify")
    parser.add_argument("--vkey", required=True, help="the log's public key, as its operator gave it")
    parser.add_argument("--witness", action="append", default=[], help="the public key of a witness that must have signed too")
    options = parser.parse_args(arguments)
    try:
        log, witnesses = parse_key(options.vkey, 1), [parse_key(text, 4) for text in options.witness]
        with open(options.file, "rb") as file:
            content = file.read()
    except (OSError, Refused) as error:
        print(f"verify_proof.py: {error}", file=sys.stderr)
        return 1
    try:
        said = verify(content.decode(), log, witnesses)
    except (Refused, UnicodeDecodeError) as error:
        print(f"not verified: {error}")
        return 6
    for line in said:
        print("holds ", "".join(c if c.isprintable() else "?" for c in line))
    print("verified")
    return 0


if __name__ == "__main__":
    sys.exit(main())
