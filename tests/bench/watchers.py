"""Readers of live events, many in one process: an event loop that reads, looks at the clock and does nothing else, so that it is not what is measured."""
import array
import select
import socket
import ssl
import time

NAME = b'"name":"publication '  # and its number: what tells the publications of a bench apart


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def opened(secure, request):
    """After the first id, which says where the stream begins: what is published from now on is in it."""
    secure.sendall(request)
    head = b""
    while b"\n\n" not in head.partition(b"\r\n\r\n")[2]:
        piece = secure.recv(1 << 16)
        if not piece or not (head + piece).startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"no stream: {(head + piece)[:300]}")
        head += piece
    secure.setblocking(False)
    return secure


class Watchers:
    """The streams, what of each is no whole event yet, and when which publication was seen."""

    def __init__(self, port, requests, publications):
        tls = context()
        self.streams = [opened(tls.wrap_socket(socket.create_connection(("127.0.0.1", port), 60)), each) for each in requests]
        self.rest = [b""] * len(requests)
        self.seen = [array.array("d") for _ in range(publications)]
        self.longest = 0  # bytes of an event

    def read(self, which):
        try:
            piece = self.streams[which].recv(1 << 16)
        except ssl.SSLWantReadError:
            return 0
        now = time.monotonic()
        if not piece:
            raise RuntimeError("a stream ended")
        *events, self.rest[which] = (self.rest[which] + piece).split(b"\n\n")
        found = 0
        for event in events:
            at = event.find(NAME)
            if at < 0:
                continue  # a comment
            begin = at + len(NAME)
            self.seen[int(event[begin:event.index(b'"', begin)])].append(now)
            self.longest = max(self.longest, len(event))
            found += 1
        return found

    def read_all(self):
        poll, places = select.epoll(), {}
        for place, each in enumerate(self.streams):
            poll.register(each.fileno(), select.EPOLLIN)
            places[each.fileno()] = place
        left = len(self.streams) * len(self.seen)
        while left:
            for descriptor, _ in poll.poll():
                left -= self.read(places[descriptor])


def watch(port, requests, publications, parent):
    """The work of a process: says that all streams are open, and at the end when each publication was seen on each, and by how much processor time."""
    watchers = Watchers(port, requests, publications)
    parent.send(None)
    began = time.process_time()
    watchers.read_all()
    parent.send((watchers.seen, watchers.longest, time.process_time() - began))
