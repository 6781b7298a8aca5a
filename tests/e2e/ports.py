"""Ports that are named before a server listens there."""
import pathlib
import random
import socket

FIRST = 20_000


def free_port():
    """One that the system gives to nobody by itself: no connection that is made meanwhile takes it."""
    first_given, _ = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    while True:
        port = random.randrange(FIRST, int(first_given))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
