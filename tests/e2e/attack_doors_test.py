"""Attacks that other systems of this kind fell to, by the numbers of our list: on who one is taken for, and by which door.

Over HTTPS, against the real binary. The tests in which a case is shown in depth are named by a comment."""
import base64
import contextlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import tempfile
import unittest
import uuid

from attack import admin_of, dial, raw, receive, routes, tables
from authority import Authority
from community import set_up_module
from instance import TAXII, TOCSIN, Instance, indicator

ME, ORGANISATIONS, CREDENTIALS = "/api/v1/me", "/api/v1/admin/organisations", "/api/v1/admin/credentials"


def setUpModule():
    global hub, admin
    hub = set_up_module()
    admin = admin_of(hub)


def bearer(token):
    return f"Authorization: Bearer {token}"


def basic(pair):
    return "Authorization: Basic " + base64.b64encode(pair.encode()).decode()


def with_body(text, *headers, media="application/json"):
    return [f"Content-Type: {media}", f"Content-Length: {len(text.encode())}", *headers], text.encode()


class Who(unittest.TestCase):
    """In depth: authenticate_test.cpp, certificate_test.cpp, and client_certificates_test.py for every shape of certificate."""

    def test_a09_nothing_but_one_whole_token_in_its_place_is_a_credential(self):
        good, other = hub.lab, hub.cloud
        wrong = ["Authorization:", "Authorization:  ", "Authorization: Bearer", "Authorization: Bearer  ", "Authorization: Bearer \t", bearer("\0"),
                 bearer(good + "\0"), bearer("\0" + good), bearer(good + "x"), bearer(good[:-1]), bearer(good.upper()), bearer(good.replace("tocsin_", "ｔocsin_")),
                 bearer(f"{good},{good}"), bearer(good + " " + good), bearer(f'"{good}"'), bearer(good[:24] + other[24:]), bearer(good[:24] + "A" * 43),
                 bearer(good[:24]), bearer("tocsin_" + "0" * 16 + good[23:]), bearer("null"), bearer("undefined"), basic(":"), basic("admin:"), basic(":" + good),
                 "Authorization: " + good, "Authorization: Negotiate " + good, "Authorization: Digest " + good, "Proxy-Authorization: Bearer " + good,
                 "Cookie: token=" + good, "X-Api-Key: " + good, "X-Forwarded-User: operator", "X-Remote-User: admin", "X-Auth-Token: " + good]
        for header in wrong:
            with self.subTest(header):
                self.assertIn(raw(hub, "GET", ME, header).status, (400, 401))
        for pair in ((bearer(good), bearer(other)), (bearer("x"), bearer(good)), (bearer(good), bearer("")), (bearer(good), bearer(good))):
            self.assertEqual(raw(hub, "GET", ME, *pair).status, 400, pair)
        for query in ("token", "access_token", "api_key", "authorization"):
            self.assertEqual(raw(hub, "GET", f"{ME}?{query}={good}").status, 401)
        self.assertEqual(raw(hub, "GET", "/taxii2/", basic(good + ":")).status, 401)
        self.assertEqual([raw(hub, "GET", "/taxii2/", basic("a:" + good)).status, raw(hub, "GET", ME, bearer(good)).status], [200, 200])

    def test_a10_no_method_header_or_spelling_of_a_path_leads_past_the_permission(self):
        before = tables(hub)
        spellings = [CREDENTIALS, CREDENTIALS + "/", CREDENTIALS + "//", CREDENTIALS + ".", CREDENTIALS + "/.", CREDENTIALS + "/./", CREDENTIALS + "/..",
                     "/api/v1/%61dmin/credentials", "/api/v1/admin%2Fcredentials", "/api/v1/admin%252Fcredentials", "/api/v1/%2561dmin/credentials",
                     "/api/v1/me/../admin/credentials", "/api/v1/me/%2e%2e/admin/credentials", "/api/v1/me/..%2fadmin/credentials", "//api/v1/admin/credentials",
                     "/API/v1/ADMIN/credentials", "/api/v1/admin/Credentials", "/api/v1/admin/credentials;x=1", "/api/v1/admin/credentials%00",
                     "/api/v1/admin/credentials%20", "/api/v1/admin/credentials%09", "/api/v1/admin/credentials?x", "/api/v1/admin/credentials%3Fx",
                     "/api/v1/admin\\credentials", "/api/v1/admin/credentials.json", "/%EF%BD%81pi/v1/admin/credentials", "/api/v1/%C4%81dmin/credentials",
                     "/api/v1/admin/cre%CC%81dentials", "https://127.0.0.1/api/v1/admin/credentials", "*", "api/v1/admin/credentials",
                     "/taxii2/../api/v1/admin/credentials"]
        body, answered = json.dumps({"organisation": "aurora", "roles": ["admin"]}), 0
        for spelled in spellings:
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "post", "POST\t"):
                for wanted in (bearer(hub.lab), "X-None: 1") if method in ("GET", "POST") else (bearer(hub.lab),):
                    with self.subTest(method=method, path=spelled, credential=wanted):
                        headers, content = with_body(body, wanted) if method.strip().upper() in ("POST", "PUT", "PATCH") else ([wanted], b"")
                        answer = answer_to(method, spelled, headers, content)
                        self.assertTrue(answer is None or 400 <= answer.status < 500, answer and answer.status)
                        answered += answer is not None
        self.assertGreater(answered, 300)
        self.assertEqual(tables(hub), before)

    def test_a10_headers_that_name_another_method_path_or_form_are_not_heeded(self):
        made = indicator(tlp="green")
        hub.submit(made)
        one = f"{hub.objects}{made['id']}/"
        before = tables(hub)
        for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            self.assertEqual(hub.call("GET", one, hub.lab, headers={name: "DELETE"}).status, 200)
            self.assertEqual(hub.call("POST", one, hub.lab, {}, headers={name: "DELETE"}).status, 405)
            self.assertEqual(hub.call("GET", ORGANISATIONS, hub.lab, headers={name: "OPTIONS"}).status, 403)
        for headers in ({"X-Original-URL": ME}, {"X-Rewrite-URL": ME}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-Host": "localhost"},
                        {"Accept": "text/html"},
                        {"Accept": "application/json"}, {"Accept": "*/*"}, {"Accept": ""}, {"Content-Type": "text/plain"}):
            self.assertEqual(hub.call("GET", ORGANISATIONS, hub.lab, headers=headers).status, 403, headers)
        for path in (f"{one}?_method=DELETE", f"{hub.objects}?_method=POST"):
            self.assertEqual(hub.call("GET", path, hub.lab).status, 200)
        for path, token in ((one, hub.lab), (ORGANISATIONS, admin), (ORGANISATIONS, hub.lab), (ME, None)):
            got, head = hub.call("GET", path, token), hub.call("HEAD", path, token)
            self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (got.status, b"", got.headers["Content-Length"]))
        self.assertEqual(tables(hub), before)

    def test_a10_names_are_the_same_in_any_case_and_no_other_spelling_is_that_name(self):
        for name, status in (("AURORA", 409), ("aurora ", 400), (" aurora", 400), ("aurora\t", 400), ("aurora\0", 400), ("aurora/", 400), ("..", 400)):
            answer = hub.call("POST", ORGANISATIONS, admin, {"name": name, "type": "lab", "clearance": "red"})
            self.assertEqual(answer.status, status, (name, answer.body))
        for name in ("%EF%BD%81urora", "aurora%20", "aurora.", "aur%C3%B6ra", "aurora%CC%81", "a%75rora%2F"):
            self.assertIn(raw(hub, "POST", f"{ORGANISATIONS}/{name}/disable", bearer(admin)).status, (400, 404), name)
        self.assertEqual(hub.call("GET", ME, hub.lab).status, 200)

    def test_a17_pages_of_other_origins_change_and_read_nothing_whatever_credential_rides_along(self):
        before = tables(hub)
        body = json.dumps({"name": "forged", "type": "lab", "clearance": "red"})
        foreign = ("Origin: https://elsewhere.example", "Origin: null", f"Origin: http://127.0.0.1:{hub.port}", "Origin: https://127.0.0.1",
                   f"Origin: https://127.0.0.1:{hub.port}.evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: none")
        for number, (method, pattern, _) in enumerate(routes()):
            path = pattern.replace("{id}", hub.collection("network") if pattern.startswith("/taxii2/") else str(uuid.UUID(int=1))).replace("{name}", "aurora")
            path = path.replace("{object}", f"indicator--{uuid.UUID(int=1)}")
            for header in foreign if path == ORGANISATIONS else (foreign[number % len(foreign)], foreign[(number + 5) % len(foreign)]):
                for each in (method, "OPTIONS"):
                    with self.subTest(each, path=path, header=header):
                        headers, content = with_body(body, bearer(admin), header) if each == "POST" else ([bearer(admin), header], b"")
                        answer = answer_to(each, path, headers, content)
                        self.assertEqual(answer.status, 403)
                        self.assertFalse([name for name in answer.headers if name.lower().startswith("access-control-")])
        for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json"):
            headers, content = with_body(body, bearer(admin), media=media)
            self.assertEqual(raw(hub, "POST", ORGANISATIONS, *headers, body=content).status, 415, media)
            headers, content = with_body(json.dumps({"objects": [indicator()]}), basic("a:" + hub.lab), media=media)
            self.assertEqual(raw(hub, "POST", hub.objects, *headers, body=content).status, 415, media)
        self.assertEqual(tables(hub), before)
        headers, content = with_body(body, bearer(admin), f"Origin: https://127.0.0.1:{hub.port}", "Sec-Fetch-Site: same-origin")
        self.assertEqual(raw(hub, "POST", ORGANISATIONS, *headers, body=content).status, 201)


def answer_to(method, target, headers, content):
    """None when the connection ends without an answer, as it may for what is no request."""
    with contextlib.suppress(http.client.HTTPException, OSError):
        return raw(hub, method, target, *headers, body=content)


class Secrets(unittest.TestCase):
    """In depth for certificates: client_certificates_test.py."""

    def test_a18_nothing_that_was_sent_is_in_the_log_the_trail_or_the_metrics(self):
        hub = Instance()
        self.addCleanup(hub.close)
        hub.configure(log__level='"debug"', log__requests='"all"')
        hub.organisation("aurora", "lab", "red")
        hub.start()
        lab, liaison = hub.token("aurora", "analyst"), hub.token("aurora", "liaison")
        objects, admin = hub.objects_of("network"), admin_of(hub)
        canary, sent = "c4n4ry" + uuid.uuid4().hex[:6], uuid.uuid4()
        made = indicator("198.51.100.231", tlp="green", identifier=f"indicator--{sent}", name=canary, description=canary, labels=[canary],
                         **{"x_" + canary: canary})
        bad = [dict(made, id=f"x-{canary}--{uuid.uuid4()}", type="x-" + canary, created=canary), {canary: canary}, dict(made, id=canary),
               dict(made, pattern=f"[{canary}")]
        self.assertEqual(hub.call("POST", objects, lab, {"objects": [made, *bad]}).status, 202)
        for body in (canary, '{"objects": [' + canary, json.dumps({canary: 1}), json.dumps({"objects": {canary: canary}})):
            self.assertGreaterEqual(hub.call("POST", objects, lab, body).status, 400)
            for path in (ORGANISATIONS, CREDENTIALS, "/api/v1/admin/collections", "/api/v1/admin/audiences", "/api/v1/admin/denied-pins"):
                self.assertGreaterEqual(hub.call("POST", path, admin, body).status, 400)
        for name in ("name", "organisation", "type", "clearance", "roles", "networks", "pin", "title", "certificate", "expires"):
            for path in (ORGANISATIONS, CREDENTIALS, "/api/v1/admin/denied-pins", "/api/v1/admin/collections"):
                value = [canary] if name in ("roles", "networks") else canary + "/" if name == "name" else canary + "."
                self.assertGreaterEqual(hub.call("POST", path, admin, {name: value}).status, 400)
        for token in (lab, liaison, admin, "tocsin_0123456789abcdef_" + canary.ljust(43, "x"), canary):
            for path in (f"/{canary}", f"{objects}{made['id']}/", f"{objects}?match[id]={made['id']}", f"{objects}?match[type]=x-{canary}",
                         f"{objects}?next={canary}",
                         f"{objects}?{canary}={canary}", f"/api/v1/audit/entries?organisation={canary}", f"/taxii2/root/collections/{canary}/objects/",
                         f"/taxii2/root/status/{canary}/", f"{ORGANISATIONS}/{canary}", f"/api/v1/me?token={canary}"):
                hub.call("GET", path, token, headers={"User-Agent": canary, "X-Request-Id": canary, "Referer": canary, "If-None-Match": f'"{canary}"'})
        hub.call("POST", f"{ORGANISATIONS}/{canary}/disable", admin)
        hub.call("POST", f"{CREDENTIALS}/{canary}/revoke", admin)
        for line in (bearer(canary + "\0"), f"{canary}: {canary}", f"Host: {canary}", f"Transfer-Encoding: {canary}", f"X: \x01{canary}",
                     basic(canary + ":" + canary)):
            with contextlib.suppress(http.client.HTTPException, OSError):
                raw(hub, "GET", "/taxii2/", line)
        raw(hub, canary.upper(), "/")
        self.hello(hub, canary + ".example")
        file = hub.dir.parent / f"{canary}.json"
        file.write_text(json.dumps([dict(indicator(name=canary))]))
        subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", lab, "submit", str(file)], capture_output=True, check=True, timeout=60)
        metrics = hub.call("GET", "/metrics", admin).body.decode()
        trail = hub.call("GET", "/api/v1/audit/entries?limit=10000", admin).body.decode()
        self.assertEqual(hub.stop(), 0)
        folder = hub.dir.parent / "export"
        hub.verb("audit", "export", str(folder), "--for", "counsel")
        texts = {"metrics": metrics, "trail": trail, "log": (hub.dir / "serve.log").read_text(),
                 **{file.name: file.read_bytes().decode(errors="replace") for file in folder.iterdir()}}
        self.assertIn("submit", trail)
        self.assertIn('"event":"request"', texts["log"])
        for name, text in texts.items():
            for secret in (canary, str(sent), "198.51.100.231", lab[24:], admin[24:], liaison[24:]):
                self.assertEqual(re.findall(f".*{re.escape(secret)}.*", text, re.IGNORECASE)[:2], [], name)

    def hello(self, hub, name):
        """The name of a server in the first words of TLS."""
        context = ssl.create_default_context(cafile=hub.ca)
        context.check_hostname = False
        raw = socket.create_connection(("127.0.0.1", hub.port), timeout=60)
        with contextlib.suppress(ssl.SSLError, OSError), context.wrap_socket(raw, server_hostname=name) as tls:
            tls.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            receive(tls)


class Certificates(unittest.TestCase):
    """In depth: client_certificates_test.py, client_certificates_test.cpp."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-e2e-ca-")
        self.addCleanup(folder.cleanup)
        self.ca, self.hub = Authority(folder.name), Instance()
        self.addCleanup(self.hub.close)
        for name in ("aurora", "borealis"):
            self.hub.organisation(name, "lab", "red")
        (self.hub.dir / "certs" / "clients-ca.crt").write_text(self.ca.file.read_text())
        self.hub.configure(listen__mtls='"127.0.0.1:0"', listen__tls12="true")
        self.own = self.ca.issue("own", "URI:urn:own")
        self.hub.start()
        self.identifier = self.hub.verb("certificate", "add", "--org", "aurora", "--role", "feed", "--san", "URI:urn:own")

    def context(self, version):
        context = ssl.create_default_context(cafile=self.hub.ca)
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(self.own.file, self.own.key)
        return context

    def visit(self, context, port, session=None, token=None):
        """The status of /me, the session, and whether it is the given one going on. None for who is not heard."""
        try:
            with context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=60), server_hostname="127.0.0.1", session=session) as tls:
                tls.sendall(f"GET {ME} HTTP/1.1\r\nHost: x\r\n{bearer(token) if token else 'X: 1'}\r\n\r\n".encode())
                return receive(tls).status, tls.session, tls.session_reused
        except (OSError, http.client.HTTPException):
            return None, None, False

    def test_a09_a_certificate_and_a_token_are_of_one_organisation_or_of_nobody(self):
        tokens = {name: self.hub.token(name, "analyst") for name in ("aurora", "borealis")}
        certificates_id = f"tocsin_{self.identifier}_" + "A" * 43
        visit = lambda token: self.visit(self.context(ssl.TLSVersion.TLSv1_3), self.hub.mtls_port, token=token)[0]
        self.assertEqual([visit(None), visit(tokens["aurora"])], [200, 200])
        self.assertEqual([visit(tokens["borealis"]), visit(certificates_id), visit("x"), visit(tokens["aurora"] + "x")], [401] * 4)
        self.assertEqual(self.visit(self.context(ssl.TLSVersion.TLSv1_3), self.hub.port)[0], 401, "the other listener knows no certificate")

    def test_a26_no_session_carries_a_certificate_over_to_the_next_connection(self):
        for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            with self.subTest(version):
                context = self.context(version)
                status, session, _ = self.visit(context, self.hub.mtls_port)
                self.assertEqual((status, session.has_ticket), (200, False))
                self.assertEqual(self.visit(context, self.hub.mtls_port, session)[::2], (200, False))
                status, ordinary, _ = self.visit(context, self.hub.port)
                self.assertEqual(status, 401)
                self.assertFalse(self.visit(context, self.hub.mtls_port, ordinary)[2], "a session of the listener that asks for no certificate")
                self.assertEqual(self.visit(context, self.hub.port, ordinary)[0], 401, "who resumes there is nobody without a token")

    def test_a26_who_is_revoked_or_denied_comes_back_with_no_session(self):
        contexts = [self.context(version) for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2)]
        before = [(context, *self.visit(context, self.hub.mtls_port)[:2]) for context in contexts]
        self.assertEqual([status for _, status, _ in before], [200, 200])
        self.hub.verb("certificate", "deny", "--pin", self.own.pin)
        for context, _, session in before:
            status, _, reused = self.visit(context, self.hub.mtls_port, session)
            self.assertEqual((status, reused), (401, False))
        lines = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.hub.mtls_port}", "-reconnect", "-tls1_2", "-CAfile", self.hub.ca,
                                "-cert", self.own.file, "-key", self.own.key], input="", capture_output=True, text=True, timeout=60).stdout
        self.assertEqual((lines.count("New, "), lines.count("Reused, ")), (6, 0), lines)


if __name__ == "__main__":
    unittest.main()
