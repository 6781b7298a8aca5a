"""Tables of networks in one body: how fast they are stored, by how much memory, and how fast they are searched."""
import tempfile
import time

import load
from rows import Row
from servers import Hub

MIB = 2**20


def table(count):
    """Each row becomes an indicator, its observable and the relationship between them. Every other is its sender's alone."""
    rows = (f"2a10:0:{number >> 16:x}:{number & 0xffff:x}::/64,ip-range,50,{'red' if number % 2 else 'green'}\n" for number in range(count))
    return ("value,kind,confidence,tlp\n" + "".join(rows)).encode()


class Stored:
    """A hub that was sent a table: rows a second, and by how much more was resident at most meanwhile than before."""

    def __init__(self, count, rows=table):
        self.hub, self.count = Hub(), count
        self.hub.start()
        body, connection = rows(count), self.hub.connect()
        connection.timeout = 3_600  # the body goes only as fast as it is stored
        before = self.hub.resident_bytes()
        began = time.monotonic()
        answer = self.hub.call("POST", "/api/v1/indicators", self.hub.writer, body, {"Content-Type": "text/csv"}, connection=connection)
        self.rate = count / (time.monotonic() - began)
        self.grown_mib = (self.hub.most_resident_bytes() - before) / MIB
        connection.close()
        if answer.status != 200 or answer.json["accepted"] != count:
            raise RuntimeError(f"{answer.status}: {answer.body[:300]}")

    def searches(self):
        """Of a reader who sees half of the rows."""
        return load.search(self.hub.url + "/api/v1/indicators", self.hub.other_writer, self.count)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.hub.close()


def networks(count, tenth=10, few=10_000):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        theirs = load.raw_sqlite(folder, count, 1_000)
    with Stored(count // tenth) as shorter:
        grown = shorter.grown_mib
    with Stored(count) as long, Stored(few) as short:
        yield Row(f"POST of a table of {count:,} networks", "SQLite alone, 1,000 rows a transaction", long.rate, theirs, 0.15, 0.5)
        yield Row(f"memory that a table of {count:,} networks takes at most", f"a table of {count // tenth:,}", long.grown_mib, grown, 1.5, 1.2, " MiB", True)
        among_many, among_few = load.alternating(long.searches, short.searches)
        yield Row(f"searches over HTTP among {count:,} networks", f"among {few:,}", among_many, among_few, 0.5, 0.9)
