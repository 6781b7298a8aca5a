"""Keys, signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), written from the formats and not from the server."""
import base64
import hashlib
import os
import struct

import ed25519

SIGNATURE, COSIGNATURE = 1, 4  # types of keys


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


class Key:
    """What signs; `text` is what others know of it."""

    def __init__(self, name, type=SIGNATURE, seed=None):
        self.name, self.type, self.seed = name, type, seed or os.urandom(32)
        material = bytes([type]) + ed25519.public_key(self.seed)
        self.number = sha(name.encode(), b"\n", material)[:4]
        self.text = f"{name}+{self.number.hex()}+{b64(material)}"

    def named(self, name):
        """The same key pair, for another log."""
        return Key(name, self.type, self.seed)

    def line(self, text, time=None):
        """A signature line under `text`; that of a key that cosigns tells the time."""
        if isinstance(text, str):
            text = text.encode()
        if self.type == SIGNATURE:
            payload = ed25519.sign(self.seed, text)
        else:
            payload = struct.pack(">Q", time) + ed25519.sign(self.seed, f"cosignature/v1\ntime {time}\n".encode() + text)
        return signature_line(self.name, self.number + payload)


def signature_line(name, payload):
    return f"— {name} {b64(payload)}\n"


def grease(name="grease.example/log"):
    """A line of a key that nobody knows: readers pass over it."""
    return signature_line(name, os.urandom(4 + 64))


def note(text, *lines):
    return text + "\n" + "".join(lines)


def split(text):
    """Text and signature lines of a note."""
    body, lines = text.rsplit("\n\n", 1)
    return body + "\n", lines.splitlines()


def checkpoint_text(origin, size, root):
    return f"{origin}\n{size}\n{b64(root)}\n"


def read_key(text):
    """Name, number, type and public key of a verifier key."""
    name, number, encoded = text.split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    if sha(name.encode(), b"\n", material)[:4].hex() != number:
        raise ValueError(f"{name} has another number")
    return name, bytes.fromhex(number), material[0], material[1:]


def signed_by(text, key):
    """The time of the signature of a verifier key (0 of one without), or None when it is not there. ValueError when it is another's."""
    name, number, type, public = read_key(key)
    body, lines = split(text)
    for line in lines:
        _, who, encoded = line.split(" ")
        payload = base64.b64decode(encoded, validate=True)
        if (who, payload[:4]) != (name, number):
            continue
        time, message = 0, body.encode()
        if type == COSIGNATURE:
            time = struct.unpack(">Q", payload[4:12])[0]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        if not ed25519.is_signed(public, message, payload[-64:]):
            raise ValueError(f"what stands under the name of {name} is not its signature")
        return time
    return None
