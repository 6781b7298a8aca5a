"""Serves an origin of log_maker.py as an instance serves its peers: over TLS, with long polls. A trick of the origin answers instead, when there is one."""
import http.server
import ssl
import threading
import time
import urllib.parse
from dataclasses import dataclass, field

import tree

BINARY, TEXT = "application/octet-stream", "text/plain; charset=utf-8"


@dataclass
class Ask:
    """A request. `log` is "data" or "control", `what` "checkpoint", "tile", "openings", "receipts" or "", with its place in `tile`."""
    method: str
    path: str
    log: str = ""
    what: str = ""
    tile: tuple = ()
    query: dict = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Say:
    """An answer. `raw` takes the connection over instead: a function of the handler."""
    body: bytes = b""
    status: int = 200
    type: str = BINARY
    headers: dict = field(default_factory=dict)
    raw: object = None


def understood(method, target, body):
    path, _, query = target.partition("?")
    ask = Ask(method, target, query={key: int(value) for key, value in urllib.parse.parse_qsl(query) if value.isdigit()}, body=body)
    parts = path.removeprefix("/log/").split("/", 1)
    if path.startswith("/log/") and len(parts) == 2 and parts[0] in ("data", "control"):
        ask.log, ask.what = parts[0], parts[1].split("/")[0]
        ask.tile = (tree.read_tile_path(parts[1]) or ()) if ask.what == "tile" else ()
    return ask


def truth(origin, ask):
    """What an honest instance answers."""
    log = {"data": origin.data, "control": origin.control}.get(ask.log)
    if log is None:
        return Say(status=404)
    if (ask.method, ask.what) == ("POST", "receipts"):
        origin.receipts.append(ask.body)
        return Say(status=204)
    if ask.what == "checkpoint":
        return Say(log.note(), type=TEXT)
    if ask.what == "tile":
        held = log.tile(*ask.tile) if ask.tile else None
        return Say(status=404) if held is None else Say(held)
    if ask.what == "openings":
        begin, end = ask.query["from"], ask.query["to"]
        if not begin <= end <= len(log.entries):
            return Say(status=422)
        return Say(tree.openings(log.origin, origin.terms if ask.log == "data" else bytes(16), begin, end, log.opened(begin, end)))
    return Say(status=404)


def wait(origin, ask):
    """A long poll: until a log is longer than the asker knows, or something was changed in the origin."""
    if ask.what != "checkpoint" or "wait" not in ask.query:
        return
    end, trick, logs = time.monotonic() + ask.query["wait"], origin.trick, (origin.data, origin.control)
    news = lambda: (len((origin.data if ask.log == "data" else origin.control).entries) > ask.query.get("after", 0) or
                    ask.log == "data" and "control" in ask.query and len(origin.control.entries) > ask.query["control"])
    changed = lambda: origin.trick is not trick or (origin.data, origin.control) != logs or origin.ended
    with origin.changed:
        origin.changed.wait_for(lambda: news() or changed(), max(0, end - time.monotonic()))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    log_message = lambda *_: None

    def answer(self):
        origin, body = self.server.origin, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        ask = understood(self.command, self.path, body)
        wait(origin, ask)
        with origin.changed:
            origin.asked.append(ask)
            honest = lambda: truth(origin, ask)
            said = origin.trick(ask, honest) if origin.trick else honest()
        if said.raw:
            self.close_connection = True
            said.raw(self)
            return
        self.send_response(said.status)
        for name, value in ({"Content-Type": said.type, "Cache-Control": "no-store"} | said.headers).items():
            self.send_header(name, value)
        if said.status != 204:
            self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        if said.status != 204:
            self.wfile.write(said.body)

    do_GET = do_POST = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate):
        """On a port of its own."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.show(certificate)
        self.origin, self.met, self.url = None, 0, f"https://127.0.0.1:{self.server_address[1]}"

    def show(self, certificate):
        """Connections from now on meet this certificate."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate.file, certificate.key)

    def get_request(self):
        self.met += 1  # whoever connects, whatever becomes of it
        return super().get_request()

    def finish_request(self, request, address):
        request.settimeout(60)
        with self.context.wrap_socket(request, server_side=True) as tls:
            super().finish_request(tls, address)

    def handle_error(self, request, address):
        pass  # whoever asks may go away at any moment

    def serve(self, origin):
        self.origin = origin
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def close(self):
        with self.origin.changed:
            self.origin.ended = True
            self.origin.changed.notify_all()
        self.shutdown()
        self.server_close()
        self.thread.join()
