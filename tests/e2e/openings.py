"""What an instance opens of its log to a peer: the format, and the leaf that an opening gives. A derivation of its own, which shares nothing with the server."""
import hashlib
import hmac
import struct


class Opened:
    def __init__(self, index, header, header_salt, body_salt, collections, body):
        self.index, self.header, self.collections, self.body = index, header, collections, body
        self.header_salt, self.body_salt = header_salt, body_salt

    @property
    def leaf(self):
        commit = lambda label, salt, data: hmac.digest(label, salt + data, "sha256")
        # Of what is published no more the commitment to the body stands for its salt.
        body = commit(b"fed/body/v1", self.body_salt, self.body) if self.body else self.body_salt
        both = commit(b"fed/hdr/v1", self.header_salt, self.header) + body
        return hashlib.sha256(b"\0\1" + hashlib.sha256(b"fed/entry/v1\n" + both).digest()).digest()


class Openings:
    """An answer, which has to be used up to its last byte."""

    def __init__(self, answer):
        head, self.rest = answer.split(b"\n\n", 1)
        version, self.origin, self.terms, numbers = head.decode().split("\n")
        if version != "tocsin.openings/v1" or len(self.terms) != 32:
            raise AssertionError(head)
        self.begin, self.end, count = map(int, numbers.split(" "))
        self.entries = [self.entry() for _ in range(count)]
        indices = [entry.index for entry in self.entries]
        if self.rest or indices != sorted(set(indices)) or not all(self.begin <= index < self.end for index in indices):
            raise AssertionError((self.begin, self.end, indices, len(self.rest)))

    def take(self, length):
        if len(self.rest) < length:
            raise AssertionError("an answer that ends too soon")
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def sized(self, form):
        return self.take(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def entry(self):
        index = struct.unpack(">Q", self.take(8))[0]
        header, header_salt, body_salt = self.sized(">H"), self.take(32), self.take(32)
        collections = [self.sized(">B").decode() for _ in range(self.take(1)[0])]
        return Opened(index, header, header_salt, body_salt, collections, self.sized(">I"))
