"""What the tests of `tocsin` share: an instance with a lab's analyst and feed, the program, and servers that are no Tocsin."""
import contextlib
import http.server
import itertools
import json
import os
import pathlib
import socket
import ssl
import subprocess
import threading
import unittest

from instance import TOCSIN, Instance


def set_up_module(**options):
    """For setUpModule: the instance, its folder, the tokens of an analyst and a feed, and a file that holds the first."""
    global hub, folder, lab_file, home
    hub = Instance(**options)
    unittest.addModuleCleanup(hub.close)
    hub.organisation("aurora", "lab", "red")
    lab, feed = hub.token("aurora", "analyst"), hub.token("aurora", "feed")
    hub.start()
    folder = pathlib.Path(hub.folder.name)
    lab_file = folder / "lab.token"
    lab_file.touch(0o600)
    lab_file.write_text(lab + "\n")
    home = folder / "home"
    home.mkdir()
    return hub, folder, lab, feed, lab_file


def environment(**more):
    base = {"PATH": os.environ["PATH"], "HOME": str(home), "TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": f"@{lab_file}"}
    return {key: value for key, value in (base | more).items() if value is not None}


BARE = {"TOCSIN_URL": None, "TOCSIN_CA": None, "TOCSIN_TOKEN": None}


def tocsin(*words, stdin="", timeout=60, **env):
    return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=timeout, env=environment(**env))


def write(name, content, mode=0o644):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)
    return path


numbers = itertools.count()


def collection():
    """A collection of the test's own."""
    title = f"of test {next(numbers)}"
    hub.verb("collection", "add", title)
    return title


def ids(text):
    return [json.loads(line)["id"] for line in text.splitlines()]


class Strange(http.server.BaseHTTPRequestHandler):
    """Answers as the server's `script` says: path → (status, headers, body); waits for `gate` first."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.path, self.headers["Authorization"]))
        self.server.arrived.set()
        self.server.gate.wait(60)
        status, headers, body = self.server.script.get(self.path, self.server.script.get("*"))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET

    def log_message(self, *words):
        pass


@contextlib.contextmanager
def strange_server(script, tls=True):
    """A server that is no Tocsin, with the certificate of one."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strange)
    server.daemon_threads = True
    server.script, server.heard = script, []
    server.arrived, server.gate = threading.Event(), threading.Event()
    server.gate.set()
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(hub.dir / "certs" / "server.crt", hub.dir / "certs" / "server.key")
        # The handshake belongs to the connection's thread, so that a client that refuses it stops nobody else.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *words: None
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def answer(status, document, **headers):
    body = document if isinstance(document, str) else json.dumps(document)
    return status, {"Content-Type": "application/taxii+json;version=2.1"} | headers, body


# As much of a TAXII server as comes before the answer that a test is about.
TAXII_SCRIPT = {"/taxii2/": answer(200, {"title": "t", "default": "/r/", "api_roots": ["/r/"]}),
                "/r/": answer(200, {"title": "r", "versions": ["application/taxii+json;version=2.1"], "max_content_length": 1 << 20}),
                "/r/collections/": answer(200, {"collections": [{"id": "c", "title": "c", "can_read": True, "can_write": True}]})}


class Case(unittest.TestCase):
    def assert_done(self, done, code=0):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def assert_fails(self, done, code, *parts):
        """One sentence, then at most one line with the remedy; nothing on standard output."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertLessEqual(len(lines), 2, done.stderr)
        self.assertRegex(lines[0], r"^tocsin: \S.{10,}$")
        for line in lines[1:]:
            self.assertRegex(line, r"^  \S.{10,}$")
        for part in parts:
            self.assertIn(part, done.stderr)


class Relay:
    """Another address of the server, the same whichever port it has after a restart."""

    def __init__(self, host="127.0.0.1"):
        self.host = host

    def __enter__(self):
        self.listener = socket.create_server((self.host, 0))
        self.url = f"https://{self.host}:{self.listener.getsockname()[1]}"
        self.sockets = [self.listener]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", hub.port))
                except OSError:
                    client.close()
                    continue
                self.sockets += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self.copy, args=ends, daemon=True).start()

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def __exit__(self, *failure):
        for each in self.sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
