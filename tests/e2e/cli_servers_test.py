"""`tocsin` as docs/cli.md promises it: which server, as whom, and what it says when something is wrong."""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import unittest
import uuid

from cli_case import BARE, TAXII_SCRIPT, Case, Relay, answer, environment, set_up_module, strange_server, tocsin, write
from instance import TOCSIN, indicator

COMMANDS = ("submit", "share", "pull", "watch", "get", "status", "whoami", "collections", "ranges", "alerts", "dispute", "sight", "retract", "recall", "report", "mute", "unmute", "muted", "release", "moderate", "waiting", "campaign", "canary", "verify", "search", "show", "why", "draft", "profile", "mine", "login", "log", "connect", "peers", "completion", "feed", "scan")


def setUpModule():
    global hub, folder, lab, feed, lab_file
    hub, folder, lab, feed, lab_file = set_up_module()


class Servers(Case):
    def test_whoami_and_collections_say_what_the_server_says(self):
        me = json.loads(self.assert_done(tocsin("whoami", "--json")).stdout)
        self.assertEqual((me["organisation"], me["type"], me["roles"], me["clearance"]), ("aurora", "lab", ["analyst"], "red"))
        self.assertIn("credential", me)
        self.assertIn("collections", me)
        text = tocsin("whoami").stdout
        for word in ("aurora", "lab", "analyst", "red", "network", me["identity"], me["credential"]["id"]):
            self.assertIn(word, text)
        rows = json.loads(self.assert_done(tocsin("collections", "--json")).stdout)["collections"]
        network = next(row for row in rows if row["alias"] == "network")
        self.assertEqual((network["id"], network["can_read"], network["can_write"]), (hub.collection("network"), True, True))
        self.assertIn(f"{network['id']}  rw  network\n", tocsin("collections").stdout)
        self.assertIn(f"{network['id']}  r-  network\n", tocsin("collections", TOCSIN_TOKEN=feed).stdout)

    def test_a_server_that_cannot_be_trusted_reached_or_used_is_one_sentence(self):
        strangers = write("strangers/ca.crt", "")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=stranger",
                        "-keyout", strangers.with_name("ca.key"), "-out", strangers], check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = f"https://127.0.0.1:{closed.getsockname()[1]}"
        revoked = hub.token("aurora", "feed")
        hub.verb("token", "revoke", revoked.split("_")[1])
        elsewhere = Relay("127.0.0.2").__enter__()  # an address that the certificate does not name
        self.addCleanup(elsewhere.__exit__)
        for code, part, env in ((4, "certificate", {"TOCSIN_CA": strangers}), (4, "certificate", {"TOCSIN_URL": elsewhere.url}),
                                (1, "passwd", {"TOCSIN_CA": "/etc/passwd"}), (1, "absent", {"TOCSIN_CA": "/absent.crt"}),
                                (3, "401", {"TOCSIN_TOKEN": lab[:-3] + "xxx"}), (3, "401", {"TOCSIN_TOKEN": None}), (3, "401", {"TOCSIN_TOKEN": revoked}),
                                (4, "refused", {"TOCSIN_URL": nobody}), (4, "tocsin.invalid", {"TOCSIN_URL": "https://tocsin.invalid"}),
                                (1, "https", {"TOCSIN_URL": hub.url.replace("https", "http")}), (1, "", {"TOCSIN_URL": hub.url + "/taxii2/"}),
                                (1, "server", {"TOCSIN_URL": None}), (1, "absent", {"TOCSIN_TOKEN": "@/absent.token"})):
            for command in (("whoami",), ("pull",)):
                with self.subTest(command=command, env=env):
                    self.assert_fails(tocsin(*command, **env), code, part)
                    done = tocsin("--json", *command, **env)
                    error = json.loads(done.stdout)["error"]
                    self.assertEqual((done.returncode, error["exit"], set(error)), (code, code, {"exit", "message", "remedy"}))
                    self.assertIn(error["message"], done.stderr)

    def test_a_server_that_is_no_taxii_server_is_a_failure_of_the_server(self):
        page = (200, {"Content-Type": "text/html"}, "<!doctype html><title>It works!</title>")
        for name, reply in (("html", page), ("absent", (404, {}, "<h1>Not found</h1>")), ("json", answer(200, {"hello": "world"})),
                            ("list", answer(200, [])), ("empty", (200, {}, "")), ("moved", (302, {"Location": hub.url + "/taxii2/"}, "")),
                            ("other hosts", answer(200, {"title": "t", "default": hub.url + "/taxii2/root/", "api_roots": [hub.url + "/taxii2/root/"]}))):
            with self.subTest(name), strange_server({"*": reply}) as server:
                for words in (("pull",), ("get", f"indicator--{uuid.uuid4()}"), ("submit", write("one.json", indicator()))):
                    self.assert_fails(tocsin(*words, TOCSIN_URL=server.url), 4)
                self.assertEqual({path for path, _ in server.heard}, {"/taxii2/"})
        with strange_server({"*": page}, tls=False) as server:
            self.assert_fails(tocsin("pull", TOCSIN_URL=server.url.replace("http:", "https:")), 4)

    def test_a_pending_status_exits_with_4(self):
        status = {"id": "s", "status": "pending", "total_count": 2, "success_count": 1, "failure_count": 0, "pending_count": 1}
        with strange_server({"/r/status/s/": answer(200, status)} | TAXII_SCRIPT) as server:
            self.assertIn("pending: 1 of 2 accepted", self.assert_done(tocsin("status", "s", TOCSIN_URL=server.url), 4).stdout)
        self.assert_fails(tocsin("status", uuid.uuid4()), 5)

    def test_a_submission_that_fails_says_what_is_not_confirmed(self):
        file = write("three.json", [indicator() for _ in range(3)])
        for reply, code, asked in ((answer(500, {"title": "Broken"}), 4, 1), (answer(403, {"title": "Forbidden"}), 3, 1),
                                   (answer(400, {"title": "Malformed"}), 1, 1), (answer(503, {"title": "Busy"}, **{"Retry-After": "0"}), 4, 6)):
            with self.subTest(reply[0]), strange_server({"/r/collections/c/objects/": reply} | TAXII_SCRIPT) as server:
                done = self.assert_done(tocsin("--json", "submit", "--collection", "c", file, TOCSIN_URL=server.url), code)
                document = json.loads(done.stdout)
                self.assertEqual((document["total"], document["accepted"], document["unsent"], document["statuses"]), (3, 0, 3, []))
                self.assertRegex(done.stderr, f"^tocsin: .*{reply[0]}")
                self.assertEqual(len([path for path, _ in server.heard if path.endswith("/objects/")]), asked)

    def test_wrong_usage_exits_with_1_and_points_to_the_help(self):
        for words in ((), ("frobnicate",), ("submit",), ("get",), ("pull", "--limit", "0"), ("pull", "--format", "xml"), ("whoami", "--colour"),
                      ("completion", "tcsh")):
            done = self.assert_done(tocsin(*words), 1)
            self.assertEqual(done.stdout, "")
            self.assertIn("--help", done.stderr)

    def test_a_command_that_is_none_is_named(self):
        self.assert_fails(tocsin("frobnicate", "--url", "https://x"), 1, "no command frobnicate")

    def test_wrong_usage_is_a_document_too_with_json(self):
        for words in (("frobnicate",), ("get",), ("pull", "--limit", "0")):
            with self.subTest(words):
                error = json.loads(self.assert_done(tocsin("--json", *words), 1).stdout)["error"]
                self.assertEqual((error["exit"], set(error)), (1, {"exit", "message", "remedy"}))


class Profiles(Case):
    def profile(self, text, name="config", mode=0o600):
        write(f"{name}/tocsin/profiles.toml", text, mode)
        return BARE | {"XDG_CONFIG_HOME": str(folder / name)}

    def organisation(self, done):
        return json.loads(self.assert_done(done).stdout)["roles"]

    def test_profiles_name_server_authority_and_token(self):
        write("config/tocsin/lab.token", lab, 0o600)
        write("config/tocsin/ca.crt", pathlib.Path(hub.ca).read_text())
        env = self.profile(f'[default]\nurl = "{hub.url}"\ntoken_file = "lab.token"\nca = "ca.crt"\n\n'
                           f'[feed]\nurl = "{hub.url}"\ntoken = "{feed}"\nca = "{hub.ca}"\n\n[nowhere]\nurl = "https://127.0.0.1:1"\n')
        self.assertEqual(self.organisation(tocsin("whoami", "--json", **env)), ["analyst"])
        self.assertEqual(self.organisation(tocsin("whoami", "--json", "--profile", "feed", **env)), ["feed"])
        named = env | {"TOCSIN_URL": "https://127.0.0.1:1", "TOCSIN_TOKEN": lab}
        self.assertEqual(self.organisation(tocsin("whoami", "--json", "--profile", "feed", **named)), ["feed"])
        self.assertEqual(self.organisation(tocsin("--profile", "nowhere", "--url", hub.url, "--ca", hub.ca, "--token", f"@{lab_file}", "whoami", "--json", **env)),
                         ["analyst"])
        # A variable that names a server keeps the stored token from it.
        self.assert_fails(tocsin("whoami", **(env | {"TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca})), 3, "401")
        self.assert_fails(tocsin("whoami", "--profile", "absent", **env), 1, "absent")

    def test_a_profile_in_the_home_folder_is_found(self):
        write("other/.config/tocsin/profiles.toml", f'[default]\nurl = "{hub.url}"\ntoken_file = "~/my.token"\nca = "{hub.ca}"\n')
        write("other/my.token", lab, 0o600)
        self.assertEqual(self.organisation(tocsin("whoami", "--json", **BARE, HOME=str(folder / "other"))), ["analyst"])

    def test_a_file_with_a_token_that_others_can_read_is_warned_about(self):
        done = self.assert_done(tocsin("whoami", **self.profile(f'[default]\nurl = "{hub.url}"\ntoken = "{lab}"\nca = "{hub.ca}"\n', "open", 0o644)))
        self.assertRegex(done.stderr, r"^tocsin: warning: .*profiles.toml.*chmod 600")

    def test_mistakes_in_a_profile_are_named_and_quote_no_token(self):
        for name, text in (("unknown", f'[default]\nurl = "{hub.url}"\ntokken = "{lab}"\n'), ("both", f'[default]\nurl = "{hub.url}"\ntoken = "{lab}"\ntoken_file = "x"\n'),
                           ("open-quote", f'[default]\nurl = "{hub.url}"\ntoken = "{lab}\n'), ("number", '[default]\nurl = 7\n'),
                           ("spaces", f'[default]\nurl = "{hub.url}"\ntoken = "{lab} {lab}"\n')):
            with self.subTest(name):
                done = tocsin("whoami", **self.profile(text, name))
                self.assert_fails(done, 1, "profiles.toml")
                self.assertNotIn(lab.split("_", 2)[2][:12], done.stderr)


class Secrets(Case):
    def test_no_token_shows_in_output_logs_or_the_process_list(self):
        write("hidden/tocsin/profiles.toml", f'[value]\nurl = "URL"\ntoken = "{lab}"\nca = "{hub.ca}"\n'
              f'[file]\nurl = "URL"\ntoken_file = "{lab_file}"\nca = "{hub.ca}"\n', 0o600)
        profiles = folder / "hidden" / "tocsin" / "profiles.toml"
        stored = BARE | {"XDG_CONFIG_HOME": str(folder / "hidden")}
        ways = [((), {"TOCSIN_TOKEN": lab}), ((), {"TOCSIN_TOKEN": f"@{lab_file}"}), (("--token", f"@{lab_file}"), {"TOCSIN_TOKEN": None}),
                (("--profile", "value"), stored), (("--profile", "file"), stored)]
        denied = {"*": answer(401, {"title": "denied", "description": "no"})}
        for words, env in ways:
            with self.subTest(words=words, env=sorted(env)), strange_server(denied) as server:
                profiles.write_text(re.sub(r'url = ".*"', f'url = "{server.url}"', profiles.read_text()))
                if env.get("TOCSIN_URL", "") is not None:
                    env = env | {"TOCSIN_URL": server.url}
                server.gate.clear()
                process = subprocess.Popen([TOCSIN, *words, "--json", "whoami"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**env))
                try:
                    self.assertTrue(server.arrived.wait(30), "no request arrived")
                    listed = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
                finally:
                    server.gate.set()
                    out, err = process.communicate(timeout=30)
                self.assertEqual(server.heard, [("/api/v1/me", "Bearer " + lab)])
                self.assertEqual(process.returncode, 3)
                for text in (listed, out, err):
                    self.assertNotIn(lab.split("_", 2)[2].encode(), text)
        for words in (["whoami"], ["--json", "whoami"], ["pull"], ["--help"], ["completion", "bash"]):
            done = tocsin(*words, TOCSIN_TOKEN=lab)
            self.assertNotIn(lab.split("_", 2)[2], done.stdout + done.stderr)
        done = tocsin("whoami", TOCSIN_TOKEN=lab + "\x01")
        self.assert_fails(done, 1, "TOCSIN_TOKEN")
        self.assertNotIn(lab.split("_", 2)[2], done.stderr)
        log = (hub.dir / "serve.log").read_text()
        for token in (lab, feed):
            self.assertNotIn(token.split("_", 2)[2], log)


class Help(Case):
    def test_the_help_of_each_command_has_an_example_of_it(self):
        self.assertRegex(self.assert_done(tocsin("--help", **BARE)).stdout, r"Examples?:")
        for command in COMMANDS:
            with self.subTest(command):
                text = self.assert_done(tocsin(command, "--help", **BARE)).stdout
                self.assertRegex(text, rf"Examples?:(?s:.*)\btocsin {command}\b")

    def test_the_help_names_every_documented_exit_code_and_variable(self):
        text = tocsin("--help", **BARE).stdout
        for code in range(7):
            self.assertRegex(text, rf"(?m)^  {code}  \S")
        for word in (*COMMANDS, "TOCSIN_URL", "TOCSIN_TOKEN", "TOCSIN_CA", "TOCSIN_CERT", "TOCSIN_FORMAT", "--profile", "--json", "--table"):
            self.assertIn(word, text)

    def test_completion_scripts_are_valid_and_bash_completes_with_them(self):
        for shell in ("bash", "zsh", "fish"):
            script = write(f"completion.{shell}", self.assert_done(tocsin("completion", shell, **BARE)).stdout)
            for command in COMMANDS:
                self.assertIn(command, script.read_text())
            if shutil.which(shell):
                self.assertEqual(subprocess.run([shell, "-n", script], capture_output=True).returncode, 0, shell)
        complete = lambda *words: subprocess.run(
            ["bash", "-c", f'source {folder}/completion.bash; COMP_WORDS=(tocsin "$@"); COMP_CWORD=$#; _tocsin; echo "${{COMPREPLY[@]}}"', "bash", *words],
            capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(complete("su"), ["submit"])
        self.assertEqual(sorted(complete("")), sorted(COMMANDS))
        self.assertEqual(complete("pull", "--si"), ["--since"])
        self.assertEqual(complete("pull", "--format", "nd"), ["ndjson"])
        self.assertEqual(complete("completion", "z"), ["zsh"])
        self.assertEqual(complete("--json", "pull", "--since", "2026-01-31", "--all"), ["--all-versions"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
