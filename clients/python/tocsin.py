#!/usr/bin/env python3
"""A client of a Tocsin server in one file: Python 3.9 or newer, and nothing beside it.

    from tocsin import Tocsin
    hub = Tocsin("https://tocsin.example:8443", token="@lab.token", ca="ca.crt")
    for fate in hub.share([{"kind": "ip-range", "value": "203.0.113.0/24", "confidence": 80}]):
        print(fate["outcome"], fate.get("id"))
    for page in hub.pull(places):                     # {} at first; keep it for the next time
        for thing in page.objects:
            print(thing["id"])

What is not given comes from TOCSIN_URL, TOCSIN_TOKEN (the token, or @FILE), TOCSIN_CA, TOCSIN_CERT and TOCSIN_KEY. One
Tocsin belongs to one thread. Certificates are always checked; there is no switch for that.

The parts of this file: the client; drafts of tables of accounts; proofs and revealed canaries; the command line.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import hashlib
import hmac
import http.client
import io
import ipaddress
import itertools
import json
import os
import re
import socket
import ssl
import sys
import time
import urllib.parse
import uuid
from typing import Any, BinaryIO, Callable, Iterable, Iterator, NamedTuple, Optional

TAXII = "application/taxii+json;version=2.1"
LONGEST_ANSWER = 64 << 20  # bytes
LONGEST_EXCHANGE = 300  # seconds
LONGEST_PENDING = 600  # seconds
REPEATS = 5
BATCH = 500  # objects of one submission
LINES = 1_000  # items of one request
FORMS = {".json": "application/json", ".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson", ".csv": "text/csv",
         ".txt": "text/plain", ".list": "text/plain"}

Json = dict[str, Any]


class TocsinError(Exception):
    """A sentence about what failed; `remedy` is how to mend it, `code` the exit code of docs/cli.md."""

    def __init__(self, code: int, message: str, remedy: str = ""):
        super().__init__(message)
        self.code, self.remedy = code, remedy


class Page(NamedTuple):
    """Objects of a collection, and the place behind them: only what is behind it is sent to who goes on from there."""

    collection: str
    objects: list[Json]
    place: Optional[str]


class Event(NamedTuple):
    """`name` is object or alert; `place` is where a watch goes on behind it."""

    name: str
    data: Json
    place: str


class Tocsin:
    def __init__(self, url: str = "", token: str = "", ca: str = "", cert: str = "", key: str = "", *, timeout: float = 60,
                 pause: Callable[[float], None] = time.sleep):
        """`timeout` is how many seconds the server may say nothing."""
        given = {"url": url, "token": token, "ca": ca, "cert": cert, "key": key}
        given = {name: value or os.environ.get("TOCSIN_" + name.upper(), "") for name, value in given.items()}
        self._host, self._port = host_and_port(given["url"])
        self.url = f"https://{f'[{self._host}]' if ':' in self._host else self._host}:{self._port}"
        self._token = read_token(given["token"])
        if not self._token and not given["cert"]:
            raise TocsinError(3, "No token is given, so the server would answer 401.", "Give one as TOCSIN_TOKEN=@FILE.")
        try:
            self._context = ssl.create_default_context(cafile=given["ca"] or None)
            if given["cert"]:
                self._context.load_cert_chain(given["cert"], given["key"] or None, password="")  # or it would ask on the terminal
        except OSError as error:
            raise TocsinError(1, f"A PEM file cannot be used: {error.strerror or 'it holds none'}.", "Check TOCSIN_CA, TOCSIN_CERT and TOCSIN_KEY.") from error
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._timeout, self._pause = timeout, pause
        self._connection: Optional[http.client.HTTPSConnection] = None
        self._answered = False
        self._root: Json = {}

    def close(self) -> None:
        """Ends the connection, which the next question makes anew."""
        self._drop()

    def __enter__(self) -> Tocsin:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    # What there is.

    def whoami(self) -> Json:
        return self._get("/api/v1/me", "application/json")

    def collections(self) -> list[Json]:
        """TAXII 2.1 section 5.1: each with id, title, alias, can_read, can_write."""
        return self._get(self._api_root()["path"] + "collections/").get("collections", [])

    def collection(self, name: str) -> Json:
        """The collection whose id, alias or title, in any case, this is."""
        every = self.collections()
        for part in ("id", "alias", "title"):
            for one in every:
                if one.get(part, "").lower() == name.lower():
                    return one
        raise TocsinError(5, f"You have no collection {printable(name)}.", "See yours with whoami.")

    # What there is to read.

    def pull(self, places: Optional[dict[str, str]] = None, collection: str = "", *, since: str = "", types: Iterable[str] = ()) -> Iterator[Page]:
        """The newest versions, in the order in which they were added, page by page, of one collection or of each that may be read.

        `places` is where each collection is gone on from, by its id. A page's place enters it when the next page is asked
        for, thus when the caller is done with the page; kept from one pull to the next, nothing is missed and nothing
        comes twice. (Whoever stops within a page gets that page again.) `since`, a timestamp, is for collections without one.
        """
        places = {} if places is None else places
        path = self._api_root()["path"]
        readable = [self.collection(collection)] if collection else [one for one in self.collections() if one.get("can_read")]
        for one in readable:
            types, after, more = list(types), places.get(one["id"], since), ""
            while True:
                query = {"added_after": after, "match[type]": ",".join(types), "next": more}
                headers, envelope = self._get_all(f"{path}collections/{quoted(one['id'])}/objects/{asked(query)}")
                objects = envelope.get("objects", [])
                place = headers.get("X-TAXII-Date-Added-Last") if objects else None
                if objects:
                    yield Page(one["id"], objects, place)
                if place:
                    places[one["id"]] = place
                if not envelope.get("more"):
                    break
                if not envelope.get("next") or envelope["next"] == more:
                    raise TocsinError(4, "The server says that there is more, but not where: the pull is incomplete.", WHICH)
                more = envelope["next"]

    def watch(self, place: str = "", collections: Iterable[str] = (), types: Iterable[str] = ()) -> Iterator[Event]:
        """Objects as they are published, for ever; without a place from now on. The data of an object has `collection`, `object` and `date_added`, and `origin`, of what was said at a peer's instance.

        A broken connection is made again behind the last event that the caller is done with: none is lost, none comes twice.
        """
        query = [("collection", self.collection(name)["id"]) for name in collections]
        query += [("match[type]", ",".join(types))] if types else []
        target, repeats, begun = "/api/v1/stream" + ("?" + urllib.parse.urlencode(query) if query else ""), 0, False
        while True:
            try:
                for event in self._stream(target, place):
                    if event.name == "end":
                        raise TocsinError(3, f"The server ended the stream: {printable(str(event.data.get('why')))}", "See what you may with whoami.")
                    if event.name:
                        yield event
                    place, repeats, begun = event.place or place, 0, True
            except (OSError, http.client.HTTPException) as error:
                if not begun or isinstance(error, ssl.SSLCertVerificationError):
                    raise self._unreachable(error) from error
            self._pause(2 ** min(repeats, 6))
            repeats += 1

    # What there is to say.

    def submit(self, objects: Iterable[Json], collection: str = "network") -> Json:
        """STIX objects. {"accepted", "refused": [{"id", "version", "message"}], "notes": likewise, "waiting"}; to submit again is harmless."""
        target = self.collection(collection)
        root = self._api_root()
        out: Json = {"accepted": 0, "refused": [], "notes": [], "waiting": 0}
        for body in batches(objects, root.get("max_content_length", 1 << 20)):
            status = self._json(self._exchange("POST", f"{root['path']}collections/{quoted(target['id'])}/objects/", body, TAXII))
            wait = waited = 0.25
            while status.get("status") == "pending" and not waits_for_a_person(status):
                if waited > LONGEST_PENDING:
                    raise TocsinError(4, f"The submission {printable(str(status.get('id')))} is still pending.", "Submit again later: that is harmless.")
                self._pause(wait)
                wait, waited = min(wait * 2, 15), waited + wait
                status = self._get(f"{root['path']}status/{quoted(status['id'])}/")
            out["accepted"] += status.get("success_count", 0)
            out["refused"] += status.get("failures", [])
            out["waiting"] += status.get("pending_count", 0)
            out["notes"] += [one for one in status.get("successes", []) + status.get("pendings", []) if one.get("message")]
        return out

    def share(self, items: Iterable[Json], *, dry_run: bool = False, **said: object) -> Iterator[Json]:
        """Items of the short form (docs/kinds.md), and what becomes of each, in their order. `said` is what they do not say: kind, tlp, …"""
        lines = (compact(item) + "\n" for item in items)
        return self.share_lines(lines, "application/x-ndjson", dry_run=dry_run, **said)

    def share_lines(self, lines: Iterable[str], form: str, *, dry_run: bool = False, **said: object) -> Iterator[Json]:
        """The lines of a file, of which `form` is the media type. `line` of each fate is its number in all of them."""
        target = "/api/v1/indicators" + asked({**said, "dry_run": "1" if dry_run else ""})
        for before, body in portions(lines, form):
            answer = self._json(self._exchange("POST", target, body.encode(), form, "application/json"))
            for item in answer.get("items", []):
                if "line" in item:
                    item["line"] += before
                yield item

    def match(self, items: Iterable[Json], *, min_confidence: int = 0) -> Iterator[Json]:
        """The hits of items ({"ip": …, "email": …, …}, docs/matching.md) among the indicators that you may see; `item` of each is its place among all items."""
        before = 0
        for some in portions_of(items):
            question = {"items": some, "min_confidence": min_confidence}
            answer = self._json(self._exchange("POST", "/api/v1/match", compact(question).encode(), "application/json", "application/json"))
            if not answer.get("complete", True):
                raise TocsinError(4, "There are more hits than an answer has.", "Ask about fewer items at once, or with a higher min_confidence.")
            for hit in answer.get("hits", []):
                yield {**hit, "item": hit["item"] + before}
            before += len(some)

    # How it is said.

    def _api_root(self) -> Json:
        if not self._root:
            discovery = self._get("/taxii2/")
            for url in [discovery.get("default"), *discovery.get("api_roots", [])]:
                split = urllib.parse.urlsplit(url or "")
                here = not split.netloc or f"{split.scheme}://{split.netloc}" in (self.url, self.url.removesuffix(":443"))
                if split.path.startswith("/") and here:  # elsewhere the token must not go
                    path = split.path.rstrip("/") + "/"
                    self._root = {**self._get(path), "path": path}
                    break
            else:
                raise TocsinError(4, "The server names no API root of its own.", WHICH)
        return self._root

    def _get(self, path: str, accept: str = TAXII) -> Json:
        return self._get_all(path, accept)[1]

    def _get_all(self, path: str, accept: str = TAXII) -> tuple[Any, Json]:
        answer = self._exchange("GET", path, accept=accept)
        return answer[1], self._json(answer)

    @staticmethod
    def _json(answer: tuple[int, Any, bytes]) -> Json:
        status, _, body = answer
        try:
            document = json.loads(body)
        except ValueError:
            document = None
        if status // 100 == 2 and isinstance(document, dict):
            return document
        said = next((document[name] for name in ("detail", "description", "title") if name in document), "") if isinstance(document, dict) else ""
        code = {401: 3, 403: 3, 404: 5, 410: 5, 400: 1, 422: 1}.get(status, 4)
        raise TocsinError(code, f"The server answered {status}{': ' if said else ''}{printable(str(said))}", "" if said else WHICH)

    def _exchange(self, method: str, path: str, body: Optional[bytes] = None, form: str = "", accept: str = TAXII) -> tuple[int, Any, bytes]:
        """Status, headers and body. 429, 503, a 409 that says when, and connections that break are tried again: admission is idempotent, and a key makes the rest so."""
        headers = {"Accept": accept, **({"Content-Type": form} if form else {}), **({"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {})}
        for repeat in range(REPEATS + 1):
            wait = float(2**repeat)
            try:
                response = self._send(method, path, body, headers)
                answer = response.status, response.headers, read_all(response)
            except (OSError, http.client.HTTPException) as error:
                self._drop()
                if not self._answered or repeat == REPEATS:
                    raise self._unreachable(error) from error
            else:
                self._answered = True
                if response.will_close:
                    self._drop()
                busy = answer[0] in (429, 503) or (answer[0] == 409 and answer[1].get("Retry-After"))
                if not busy or repeat == REPEATS:
                    return answer
                wait = seconds_of(answer[1].get("Retry-After"), wait)
            self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, method: str, path: str, body: Optional[bytes], headers: dict[str, str]) -> http.client.HTTPResponse:
        if self._token:
            headers = {**headers, "Authorization": "Bearer " + self._token}
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._context)
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()

    def _stream(self, target: str, place: str) -> Iterator[Event]:
        """One stream, until it breaks off. An event without a name tells a place only."""
        self._drop()
        try:
            response = self._send("GET", target, None, {"Accept": "text/event-stream", **({"Last-Event-ID": place} if place else {})})
            if response.status in (429, 503):
                return
            if response.status != 200:
                self._json((response.status, response.headers, read_all(response)))
            yield from events(response, place)
        finally:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _unreachable(error: Exception) -> TocsinError:
        if isinstance(error, ssl.SSLCertVerificationError):
            return TocsinError(4, f"The server's certificate is not trusted: {error.verify_message}.", "Name the authority that signed it as TOCSIN_CA.")
        return TocsinError(4, f"The server cannot be reached, or broke off: {printable(str(error)) or type(error).__name__}.",
                           "Check host and port, and try again: that is harmless.")


WHICH = "Check that the URL is a Tocsin or TAXII 2.1 server."


def host_and_port(url: str) -> tuple[str, int]:
    try:
        split = urllib.parse.urlsplit(url)
        port = split.port or 443
    except ValueError:
        split, port = urllib.parse.urlsplit(""), 0
    if split.scheme != "https" or not split.hostname or split.path.strip("/") or split.query or split.username:
        raise TocsinError(1, "The URL of the server is missing, or not https://HOST[:PORT].", "Give it as TOCSIN_URL.")
    return split.hostname, port


def read_token(text: str) -> str:
    if text.startswith("@"):
        try:
            with open(text[1:], encoding="ascii") as file:
                text = file.read(4096).strip()
        except (OSError, ValueError) as error:
            raise TocsinError(1, "The file of the token cannot be read.", "Check the path after the @ of TOCSIN_TOKEN.") from error
    if not all("!" <= c <= "~" for c in text):
        raise TocsinError(1, "The token has characters that no token has.", "Give the token alone, or @FILE.")
    return text


def printable(text: str) -> str:
    """Text from elsewhere without what a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text[:400])


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def asked(query: dict[str, Any]) -> str:
    text = urllib.parse.urlencode({name: value for name, value in query.items() if value != ""})
    return "?" + text if text else ""


def compact(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def i_json(text: bytes) -> Any:
    """I-JSON (RFC 7493) as a Tocsin takes it: no name twice, no half of a character, 64 levels, whole numbers within ±(2^53-1). ValueError for any other."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    def whole(digits: str) -> Any:
        return int(digits) if len(digits) < 18 and abs(int(digits)) < 1 << 53 else refuse(digits)

    def number(digits: str) -> Any:
        value = float(digits)
        if 1 << 53 <= abs(value) < 1e21:
            refuse(digits)
        return value if abs(value) >= 1e21 or value != int(value) else int(value)

    def members(pairs: list[tuple[str, Any]]) -> Any:
        return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse("a name comes twice")

    try:
        document = json.loads(text.decode(), parse_constant=refuse, parse_int=whole, parse_float=number, object_pairs_hook=members)
        compact(document).encode()  # which half a character, and a number beyond all, does not survive
    except RecursionError as error:
        raise ValueError("too deep") from error
    level, depth = [document], 0
    while level := [one for one in level if isinstance(one, (dict, list))]:
        level, depth = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)], depth + 1
        if depth > 64:
            refuse("too deep")
    return document


def text_in(thing: Json, name: str, otherwise: str = "") -> str:
    return thing[name] if isinstance(thing.get(name), str) else otherwise


def seconds_of(text: Optional[str], otherwise: float) -> float:
    return min(float(text), 60.0) if text and text.isascii() and text.isdigit() else otherwise


def read_all(response: http.client.HTTPResponse) -> bytes:
    end, out = time.monotonic() + LONGEST_EXCHANGE, bytearray()
    while piece := response.read1(1 << 16):
        out += piece
        if len(out) > LONGEST_ANSWER:
            raise TocsinError(4, f"The server's answer is longer than {LONGEST_ANSWER >> 20} MiB.", WHICH)
        if time.monotonic() > end:
            raise TimeoutError("the answer does not end")
    if response.length:
        raise http.client.IncompleteRead(bytes(out), response.length)
    response.close()  # read1 does not notice the end, and the connection would take no further request
    return bytes(out)


def events(response: http.client.HTTPResponse, place: str) -> Iterator[Event]:
    """Server-sent events (WHATWG HTML section 9.2.6), as a Tocsin writes them: lines end with LF."""
    name, data, size = "", [], 0
    while line := response.readline(LONGEST_ANSWER):
        size += len(line)
        if size > LONGEST_ANSWER:
            raise TocsinError(4, f"The server sent an event of more than {LONGEST_ANSWER >> 20} MiB.", WHICH)
        if not line.endswith(b"\n"):
            return  # broken off within a line
        field, _, value = line.rstrip(b"\r\n").decode().partition(":")
        value = value.removeprefix(" ")
        if field == "id":
            place = value
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif line in (b"\n", b"\r\n"):
            try:
                yield Event(name if data else "", json.loads("\n".join(data)) if data else {}, place)
            except json.JSONDecodeError as error:
                raise TocsinError(4, "The server sent an event that is not JSON.", WHICH) from error
            name, data, size = "", [], 0


def batches(objects: Iterable[Json], longest: int) -> Iterator[bytes]:
    """Envelopes of at most so many bytes."""
    texts: list[bytes] = []
    size = 0
    for one in objects:
        text = compact(one).encode()
        if len(text) + 14 > longest:
            raise TocsinError(1, "An object is longer than what the server takes at once.", "Make several of it.")
        if texts and (len(texts) == BATCH or size + len(text) + 14 > longest):
            yield b'{"objects":[' + b",".join(texts) + b"]}"
            texts, size = [], 0
        texts.append(text)
        size += len(text) + 1
    if texts:
        yield b'{"objects":[' + b",".join(texts) + b"]}"


def portions(lines: Iterable[str], form: str) -> Iterator[tuple[int, str]]:
    """How many lines come before each part, less the header that is repeated in it, and its text. No record of a table is cut."""
    header, body, before, count, number = "", "", 0, 0, 0
    for record in records(lines, form):
        if form == "text/csv" and number == 0 and {"kind", "value", "name"} & {cell.strip(' "\r\n').lower() for cell in record.split(",")}:
            header, number = record, record.count("\n")
            continue
        if count == LINES:
            yield before, header + body
            body, count = "", 0
        if count == 0:
            before = number - header.count("\n")
        body, count, number = body + record, count + 1, number + record.count("\n")
    if body:
        yield before, header + body


def portions_of(items: Iterable[Json]) -> Iterator[list[Json]]:
    """As many as a question takes: prompts may be long."""
    some: list[Json] = []
    longest, size = 4 << 20, 0
    for item in items:
        bytes_ = len(compact(item).encode())
        if some and (len(some) == 1_000 or size + bytes_ > longest):
            yield some
            some, size = [], 0
        some.append(item)
        size += bytes_
    if some:
        yield some


def records(lines: Iterable[str], form: str) -> Iterator[str]:
    record = ""
    for line in lines:
        record += line if line.endswith("\n") else line + "\n"
        if form != "text/csv" or record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


# ---------------------------------------------------------------------------------------------------------------------
# Drafts (docs/draft.md): from a table of fraudulent accounts to items that people read before they share them. Nothing
# here asks a server. A table is taken as bytes, whatever its encoding is: nothing but ASCII leaves it.
# ---------------------------------------------------------------------------------------------------------------------

FIELDS = ("account", "email", "address", "ja4", "created", "payment", "provider")
USUAL = {  # as `plain` writes them, the best first
    "account": b"account account_id accountid user user_id userid uid",
    "email": b"email e_mail mail email_address e_mail_address",
    "address": b"address ip ip_address ip_addr ipaddress remote_addr remote_address client_ip",
    "ja4": b"ja4 ja4_fingerprint tls_fingerprint",
    "created": b"created created_at created_on creation_date signup_date signed_up_at",
    "payment": b"payment payment_token payment_id payment_method card card_token card_fingerprint",
    "provider": b"provider",
}
LONGEST_ROW = 1 << 20  # bytes
BLANK = bytes(range(33))
MOST_OF_ONE = 8  # more addresses of one network, or shapes of one domain, are a matter of the network or the domain
MOST_PROVIDERS = 16  # more are none: another column was taken for theirs

Row = dict[str, bytes]  # what each field says; b"" where it says nothing


# The table.


def plain(name: bytes) -> bytes:
    return name.strip(b" ").lower().replace(b" ", b"_").replace(b"-", b"_")


class Columns:
    """Which column says what: FIELD=COLUMN, or the names that such columns usually have."""

    def __init__(self, maps: Iterable[str] = ()):
        self.names = {field: USUAL[field].split() for field in FIELDS}
        self.mapped: set[str] = set()
        for text in maps:
            field, _, column = text.partition("=")
            if field not in FIELDS or not column:
                raise TocsinError(1, "--map takes FIELD=COLUMN.", f"The fields are {', '.join(FIELDS)}; for example: --map account=customer")
            self.names[field] = [plain(os.fsencode(column))]
            self.mapped.add(field)

    def best(self, field: str, columns: Iterable[bytes]) -> Optional[int]:
        """The place of the column that says it best, the first of equals."""
        names = self.names[field]
        ranked = [(names.index(plain(column)), place) for place, column in enumerate(columns) if plain(column) in names]
        return min(ranked)[1] if ranked else None

    def places(self, header: list[bytes]) -> dict[str, Optional[int]]:
        out = {field: self.best(field, header) for field in FIELDS}
        for field in FIELDS:
            if field in self.mapped and out[field] is None:
                column = printable(self.names[field][0].decode(errors="replace"))
                raise TocsinError(1, f"The table has no column {column}.", f"Name a column of its first line after --map {field}=")
        if out["account"] is None:
            raise TocsinError(1, "No column of the table's first line is known to be the account.", "Name it with: --map account=COLUMN")
        return out


def too_long(line: int) -> TocsinError:
    return TocsinError(1, f"The row that begins in line {line} has no end within 1 MiB.", "Look there for a quote that nothing closes.")


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_ROW + 1):
        yield line


def cells_of(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Records of RFC 4180, and in which line each begins. What separates the first ones separates all. Blank lines are no records."""
    cells, cell, state, quotes, separator, begin, size = [], bytearray(), "begin", False, b"", 1, 0
    for number, line in enumerate(lines, 1):
        size += len(line)
        if size > LONGEST_ROW:
            raise too_long(begin)
        for token in re.findall(rb'[",;\t\n]|[^",;\t\n]+', line):
            if state == "quoted" and token != b'"':
                cell += token
            elif state == "quoted":
                state = "after"
            elif token == b'"' and state == "begin":
                state, quotes = "quoted", True
            elif token == b'"' and state == "after":
                cell, state = cell + token, "quoted"
            elif token in (separator or b",;\t"):
                separator, state = token, "begin"
                cells.append(bytes(cell))
                cell.clear()
            elif token != b"\n":
                cell, state = cell + token, "plain" if state == "begin" else state
        if state == "quoted":
            continue
        cells.append(bytes(cell).removesuffix(b"\n").removesuffix(b"\r"))
        if quotes or cells != [b""]:
            yield begin, cells
            separator = separator or b","
        cells, cell, state, quotes, begin, size = [], bytearray(), "begin", False, number + 1, 0
    if state == "quoted":
        raise too_long(begin)


class Skipped:
    """Rows that are not used, and the line of the first."""

    def __init__(self) -> None:
        self.rows = self.line = 0

    def count(self, line: int) -> None:
        self.rows, self.line = self.rows + 1, self.line or line


class AccountTable:
    """The rows of CSV with a header, or of one JSON object a line, that have an account."""

    def __init__(self, columns: Columns):
        self.columns, self.rows = columns, 0
        self.torn, self.nameless = Skipped(), Skipped()

    def read(self, lines: Iterable[bytes]) -> Iterator[Row]:
        begun, rest = [], iter(lines)
        for line in rest:
            begun.append(line if begun else line.removeprefix(b"\xef\xbb\xbf"))
            if begun[-1].strip(b" \t\r\n"):
                break
        else:
            raise TocsinError(1, "The table is empty.", "Give a CSV file with a header, or one JSON object a line.")
        form = self._objects if begun[-1].lstrip(b" \t\r\n").startswith(b"{") else self._records
        for line, row in form(itertools.chain(begun, rest)):
            row = {field: text.strip(BLANK) for field, text in row.items()}
            if row["account"]:
                yield row
            else:
                self.nameless.count(line)

    def _records(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Row]]:
        places, width = None, 0
        for line, cells in cells_of(lines):
            if places is None:
                places, width = self.columns.places(cells), len(cells)
                continue
            self.rows += 1
            if len(cells) == width:
                yield line, {field: b"" if place is None else cells[place] for field, place in places.items()}
            else:
                self.torn.count(line)

    def _objects(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(lines, 1):
            if len(line.removesuffix(b"\n")) > LONGEST_ROW:
                raise too_long(number)
            if not line.strip(BLANK):
                continue
            self.rows += 1
            try:
                thing = i_json(line)
            except ValueError:
                thing = None
            if not isinstance(thing, dict):
                self.torn.count(number)
                continue
            said = sorted((name.encode(), str(value).encode()) for name, value in thing.items() if type(value) in (str, int))
            places = {field: self.columns.best(field, (name for name, _ in said)) for field in FIELDS}
            yield number, {field: b"" if place is None else said[place][1] for field, place in places.items()}


# What a row says, reduced to what accounts can have in common.

SHAPE = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"a" * 26 + b"A" * 26 + b"9" * 10)
# Without what is reserved for documentation, of which demonstrations are made.
RESERVED = [ipaddress.ip_network(text) for text in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "224.0.0.0/3", "::/8", "100::/64", "2001::/23", "2002::/16", "fc00::/7", "fe80::/9", "ff00::/8")]
# Providers that have many domains, by the first label, and domains at which anybody can have an address.
BRANDS = frozenset("aol fastmail gmx hotmail live mailfence outlook proton protonmail rediffmail tutanota yahoo yandex ymail zoho zohomail".split())
FREE_MAIL = frozenset("""
    126.com 139.com 163.com 21cn.com aliyun.com att.net bk.ru bol.com.br comcast.net cox.net daum.net duck.com email.com foxmail.com free.fr freenet.de
    gmail.com googlemail.com hanmail.net hey.com hushmail.com icloud.com inbox.ru interia.pl laposte.net libero.it list.ru mac.com mail.com mail.ru me.com
    msn.com nate.com naver.com o2.pl onet.pl orange.fr pm.me posteo.de qq.com rambler.ru rocketmail.com sbcglobal.net seznam.cz sina.cn sina.com sohu.com
    t-online.de tom.com tuta.com tuta.io ukr.net uol.com.br verizon.net vip.163.com vip.qq.com wanadoo.fr web.de wp.pl yeah.net""".split())


def is_shared_mail(domain: str) -> bool:
    """Anybody can have an address there, or everybody at a university has one."""
    labels = domain.split(".")
    university = labels[-1] == "edu" or (len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("ac", "edu"))
    return domain in FREE_MAIL or labels[0] in BRANDS or university


def mailbox_of(text: bytes) -> Optional[tuple[str, str]]:
    """Its domain, and the shape of what is before the @, "" when that is unusual. None: no e-mail address with a domain in ASCII."""
    local, _, domain = text.rpartition(b"@")
    domain = domain.removesuffix(b".").lower()
    labels = domain.split(b".")
    good = all(re.fullmatch(rb"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)
    if not local or not good or len(labels) < 2 or labels[-1].isdigit() or len(domain) > 253:
        return None
    usual = re.fullmatch(rb"[a-zA-Z0-9._+-]{1,64}", local)
    return domain.decode(), local.translate(SHAPE).decode() if usual else ""


def packed(text: bytes) -> Optional[bytes]:
    try:
        return socket.inet_pton(socket.AF_INET6 if b":" in text else socket.AF_INET, text.strip(b" ").decode("ascii"))
    except (OSError, ValueError):
        return None


def address_of(text: bytes) -> Optional[bytes]:
    """4 or 16 bytes. IPv4 within IPv6 is IPv4; a range is an address when it has no other."""
    first, hyphen, last = text.partition(b"-")
    out = packed(first)
    if out is None or (hyphen and packed(last) != out):
        return None
    return out[12:] if len(out) == 16 and out[:12] == bytes(10) + b"\xff\xff" else out


def is_reserved(address: bytes) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed in block for block in RESERVED)


def ja4_of(text: bytes) -> Optional[str]:
    """A fingerprint of https://github.com/FoxIO-LLC/ja4: t13d1516h2_8daaf6152771_b186095e22b6."""
    text = text.lower()
    return text.decode() if re.fullmatch(rb"[tqd][0-9a-z]{2}[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}", text) else None


def day_of(text: bytes) -> Optional[str]:
    found = re.fullmatch(rb"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ].*)?", text, re.S)
    try:
        year, month, day = map(int, found.groups()) if found else (1, 0, 0)
        datetime.date(year or 2000, month, day)  # the year 0 was a leap year, too
    except ValueError:
        return None
    return text[:10].decode()


# What accounts have in common.


class Cluster:
    """Accounts of one domain, or of one shape there."""

    def __init__(self) -> None:
        self.accounts: set[int] = set()
        self.days: tuple[str, str] = ("", "")  # the first and the last on which one was opened
        self.providers: set[bytes] = set()  # two say enough

    def add(self, account: int, day: Optional[str], provider: bytes) -> None:
        self.accounts.add(account)
        if len(self.providers) < 2:
            self.providers.add(provider)
        if day:
            self.days = (min(self.days[0] or day, day), max(self.days[1], day))


class SharedRange(NamedTuple):
    network: str
    accounts: int
    addresses: int  # 0: it is one


class SharedMailbox(NamedTuple):
    domain: str
    shape: str  # "": any
    cluster: Cluster


class Gathering:
    """What the accounts of a table have in common, row by row. No account, e-mail address or payment token is kept: of these only numbers and digests."""

    def __init__(self, min_accounts: int):
        self.least = min_accounts
        self.accounts: dict[int, int] = {}  # the number of each digest
        self.payments: set[int] = set()
        self.addresses: dict[bytes, set[int]] = {}
        self.domains: dict[str, dict[str, Cluster]] = {}  # shapes; "" is all of a domain
        self.fingerprints: dict[str, set[int]] = {}
        self.providers: set[bytes] = set()
        self.passed = dict.fromkeys(("addresses", "reserved", "emails", "fingerprints", "days"), 0)
        self.few = dict.fromkeys(("addresses", "shapes", "fingerprints"), 0)

    def add(self, row: Row) -> None:
        account = self.accounts.setdefault(hash(row["account"]), len(self.accounts))
        if row["payment"]:
            self.payments.add(hash(row["payment"]))
        if row["address"]:
            self._add_address(address_of(row["address"]), account)
        if row["email"]:
            self._add_mailbox(row, account)
        if row["ja4"]:
            fingerprint = ja4_of(row["ja4"])
            if fingerprint:
                self.fingerprints.setdefault(fingerprint, set()).add(account)
            else:
                self.passed["fingerprints"] += 1

    def _add_address(self, address: Optional[bytes], account: int) -> None:
        if address is None:
            self.passed["addresses"] += 1
        elif is_reserved(address):
            self.passed["reserved"] += 1
        else:
            self.addresses.setdefault(address, set()).add(account)

    def _add_mailbox(self, row: Row, account: int) -> None:
        mailbox, day = mailbox_of(row["email"]), day_of(row["created"])
        if mailbox is None:
            self.passed["emails"] += 1
            return
        if row["created"] and not day:
            self.passed["days"] += 1
        if row["provider"] and row["provider"] not in self.providers and self.knows_providers():
            self.providers.add(row["provider"])
        shapes = self.domains.setdefault(mailbox[0], {})
        for shape in {"", mailbox[1]}:
            shapes.setdefault(shape, Cluster()).add(account, day, row["provider"])

    def knows_providers(self) -> bool:
        """They are a few names; else another column was taken for theirs."""
        return len(self.providers) <= MOST_PROVIDERS and all(re.fullmatch(rb"[a-zA-Z0-9._ -]{1,40}", name) for name in self.providers)

    def ranges(self) -> Iterator[SharedRange]:
        def block(address: bytes) -> bytes:
            return address[:3] if len(address) == 4 else address[:6]

        in_order = sorted(self.addresses, key=lambda address: (len(address), address))
        for network, addresses in itertools.groupby(in_order, block):
            yield from self._neighbourhood(network, list(addresses))

    def _neighbourhood(self, network: bytes, addresses: list[bytes]) -> list[SharedRange]:
        """A single address when so many accounts share it; the whole network when so many share it through its other
        addresses, as they do behind a proxy that rotates, or when it has many such single addresses."""
        single = [one for one in addresses if len(self.addresses[one]) >= self.least]
        scattered = set().union(*(self.addresses[one] for one in addresses if len(self.addresses[one]) < self.least))
        if len(scattered) >= self.least or len(single) > MOST_OF_ONE:
            whole = ipaddress.ip_network((network.ljust(len(addresses[0]), b"\0"), 8 * len(network)))
            return [SharedRange(str(whole), len(set().union(*(self.addresses[one] for one in addresses))), len(addresses))]
        self.few["addresses"] += len(addresses) - len(single)
        return [SharedRange(str(ipaddress.ip_address(one)), len(self.addresses[one]), 0) for one in single]

    def mailboxes(self) -> Iterator[SharedMailbox]:
        for domain, shapes in sorted(self.domains.items()):
            found = [SharedMailbox(domain, shape, cluster) for shape, cluster in sorted(shapes.items()) if shape and len(cluster.accounts) >= self.least]
            alone = not is_shared_mail(domain) and len(shapes[""].accounts) >= self.least
            if alone and (not found or len(found) > MOST_OF_ONE):
                yield SharedMailbox(domain, "", shapes[""])
            else:
                self.few["shapes"] += len(shapes) - 1 - len(found)
                yield from found

    def shared_fingerprints(self) -> Iterator[tuple[str, int]]:
        for value, accounts in sorted(self.fingerprints.items()):
            if len(accounts) >= self.least:
                yield value, len(accounts)
            else:
                self.few["fingerprints"] += 1


# The items.


def shareable(count: int) -> int:
    """Up to 1,000 exactly, above that the first two digits and zeros."""
    unit = 10 ** (len(str(count)) - 2) if count > 1_000 else 1
    return count // unit * unit


def counted(count: int, one: str, more: str) -> str:
    return f"{shareable(count)} {one if count == 1 else more}"


def drafted(kind: str, reference: str, properties: Json, description: str) -> Json:
    return {"kind": kind, "ref": reference, **properties, "tlp": "amber", "campaign": "local:campaign", "description": description}


def range_item(number: int, one: SharedRange) -> Json:
    source = f"{counted(one.addresses, 'address', 'addresses')} of this network." if one.addresses else "this address."
    return drafted("ip-range", f"range-{number}", {"value": one.network, "evidence_basis": ["ip-correlation"]},
                   f"{counted(one.accounts, 'account', 'accounts')} of the campaign came from {source}")


def mailbox_item(number: int, one: SharedMailbox, names: bool) -> Json:
    """`names`: providers are known by their names."""
    cluster, says = one.cluster, {"email_domain": one.domain}
    if one.shape:
        says["email_local_shape"] = one.shape
    if names and len(cluster.providers) == 1 and b"" not in cluster.providers:
        says["provider"] = next(iter(cluster.providers)).decode()
    says["accounts_in_cluster"] = shareable(len(cluster.accounts))
    if cluster.days[0]:
        says["cluster_created_from"], says["cluster_created_until"] = (f"{day}T00:00:00Z" for day in cluster.days)
    if is_shared_mail(one.domain):
        says["collateral"], says["collateral_note"] = "high", "Anybody, or a whole university, has addresses of this domain."
    return drafted("account-pattern", f"accounts-{number}", says, f"{counted(len(cluster.accounts), 'account', 'accounts')} of the campaign have such an e-mail address.")


def fingerprint_item(number: int, value: str, accounts: int) -> Json:
    return drafted("tls-fingerprint", f"fingerprint-{number}", {"algorithm": "ja4", "value": value, "evidence_basis": ["request-metadata"]},
                   f"{counted(accounts, 'account', 'accounts')} of the campaign came with this fingerprint.")


def draft_items(gathering: Gathering, campaign: str) -> list[Json]:
    """The campaign, the ranges, their network, the patterns of e-mail addresses, the fingerprints; nothing when nothing is shared."""
    ranges = [range_item(*one) for one in enumerate(gathering.ranges(), 1)]
    patterns = [mailbox_item(number, one, gathering.knows_providers()) for number, one in enumerate(gathering.mailboxes(), 1)]
    patterns += [fingerprint_item(number, *one) for number, one in enumerate(gathering.shared_fingerprints(), 1)]
    if not ranges and not patterns:
        return []
    first: Json = {"kind": "campaign", "ref": "campaign", "name": campaign, "tlp": "amber", "account_count": shareable(len(gathering.accounts)),
                   "account_count_basis": "lower-bound"}
    if gathering.payments:
        first["distinct_payment_count"] = shareable(len(gathering.payments))
    network: Json = {"kind": "proxy-network", "ref": "proxy-network", "name": f"Proxies of {campaign}", "tlp": "amber", "proxy_class": "unknown",
                     "address_count": shareable(len(gathering.addresses)), "campaign": "local:campaign", "consists_of": ["local:" + one["ref"] for one in ranges]}
    return [first, *ranges, *([network] if ranges else []), *patterns]


class Draft(NamedTuple):
    items: list[Json]
    table: AccountTable
    gathering: Gathering


def draft(lines: Iterable[bytes], campaign: str = "Unnamed campaign", maps: Iterable[str] = (), min_accounts: int = 5) -> Draft:
    """Of the lines of a table. Items hold for `min_accounts` different accounts at least, and name none."""
    if not 3 <= min_accounts <= 1_000_000:
        raise TocsinError(1, "The least number of accounts is from 3 to 1,000,000.", "Give none: it is 5.")
    table, gathering = AccountTable(Columns(maps)), Gathering(min_accounts)
    for row in table.read(lines):
        gathering.add(row)
    return Draft(draft_items(gathering, campaign), table, gathering)


# ---------------------------------------------------------------------------------------------------------------------
# Proofs, revealed canaries and evidence (docs/verify.md). Nothing here asks a server. It was written from the formats and shares
# nothing with `tocsin verify` but these: C2SP tlog-proof, signed-note, tlog-checkpoint and tlog-cosignature, RFC 6962,
# and Ed25519 (RFC 8032) as OpenSSL has it: canonical encodings only, no multiplication by the cofactor.
# ---------------------------------------------------------------------------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
MOST = 2**63 - 1
PROOF, EVIDENCE = "c2sp.org/tlog-proof@v1\n", "tocsin/log-evidence/v1"

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z


def shows_nothing(why: str) -> TocsinError:
    return TocsinError(6, f"The file shows nothing: {why}", "Ask whoever made the file for it once more.")


# Ed25519.


def add_points(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply_point(number: int, point: Point) -> Point:
    out = (0, 1, 1, 0)
    while number:
        if number & 1:
            out = add_points(out, point)
        point, number = add_points(point, point), number >> 1
    return out


def decompress(text: bytes) -> Optional[Point]:
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def compress(point: Point) -> bytes:
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    point, number = decompress(key), int.from_bytes(signature[32:], "little")
    if point is None or BASE is None or len(signature) != 64 or number >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (PRIME - point[0], point[1], 1, PRIME - point[3])
    return compress(add_points(multiply_point(number, BASE), multiply_point(digest, minus))) == signature[:32]


# Texts.


def of_base64(text: str) -> Optional[bytes]:
    """Base64 in its one canonical form."""
    try:
        out = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return out if base64.b64encode(out).decode() == text else None


def decimal(text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) > MOST:
        raise shows_nothing("An index or a size is not a number in decimal.")
    return int(text)


class Key(NamedTuple):
    name: str
    number: bytes
    type: int  # 1 signs, 4 cosigns with the time
    point: bytes
    text: str


def is_key_name(name: str) -> bool:
    return bool(name) and not any(c <= " " or c == "+" or c.isspace() for c in name)


def parse_key(text: str, type_: int) -> Optional[Key]:
    """Of one line, NAME+NUMBER+KEY."""
    name, number, encoded = (text.split("+", 2) + ["", ""])[:3]
    material = of_base64(encoded) or b""
    expected = hashlib.sha256(name.encode(errors="replace") + b"\n" + material).digest()[:4]
    if not is_key_name(name) or len(material) != 33 or material[0] != type_ or expected.hex() != number:
        return None
    return Key(name, expected, type_, material[1:], text)


class Note(NamedTuple):
    text: str
    signatures: list[tuple[str, bytes]]  # names; number of the key, and what follows


def parse_note(text: str) -> Note:
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or lines.count("\n") > 100 or len(text.encode()) > 1_000_000:
        raise shows_nothing("The checkpoint has no signatures, or too many.")
    if any(c < " " and c != "\n" for c in body):
        raise shows_nothing("The checkpoint has a control character.")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, signature = (line.split(" ", 2) + ["", ""])[:3]
        payload = of_base64(signature) or b""
        if dash != "—" or not is_key_name(name) or len(payload) <= 4:
            raise shows_nothing("A signature of the checkpoint is malformed.")
        signatures.append((name, payload))
    return Note(body + "\n", signatures)


def signed_by(note: Note, keys: list[Key]) -> list[Optional[int]]:
    """The time of each key's latest signature, 0 of one without a time, None when there is none. ValueError when one is not its key's."""
    found: list[Optional[int]] = [None] * len(keys)
    names = [(key.name, key.number) for key in keys]
    for name, payload in note.signatures:
        if (name, payload[:4]) not in names:
            continue
        at = names.index((name, payload[:4]))
        time, message = 0, note.text.encode()
        if keys[at].type == 4:
            time = int.from_bytes(payload[4:12], "big")
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        whole = len(payload) == (76 if keys[at].type == 4 else 68)
        if time > MOST or not whole or not is_signed(keys[at].point, message, payload[-64:]):
            raise ValueError("A signature that names a known key does not verify.")
        found[at] = max(found[at] or 0, time)
    return found


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or not is_key_name(lines[0]):
        raise shows_nothing("The checkpoint is not origin, size and root.")
    size, root = decimal(lines[1]), of_base64(lines[2]) or b""
    if len(root) != 32 or (size == 0 and root != sha()):
        raise shows_nothing("The checkpoint's root is not that of a log.")
    return Checkpoint(lines[0], size, root)


class Proof(NamedTuple):
    header: bytes  # commitment to it
    salt: bytes
    body: bytes  # the object
    index: int
    path: list[bytes]
    note: Note


def parse_proof(text: str) -> Proof:
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not text.startswith(PROOF) or not blank:
        raise shows_nothing("The first line is not that of a proof, or it has no checkpoint.")
    if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise shows_nothing("The proof has no line `extra`, so that it says nothing of an object, or no line `index`.")
    path = [of_base64(line) or b"" for line in lines[3:]]
    if len(path) > 63 or any(len(hash_) != 32 for hash_ in path):
        raise shows_nothing("The hashes of the proof are not those of a log.")
    opening = of_base64(lines[1][6:]) or b""
    if opening[:1] != b"\1" or len(opening) <= 65:
        raise shows_nothing("The opening has no object, or is of a version that is not known here.")
    return Proof(opening[1:33], opening[33:65], opening[65:], decimal(lines[2][6:]), path, parse_note(checkpoint))


class Evidence(NamedTuple):
    first: Note
    second: Note
    root: Optional[bytes]  # that the second tree has at the first one's size, when it is larger
    proof: list[bytes]


def parse_evidence(text: str) -> Evidence:
    lines = [line.partition(" ") for line in text.split("\n")]
    labels, values = [line[0] for line in lines], [line[2] for line in lines]
    proofs = max(len(lines) - 6, 0)
    if labels not in ([EVIDENCE, "log", "first", "second", ""], [EVIDENCE, "log", "first", "second", "root", *["proof"] * proofs, ""]):
        raise shows_nothing("It is not evidence in its one exact form, or of another version.")
    if values[0] or values[-1] or lines[-1][1] or lines[0][1] or proofs > 64 or parse_key(values[1], 1) is None and parse_key(values[1], 4) is None:
        raise shows_nothing("It is not evidence in its one exact form, or its key is none.")
    hashes = [of_base64(value) or b"" for value in values[4:-1]]
    if any(len(hash_) != 32 for hash_ in hashes):
        raise shows_nothing("A hash of the evidence is not 32 bytes in base64.")
    try:
        first, second = ((of_base64(value) or b"").decode() for value in values[2:4])
    except UnicodeDecodeError as error:
        raise shows_nothing("A note of the evidence is not UTF-8.") from error
    return Evidence(parse_note(first), parse_note(second), hashes[0] if hashes else None, hashes[1:])


class Canary(NamedTuple):
    commitment: str
    salt: bytes
    secret: bytes
    indicator: str
    proof: Optional[Proof]


def parse_canary(text: bytes) -> Canary:
    try:
        canary = i_json(text)
    except ValueError:
        canary = None
    if not isinstance(canary, dict) or text_in(canary, "type") != "tocsin-canary":
        raise shows_nothing("It is neither a proof nor a revealed canary.")
    if type(canary.get("version")) is not int or canary["version"] != 1 or text_in(canary, "scheme") != "salted-sha256":
        raise shows_nothing("The canary is of a version or scheme that is not known here.")
    if len(canary) != 7 + ("proof" in canary):
        raise shows_nothing("The canary has members that are not known here.")
    salt, secret = text_in(canary, "salt"), of_base64(text_in(canary, "secret"))
    if not re.fullmatch("[0-9A-Fa-f]{64}", salt) or secret is None:
        raise shows_nothing("The salt is not 64 digits, or the secret is not base64.")
    proof = parse_proof(text_in(canary, "proof")) if "proof" in canary else None
    return Canary(text_in(canary, "commitment"), bytes.fromhex(salt), secret, text_in(canary, "indicator"), proof)


# What is verified.


class Step(NamedTuple):
    step: str
    result: str  # holds, fails, or unknown: nobody said what to hold it against
    detail: str


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        raise ValueError("The leaf's index is not below the size of the log.")
    at, last, out = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            raise ValueError("The inclusion proof is too long.")
        if at & 1 or at == last:
            out = sha(b"\1", hash_, out)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            out = sha(b"\1", out, hash_)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("The inclusion proof is too short.")
    return out


def written(time: int) -> str:
    if time >= 253_402_300_800:
        return "a time beyond the year 9999"
    return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def object_step(body: bytes) -> Step:
    size = f"{len(body)} bytes, SHA-256 {sha(body).hex()}"
    try:
        thing = i_json(body)
    except ValueError:
        thing = None
    if not isinstance(thing, dict):
        return Step("object", "fails", f"no object of JSON, {size}")
    modified = text_in(thing, "modified")
    return Step("object", "holds", printable(text_in(thing, "id", "without an id")) + (f" of {printable(modified)}" if modified else "") + f", {size}")


def inclusion_step(proof: Proof, leaf: bytes, checkpoint: Checkpoint) -> Step:
    place = f"entry {proof.index} of {checkpoint.size}"
    try:
        if root_from(leaf, proof.index, checkpoint.size, proof.path) != checkpoint.root:
            raise ValueError("The inclusion proof leads to another root.")
    except ValueError as error:
        return Step("inclusion", "fails", f"{place}: {error}")
    return Step("inclusion", "holds", place)


def signature_steps(note: Note, checkpoint: Checkpoint, log: Optional[Key], witnesses: list[Key], in_the_log: bool) -> Iterator[Step]:
    if log is None:
        yield Step("signature", "unknown", "no key of the log is known here: name it with --vkey")
        return
    try:
        if signed_by(note, [log]) == [None]:
            raise ValueError("The note has no signature of a known key.")
        if checkpoint.origin != log.name:
            raise ValueError("The checkpoint is signed by this log's key and names another origin.")
        times = signed_by(note, [log, *witnesses])[1:]
    except ValueError as error:
        yield Step("signature", "fails", f"{printable(log.name)}: {error}")
        return
    yield Step("signature", "holds", f"by {printable(log.text)}")
    seen = []
    for key, time in zip(witnesses, times):
        if time is None:
            yield Step("cosignature", "fails", f"{printable(key.name)} has not signed this checkpoint")
        else:
            yield Step("cosignature", "holds", f"{printable(key.name)} at {written(time)}")
            seen.append((time, printable(key.name)))
    if seen and in_the_log:
        time, whose = min(seen, key=lambda each: each[0])
        # A cosignature says whole seconds: it was made within that one, and the log had the object by its end.
        yield Step("logged", "holds", f"before {written(time + 1)}, witnessed by {whose}")


def proof_steps(proof: Proof, log: Optional[Key], witnesses: list[Key]) -> Iterator[Step]:
    commitment = hmac.new(b"fed/body/v1", proof.salt + proof.body, hashlib.sha256).digest()
    entry = b"\1" + sha(b"fed/entry/v1\n", proof.header, commitment)
    leaf = sha(b"\0", entry)
    checkpoint = parse_checkpoint(proof.note.text)
    body, inclusion = object_step(proof.body), inclusion_step(proof, leaf, checkpoint)
    yield body
    yield Step("commitment", "holds", commitment.hex())
    yield Step("entry", "holds", entry.hex())
    yield Step("leaf", "holds", leaf.hex())
    yield inclusion
    yield Step("checkpoint", "holds", f"{printable(checkpoint.origin)}, root {checkpoint.root.hex()}")
    yield from signature_steps(proof.note, checkpoint, log, witnesses, body.result == inclusion.result == "holds")


def check_consistency(older: tuple[int, bytes], newer: tuple[int, bytes], proof: list[bytes]) -> None:
    """RFC 9162 section 2.1.4.2. ValueError."""
    if older[0] > newer[0]:
        raise ValueError("The newer log is smaller than the older one.")
    if older[0] == 0:
        if older[1] != sha():
            raise ValueError("The root of the empty log is a hash of something.")
        if proof:
            raise ValueError("The consistency proof is too long.")
        return
    at, last, path = older[0] - 1, newer[0] - 1, list(proof)
    while at & 1:
        at, last = at >> 1, last >> 1
    if older[0] & older[0] - 1 and not path:
        raise ValueError("The consistency proof is too short.")
    old = new = path.pop(0) if older[0] & older[0] - 1 else older[1]
    for hash_ in path:
        if last == 0:
            raise ValueError("The consistency proof is too long.")
        if at & 1 or at == last:
            old, new = sha(b"\1", hash_, old), sha(b"\1", hash_, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = sha(b"\1", new, hash_)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("The consistency proof is too short.")
    if old != older[1]:
        raise ValueError("The consistency proof leads to another old root.")
    if new != newer[1]:
        raise ValueError("The consistency proof leads to another new root.")


def contradiction_step(evidence: Evidence, first: Checkpoint, second: Checkpoint) -> Step:
    try:
        if first.origin != second.origin:
            raise ValueError("The two statements are of two logs.")
        if first.size == second.size:
            if evidence.root is not None:
                raise ValueError("Both trees have one size, and neither begins with the other.")
            if first.root == second.root:
                raise ValueError("Both statements say the same.")
            return Step("contradiction", "holds", f"size {first.size} has two roots")
        if evidence.root is None:
            raise ValueError("The trees have two sizes, and nothing shows that they do not agree.")
        if evidence.root == first.root:
            raise ValueError("The second tree begins with the first one.")
        check_consistency((first.size, evidence.root), (second.size, second.root), evidence.proof)
    except ValueError as error:
        return Step("contradiction", "fails", str(error))
    return Step("contradiction", "holds", f"the second tree begins with another one than the first: size {first.size}, root {evidence.root.hex()}")


def evidence_steps(evidence: Evidence, log: Optional[Key]) -> Iterator[Step]:
    notes = [evidence.first, evidence.second]
    said = [parse_checkpoint(note.text) for note in notes]
    for what, one in zip(("first", "second"), said):
        yield Step(what, "holds", f"{printable(one.origin)}, size {one.size}, root {one.root.hex()}")
    if log is None:
        yield Step("signature", "unknown", "no key of the log is known here: name it with --vkey")
    else:
        signatures = [next(signature_steps(note, one, log, [], False)) for note, one in zip(notes, said)]
        failed = [step for step in signatures if step.result == "fails"]
        yield failed[0] if failed else Step("signature", "holds", f"of both by {printable(log.text)}")
    yield contradiction_step(evidence, *said)


def canary_steps(canary: Canary, log: Optional[Key], witnesses: list[Key]) -> Iterator[Step]:
    made = hmac.new(b"canary/v1", canary.salt + canary.secret, hashlib.sha256).hexdigest()
    if made == canary.commitment:
        yield Step("secret", "holds", f"{len(canary.secret)} bytes, with their salt the commitment {made}")
    else:
        yield Step("secret", "fails", f"secret and salt are another commitment's: {made}")
    if canary.proof is None:
        yield Step("log", "unknown", "the canary is in no log: when it was shared is its owner's word")
        return
    try:
        thing = i_json(canary.proof.body)
    except ValueError:
        thing = None
    same = isinstance(thing, dict) and text_in(thing, "id") == canary.indicator and text_in(thing, "pattern") == f"[llm-canary:commitment = '{canary.commitment}']"
    detail = "is of this commitment" if same else "is not the object of the proof, or of another commitment"
    yield Step("indicator", "holds" if same else "fails", f"{printable(canary.indicator)} {detail}")
    yield from proof_steps(canary.proof, log, witnesses)


def verify(content: bytes, log: Optional[Key] = None, witnesses: Iterable[Key] = ()) -> list[Step]:
    """What a proof, a revealed canary or evidence against a log shows: verified is what has steps that all hold. TocsinError 6 when it is none."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise shows_nothing("It is not UTF-8.") from error
    if text.startswith(PROOF):
        return list(proof_steps(parse_proof(text), log, list(witnesses)))
    if text.startswith(EVIDENCE):
        return list(evidence_steps(parse_evidence(text), log))
    return list(canary_steps(parse_canary(content), log, list(witnesses)))


# ---------------------------------------------------------------------------------------------------------------------
# The command line.
# ---------------------------------------------------------------------------------------------------------------------


def strict(text: str) -> Any:
    def refuse(word: str) -> None:
        raise ValueError(word)

    return json.loads(text, parse_constant=refuse)


def objects_of(name: str, text: str) -> list[Json]:
    """Of a bundle, an envelope, an array, an object, or lines of these."""
    try:
        documents = [strict(text)]
    except ValueError:
        try:
            documents = [strict(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise TocsinError(1, f"{name} is neither JSON nor lines of JSON.", "Check it with: python3 -m json.tool") from error
    out: list[Json] = []
    for one in documents:
        listed = isinstance(one, dict) and isinstance(one.get("objects"), list) and one.get("type", "bundle") == "bundle"
        out += one["objects"] if listed else one if isinstance(one, list) else [one]
    return out


def replace_file(name: str, text: str) -> None:
    """Only when it is complete."""
    part = name + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, name)


class State:
    """Where to go on, in a file of one server's; without a file nowhere."""

    def __init__(self, name: Optional[str], url: str):
        self.name, self.url, self.places = name, url, {}
        try:
            with open(name or os.devnull, encoding="utf-8") as file:
                held = strict(file.read() or "{}")
        except FileNotFoundError:
            held = {}
        except ValueError as error:
            raise TocsinError(1, f"{name} holds no places.", "Name another file, or remove it to begin anew.") from error
        if held.get("url", url) != url:
            raise TocsinError(1, f"{name} holds places of {printable(str(held['url']))}.", "Name another file for this server.")
        self.places = held.get("places", {})

    def keep(self, key: str, place: Optional[str]) -> None:
        if not place:
            return
        self.places[key] = place
        if self.name:
            replace_file(self.name, compact({"url": self.url, "places": self.places}) + "\n")


def say(line: str) -> None:
    print(line, file=sys.stderr)


def run_pull(hub: Tocsin, options: argparse.Namespace) -> int:
    state = State(options.state, hub.url)
    for page in hub.pull(state.places, options.collection, since=options.since, types=options.type):
        sys.stdout.write("".join(compact(one) + "\n" for one in page.objects))
        sys.stdout.flush()
        state.keep(page.collection, page.place)
    return 0


def run_watch(hub: Tocsin, options: argparse.Namespace) -> int:
    state = State(options.state, hub.url)
    for event in hub.watch(state.places.get("watch", ""), [options.collection] if options.collection else [], options.type):
        if event.name == "object":
            print(compact(event.data["object"]), flush=True)
            state.keep("watch", event.place)
        elif event.name == "alert":
            say(f"tocsin: {printable(str(event.data.get('id')))} is about your range {printable(str(event.data.get('range')))}")
    return 0


def holds_items(name: str, text: str) -> bool:
    """Whether `share` takes it: a list or a table by its name, or items of the short form, as of a draft."""
    if os.path.splitext(name)[1] in (".csv", ".txt", ".list"):
        return True
    first = next(iter(objects_of(name, text)), None)
    return isinstance(first, dict) and "kind" in first and "type" not in first


def run_submit(hub: Tocsin, options: argparse.Namespace) -> int:
    texts: list[tuple[str, str]] = []
    for name in options.FILE:
        with sys.stdin if name == "-" else open(name, encoding="utf-8-sig", newline="") as file:
            texts.append((name, file.read()))
    with_items = [holds_items(name, text) for name, text in texts]
    if any(with_items):
        if not all(with_items):
            raise TocsinError(1, "Some of the files hold STIX objects, and others items of the short form.", "Submit them one after the other.")
        if options.collection:
            raise TocsinError(1, "--collection is for STIX objects, and these are items of the short form.", "Leave it out: an item goes where its kind belongs.")
        return share_files(hub, ((name, FORMS.get(os.path.splitext(name)[1], FORMS[".json"]), io.StringIO(text, newline="")) for name, text in texts))
    done = hub.submit([one for name, text in texts for one in objects_of(name, text)], options.collection or "network")
    for word, rows in (("refused", done["refused"]), ("note", done["notes"])):
        for row in rows:
            say(printable(f"{word} {row.get('id')}: {row.get('message')}"))
    waiting = f", {done['waiting']} waiting for an analyst" if done["waiting"] else ""
    print(f"{done['accepted']} accepted, {len(done['refused'])} refused{waiting}")
    return 2 if done["refused"] else 0


def waits_for_a_person(status: Json) -> bool:
    """Asking again hastens nothing: the server says of each why it is pending."""
    pendings = status.get("pendings", [])
    return bool(pendings) and all(one.get("message") for one in pendings)


def share_files(hub: Tocsin, files: Iterable[tuple[str, str, Iterable[str]]], dry_run: bool = False, /, **said: object) -> int:
    """Each by its name, its media type and its lines. The exit code."""
    counts = {"accepted": 0, "unchanged": 0, "refused": 0}
    for name, form, file in files:
        whole = form == FORMS[".json"]
        lines = (compact(one) for one in objects_of(name, "".join(file))) if whole else file
        for item in hub.share_lines(lines, FORMS[".ndjson"] if whole else form, dry_run=dry_run, **said):
            counts[item["outcome"]] = counts.get(item["outcome"], 0) + 1
            place = f"{name}:{item['line']}" if "line" in item and not whole else name
            for one in item.get("findings", []):
                say(printable(f"{place}: refused: {one.get('code')}: {one.get('detail')} {one.get('remedy', '')}"))
    print(", ".join(f"{count} {word}" for word, count in counts.items()))
    return 2 if counts["refused"] else 0


def opened(names: Iterable[str]) -> Iterator[tuple[str, str, Iterable[str]]]:
    for name in names:
        with sys.stdin if name == "-" else open(name, encoding="utf-8-sig", newline="") as file:
            yield name, FORMS.get(os.path.splitext(name)[1], FORMS[".txt"]), file


def run_share(hub: Tocsin, options: argparse.Namespace) -> int:
    said = dict(word.split("=", 1) for word in options.set if "=" in word)
    return share_files(hub, opened(options.FILE), options.dry_run, **said)


def items_asked(options: argparse.Namespace) -> Iterator[Json]:
    """Of each file a value a line, or an object a line."""
    for _, _, lines in opened(options.FILE):
        for line in filter(None, map(str.strip, lines)):
            yield i_json(line.encode()) if line.startswith("{") else {options.field: line, "ref": line[:64]}


def run_match(hub: Tocsin, options: argparse.Namespace) -> int:
    for hit in hub.match(items_asked(options), min_confidence=options.min_confidence):
        print(compact(hit), flush=True)
    return 0


def run_whoami(hub: Tocsin, options: argparse.Namespace) -> int:
    print(json.dumps(hub.whoami(), indent=2, ensure_ascii=False))
    return 0


def key_named(option: str, text: str, type_: int) -> Key:
    """Of the option's text, or of the file that it names as @FILE."""
    if text.startswith("@"):
        with open(text[1:], encoding="utf-8") as file:
            text = file.read().rstrip("\n")
    key = parse_key(text, type_)
    if key is None:
        raise TocsinError(1, f"{option} is no public key of a {'log' if type_ == 1 else 'witness'}.",
                          "It is one line, name+number+key, as the operator of the instance publishes it.")
    return key


def run_verify(options: argparse.Namespace) -> int:
    log = key_named("--vkey", options.vkey, 1) if options.vkey is not None else None
    witnesses = [key_named("--witness", text, 4) for text in options.witness]
    with open(options.FILE, "rb") as file:
        steps = verify(file.read(), log, witnesses)
    verified = all(step.result == "holds" for step in steps)
    if options.json:
        print(compact({"verified": verified, "steps": [{"step": one.step, "result": one.result, "detail": one.detail} for one in steps]}))
    else:
        print("".join(f"{one.result}  {one.step}  {one.detail}\n" for one in steps) + ("verified" if verified else "not verified"))
    return 0 if verified else 6


def listed(counts: Iterable[tuple[int, str, str]], otherwise: str = "") -> str:
    """1 a, 2 bs and 3 cs: of what there is any of."""
    parts = [f"{count} {one if count == 1 else more}" for count, one, more in counts if count]
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part) or otherwise


def say_read(table: AccountTable, gathering: Gathering) -> None:
    say("read " + listed([(table.rows, "row", "rows"), (len(gathering.accounts), "account", "accounts")], "no row"))
    for skipped, why in ((table.torn, "that had not the form of the others"), (table.nameless, "without an account")):
        if skipped.rows:
            say(f"skipped {listed([(skipped.rows, 'row', 'rows')])} {why}, the first in line {skipped.line}")
    passed = listed((gathering.passed[name], one, more) for name, one, more in (
        ("addresses", "address that is none", "addresses that are none"), ("reserved", "private or reserved address", "private or reserved addresses"),
        ("emails", "e-mail address that is none", "e-mail addresses that are none"), ("fingerprints", "JA4 fingerprint that is none", "JA4 fingerprints that are none"),
        ("days", "date that is none", "dates that are none")))
    if passed:
        say("passed over " + passed)
    if not gathering.knows_providers():
        say("passed over the providers: that column has other things than a few names")


def say_drafted(items: list[Json], gathering: Gathering) -> None:
    kinds = [one["kind"] for one in items]
    order = ("campaign", "proxy-network", "ip-range", "account-pattern", "tls-fingerprint")
    say("drafted " + listed(((kinds.count(kind), kind, kind) for kind in order), "nothing"))
    left = listed((gathering.few[name], one, more) for name, one, more in (
        ("addresses", "address", "addresses"), ("shapes", "form of e-mail addresses", "forms of e-mail addresses"), ("fingerprints", "fingerprint", "fingerprints")))
    if left:
        say(f"left out, as fewer than {gathering.least} accounts share each: {left}")


def run_draft(options: argparse.Namespace) -> int:
    campaign = "Unnamed campaign" if options.campaign is None else os.fsencode(options.campaign).decode(errors="replace")
    with sys.stdin.buffer if options.FILE == "-" else open(options.FILE, "rb") as file:
        items, table, gathering = draft(lines_of(file), campaign, options.map, options.min_accounts)
    text = "".join(compact(one) + "\n" for one in items)
    if options.output in ("", "-"):
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        replace_file(options.output, text)
    say_read(table, gathering)
    say_drafted(items, gathering)
    if items and options.campaign is None:
        say("the campaign has no name yet: give it one with --campaign, or in the file")
    if items:
        say(f"nothing was sent; read every line, then: tocsin share {options.output if options.output not in ('', '-') else 'FILE'}")
    return 0


class Parser(argparse.ArgumentParser):
    """A command that cannot be carried out is exit code 1, as everywhere: 2 says that something was refused."""

    def error(self, message: str) -> None:
        self.exit(1, f"tocsin: {message}\n  See {self.prog} --help\n")


def asking_commands(commands: Any) -> None:
    for run, about in ((run_submit, "share STIX objects, or what share does"), (run_share, "share indicators in the short form"), (run_pull, "print what you may read"),
                       (run_watch, "print objects as they are published"), (run_match, "print which indicators values of your own traffic hit"), (run_whoami, "say who the server takes you for")):
        command = commands.add_parser(run.__name__[4:], help=about)
        command.set_defaults(run=run, asks=True)
        if run in (run_submit, run_share, run_match):
            command.add_argument("FILE", nargs="+", help="- is standard input")
        if run in (run_pull, run_watch):
            command.add_argument("--state", help="go on from, and keep, the places in this file")
            command.add_argument("--type", action="append", default=[], help="only this STIX type (repeatable)")
        if run in (run_submit, run_pull, run_watch):
            command.add_argument("--collection", default="", help="id, alias or title")
        if run is run_pull:
            command.add_argument("--since", default="", help="only what was added after this timestamp")
        if run is run_match:
            command.add_argument("--field", default="ip", help="what a line is that is no JSON object: ip (the default), asn, domain, email, ja4, user_agent …")
            command.add_argument("--min-confidence", type=int, default=0)
        if run is run_share:
            command.add_argument("--set", action="append", default=[], metavar="PROPERTY=VALUE", help="what the items do not say (repeatable)")
            command.add_argument("--dry-run", action="store_true", help="store nothing")


def local_commands(commands: Any) -> None:
    command = commands.add_parser("draft", help="make indicators of a table of fraudulent accounts; sends nothing")
    command.set_defaults(run=run_draft, asks=False)
    command.add_argument("FILE", help="CSV with a header, or a JSON object a line; - is standard input")
    command.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help=f"which column says what (repeatable): {', '.join(FIELDS)}")
    command.add_argument("--min-accounts", type=int, default=5, help="what fewer accounts share is left out (5)")
    command.add_argument("--campaign", help="what readers know the campaign by")
    command.add_argument("-o", "--output", default="", metavar="FILE", help="write to this file instead of standard output")
    command = commands.add_parser("verify", help="verify a proof, a revealed canary or evidence against a log, without any server")
    command.set_defaults(run=run_verify, asks=False)
    command.add_argument("FILE")
    command.add_argument("--vkey", help="the log's public key, name+number+key, or @FILE")
    command.add_argument("--witness", action="append", default=[], help="the public key of a witness that must have signed too, or @FILE (repeatable)")
    command.add_argument("--json", action="store_true", help="the steps as JSON")


def main(words: Optional[list[str]] = None) -> int:
    parser = Parser(prog="tocsin.py", description="Share with, and pull from, a Tocsin server: TOCSIN_URL, as TOCSIN_TOKEN.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    asking_commands(commands)
    local_commands(commands)
    options = parser.parse_args(words)
    try:
        if not options.asks:
            return options.run(options)
        with Tocsin() as hub:
            return options.run(hub, options)
    except TocsinError as error:
        say(f"tocsin: {error}\n  {error.remedy}".rstrip())
        return error.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter fails once more when it ends
        return 1
    except (OSError, UnicodeDecodeError) as error:
        say(f"tocsin: {printable(str(error))}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
