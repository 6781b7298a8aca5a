"""An instance that is not there but for its keys and logs: an origin made by hand, which says what a test wants it to say.

It shares nothing with the server but the formats. origin_server.py serves it."""
import base64
import copy
import os
import re
import struct
import threading
import time
import uuid

import notes
import tree
from instance import TLP

GOOD_FOR = 100_000_000  # seconds: a manifest


class Log:
    """Entries and who signs them. All that it says follows from `entries`, unless a test asks for something else."""

    def __init__(self, key, freshness):
        self.key, self.freshness, self.entries = key, freshness, []

    @property
    def origin(self):
        return self.key.name

    @property
    def leaves(self):
        return [entry.leaf for entry in self.entries]

    def fork(self, size):
        """The same log, which goes on otherwise after `size` entries."""
        other = copy.copy(self)
        other.entries = self.entries[:size]
        return other

    def text(self, size=None, root=None, origin=None):
        size = len(self.entries) if size is None else size
        return notes.checkpoint_text(origin or self.origin, size, root or tree.root_of(self.leaves[:size]))

    def note(self, text=None, time_s=None, before=(), behind=()):
        """A checkpoint with both signatures; other lines before and behind them."""
        text = self.text() if text is None else text
        own = [self.key.line(text), self.freshness.line(text, int(time.time()) if time_s is None else time_s)]
        return notes.note(text, *before, *own, *behind).encode()

    def tile(self, level, number, width):
        """None when the log has no such tile; `level` may be "entries"."""
        place = slice(number * tree.WIDTH, number * tree.WIDTH + width)
        if level == "entries":
            held = [struct.pack(">H", len(entry.bytes)) + entry.bytes for entry in self.entries[place]]
        else:
            held = tree.level(self.leaves, int(level))[place]
        return b"".join(held) if len(held) == width else None

    def opened(self, begin, end):
        return [(i, self.entries[i].opening(i)) for i in range(begin, end)]


def recall_text(key, *indices, action="suppress", ago=0, hours=24):
    """The lines of a recall that is to be carried out within so many hours."""
    time_s = int(time.time()) - ago
    return ["tocsin/recall/v1", key.text, " ".join(map(str, indices)), action, "wrong", str(time_s + 3_600 * hours), str(time_s)]


class Origin:
    """A peer of instances under test. `host` names all that it has; `certificate` is one of authority.py."""

    def __init__(self, host, certificate, url):
        self.host, self.url, self.pin = host, url, certificate.pin
        name = host + "/log"
        self.root, self.log = notes.Key(host + "/root"), notes.Key(name)
        self.freshness, self.witness, self.applied = (notes.Key(f"{name}/{purpose}", notes.COSIGNATURE) for purpose in ("freshness", "witness", "applied"))
        self.identity = f"identity--{uuid.uuid4()}"
        self.data, self.control = Log(self.log, self.freshness), Log(self.log.named(name + "/control"), self.freshness)
        self.token, self.terms, self.sequence = os.urandom(16), os.urandom(16), 0
        self.trick = None  # of origin_server.py: what is answered instead of the truth
        self.receipts, self.asked, self.ended = [], [], False
        self.changed = threading.Condition()

    # What is logged.

    def indicator(self, **members):
        made = {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-02T03:04:05.000Z",
                "modified": "2026-01-02T03:04:05.000Z", "created_by_ref": self.identity, "name": "an address", "pattern": "[ipv4-addr:value = '198.51.100.3']",
                "pattern_type": "stix", "valid_from": "2026-01-02T03:04:05Z", "object_marking_refs": [TLP["green"]]}
        return made | members

    def entry(self, body, collections=("network",), header=None, **members):
        """An entry of the data log, which is not logged yet. `members` are those of its header."""
        if header is None:
            self.sequence += 1
            said = {"origin": self.data.origin, "token": self.token, "sequence": self.sequence, "control_size": len(self.control.entries)} | members
            header = tree.data_header(**said)
        return tree.Entry(header, body if isinstance(body, bytes) else tree.canonical(body), collections)

    def share(self, *bodies, **how):
        """Logs objects; their ids."""
        entries = [self.entry(body, **how) for body in bodies]
        with self.changed:
            self.data.entries += entries
            self.changed.notify_all()
        return [body["id"] for body in bodies if isinstance(body, dict)]

    def say(self, op, *lines, key=None, data_size=None, header=None):
        """Logs a statement of the control log, signed by the log's key unless told otherwise."""
        text, size = "".join(line + "\n" for line in lines), len(self.data.entries) if data_size is None else data_size
        header = header or tree.control_header(self.log.name, op, size, notes.b64(tree.root_of(self.data.leaves[:size])))
        entry = tree.Entry(header, notes.note(text, (key or self.log).line(text)).encode())
        with self.changed:
            self.control.entries.append(entry)
            self.changed.notify_all()

    def erase(self, *indices):
        self.say("erase", "tocsin/erasure/v1", self.log.text, " ".join(map(str, indices)), str(int(time.time())))

    def recall(self, *indices, action="suppress", ago=0, **how):
        """Said so many seconds ago: what is recalled is restored an hour later at the earliest."""
        self.say("recall", *recall_text(self.log, *indices, action=action, ago=ago), **how)

    def play(self, trick):
        """From now on `trick(ask, honest)` answers, where `honest()` is the truth; None: the truth."""
        with self.changed:
            self.trick = trick
            self.changed.notify_all()

    def replace(self, data=None, control=None):
        """Other logs than before: those of `fork`."""
        with self.changed:
            self.data, self.control = data or self.data, control or self.control
            self.changed.notify_all()

    # How it becomes a peer.

    def manifest(self, version=1):
        text = (f"tocsin/manifest/v1\nversion {version}\nexpires {int(time.time()) + GOOD_FOR}\ndata {self.data.origin}\ncontrol {self.control.origin}\n"
                f"log-key {self.log.text}\nfreshness-key {self.freshness.text}\nwitness-key {self.witness.text}\napplied-key {self.applied.text}\n"
                f"url {self.url}\ntls-pin {self.pin}\nidentity {self.identity}\n")
        return notes.note(text, self.root.line(text))

    def acceptance(self, invitation):
        """What goes back to whoever sent the line of an invitation."""
        encoded = invitation.strip().removeprefix("tocsin-peer-")
        asked, _ = notes.split(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
        field = lambda name: re.search(rf"(?m)^{name} (.*)$", asked)[1]
        text = (f"tocsin/peer-acceptance/v1\nid {uuid.uuid4()}\ninvitation {field('id')}\ninvited-by {notes.sha(asked.encode()).hex()}\n"
                f"until {field('until')}\nroot {self.root.text}\nmanifest {notes.b64(self.manifest().encode())}\n")
        line = base64.urlsafe_b64encode(notes.note(text, self.log.line(text)).encode()).decode().rstrip("=")
        return f"tocsin-peer-{line}"
