"""What an operator does: the command contract, with and without a running server."""
import json
import os
import signal
import ssl
import stat
import subprocess
import unittest

from instance import TOCSIND, Instance, indicator


class Operator(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)

    def test_init_makes_what_it_promises_and_refuses_a_directory_that_holds_an_instance(self):
        d = self.hub.dir
        for name in ("tocsin.toml", "certs/ca.crt", "certs/server.crt", "admin.token", "keys/log.key", "keys/root.key", "tocsin.db"):
            self.assertTrue((d / name).is_file(), name)
        for name in ("certs/server.key", "certs/ca.key", "keys/log.key", "keys/root.key", "keys/cursor.key", "admin.token", "tocsin.db"):
            self.assertEqual(stat.S_IMODE((d / name).stat().st_mode), 0o600, name)
        again = self.hub.verb("init", check=False)
        self.assertEqual(again.returncode, 1)
        self.assertIn("holds an instance", again.stderr)

    def test_the_certificates_pass_strict_checks_for_every_name(self):
        certs = self.hub.dir / "certs"
        done = subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", certs / "ca.crt", certs / "server.crt"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.hub.start()
        for name in ("localhost", "127.0.0.1"):
            context = ssl.create_default_context(cafile=self.hub.ca)
            context.verify_flags |= ssl.VERIFY_X509_STRICT
            import socket
            with socket.create_connection(("127.0.0.1", self.hub.port)) as raw, context.wrap_socket(raw, server_hostname=name) as tls:
                self.assertEqual(tls.version(), "TLSv1.3")

    def test_every_verb_works_while_the_server_runs_and_while_it_does_not(self):
        for running in (False, True):
            if running:
                self.hub.start()
            suffix = "-running" if running else ""
            identity = self.hub.organisation("aurora" + suffix, "lab", "amber+strict")
            self.assertTrue(identity.startswith("identity--"))
            token = self.hub.token("aurora" + suffix, "analyst,feed", "--label", "tests")
            self.assertRegex(token, r"^tocsin_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$")
            self.hub.verb("collection", "add", "More things" + suffix)
            self.assertIn("more-things" + suffix, self.hub.verb("collection", "list"))
            self.assertIn("tests", self.hub.verb("token", "list"))
            self.assertIn("aurora" + suffix, self.hub.verb("org", "list"))
            self.assertIn("0001_first\tapplied", self.hub.verb("migrate", "--status"))
            self.assertEqual(self.hub.verb("check").splitlines()[-1], "ok")
            for words in (["org", "add", "aurora" + suffix, "--type", "lab", "--clearance", "green"],
                          ["org", "add", "x", "--type", "guild", "--clearance", "green"],
                          ["org", "add", "x", "--type", "lab", "--clearance", "mauve"],
                          ["org", "disable", "nobody"], ["token", "revoke", "0000000000000000"],
                          ["token", "add", "--org", "nobody", "--role", "feed"],
                          ["token", "add", "--org", "aurora" + suffix, "--role", "king"],
                          ["token", "add", "--org", "aurora" + suffix, "--role", "feed", "--from", "203.0.113.1/24"]):
                refused = self.hub.verb(*words, check=False)
                self.assertEqual(refused.returncode, 1, words)
                self.assertTrue(refused.stderr.startswith("tocsind: "), refused.stderr)
        self.assertEqual(self.hub.call("GET", "/api/v1/me", token).json["roles"], ["analyst", "feed"])

    def test_a_token_that_could_not_work_is_refused_and_the_list_says_why_one_does_not(self):
        self.hub.organisation("aurora", "lab", "red")
        token = self.hub.token("aurora", "feed", "--kinds", "ip-range,x-lab-thing", "--from", "127.0.0.0/8", "--max-tlp", "green", "--collections", "network")

        def columns():
            return next(line.split("\t") for line in self.hub.verb("token", "list").splitlines() if line.startswith(token.split("_")[1]))
        self.assertEqual(columns()[6:10], ["active", "green", "127.0.0.0/8", self.hub.collection("network")])
        self.assertEqual(columns()[10], "ip-range,x-lab-thing")
        for words, parts in ((("--expires", "2020-01-01T00:00:00Z"), ("passed already", "later")), (("--kinds", "frob"), ('"frob"', "ip-range")),
                             (("--role", "boss"), ('"boss"', "auditor"))):
            done = self.hub.verb("token", "add", "--org", "aurora", *(() if "--role" in words else ("--role", "feed")), *words, check=False)
            self.assertEqual(done.returncode, 1)
            for part in parts:
                self.assertIn(part, done.stderr)
        self.hub.verb("org", "disable", "aurora")
        self.assertEqual(columns()[6], "disabled")
        done = self.hub.verb("token", "add", "--org", "aurora", "--role", "feed", check=False)
        self.assertIn("tocsind org enable 'aurora'", done.stderr)
        self.assertIn("enabled", self.hub.verb("org", "enable", "aurora"))
        self.assertEqual(columns()[6], "active")
        done = self.hub.verb("token", "revoke", "zzz", check=False)
        self.assertIn("There is no credential. Give its id", done.stderr)

    def test_a_government_without_an_authority_is_made_with_a_note(self):
        done = self.hub.verb("org", "add", "ministry", "--type", "government", "--clearance", "amber", check=False)
        self.assertEqual((done.returncode, done.stderr.startswith("tocsind: Note: ministry has no --authority.")), (0, True))
        done = self.hub.verb("org", "add", "other", "--type", "government", "--clearance", "amber", "--authority", "XC", check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_role_that_does_not_fit_is_given_with_a_note(self):
        self.hub.organisation("aurora", "lab")
        self.hub.organisation("cassini", "government", authority="XA")
        given = lambda *words: self.hub.verb("token", "add", *words, check=False)
        done = given("--org", "aurora", "--role", "liaison")
        self.assertEqual((done.returncode, done.stdout[:7]), (0, "tocsin_"))
        self.assertIn("tocsind: Note: aurora is no government, for which the role liaison is", done.stderr)
        self.assertIn("The role peer opens nothing but discovery", given("--org", "cassini", "--role", "liaison,peer").stderr)
        self.assertEqual(given("--org", "cassini", "--role", "liaison").stderr, "")

    def test_a_laboratory_under_the_identity_of_the_instance_is_told_what_that_means(self):
        own = next(line.split("\t")[0] for line in self.hub.verb("org", "list").splitlines() if "\tother\t" in line)
        given = lambda role: self.hub.verb("token", "add", "--org", own, "--role", role, check=False).stderr
        self.assertIn(f"tocsind: Note: {own} has the identity of the instance", given("submitter"))
        self.assertEqual(given("feed"), "")

    def test_lists_are_aligned_tables_on_a_terminal(self):
        controller, terminal = os.openpty()
        subprocess.run([TOCSIND, "org", "list", "--dir", str(self.hub.dir)], stdout=terminal, check=True, timeout=60)
        os.close(terminal)
        lines = os.read(controller, 65_536).decode().splitlines()
        os.close(controller)
        self.assertRegex(lines[0], r"^NAME  TYPE   CLEARANCE  IDENTITY +AUTHORITY  STATE   STANDING$")
        self.assertRegex(lines[1], r"^hub   other  red        identity--\S+  -          active  -$")

    def test_the_log_says_why_a_credential_was_refused_and_the_caller_is_not_told(self):
        self.hub.organisation("aurora", "lab", "red")
        revoked, abroad = self.hub.token("aurora", "feed"), self.hub.token("aurora", "feed", "--from", "203.0.113.0/24")
        self.hub.verb("token", "revoke", revoked.split("_")[1])
        self.hub.start()
        bodies = [self.hub.call("GET", "/api/v1/me", token) for token in (revoked, abroad, "tocsin_" + "0" * 16 + revoked[23:])]
        self.assertEqual([answer.status for answer in bodies], [401] * 3)
        self.assertEqual(len({answer.json["detail"] for answer in bodies}), 1)
        self.hub.stop()
        log = (self.hub.dir / "serve.log").read_text()
        lines = [json.loads(line) for line in log.splitlines()]
        refused = [(line["refused"], line["organisation"], line["credential"]) for line in lines if line["event"] == "request"]
        self.assertEqual(refused, [("revoked", "aurora", revoked.split("_")[1]), ("wrong-address", "aurora", abroad.split("_")[1]), ("unknown", "-", "-")])
        start = next(line for line in lines if line["event"] == "server.start")
        self.assertEqual(start["address"], self.hub.url)
        self.assertGreater(start["threads"], 0)
        for token in (revoked, abroad):
            self.assertNotIn(token.split("_", 2)[2], log)

    def test_a_certificate_for_another_host_and_an_open_key_are_warned_of(self):
        self.hub.start().stop()
        self.assertNotIn("Warning", (self.hub.dir / "serve.log").read_text())
        self.hub.configure(instance__host='"other.example"')
        (self.hub.dir / "certs" / "server.key").chmod(0o644)
        self.hub.start().stop()
        log = (self.hub.dir / "serve.log").read_text()
        for part in ('"event":"certificate.other-host"', '"event":"key.exposed"', "tocsind: Warning: The certificate", "chmod 600"):
            self.assertIn(part, log)

    def test_a_second_server_on_the_directory_is_refused(self):
        self.hub.start()
        second = self.hub.verb("serve", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual(second.returncode, 1)
        self.assertIn("in use", second.stderr)

    def test_the_administrators_token_manages_and_reads_no_content(self):
        self.hub.start()
        admin = (self.hub.dir / "admin.token").read_text().strip()
        made = self.hub.call("POST", "/api/v1/admin/organisations", admin, {"name": "borealis", "type": "cloud", "clearance": "green"})
        self.assertEqual(made.status, 201)
        self.assertEqual(self.hub.call("POST", "/api/v1/admin/organisations", admin, {"name": "borealis", "type": "cloud", "clearance": "green"}).status, 409)
        unknown = self.hub.call("POST", "/api/v1/admin/organisations", admin, {"name": "c", "type": "cloud", "clearance": "green", "organisation": 1})
        self.assertEqual((unknown.status, unknown.json["code"]), (422, "property-unknown"))
        path = self.hub.objects_of("network")
        self.assertEqual(self.hub.call("GET", path, admin).status, 403)
        self.assertEqual(self.hub.call("POST", path, admin, {"objects": [indicator()]}).status, 403)
        self.assertIn(b"tocsin_commits_total", self.hub.call("GET", "/metrics", admin).body)

    def test_health_needs_no_credential_and_carries_no_detail(self):
        self.hub.start()
        for path in ("/healthz", "/readyz"):
            answer = self.hub.call("GET", path)
            self.assertEqual((answer.status, answer.body), (200, b"ok\n"))
        self.assertEqual(self.hub.call("GET", "/metrics").status, 401)

    def test_a_reload_takes_a_new_certificate_without_dropping_a_connection(self):
        self.hub.start()
        kept = self.hub.connect()
        self.addCleanup(kept.close)
        self.assertEqual(self.hub.call("GET", "/healthz", connection=kept).status, 200)
        before = ssl.get_server_certificate(("127.0.0.1", self.hub.port))
        subprocess.run([TOCSIND, "init", "--dir", str(self.hub.dir.parent / "other")], check=True, capture_output=True)
        for name in ("server.crt", "server.key", "ca.crt"):
            (self.hub.dir / "certs" / name).write_bytes((self.hub.dir.parent / "other" / "certs" / name).read_bytes())
        self.hub.process.send_signal(signal.SIGHUP)
        for _ in range(1000):
            after = ssl.get_server_certificate(("127.0.0.1", self.hub.port))
            if after != before:
                break
        self.assertNotEqual(after, before)
        self.assertEqual(self.hub.call("GET", "/healthz", connection=kept).status, 200)

    def test_sigterm_drains_and_exits_with_zero_and_logs_hold_no_secret(self):
        self.hub.organisation("aurora", "lab", "red")
        token = self.hub.token("aurora", "analyst")
        self.hub.start()
        path = self.hub.objects_of("network")
        canary = indicator("203.0.113.77", name="canary-name-of-an-indicator")
        self.assertEqual(self.hub.call("POST", path, token, {"objects": [canary]}).status, 202)
        self.hub.call("GET", path, token[:-3] + "xxx")
        self.hub.call("GET", f"{path}{canary['id']}/?match[type]=canary-type", token)
        self.assertEqual(self.hub.stop(), 0)
        log = (self.hub.dir / "serve.log").read_text()
        for secret in (token, token.split("_", 2)[2], canary["id"], "203.0.113.77", "canary-name", "canary-type"):
            self.assertNotIn(secret, log)
        self.assertIn('"event":"server.stop"', log)

    def test_a_configured_rate_limits_a_credential_and_not_its_neighbour(self):
        file = self.hub.dir / "tocsin.toml"
        file.write_text(file.read_text().replace("[limits]\n", "[limits]\nrequests_per_second = 2\n", 1))
        self.hub.organisation("aurora", "lab", "red")
        one, two = self.hub.token("aurora", "feed"), self.hub.token("aurora", "feed")
        self.hub.start()
        answers = [self.hub.call("GET", "/taxii2/", one) for _ in range(20)]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertGreaterEqual(len(refused), 5)
        self.assertEqual(answers[0].status, 200)
        self.assertIn("Retry-After", refused[0].headers)
        self.assertEqual(self.hub.call("GET", "/taxii2/", two).status, 200)

    def test_all_mistakes_of_a_configuration_are_reported_at_once(self):
        file = self.hub.dir / "tocsin.toml"
        file.write_text(file.read_text().replace("[http]\n", "[http]\nthreads = -3\ncolour = \"red\"\n", 1))
        refused = self.hub.verb("serve", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual(refused.returncode, 1)
        for word in ("threads", "colour"):
            self.assertIn(word, refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
