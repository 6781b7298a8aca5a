"""What the tests of attack cases share: the routes as the document has them, the database as it stands, exchanges of raw bytes."""
import http.client
import pathlib
import re
import socket
import sqlite3
import ssl

from instance import Answer

ROLES = ("submitter", "analyst", "feed", "liaison", "peer", "auditor", "admin")


def routes():
    """(method, pattern, roles) of every operation of schema/openapi.yaml, which a test of its own compares with the router. No roles: anybody."""
    text = (pathlib.Path(__file__).parents[2] / "schema" / "openapi.yaml").read_text()
    path = method = None
    found = []
    for line in text[text.index("\npaths:"):text.index("\ncomponents:")].splitlines():
        if match := re.match(r"  (/\S*):$", line):
            path = match[1]
        elif match := re.match(r"    (get|post|put|patch|delete):$", line):
            method = match[1].upper()
        elif match := re.match(r"      x-roles: \[(.*)\]$", line):
            found.append((method, path, match[1].replace(" ", "").split(",") if match[1] else []))
    return found


def tables(hub):
    """Every row but the audit trail's, where answered reads are noted too. The database is opened for reading alone."""
    database = sqlite3.connect(f"file:{hub.dir / 'tocsin.db'}?mode=ro", uri=True)
    try:
        names = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") if name not in ("audit", "counters")]
        rows = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        rows["leaves"] = [row for row in rows["leaves"] if row[0] != 2]
        return rows
    finally:
        database.close()


def admin_of(hub):
    return (hub.dir / "admin.token").read_text().strip()


def told(answer, *forget):
    """An answer without what is another in each: Date, the request's id, and the texts to forget."""
    identifier = answer.headers["X-Request-Id"]
    headers = [(name, value) for name, value in answer.headers.items() if name not in ("Date", "X-Request-Id")]
    body = answer.body.decode().replace(identifier, "ID")
    for text in forget:
        body = body.replace(text, "*" * len(text))
    return answer.status, headers, body


def dial(hub, port=None):
    raw = socket.create_connection(("127.0.0.1", port or hub.port), timeout=10)
    return ssl.create_default_context(cafile=hub.ca).wrap_socket(raw, server_hostname="127.0.0.1")


def receive(tls, method="GET"):
    response = http.client.HTTPResponse(tls, method=method)
    response.begin()
    return Answer(response, response.read())


def raw(hub, method, target, *headers, body=b""):
    """The answer to these very bytes, on a connection of their own. Text stands for its bytes in UTF-8."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{hub.port}", *headers]
    with dial(hub) as tls:
        tls.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return receive(tls, method)
