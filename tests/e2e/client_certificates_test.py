"""Client certificates as credentials: the real binary, and certificates of a test authority. Names with A and a number are attacks on others."""
import base64
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from authority import Authority
from instance import TOCSIN, Instance, indicator

REFUSED_UNHEARD = (ssl.SSLError, OSError, http.client.HTTPException)
ME = "/api/v1/me"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-e2e-ca-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.ca = Authority(self.folder)
        self.hub = Instance()
        self.addCleanup(self.hub.close)
        self.hub.organisation("aurora", "lab", "red")
        self.hub.organisation("borealis", "cloud", "amber")
        self.trust(self.ca)
        self.hub.configure(listen__mtls='"127.0.0.1:0"')

    def trust(self, *authorities):
        (self.hub.dir / "certs" / "clients-ca.crt").write_text("".join(each.file.read_text() for each in authorities))

    def bind(self, organisation, role, *words):
        return self.hub.verb("certificate", "add", "--org", organisation, "--role", role, *words)

    def connect(self, certificate):
        connection = self.hub.connect(certificate, mtls=True)
        self.addCleanup(connection.close)
        return connection

    def ask(self, certificate, path=ME, token=None, connection=None, method="GET", body=None, headers=None):
        if connection is not None:
            return self.hub.call(method, path, token, body, headers, connection)
        with contextlib.closing(self.hub.connect(certificate, mtls=True)) as connection:
            return self.hub.call(method, path, token, body, headers, connection)

    def assert_unheard(self, certificate):
        with self.assertRaises(REFUSED_UNHEARD):
            self.ask(certificate)

    def assert_is(self, answer, organisation, *roles):
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual((answer.json["organisation"], answer.json["roles"]), (organisation, list(roles)))

    def log(self):
        return (self.hub.dir / "serve.log").read_text()

    def assert_refused(self, answer, reason):
        """401, and the reason in the log's line of that very request."""
        self.assertEqual(answer.status, 401, answer.body)
        line = next(line for line in map(json.loads, self.log().splitlines()) if line.get("request") == answer.json["request_id"])
        self.assertEqual(line["refused"], reason)

    def reload(self, **values):
        self.hub.configure(**values)
        before = self.log()
        self.hub.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while not (found := re.search(r'"event":"reload\.(done|refused)".*\n', self.log()[len(before):])):
            self.assertLess(time.monotonic(), deadline, "no end of the reload")
            time.sleep(0.005)
        return found[1]


class Credentials(Case):
    def test_a_certificate_is_the_credential_that_asks_for_its_pin_or_name_on_the_mtls_listener_only(self):
        pinned, uri, dns = self.ca.issue("pinned"), self.ca.issue("uri", "URI:spiffe://aurora/feed"), self.ca.issue("dns", "DNS:Feed.Borealis.example")
        based = self.ca.issue("based")
        self.hub.start()
        self.bind("aurora", "analyst", "--pin", pinned.pin.upper())
        self.bind("aurora", "submitter,feed", "--pin", base64.b64encode(bytes.fromhex(based.pin)).decode())
        self.bind("aurora", "feed", "--san", "URI:spiffe://aurora/feed")
        self.bind("borealis", "feed", "--san", "DNS:feed.BOREALIS.example")
        self.assert_is(self.ask(pinned), "aurora", "analyst")
        self.assert_is(self.ask(based), "aurora", "submitter", "feed")
        self.assert_is(self.ask(uri), "aurora", "feed")
        self.assert_is(self.ask(dns), "borealis", "feed")
        with contextlib.closing(self.hub.connect(pinned)) as ordinary:
            self.assertEqual(self.hub.call("GET", ME, connection=ordinary).status, 401)
        collections = self.ask(uri, "/taxii2/root/collections/")
        self.assertEqual(collections.status, 200)
        path = f"/taxii2/root/collections/{collections.json['collections'][0]['id']}/objects/"
        self.assertEqual(self.ask(uri, path, method="POST", body={"objects": [indicator()]}).status, 403)
        self.assertEqual(self.ask(pinned, path, method="POST", body={"objects": [indicator()]}).status, 202)
        self.assertEqual(len(self.ask(uri, path).json["objects"]), 1)

    def test_limits_of_a_certificate_are_those_of_a_token(self):
        one, two = self.ca.issue("one"), self.ca.issue("two", "URI:urn:two")
        self.hub.start()
        self.bind("aurora", "feed", "--pin", one.pin, "--from", "203.0.113.0/24")
        self.bind("aurora", "feed", "--san", "URI:urn:two", "--from", "127.0.0.1", "--collections", "network", "--max-tlp", "green", "--kinds", "ip-range",
                  "--label", "firewall", "--expires", "2090-01-01T00:00:00Z")
        self.assert_refused(self.ask(one), "wrong-address")
        me = self.ask(two).json
        self.assertEqual((me["clearance"], me["credential"]["label"], me["credential"]["kinds"], [each["title"] for each in me["collections"]]),
                         ("green", "firewall", ["ip-range"], ["network"]))

    def test_list_add_and_revoke_say_what_they_did_and_what_is_wrong(self):
        one = self.ca.issue("one")
        refused = lambda *words: self.hub.verb("certificate", *words, check=False).stderr
        for running in (False, True):
            if running:
                self.hub.start()
            identifier = self.bind("aurora", "feed", "--pin", one.pin, "--label", "x")
            self.assertRegex(identifier, "^[0-9a-f]{16}$")
            rows = [line.split("\t") for line in self.hub.verb("certificate", "list").splitlines()]
            self.assertIn([identifier, "aurora", "feed", "x", "-", f"pin:{one.pin}", "active", "-", "-", "-", "-", "-"], rows)
            self.assertNotIn(identifier, self.hub.verb("token", "list"))
            self.assertIn("asks for this certificate already", refused("add", "--org", "borealis", "--role", "feed", "--pin", one.pin))
            self.hub.verb("certificate", "revoke", identifier)
            self.assertIn("is revoked already", refused("revoke", identifier))
        add = lambda *words: refused("add", "--org", "aurora", "--role", "feed", *words)
        self.assertIn("SHA-256", add("--pin", "abc"))
        self.assertIn("SHA-256", add("--pin", ""))
        self.assertIn("common names are never looked at", add("--san", "CN:one"))
        self.assertIn("common names are never looked at", add("--san", ""))
        self.assertIn("wildcards", add("--san", "DNS:*.example"))
        self.assertIn("Give --pin or --san", add())
        self.assertIn("--san", add("--pin", one.pin, "--san", "URI:urn:x"))
        self.assertEqual(len(self.hub.verb("token", "list").splitlines()), 1)  # the administrator's, of init
        self.assertNotIn("active", self.hub.verb("certificate", "list"))

    def test_revoking_denying_and_disabling_act_on_the_next_request_of_open_connections(self):
        certificates = [self.ca.issue(name, f"URI:urn:{name}") for name in ("a", "b", "c")]
        self.hub.start()
        identifiers = [self.bind("aurora", "feed", "--san", f"URI:urn:{name}") for name in "abc"]
        connections = [self.connect(each) for each in certificates]
        for connection in connections:
            self.assert_is(self.ask(None, connection=connection), "aurora", "feed")
        self.hub.verb("certificate", "revoke", identifiers[0])
        answer = self.ask(None, connection=connections[0])
        self.assert_refused(answer, "revoked")
        self.assertEqual(answer.headers["Connection"], "close")
        self.hub.verb("certificate", "deny", "--pin", certificates[1].pin)
        self.hub.verb("certificate", "deny", "--pin", certificates[1].pin)
        self.assert_refused(self.ask(None, connection=connections[1]), "denied")
        self.assert_is(self.ask(None, connection=connections[2]), "aurora", "feed")
        self.hub.verb("org", "disable", "aurora")
        self.assert_refused(self.ask(None, connection=connections[2]), "disabled")
        self.hub.verb("org", "enable", "aurora")
        self.assert_is(self.ask(certificates[2]), "aurora", "feed")
        self.assert_refused(self.ask(self.ca.issue("again", "URI:urn:c", key_of=certificates[1])), "denied")
        self.assertEqual([line.split("\t")[6] for line in self.hub.verb("certificate", "list").splitlines()], ["revoked", "active", "active", "denied"])
        self.hub.kill()
        self.hub.start()
        self.assert_refused(self.ask(certificates[1]), "denied")


class Client(Case):
    def tocsin(self, *words, stdin="", **variables):
        environment = {"TOCSIN_FORMAT": "table", "PATH": os.environ["PATH"], "HOME": self.folder} | variables
        return subprocess.run([TOCSIN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=60, env=environment)

    def test_tocsin_shows_a_certificate_instead_of_a_token(self):
        self.hub.start()
        feed = self.ca.issue("feed", "URI:spiffe://borealis.example/feed")
        self.bind("borealis", "analyst", "--san", "URI:spiffe://borealis.example/feed")
        server = ["--url", f"https://localhost:{self.hub.mtls_port}", "--ca", self.hub.dir / "certs" / "ca.crt"]
        seen = self.tocsin("whoami", *server, "--cert", feed.file, "--key", feed.key)
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertIn("borealis", seen.stdout)
        by_environment = self.tocsin("submit", *server, "-", stdin=json.dumps(indicator(tlp="green")), TOCSIN_CERT=str(feed.file), TOCSIN_KEY=str(feed.key))
        self.assertEqual(by_environment.returncode, 0, by_environment.stderr)
        without = self.tocsin("whoami", *server)
        self.assertEqual(without.returncode, 3, without.stderr)
        self.assertIn("--cert", without.stderr)

    def test_tocsin_names_a_certificate_or_key_that_it_cannot_use(self):
        feed, other = self.ca.issue("feed", "URI:urn:feed"), self.ca.issue("other", "URI:urn:other")
        for words, named in ((["--cert", self.folder + "/none.crt", "--key", feed.key], "none.crt"),
                             (["--cert", feed.file, "--key", other.key], str(other.key)), (["--cert", feed.file], str(feed.file))):
            refused = self.tocsin("whoami", "--url", "https://localhost:1", *words)
            self.assertEqual(refused.returncode, 1, refused.stderr)
            self.assertIn(named, refused.stderr)


class Attacks(Case):
    def test_A09_a_certificate_and_a_token_of_different_organisations_are_refused(self):
        own = self.ca.issue("own", "URI:urn:own")
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:own")
        same, other = self.hub.token("aurora", "analyst"), self.hub.token("borealis", "analyst")
        self.assert_refused(self.ask(own, token=other), "disagreeing")
        self.assert_is(self.ask(own, token=same), "aurora", "analyst")
        self.assert_refused(self.ask(own, token="tocsin_x"), "malformed")
        for header in ("", " ", "Bearer", "Bearer ", "Basic Og=="):
            self.assert_refused(self.ask(own, headers={"Authorization": header}), "malformed")

    def test_A09_a_certificate_that_is_nobodys_is_refused_with_a_token_too(self):
        self.hub.start()
        token = self.hub.token("aurora", "analyst")
        for number, san in enumerate((None, "URI:urn:nobody", "DNS:nobody.example")):
            certificate = self.ca.issue(f"nobody{number}", san)
            self.assert_refused(self.ask(certificate), "unbound")
            self.assert_refused(self.ask(certificate, token=token), "unbound")

    def test_A09_common_names_are_never_looked_at_and_names_are_compared_whole(self):
        self.hub.start()
        self.bind("aurora", "feed", "--san", "DNS:feed.aurora.example")
        self.bind("borealis", "feed", "--san", "URI:spiffe://borealis/feed")
        for number, (subject, san) in enumerate((
                ("/CN=feed.aurora.example", None), ("/CN=aurora/CN=borealis", None), ("/CN=feed.aurora.example", "URI:urn:x"), ("/CN=", "DNS:aurora.example"),
                ("/CN=x", "DNS:*.aurora.example"), ("/CN=x", "DNS:feed.aurora.example.evil.example"), ("/CN=x", "URI:DNS:feed.aurora.example"),
                ("/CN=x", "email:a@feed.aurora.example"), ("/CN=x", "URI:spiffe://borealis/feed/"), ("/CN=x", "URI:SPIFFE://borealis/feed"))):
            self.assert_refused(self.ask(self.ca.issue(f"odd{number}", san, subject=subject)), "unbound")

    def test_A09_names_of_two_credentials_and_names_that_deceive_are_refused(self):
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:aurora")
        self.bind("borealis", "feed", "--san", "URI:urn:borealis")
        self.assert_refused(self.ask(self.ca.issue("two", "URI:urn:aurora,URI:urn:borealis")), "ambiguous")
        self.assert_is(self.ask(self.ca.issue("twice", "URI:urn:aurora,URI:urn:aurora,URI:urn:none")), "aurora", "feed")
        der = lambda *names: (lambda body: "DER:30" + f"{len(body):02X}" + body.hex())(b"".join(b"\x86" + bytes([len(name)]) + name for name in names))
        for number, names in enumerate(((b"urn:aurora\0", ), (b"urn:aurora\0.evil", ), (b"", ), (b"urn:aurora", b"urn:\xff"), (b"urn:aurora ", ))):
            self.assert_refused(self.ask(self.ca.issue(f"deceives{number}", der(*names))), "untrusted")

    def test_A10_no_method_header_or_other_door_makes_up_for_a_certificate(self):
        own = self.ca.issue("own", "URI:urn:own")
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:own")
        stranger, pem = self.ca.issue("stranger"), own.file.read_text().replace("\n", "%0A")
        for headers in ({"X-Forwarded-Client-Cert": f"URI=urn:own;Hash={own.pin}"}, {"X-SSL-Client-Cert": pem}, {"SSL-Client-Verify": "SUCCESS"},
                        {"X-HTTP-Method-Override": "GET"}, {"Forwarded": "for=127.0.0.1;host=admin"}):
            self.assertEqual(self.ask(stranger, headers=headers).status, 401)
            self.assertEqual(self.hub.call("GET", ME, headers=headers, connection=self.hub.connect(own)).status, 401)
        for path in (ME, "/taxii2/", "/api/v1/admin/credentials", "/metrics", "/API/V1/ME", "/api/v1/me/", "/api/v1/m%65", "/api//v1/me", "/api/v1/./me"):
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "get"):
                self.assertGreaterEqual(self.ask(stranger, path, method=method).status, 400, (method, path))
        for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            for path in (ME, "/taxii2/", "/healthz", "/nothing"):
                for method in ("GET", "POST", "OPTIONS"):
                    self.assertEqual(self.ask(own, path, method=method, headers=headers).status, 403, (method, path))

    def test_A12_all_refusals_of_certificates_are_the_same_bytes(self):
        known, ended, other = self.ca.issue("known", "URI:urn:known"), self.ca.issue("ended", "URI:urn:ended"), self.ca.issue("other")
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:known", "--from", "203.0.113.1")
        self.hub.verb("certificate", "revoke", self.bind("aurora", "feed", "--san", "URI:urn:ended"))
        self.hub.verb("certificate", "deny", "--pin", other.pin)
        seen = set()
        for certificate in (known, ended, other, self.ca.issue("unknown"), self.ca.issue("odd", "URI:a b")):
            answer = self.ask(certificate)
            without = lambda text: text.replace(answer.json["request_id"], "ID")
            fields = tuple((name, without(value)) for name, value in answer.headers.items() if name != "Date")
            seen.add((answer.status, fields, without(answer.body.decode())))
        self.assertEqual(len(seen), 1, seen)

    def test_A18_neither_the_log_nor_an_answer_repeats_what_a_certificate_or_token_says(self):
        canary = "c4n4ry"
        certificates = [self.ca.issue(canary + "a", f"URI:urn:{canary}"), self.ca.issue(canary + "b", f"URI:urn:{canary} x", subject=f"/CN={canary}"),
                        Authority(self.folder, canary).issue(canary + "c")]
        self.hub.start()
        self.hub.configure(log__level='"debug"', log__requests='"all"')
        self.assertEqual(self.reload(), "done")
        answers = b""
        for certificate in certificates:
            with contextlib.suppress(*REFUSED_UNHEARD):
                answers += self.ask(certificate, token=f"tocsin_0123456789abcdef_{canary}").body
        self.bind("aurora", "feed", "--san", f"URI:urn:{canary}")
        answers += self.ask(certificates[0], path="/metrics").body + self.ask(certificates[0]).body
        for said in (answers.decode(), self.log()):
            self.assertNotIn(canary, said)
            for certificate in certificates:
                self.assertNotIn(certificate.pin, said)

    def test_A26_no_session_is_resumed_where_a_certificate_is_asked_for(self):
        own = self.ca.issue("own", "URI:urn:own")
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:own")
        context = ssl.create_default_context(cafile=self.hub.ca)
        context.load_cert_chain(own.file, own.key)

        def visit(port, session=None):
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60)
            with contextlib.closing(connection):
                raw = socket.create_connection(("127.0.0.1", port), timeout=60)
                connection.sock = context.wrap_socket(raw, server_hostname="127.0.0.1", session=session)
                status = self.hub.call("GET", ME, connection=connection).status
                return status, connection.sock.session if connection.sock else None, connection.sock and connection.sock.session_reused
        status, ordinary, _ = visit(self.hub.port)
        self.assertEqual((status, ordinary.has_ticket), (401, True))
        self.assertTrue(visit(self.hub.port, ordinary)[2])
        status, mutual, reused = visit(self.hub.mtls_port, ordinary)
        self.assertEqual((status, reused, mutual.has_ticket), (200, False, False))
        self.assertFalse(visit(self.hub.mtls_port, mutual)[2])


class Trust(Case):
    def test_only_chains_to_the_private_authorities_for_clients_and_of_moderate_depth_are_heard(self):
        stranger = Authority(self.folder, "stranger")
        first = Authority(self.folder, "first", above=self.ca)
        second = Authority(self.folder, "second", above=first)
        third = Authority(self.folder, "third", above=second)
        self.hub.start()
        for number, authority in enumerate((self.ca, first, second)):
            certificate = authority.issue(f"good{number}")
            self.bind("aurora", "feed", "--pin", certificate.pin)
            self.assert_is(self.ask(certificate), "aurora", "feed")
        for number, certificate in enumerate((third.issue("deep"), stranger.issue("strange"), self.ca.issue("server", usage="serverAuth"),
                                              self.ca.issue("any", usage=None), first.issue("mail", usage="emailProtection"))):
            self.bind("aurora", "feed", "--pin", certificate.pin)
            self.assert_unheard(certificate)
        self.assert_unheard(None)
        self.assertIn("tls.client_refused", self.log())

    def test_a_missing_authority_file_is_named_and_nothing_starts(self):
        (self.hub.dir / "certs" / "clients-ca.crt").unlink()
        done = self.hub.verb("serve", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("clients-ca.crt", done.stderr)
        self.assertIn("tls.client_ca", done.stderr)

    def test_A26_a_reload_with_a_new_revocation_list_ends_open_connections_at_their_next_request(self):
        bad, good = self.ca.issue("bad", "URI:urn:bad"), self.ca.issue("good", "URI:urn:good")
        crl = self.hub.dir / "certs" / "clients.crl"
        crl.write_text(self.ca.revocation_list())
        self.hub.configure(tls__client_crl='"certs/clients.crl"')
        self.hub.start()
        for name in ("bad", "good"):
            self.bind("aurora", "feed", "--san", f"URI:urn:{name}")
        revoked, kept = self.connect(bad), self.connect(good)
        for connection in (revoked, kept):
            self.assert_is(self.ask(None, connection=connection), "aurora", "feed")
        self.ca.revoke(bad)
        crl.write_text(self.ca.revocation_list())
        self.assertEqual(self.reload(), "done")
        self.assert_refused(self.ask(None, connection=revoked), "untrusted")
        self.assert_is(self.ask(None, connection=kept), "aurora", "feed")
        self.assert_unheard(bad)
        crl.write_text("nonsense")
        self.assertEqual(self.reload(), "refused")
        self.assertIn("clients.crl", self.log().splitlines()[-1])
        self.assert_is(self.ask(None, connection=kept), "aurora", "feed")
        self.assertNotIn("revocation-list.ended", self.log())
        crl.write_text(self.ca.revocation_list(ended=True))
        self.assertEqual(self.reload(), "done")
        self.assertIn('"event":"revocation-list.ended"', self.log())
        metrics = self.hub.call("GET", "/metrics", (self.hub.dir / "admin.token").read_text().strip()).body.decode()
        ended = int(re.search(r"(?m)^tocsin_revocation_list_end_timestamp_seconds ([0-9]+)$", metrics)[1])
        self.assertTrue(time.time() - 120 < ended < time.time())
        self.assert_refused(self.ask(None, connection=kept), "untrusted")
        self.assert_unheard(good)

    def test_a_reload_with_another_authority_ends_open_connections_at_their_next_request(self):
        other = Authority(self.folder, "other")
        old, new = self.ca.issue("old", "URI:urn:x"), other.issue("new", "URI:urn:x")
        self.hub.start()
        self.bind("aurora", "feed", "--san", "URI:urn:x")
        connection = self.connect(old)
        self.assert_is(self.ask(None, connection=connection), "aurora", "feed")
        self.trust(self.ca, other)
        self.assertEqual(self.reload(), "done")
        self.assert_is(self.ask(None, connection=connection), "aurora", "feed")
        self.assert_is(self.ask(new), "aurora", "feed")
        self.trust(other)
        self.assertEqual(self.reload(), "done")
        self.assert_refused(self.ask(None, connection=connection), "untrusted")
        self.assert_unheard(old)
        self.assert_is(self.ask(new), "aurora", "feed")


if __name__ == "__main__":
    unittest.main(verbosity=1)
