"""A real instance for tests: the real binary on port 0 with real TLS, killed and restarted at will.

The binaries are named by TOCSIND and TOCSIN in the environment (ctest sets them)."""
import base64
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import uuid

TOCSIND = os.environ.get("TOCSIND", "build/release/bin/tocsind")
TOCSIN = os.environ.get("TOCSIN", "build/release/bin/tocsin")
os.environ["TOCSIN_FORMAT"] = "table"  # of a command whose output a test captures: without it JSON
TAXII = "application/taxii+json;version=2.1"


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Instance:
    before = ()  # words before the server's command, such as those of prlimit
    environment = None  # of the server and the verbs; None: the test's own

    def __init__(self, **options):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-e2e-")
        self.dir = pathlib.Path(self.folder.name) / "d"
        self.verb("init", "--name", "hub", *options.get("init", []))
        self.process = None
        self.port = None
        self.connections = {}

    def verb(self, *words, check=True):
        done = subprocess.run([TOCSIND, *words, "--dir", str(self.dir)], capture_output=True, text=True, timeout=120,
                              env=self.environment)
        if check and done.returncode != 0:
            raise AssertionError(f"tocsind {words}: {done.stderr}")
        return done.stdout.strip() if check else done

    def configure(self, **values):
        """Sets keys of tocsin.toml, as limits__in_flight="7"."""
        if not values:
            return
        file = self.dir / "tocsin.toml"
        section, lines, left = "", [], dict(values)
        for line in file.read_text().splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            name = re.match(r"(?:# )?(\w+) = ", line)
            full = f"{section}__{name[1]}" if name else ""
            if full in left:
                line = f"{name[1]} = {left.pop(full)}"
            lines.append(line)
        if left:
            raise AssertionError(f"no such key: {left}")
        file.write_text("\n".join(lines) + "\n")

    def start(self, *words):
        self.log = open(self.dir / "serve.log", "ab")
        self.process = subprocess.Popen([*self.before, TOCSIND, "serve", "--dir", str(self.dir), "--listen", "127.0.0.1:0", *words],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)
        line = self.process.stdout.readline()
        if not line.startswith("listening https://127.0.0.1:"):
            raise AssertionError(f"the server did not start: {line!r} {(self.dir / 'serve.log').read_text()[-2000:]}")
        self.port = int(line.rsplit(":", 1)[1])
        if re.search(r'(?m)^mtls = "[^"]', (self.dir / "tocsin.toml").read_text()):
            self.mtls_port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        return self

    def drop_connections(self):
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()

    def kill(self):
        self.drop_connections()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        self.drop_connections()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return status

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop()
        self.folder.cleanup()

    @property
    def ca(self):
        return str(self.dir / "certs" / "ca.crt")

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}"

    def organisation(self, name, type="lab", clearance="amber", **options):
        extra = [word for key, value in options.items() for word in ("--" + key, value)]
        return self.verb("org", "add", name, "--type", type, "--clearance", clearance, *extra)

    def token(self, organisation, role, *words):
        return self.verb("token", "add", "--org", organisation, "--role", role, *words)

    def connect(self, certificate=None, mtls=False):
        """With a certificate of authority.py, and to the listener that asks for one."""
        context = ssl.create_default_context(cafile=self.ca)
        if certificate is not None:
            context.load_cert_chain(certificate.file, certificate.key)
        return http.client.HTTPSConnection("127.0.0.1", self.mtls_port if mtls else self.port, context=context, timeout=60)

    def kept(self, token):
        """The connection of a token. One that nobody used for a while is not used again: the server is about to close it."""
        kept = self.connections.get(token)
        if kept is None or time.monotonic() > kept.used + 30:
            if kept is not None:
                kept.close()
            kept = self.connections[token] = self.connect()
        kept.used = time.monotonic()
        return kept

    def call(self, method, path, token=None, body=None, headers=None, connection=None):
        """One exchange; without a connection of the caller's on one that is kept for each token. Of a stream the body is not waited for."""
        all_headers = {}
        if token is not None:
            all_headers["Authorization"] = "Bearer " + token
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if body is not None:
            all_headers["Content-Type"] = TAXII if path.startswith("/taxii2/") else "application/json"
        all_headers.update(headers or {})
        kept = connection or self.kept(token)
        try:
            kept.request(method, path, body, all_headers)
            response = kept.getresponse()
            endless = response.headers.get("Content-Type") == "text/event-stream"
            answer = Answer(response, b"" if endless else response.read())
        except (http.client.HTTPException, OSError):
            self.connections.pop(token, None)
            raise
        if endless:
            kept.close()
        if response.will_close or endless:
            self.connections.pop(token, None)
        return answer

    def collection(self, alias):
        for line in self.verb("collection", "list").splitlines():
            identifier, name = line.split("\t")[:2]
            if name == alias:
                return identifier
        raise AssertionError(f"no collection {alias}")

    def add_lab_and_liaison(self):
        """A lab's analyst in `lab`, a government's liaison in `liaison`, and where the first submits in `objects`."""
        self.organisation("aurora", "lab", "red")
        self.organisation("cassini", "government", "amber", authority="XA")
        self.lab = self.token("aurora", "analyst")
        self.liaison = self.token("cassini", "liaison")
        self.objects = self.objects_of("network")

    def objects_of(self, alias):
        """The path of a collection's objects."""
        return f"/taxii2/root/collections/{self.collection(alias)}/objects/"


class Slow:
    """A POST whose handler waits for its body, which comes when `finish` is called."""

    def __init__(self, hub, path, token, document):
        self.body = json.dumps(document).encode()
        raw = socket.create_connection(("127.0.0.1", hub.port), timeout=30)
        self.tls = ssl.create_default_context(cafile=hub.ca).wrap_socket(raw, server_hostname="127.0.0.1")
        self.tls.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: {TAXII}\r\n"
                         f"Content-Length: {len(self.body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.tls.recv(1)
        if not answer.startswith(b"HTTP/1.1 100 "):
            raise AssertionError(answer)

    def finish(self):
        self.tls.sendall(self.body)
        response = http.client.HTTPResponse(self.tls)
        response.begin()
        return Answer(response, response.read())

    def close(self):
        self.tls.close()


def basic(token):
    return {"Authorization": "Basic " + base64.b64encode(b"anybody:" + token.encode()).decode()}


TLP = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def first_certificate(file):
    """The server's own, before those that signed it."""
    return file.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"


def indicator(value="198.51.100.3", tlp=None, modified="2026-01-02T03:04:05.000Z", identifier=None, **members):
    made = {
        "type": "indicator", "spec_version": "2.1", "id": identifier or f"indicator--{uuid.uuid4()}",
        "created": "2026-01-02T03:04:05.000Z", "modified": modified, "name": "an address",
        "pattern": f"[ipv4-addr:value = '{value}']", "pattern_type": "stix", "valid_from": "2026-01-02T03:04:05Z",
    }
    if tlp is not None:
        made["object_marking_refs"] = [TLP[tlp]]
    made.update(members)
    return made
