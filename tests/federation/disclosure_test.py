"""What a peer learns of what was not agreed with it: nothing. All that it can fetch of a real instance is recorded (bytes, headers, refusals), and searched for
what is withheld, for its hashes, and by a dictionary of every address of the network that a withheld one lies in."""
import base64
import hashlib
import hmac
import ipaddress
import json
import pathlib
import re
import tempfile
import unittest
import uuid

import heads
import tree
from authority import Authority
from instance import indicator
from made_by_hand import peer_of
from mesh import Node, wait_for

NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # of identifiers of observables in STIX
WITHHELD = ["198.51.77.7", "198.51.23.0/24"]
ADDRESSES = ipaddress.ip_network("198.51.0.0/16")
DOMAIN = "withheld-from-peers.example"
ROUTES = pathlib.Path(__file__).resolve().parents[2] / "schema" / "openapi.yaml"


def setUpModule():
    global folder, authority, hub, snoop, neighbour, heads_logged, recorded, secrets, shown
    folder = tempfile.TemporaryDirectory(prefix="tocsin-disclosure-")
    unittest.addModuleCleanup(folder.cleanup)
    authority = Authority(folder.name)
    hub = Node("heron", authority)
    unittest.addModuleCleanup(hub.close)
    hub.make_manifest()
    hub.start()
    snoop, neighbour, recorded = peer_of(hub, authority, "snoop"), peer_of(hub, authority, "neighbour"), []
    heads_logged = [heads.grow(neighbour) for _ in range(3)]
    heads.wait_applied(hub, neighbour)
    shown, secrets = fill()
    explore()


def fill():
    """What the peer is shown, and what it is not: by its level, by its collection, because it was taken back, because it was erased."""
    open_ones = hub.submit(indicator("203.0.113.1", "green"), indicator("203.0.113.2", "clear"))
    hidden = hub.share({"kind": "ip-range", "value": WITHHELD[0], "tlp": "amber", "description": "hidden by its level"},
                       {"kind": "ip-range", "value": WITHHELD[1], "tlp": "red", "description": "hidden by being red"},
                       {"kind": "proxy-domain", "value": DOMAIN, "tlp": "amber+strict"})
    hidden += hub.submit(indicator(WITHHELD[0], "green", name="hidden by its collection"), alias="campaigns")
    [taken_back] = hub.submit(indicator(WITHHELD[0], "green", name="hidden since it was taken back"))
    answer = hub.call("DELETE", f"{hub.objects}{taken_back}/", hub.analyst)
    if answer.status != 200:
        raise AssertionError(answer.body)
    [erased] = hub.submit(indicator(WITHHELD[0], "green", name="hidden since it was erased"))
    hub.verb("erase", "--org", "heron", erased)
    wait_for(lambda: hub.checkpoint()[0] >= 7 and hub.checkpoint("control")[0] >= 1, "the log did not grow")
    return open_ones, [*hidden, taken_back, erased]


def ask(method, path, body=None, headers=None):
    """As the peer, on a connection of its own; all of the answer is kept."""
    connection = hub.connect(snoop.certificate, mtls=True)
    try:
        answer = hub.call(method, path, body=body, headers=headers, connection=connection)
    finally:
        connection.close()
    recorded.append((method, path, answer.status, str(answer.headers).encode(), answer.body))
    return answer


def paths():
    """Every path of the published interface, with what its places may hold: of what is withheld, and of what is not there."""
    collection = hub.collection("network")
    for path in re.findall(r"(?m)^  (/\S*):$", ROUTES.read_text()):
        for identifier in [*secrets, f"indicator--{uuid.uuid4()}"]:
            filled = path.replace("/collections/{id}", f"/collections/{collection}").replace("{log}", "data").replace("{+tile}", "0/000.p/1").replace("{file}", "manifest.json").replace("{+path}", "feeds")
            yield filled.replace("{object}", identifier).replace("{id}", identifier).replace("{name}", "heron")
            if "{object}" not in path and "{id}" not in path:
                break


def explore():
    global secrets
    for path in paths():
        for method in ("GET", "HEAD", "DELETE"):
            ask(method, path)
        ask("POST", path, {"objects": []})
    for query in (f"value={WITHHELD[0]}", f"within={ADDRESSES}", "q=hidden", f"kind=ip-range&contains={WITHHELD[0]}"):
        ask("GET", f"/api/v1/indicators?{query}")
    ask("GET", f"/api/v1/why?covers={WITHHELD[0]}")
    for log in ("data", "control"):
        size = int(ask("GET", f"/log/{log}/checkpoint").body.split(b"\n")[1])
        for begin in range(size + 1):
            for end in range(begin, size + 1):
                ask("GET", f"/log/{log}/openings?from={begin}&to={end}")
            for level in ("0", "1", "entries"):
                ask("GET", f"/log/{log}/{tree.tile_path(level, 0, max(begin, 1))}")
        ask("GET", f"/log/{log}/openings?from=0&to={size + 1}")
        ask("GET", f"/log/{log}/checkpoint?after=0&wait=1")
    ask("GET", f"/witness/{hashlib.sha256(hub.origin.encode()).hexdigest()}/checkpoint")
    for origin in (neighbour.log.name, hub.origin, snoop.log.name, "nobody.example/log"):
        ask("POST", heads.path_of(origin), heads.question(origin, snoop.log.name, hub.origin, *guesses()))


def guesses():
    """What heads could be named by, if it were not by a salt of their own: what is small, or what others can know."""
    entry = neighbour.data.entries[1]
    known = [neighbour.token, entry.header, entry.body, entry.leaf, entry.bytes, entry.header_salt, tree.commit("fed/body/v1", entry.body_salt, entry.body)]
    numbers = [f'{{"count":{count},"last":{last},"v":1}}'.encode() for count in range(1, 10) for last in range(10)]
    return [bytes(32), *known, *numbers]


def everything():
    return b"\n".join(headers + body for *_, headers, body in recorded)


def strings():
    """All strings of 16, 20 and 32 bytes of what was recorded: as they stand, and decoded of hexadecimal digits and base64."""
    seen, found = everything(), set()
    texts = [seen] + [bytes.fromhex(run[:len(run) // 2 * 2].decode()) for run in re.findall(rb"[0-9a-fA-F]{32,}", seen)]
    texts += [uuid.UUID(run.decode()).bytes for run in re.findall(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", seen)]
    for run in re.findall(rb"[A-Za-z0-9+/_-]{20,}", seen):
        for start in range(4):
            part = run[start:]
            texts.append(base64.b64decode(part[:len(part) // 4 * 4].translate(bytes.maketrans(b"-_", b"+/"))))
    for text in texts:
        for width in (16, 20, 32):
            found.update(text[i:i + width] for i in range(len(text) - width + 1))
    return found


def spellings(value):
    """What a hash could have been made of."""
    canonical = json.dumps({"value": value}, separators=(",", ":"))
    return [value, value + "/32", canonical, f"[ipv4-addr:value = '{value}']", f"ipv4-addr:{value}", value + "\n"]


def hashes(text, keys):
    data = text.encode()
    yield from (hashlib.sha256(data).digest(), hashlib.sha1(data).digest(), hashlib.md5(data).digest(), hashlib.sha256(hashlib.sha256(data).digest()).digest())
    yield hashlib.sha256(data).digest()[:16]
    yield uuid.uuid5(NAMESPACE, text).bytes
    yield from (hmac.digest(key, data, "sha256") for key in keys)


class Disclosure(unittest.TestCase):
    def test_heads_of_what_is_not_shown_are_answered_as_what_never_was(self):
        answers = [(status, body) for method, path, status, _, body in recorded if method == "POST" and path.endswith("/heads") and status == 200]
        self.assertEqual(len(answers), 4)
        self.assertEqual(set(answers), {(200, heads.ANSWER)})

    def test_nothing_of_what_heads_say_is_in_anything(self):
        seen = everything()
        for head in heads_logged:
            for secret in (head.header, head.body, head.header_salt, head.body_salt, neighbour.token, json.loads(head.body)["rolling"].encode(),
                           tree.commit("fed/body/v1", head.body_salt, head.body)):
                for needle in (secret, secret.hex().encode(), base64.b64encode(secret)):
                    self.assertNotIn(needle, seen)

    def test_who_was_shown_a_head_would_be_answered(self):
        """Else the rest would say nothing."""
        body = heads.question(neighbour.log.name, snoop.log.name, hub.origin, heads_logged[0].body_salt)
        connection = hub.connect(snoop.certificate, mtls=True)
        try:
            said = hub.call("POST", heads.path_of(neighbour.log.name), body=body, connection=connection)
        finally:
            connection.close()
        self.assertEqual(said.body, heads.answer(heads.closed(neighbour.log.name, 3, heads_logged[1])))

    def test_what_was_agreed_is_shown(self):
        """Else the rest of these tests would say nothing."""
        answers = [tree.read_openings(body) for method, path, status, _, body in recorded
                   if (method, status) == ("GET", 200) and path.startswith("/log/data/openings?from=0&")]
        _, _, _, _, opened = max(answers, key=lambda answer: answer[3])
        self.assertEqual([json.loads(entry.body)["id"] for _, entry in opened if entry.collections], shown)
        self.assertGreater(len(recorded), 200)

    def test_no_withheld_value_identifier_or_text_is_in_anything(self):
        for needle in [*WITHHELD, DOMAIN, "hidden by", "hidden since", *secrets, *[each.split("--")[1] for each in secrets]]:
            needle = needle.encode().lower()
            said = [path for _, path, _, headers, body in recorded if needle in (headers + body).lower() and needle not in path.encode().lower()]
            self.assertEqual(said, [], needle)

    def test_what_is_withheld_is_answered_as_what_never_was(self):
        """By each route, but for the request's own id and the identifier that was asked for."""
        def plain(status, headers, body, identifier):
            text = (str(status).encode() + headers + body).replace(identifier.encode(), b"ID")
            return re.sub(rb"(?i)[0-9a-f]{8}-[0-9a-f-]{27}|date: [^\r\n]*|content-length: \d+|\"(?:request|error)_id\":\"[^\"]*\"|x-request-id: [^\r\n]*", b"", text)
        by_form = {}
        for method, path, status, headers, body in recorded:
            if identifier := re.search(r"indicator--[0-9a-f-]{36}", path):
                by_form.setdefault((method, path.replace(identifier[0], "ID")), set()).add(plain(status, headers, body, identifier[0]))
        self.assertTrue(by_form)
        for form, answers in by_form.items():
            self.assertEqual(len(answers), 1, (form, answers))

    def test_no_hash_of_a_withheld_value_or_identifier_is_in_anything(self):
        found, keys = strings(), self.known_keys()
        for secret in [*secrets, *[each.split("--")[1] for each in secrets], *WITHHELD, DOMAIN]:
            for text in (*spellings(secret), f"[domain-name:value = '{secret}']"):
                for digest in hashes(text, keys):
                    self.assertNotIn(digest, found, text)
        for secret in secrets:
            self.assertNotIn(uuid.UUID(secret.split("--")[1]).bytes, found)

    def test_a_dictionary_of_every_address_finds_nothing(self):
        found, keys = strings(), self.known_keys()[:2]
        hits = {str(address) for address in ADDRESSES for text in spellings(str(address)) for digest in hashes(text, keys) if digest in found}
        self.assertEqual(hits, set())

    def test_the_dictionary_would_find_an_unsalted_hash(self):
        recorded.append(("GET", "/", 200, b"", b'{"etag":"' + hashlib.sha256(b"198.51.77.7/32").hexdigest().encode() + b'"}'))
        try:
            found = strings()
        finally:
            recorded.pop()
        self.assertTrue(any(digest in found for digest in hashes("198.51.77.7/32", [])))

    def known_keys(self):
        """What a peer could think that something was hashed with."""
        return [b"fed/hdr/v1", b"fed/body/v1", hub.origin.encode(), snoop.log.name.encode(), b"198.51.0.0/16"]


if __name__ == "__main__":
    unittest.main(verbosity=1)
