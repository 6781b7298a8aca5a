"""SIGHUP while clients are at work: what it changes, what it refuses to change, and that nobody notices."""
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import unittest
import uuid

from instance import TAXII, TOCSIND, Instance, Slow, first_certificate, indicator


class Client(threading.Thread):
    """Asks and submits on one connection until told to stop; remembers what did not go well."""

    def __init__(self, hub, path, token):
        super().__init__()
        self.hub, self.path, self.token = hub, path, token
        self.connected, self.enough, self.failures, self.acknowledged = threading.Event(), threading.Event(), [], []

    def run(self):
        try:
            with contextlib.closing(self.hub.connect()) as connection:
                connection.connect()
                self.connected.set()
                before = connection.sock.getsockname()
                while not self.enough.is_set():
                    one = indicator()
                    for method, body, wanted in (("GET", None, 200), ("POST", {"objects": [one]}, 202)):
                        answer = self.hub.call(method, self.path + ("?limit=5" if body is None else ""), self.token, body, connection=connection)
                        if answer.status != wanted:
                            self.failures.append(answer.body)
                    self.acknowledged.append(one["id"])
                    if connection.sock is None or connection.sock.getsockname() != before:
                        self.failures.append("the connection was dropped")
                        return
        except Exception as error:
            self.failures.append(repr(error))


class Reload(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)
        self.hub.organisation("aurora", "lab", "red")
        self.token = self.hub.token("aurora", "analyst")
        self.objects = self.hub.objects_of("network")

    def reload(self, **values):
        """Changes keys, sends SIGHUP, and returns what was logged when it was done or refused."""
        self.hub.configure(**values)
        with open(self.hub.dir / "serve.log") as log:
            log.seek(0, os.SEEK_END)
            self.hub.process.send_signal(signal.SIGHUP)
            seen, deadline = "", time.monotonic() + 30
            while not re.search(r'"event":"reload\.(done|refused)".*\n', seen):
                self.assertLess(time.monotonic(), deadline, f"no end of the reload: {seen}")
                seen += log.read()
                time.sleep(0.005)
            seen += log.read()
        return [line for line in map(json.loads, seen.splitlines()) if line["event"].startswith("reload.")]

    def assert_reloads(self, **values):
        self.assertEqual([line["event"] for line in self.reload(**values)], ["reload.done"])

    def submit(self, *made):
        return self.hub.call("POST", self.objects, self.token, {"objects": made})

    def stored(self, query=""):
        return self.hub.call("GET", self.objects + query, self.token).json["objects"]

    def metric(self, name):
        text = self.hub.call("GET", "/metrics", (self.hub.dir / "admin.token").read_text().strip()).body.decode()
        return int(re.search(rf"(?m)^{name} (\d+)$", text)[1])

    def other_certificate(self, name="other"):
        other = self.hub.dir.parent / name
        subprocess.run([TOCSIND, "init", "--dir", str(other)], check=True, capture_output=True)
        return other / "certs"

    def served(self):
        return ssl.get_server_certificate(("127.0.0.1", self.hub.port))

    def test_under_load_no_connection_is_dropped_no_request_fails_and_certificates_change(self):
        self.hub.start()
        other, own = self.other_certificate(), self.hub.dir / "certs"
        pairs = [{name: (folder / name).read_bytes() for name in ("server.crt", "server.key")} for folder in (own, other)]
        clients = [Client(self.hub, self.objects, self.token) for _ in range(6)]
        slow = Slow(self.hub, self.objects, self.token, {"objects": [indicator()]})
        self.addCleanup(slow.close)
        for client in clients:
            client.start()
        for client in clients:
            self.assertTrue(client.connected.wait(60))  # before the certificate is one that it does not know
        try:
            for turn in range(1, 21):
                for name, text in pairs[turn % 2].items():
                    (own / name).write_bytes(text)
                self.assert_reloads(taxii__max_page=str(1_000 + turn))
                self.assertEqual(self.served().split(), first_certificate((own, other)[turn % 2] / "server.crt").split())
        finally:
            for client in clients:
                client.enough.set()
            for client in clients:
                client.join(60)
        for client in clients:
            self.assertEqual(client.failures, [])
            self.assertGreater(len(client.acknowledged), 0)
        self.assertEqual(slow.finish().json["success_count"], 1)  # it began before the first reload
        self.assertEqual(self.hub.stop(), 0)
        self.assertEqual(self.hub.verb("check").splitlines()[-1], "ok")

    def test_limits_of_requests_are_reloaded(self):
        self.hub.start()
        answers = lambda: {self.hub.call("GET", "/taxii2/", self.token).status for _ in range(30)}
        self.assertEqual(answers(), {200})
        self.assert_reloads(limits__requests_per_second="1")
        self.assertIn(429, answers())
        self.assert_reloads(limits__requests_per_second="0")
        self.assertEqual(answers(), {200})
        slow = Slow(self.hub, self.objects, self.token, {"objects": [indicator()]})
        self.addCleanup(slow.close)
        self.assert_reloads(limits__in_flight="1")
        self.assertEqual(answers(), {503})
        self.assert_reloads(limits__in_flight="2")
        self.assertEqual(answers(), {200})
        self.assertEqual(slow.finish().status, 202)

    def test_sizes_of_pages_bodies_and_objects_are_reloaded(self):
        self.hub.start()
        self.submit(*[indicator() for _ in range(5)])
        self.assertEqual(len(self.stored()), 5)
        self.assert_reloads(taxii__default_page="2", taxii__max_page="3")
        self.assertEqual([len(self.stored(query)) for query in ("", "?limit=1", "?limit=1000")], [2, 1, 3])
        large = indicator(description="x" * 1_500_000)
        self.assertEqual(self.submit(indicator(), large).json["success_count"], 1)  # an object has 1 MiB at most
        self.assert_reloads(admission__max_object_kib="4096")
        self.assertEqual(self.submit(large).json["success_count"], 1)
        self.assert_reloads(admission__max_object_kib="64", taxii__max_content_length_mib="1")
        self.assertEqual(self.hub.call("GET", "/taxii2/root/", self.token).json["max_content_length"], 1 << 20)
        connection = self.hub.connect()
        self.addCleanup(connection.close)
        connection.putrequest("POST", self.objects)
        for name, value in (("Authorization", "Bearer " + self.token), ("Content-Type", TAXII), ("Content-Length", str((1 << 20) + 1))):
            connection.putheader(name, value)
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        self.assertEqual(self.submit(indicator(description="x" * 100_000)).json["failure_count"], 1)
        ahead = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3_600))
        self.assertEqual(self.submit(indicator(modified=ahead)).json["failure_count"], 1)
        self.assert_reloads(admission__future_tolerance_s="7200")
        self.assertEqual(self.submit(indicator(modified=ahead)).json["success_count"], 1)

    def test_limits_of_connections_are_reloaded(self):
        self.hub.start()
        slow = Slow(self.hub, self.objects, self.token, {"objects": [indicator()]})
        self.addCleanup(slow.close)
        for key in ("http__max_connections", "http__max_connections_per_address"):
            self.assert_reloads(**{key: "1"})
            with self.assertRaises(OSError):
                ssl.get_server_certificate(("127.0.0.1", self.hub.port))
            self.assert_reloads(**{key: "100"})
            self.served()
        self.assertEqual(slow.finish().status, 202)
        self.assert_reloads(http__idle_timeout_s="1", http__header_timeout_s="1", http__handshake_timeout_s="1", http__body_timeout_s="1")
        idle = self.hub.connect()
        self.addCleanup(idle.close)
        self.assertEqual(self.hub.call("GET", "/healthz", connection=idle).status, 200)
        began = time.monotonic()
        self.assertEqual(idle.sock.recv(1), b"")  # closed, where 75 s were allowed before
        half = self.hub.connect()
        self.addCleanup(half.close)
        half.connect()
        half.sock.sendall(b"GET / HTTP/1.1\r\n")
        self.assertTrue(half.sock.recv(1_000).startswith(b"HTTP/1.1 408 "))
        with socket.create_connection(("127.0.0.1", self.hub.port), timeout=30) as silent:
            self.assertEqual(silent.recv(1), b"")
        late = Slow(self.hub, self.objects, self.token, {"objects": [indicator()]})
        self.addCleanup(late.close)
        self.assertIn(b" 408 ", late.tls.recv(1_000))
        self.assertLess(time.monotonic() - began, 15)

    def test_the_store_the_cache_and_the_log_are_reloaded(self):
        self.hub.start()
        self.submit(*[indicator() for _ in range(100)])
        commits = self.metric("tocsin_commits_total")
        self.assert_reloads(store__commit_objects="10", store__commit_interval_ms="1000")
        self.submit(*[indicator() for _ in range(100)])
        self.assertGreaterEqual(self.metric("tocsin_commits_total") - commits, 10)
        self.assert_reloads(store__free_space_mib="1048576")
        self.assertEqual(self.submit(indicator()).json["error_code"], "storage-full")
        self.assert_reloads(store__free_space_mib="0")
        self.assertEqual(self.submit(indicator()).status, 202)

        def hits():
            before = self.metric("tocsin_page_cache_hits_total")
            for _ in range(3):
                self.stored("?limit=3")
            return self.metric("tocsin_page_cache_hits_total") - before

        self.assertGreaterEqual(hits(), 2)
        self.assert_reloads(cache__pages_mib="0")
        self.assertEqual(hits(), 0)
        self.assert_reloads(cache__pages_mib="64")
        self.assertEqual(hits(), 2)

        def requests():
            before = (self.hub.dir / "serve.log").read_text().count('"event":"request"')
            self.hub.call("GET", "/taxii2/", self.token)
            self.hub.call("GET", "/taxii2/")
            return (self.hub.dir / "serve.log").read_text().count('"event":"request"') - before

        self.assertEqual(requests(), 1)  # the one without a token
        self.assert_reloads(log__requests='"all"')
        self.assertEqual(requests(), 2)
        self.assert_reloads(log__requests='"none"')
        self.assertEqual(requests(), 0)

    def test_the_level_of_the_log_is_reloaded(self):
        self.hub.start()
        self.submit(*[indicator() for _ in range(5)])
        log = self.hub.dir / "serve.log"
        for level, most in (("error", 2), ("warning", 3), ("info", 4)):
            before = log.read_text()
            self.hub.configure(log__level=f'"{level}"', log__requests='"all"', taxii__default_page=str(most))
            self.hub.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 30
            while len(self.stored()) != most:
                self.assertLess(time.monotonic(), deadline)
                before = log.read_text()
            self.hub.call("GET", "/taxii2/", self.token)
            (self.assertIn if level == "info" else self.assertNotIn)('"event":"request"', log.read_text()[len(before):])

    def test_tls_versions_and_the_names_of_the_files_are_reloaded(self):
        self.hub.start()

        def old_handshake():
            context = ssl.create_default_context(cafile=self.hub.ca)
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            with socket.create_connection(("127.0.0.1", self.hub.port), timeout=30) as raw:
                with context.wrap_socket(raw, server_hostname="127.0.0.1") as tls:
                    return tls.version()

        self.assertRaises(ssl.SSLError, old_handshake)
        self.assert_reloads(listen__tls12="true")
        self.assertEqual(old_handshake(), "TLSv1.2")
        self.assert_reloads(listen__tls12="false")
        self.assertRaises(ssl.SSLError, old_handshake)
        other = self.other_certificate()
        self.assert_reloads(tls__certificate=f'"{other}/server.crt"', tls__key=f'"{other}/server.key"')
        self.assertEqual(self.served().split(), first_certificate(other / "server.crt").split())

    def test_mistakes_leave_the_old_in_force_and_are_each_logged(self):
        self.hub.start()
        self.submit(*[indicator() for _ in range(5)])
        file = self.hub.dir / "tocsin.toml"
        good = file.read_text()
        self.hub.configure(taxii__default_page="2", http__threads="-3", log__level='"loud"')
        file.write_text(file.read_text().replace("[limits]\n", "[limits]\ncolour = 1\n"))
        lines = self.reload()
        self.assertEqual([line["event"] for line in lines][:1], ["reload.refused"])
        deadline = time.monotonic() + 30
        while True:  # the lines follow each other
            text = (self.hub.dir / "serve.log").read_text()
            refused = [json.loads(line) for line in text.splitlines() if "reload.refused" in line]
            if len(refused) == 3:
                break
            self.assertLess(time.monotonic(), deadline, text)
        for line, key in zip(refused, ("http.threads", "limits.colour", "log.level")):
            self.assertRegex(line["mistake"], rf"^Line \d+: {key} ")
            self.assertTrue(line["remedy"])
            self.assertEqual((line["level"], line["file"]), ("error", "tocsin.toml"))
        self.assertNotIn("reload.done", text)
        self.assertEqual(len(self.stored()), 5)
        file.write_text("[instance\n")
        self.assertEqual([line["event"] for line in self.reload()], ["reload.refused"])
        file.unlink()
        self.assertEqual([line["event"] for line in self.reload()], ["reload.refused"])
        self.assertEqual(len(self.stored()), 5)
        file.write_text(good)
        self.assert_reloads(taxii__default_page="2")
        self.assertEqual(len(self.stored()), 2)

    def test_a_certificate_that_cannot_be_used_leaves_everything_as_it_was(self):
        self.hub.start()
        self.submit(*[indicator() for _ in range(5)])
        before, certificate = self.served(), self.hub.dir / "certs" / "server.crt"
        for broken in ("", "no certificate", (self.other_certificate("third") / "server.crt").read_text()):
            certificate.write_text(broken)
            lines = self.reload(taxii__default_page="2")
            self.assertEqual([line["event"] for line in lines], ["reload.refused"])
            self.assertIn("certs/server", lines[0]["mistake"])
            self.assertEqual((self.served(), len(self.stored())), (before, 5))
        certificate.write_text(before)
        self.assert_reloads()
        self.assertEqual(len(self.stored()), 2)

    def test_exactly_the_keys_that_docs_mark_so_are_named_as_needing_a_restart(self):
        documented, section = [], ""
        for line in pathlib.Path("docs/configuration.md").read_text().splitlines():
            section = line[4:-1] if line.startswith("## [") else section
            cells = [cell.strip() for cell in line.split(" | ")]
            if len(cells) == 6 and cells[4] == "restart":
                documented.append(f"{section}.{cells[0].strip('|` ')}")
        self.assertIn("listen.https", documented)
        self.hub.start()
        self.submit(*[indicator() for _ in range(5)])
        file = self.hub.dir / "tocsin.toml"
        good = file.read_text()
        lines = self.reload(
            instance__name='"another"', instance__host='"another.example"', instance__identity=f'"identity--{uuid.uuid4()}"',
            instance__origin='"another.example/log"', instance__demo="true", listen__https='"127.0.0.1:1"', listen__mtls='"127.0.0.1:3"', listen__loopback='"127.0.0.1:2"',
            http__threads="7", taxii__title='"another"', store__reader_threads="7", store__cache_mib="9", store__log_state='"elsewhere"',
            lifetimes__changing_address_h="7", lifetimes__address_d="9", lifetimes__network_d="9", lifetimes__proxy_asn_d="9", lifetimes__proxy_domain_d="9",
            lifetimes__prompt_template_d="9", lifetimes__account_pattern_d="9", lifetimes__usage_profile_d="9", lifetimes__tls_fingerprint_d="9",
            lifetimes__user_agent_d="9", lifetimes__keyed_identifier_d="9",
            retention__interval_s="7", retention__account_pattern_d="9", retention__canary_d="9", retention__ip_range_d="9", retention__keyed_identifier_d="9",
            retention__prompt_template_d="9", retention__proxy_asn_d="9", retention__proxy_domain_d="9", retention__tls_fingerprint_d="9",
            retention__usage_profile_d="9", retention__user_agent_d="9",
            audit__checkpoint_interval_s="77", taxii__default_page="2")
        self.assertEqual([line["event"] for line in lines], ["reload.incomplete", "reload.done"])
        self.assertEqual(lines[0]["keys"].split(", "), documented)
        self.assertIn("needs a restart", lines[0]["remedy"])
        self.assertEqual(len(self.stored()), 2)  # the others are in force
        self.assertEqual(self.hub.call("GET", "/taxii2/", self.token).json["title"], "Tocsin")
        file.write_text(good)
        self.assert_reloads(taxii__title='"Tocsin"')  # what it says is what runs

    def test_a_request_that_never_ends_holds_the_server_for_the_drain_time_at_most(self):
        self.hub.start()
        slow = Slow(self.hub, self.objects, self.token, {"objects": [indicator()]})
        self.addCleanup(slow.close)
        self.assert_reloads(http__drain_timeout_s="1", http__body_timeout_s="300")
        began = time.monotonic()
        self.assertEqual(self.hub.stop(), 0)
        self.assertLess(time.monotonic() - began, 8)
        self.assertIn('"event":"server.stop"', (self.hub.dir / "serve.log").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=1)
