#!/usr/bin/env python3
"""Measures how long it takes from the acknowledgement of an object to its event on 1,000 open streams, beside a loop that writes the same bytes.

usage: tests/bench/streams.py [STREAMS]      how many are open (1,000)

Takes about a minute and a half. TOCSIND names the server's program; without it the release build is measured."""
import itertools
import multiprocessing
import pathlib
import resource
import socket
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import watchers
from rows import Within
from servers import Hub
from tls import Process
from instance import indicator  # found by the path that servers adds

PUBLICATIONS, A_SECOND = 120, 4
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 0\n\n"


class Seen:
    """Of one run: milliseconds of every event on every stream, and of processor time a publication."""

    def __init__(self, published, seen, server_seconds, client_seconds):
        since = lambda which: sorted((when - moments[which]) * 1e3 for moments, times in zip(published, seen) for when in times)
        self.sent, self.acknowledged = since(0), since(1)
        self.server, self.client = (seconds * 1e3 / len(published) for seconds in (server_seconds, client_seconds))


def at(share, ordered):
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class Child:
    """A process with a pipe to it; when it fails, so does whoever waits for what it says."""

    def __init__(self, work, *arguments):
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(*arguments, theirs))
        self.process.start()
        theirs.close()

    def close(self):
        self.process.terminate()
        self.process.join()
        self.pipe.close()


def measured(port, requests, server, publish):
    """`publish(number)` returns when it was sent and when it was acknowledged."""
    client = Child(watchers.watch, port, requests, PUBLICATIONS)
    try:
        client.pipe.recv()
        spent, began, published = server.seconds(), time.monotonic(), []
        for number in range(PUBLICATIONS):
            published.append(publish(number))
            time.sleep(max(0.0, began + (number + 1) / A_SECOND - time.monotonic()))
        seen, longest, client_seconds = client.pipe.recv()
        return Seen(published, seen, server.seconds() - spent, client_seconds), longest
    finally:
        client.close()


def of_hub(streams):
    hub = Hub()
    try:
        hub.configure(limits__open_streams=str(2 * streams))  # of two organisations, each with a quarter at most
        hub.start()
        asked = [f"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
                 for token in (hub.writer, hub.other_writer)]

        def publish(number):
            made = indicator(name=f"publication {number}", description="x" * 400, tlp="green")
            sent = time.monotonic()
            answer = hub.call("POST", hub.path + "objects/", hub.writer, {"objects": [made]})
            acknowledged = time.monotonic()
            if answer.status != 202 or answer.json["success_count"] != 1:
                raise RuntimeError(f"a submission failed: {answer.body[:300]}")
            return sent, acknowledged

        return measured(hub.port, list(itertools.islice(itertools.cycle(asked), streams)), Process(hub.process.pid), publish)
    finally:
        hub.close()


def repeat(certificates, listener, streams, size, parent):
    """The work of the reference: every event goes to all streams, one after the other. Says when the first was about to go."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.crt", certificates / "server.key")
    readers = []
    for _ in range(streams):
        readers.append(tls.wrap_socket(listener.accept()[0], server_side=True))
        readers[-1].recv(1 << 16)
        readers[-1].sendall(HEAD)
    while True:
        event = watchers.NAME + str(parent.recv()).encode() + b'"'
        event = event.ljust(size, b"x") + b"\n\n"
        began = time.monotonic()
        for each in readers:
            each.sendall(event)
        parent.send(began)


def of_reference(streams, size):
    hub = Hub()  # whose certificate it has
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    stub = Child(repeat, hub.dir / "certs", listener, streams, size)
    try:
        def publish(number):
            sent = time.monotonic()
            stub.pipe.send(number)
            return sent, stub.pipe.recv()

        return measured(listener.getsockname()[1], [b"GET / HTTP/1.1\r\n\r\n"] * streams, Process(stub.process.pid), publish)[0]
    finally:
        stub.close()
        listener.close()
        hub.close()


def both(streams):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # of the servers too
    ours, size = of_hub(streams)
    return ours, of_reference(streams, size)


def rows(streams, ours, theirs):
    yield Within(f"p99 from acknowledged to seen, {streams:,} streams", "a loop that writes the same bytes to each", at(0.99, ours.acknowledged),
                 at(0.99, theirs.acknowledged), 250, 100, " ms")


def note(streams, ours, theirs):
    each = lambda run: f"{at(0.5, run.sent):.1f} ms (p99 {at(0.99, run.sent):.1f} ms)"
    return (f"Half of {len(ours.sent):,} events on {streams:,} streams were seen {at(0.5, ours.acknowledged):.1f} ms after their object was acknowledged, {each(ours)} after it was "
            f"sent; of the loop that writes the same bytes {each(theirs)}. A publication cost the server {ours.server:.0f} ms of processor time, the loop {theirs.server:.0f} ms, "
            f"and their readers {ours.client:.0f} ms and {theirs.client:.0f} ms.")


def main():
    streams = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000
    found = both(streams)
    for row in rows(streams, *found):
        print(f"{row.work}: {row.ours:,.1f}{row.unit} against {row.theirs:,.1f}{row.unit} ({row.reference}), must {row.must}, aim {row.aim}: {row.verdict()}")
    print(note(streams, *found))


if __name__ == "__main__":
    main()
