#!/usr/bin/env python3
"""Measures connections against nginx with the same certificates: memory of idle ones, and handshakes with client certificates.

usage: tests/bench/tls.py [CONNECTIONS]      how many are held open at once (10,000)

Takes about three minutes. TOCSIND names the server's program; without it the release build is measured. The load generator shares the machine and
takes most of it, so handshakes are compared by the processor time that the server spends on each; a resumed one never occurs."""
import multiprocessing
import os
import pathlib
import resource
import socket
import ssl
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from rows import Row
from servers import Hub, Nginx
from authority import Authority

CLIENTS, HANDSHAKES = 4, 4_000
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class WideNginx(Nginx):
    CONFIGURATION = Nginx.CONFIGURATION.replace("worker_connections 1024", "worker_connections 20000").replace(
        "keepalive_timeout 75s; ", "keepalive_timeout 600s; ").replace("TLSv1.3;", "TLSv1.3; ssl_session_tickets off; ssl_session_cache off;")

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])


class MutualNginx(WideNginx):
    CONFIGURATION = WideNginx.CONFIGURATION.replace(
        "ssl_protocols", "ssl_verify_client on; ssl_client_certificate {certificates}/clients-ca.crt; ssl_verify_depth 2; ssl_protocols")


class Process:
    """A server with its workers, as the kernel counts them."""

    def __init__(self, pid):
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.folders = [pathlib.Path(f"/proc/{each}") for each in [str(pid), *children]]

    def resident(self):
        return sum(int((folder / "statm").read_text().split()[1]) for folder in self.folders) * resource.getpagesize()

    def seconds(self):
        ticks = lambda folder: sum(map(int, (folder / "stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        return sum(map(ticks, self.folders)) / os.sysconf("SC_CLK_TCK")


def context_of(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate.file, certificate.key)
    return context


def visit(context, port, source):
    """A connection after one request. TLS 1.3 tells the client that its certificate was taken only by the answer."""
    secure = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 60, (source, 0)))
    secure.sendall(REQUEST)
    if not secure.recv(4096).startswith(b"HTTP/1.1 200"):
        raise RuntimeError("the server did not answer 200")
    return secure


def hold(source, certificate, port, count, ready, enough):
    context = context_of(certificate)
    held = [visit(context, port, source) for _ in range(count)]
    ready.release()
    enough.wait()
    for each in held:
        each.close()


def shake(source, certificate, port, count):
    context = context_of(certificate)
    for _ in range(count):
        visit(context, port, source).close()


def together(work, *arguments):
    """Each client has an address of its own: where descriptors are few, one address has at most half of them."""
    clients = [multiprocessing.Process(target=work, args=(f"127.0.0.{2 + each}", *arguments)) for each in range(CLIENTS)]
    for client in clients:
        client.start()
    return clients


def finish(clients):
    for client in clients:
        client.join()
        if client.exitcode != 0:
            raise RuntimeError("a client failed")


def idle_bytes(process, certificate, port, connections):
    ready, enough = multiprocessing.Semaphore(0), multiprocessing.Event()
    before = process.resident()
    clients = together(hold, certificate, port, connections // CLIENTS, ready, enough)
    for _ in clients:
        while not ready.acquire(timeout=1):
            if any(client.exitcode for client in clients):
                raise RuntimeError("a client failed")
    each = (process.resident() - before) / connections
    enough.set()
    finish(clients)
    return each


def handshakes(process, certificate, port):
    """How many a second, and processor seconds of the server for each."""
    spent, began = process.seconds(), time.monotonic()
    finish(together(shake, certificate, port, HANDSHAKES // CLIENTS))
    return HANDSHAKES / (time.monotonic() - began), (process.seconds() - spent) / HANDSHAKES


def idle(work, hub_port, hub, nginx, certificate, connections):
    servers = [(Process(hub.process.pid), hub_port), (Process(nginx.process.pid), nginx.port)]
    for process, port in servers:
        handshakes(process, certificate, port)  # what the first ones allocate stays
    ours, theirs = (idle_bytes(process, certificate, port, connections) / 1024 for process, port in servers)
    return Row(f"{connections:,} idle {work}, each", "nginx", ours, theirs, 2.0, 1.2, " KiB", True)


def mutual_handshakes(hub, nginx, certificate):
    servers = [(Process(hub.process.pid), hub.mtls_port), (Process(nginx.process.pid), nginx.port)]
    rounds = [[handshakes(process, certificate, port) for process, port in servers] for _ in range(3)]
    median = lambda server, figure: sorted(each[server][figure] for each in rounds)[1]
    yield Row("handshakes with client certificate and one small GET, a second of processor time", "nginx", 1 / median(0, 1), 1 / median(1, 1), 0.5, 0.9)
    yield Row("the same, a second, beside the load generator", "nginx", median(0, 0), median(1, 0), 0.5, 0.9)


def connections_against_nginx(connections):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # of the servers too
    hub = Hub()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-ca-") as folder:
        authority = Authority(folder)
        certificate = authority.issue("client", "URI:urn:bench")
        (hub.dir / "certs" / "clients-ca.crt").write_bytes(authority.file.read_bytes())
        hub.configure(listen__mtls='"127.0.0.1:0"', http__max_connections="20000", http__max_connections_per_address="20000", http__idle_timeout_s="600")
        wide, mutual = WideNginx(hub.dir / "certs"), MutualNginx(hub.dir / "certs")
        try:
            for nginx in (wide, mutual):
                nginx.put("healthz", b"x" * 20)
            hub.start()
            yield idle("TLS connections", hub.port, hub, wide, None, connections)
            hub.stop()  # or what the first ones left would be used again
            hub.start()
            yield idle("connections with client certificates", hub.mtls_port, hub, mutual, certificate, connections)
            yield from mutual_handshakes(hub, mutual, certificate)
        finally:
            wide.close()
            mutual.close()
            hub.close()


def main():
    for row in connections_against_nginx(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 10_000):
        print(f"{row.work}: {row.ours:,.1f}{row.unit} against {row.theirs:,.1f}{row.unit} ({row.reference}): "
              f"{row.ratio:.2f} (must {row.must}, aim {row.aim}): {row.verdict()}", flush=True)


if __name__ == "__main__":
    main()
