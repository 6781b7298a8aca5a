"""Tables for people, JSON into a pipe: the form of what `tocsin` prints, as docs/cli.md promises it."""
import contextlib
import json
import os
import pty
import subprocess
import unittest
import uuid

import cli_case
from cli_case import Case, environment, ids, set_up_module, write
from instance import TOCSIN, indicator

# With what is in the document that each prints.
BOTH_FORMS = ((("whoami",), "organisation"), (("whoami", "--markings"), "markings"), (("collections",), "collections"), (("search",), "indicators"),
              (("campaign", "list"), "campaigns"), (("ranges", "list"), "ranges"), (("alerts",), "alerts"), (("muted",), "mutes"),
              (("waiting", "list"), "waiting"), (("release", "list"), "releases"), (("report",), "indicators"), (("canary", "list"), "canaries"), (("peers",), "peers"),
              (("recall", "status"), "recalls"))


def setUpModule():
    global hub, folder, shared
    hub, folder, _, _, _ = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    shared = indicator()
    done = piped("submit", write("shared.json", shared))
    if done.returncode != 0:
        raise AssertionError(done.stderr)


def piped(*words, **env):
    return cli_case.tocsin(*words, **{"TOCSIN_FORMAT": None} | env)


def on_terminal(*words, **env):
    """The same with a pseudo-terminal as standard output."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([TOCSIN, *map(str, words)], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, text=True,
                          env=environment(**{"TOCSIN_FORMAT": None} | env)) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends that nobody writes to any more
            while data := os.read(ours, 65_536):
                shown += data
        os.close(ours)
        _, said = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, shown.decode().replace("\r\n", "\n"), said)


def is_json(text):
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


class OutputForm(Case):
    def assert_table(self, done):
        self.assertRegex(self.assert_done(done).stdout, rf"(?m)^{hub.collection('network')}  rw  network$")

    def assert_document(self, done):
        self.assertIn("collections", json.loads(self.assert_done(done).stdout))

    def test_a_terminal_shows_a_table_and_a_pipe_or_a_file_gets_json(self):
        self.assert_table(on_terminal("collections"))
        self.assert_document(piped("collections"))
        with open(folder / "collections.json", "w") as file:
            subprocess.run([TOCSIN, "collections"], stdout=file, check=True, timeout=60, env=environment(TOCSIN_FORMAT=None))
        self.assertEqual((folder / "collections.json").read_text(), piped("collections", "--json").stdout)

    def test_an_option_forces_either_form_before_and_after_the_command(self):
        for words in (("collections", "--json"), ("--json", "collections")):
            self.assert_document(on_terminal(*words))
            self.assert_document(on_terminal(*words, TOCSIN_FORMAT="table"))
        for words in (("collections", "--table"), ("--table", "collections")):
            self.assert_table(piped(*words))
            self.assert_table(piped(*words, TOCSIN_FORMAT="json"))
        error = json.loads(self.assert_done(piped("collections", "--json", "--table"), 1).stdout)["error"]
        self.assertIn("excludes", error["message"])

    def test_the_variable_says_it_for_all_that_a_script_runs(self):
        self.assert_table(piped("collections", TOCSIN_FORMAT="table"))
        self.assert_document(on_terminal("collections", TOCSIN_FORMAT="json"))
        self.assert_document(piped("collections", TOCSIN_FORMAT=""))
        for words in (("collections",), ("collections", "--table"), ("pull",)):
            self.assert_fails(piped(*words, TOCSIN_FORMAT="xml"), 1, "TOCSIN_FORMAT is neither table nor json")

    def test_every_list_has_both_forms(self):
        for words, member in BOTH_FORMS:
            with self.subTest(words):
                self.assertIn(member, json.loads(self.assert_done(piped(*words)).stdout))
                self.assertFalse(is_json(self.assert_done(piped(*words, "--table")).stdout))
                self.assertFalse(is_json(self.assert_done(on_terminal(*words)).stdout))

    def test_what_submits_and_shares_tells_a_pipe_in_json_what_became_of_it(self):
        file = write("another.json", indicator())
        self.assertRegex(self.assert_done(on_terminal("submit", file)).stdout, "^1 of 1 object accepted by network")
        self.assertEqual(json.loads(self.assert_done(piped("submit", file)).stdout)["unchanged"], 1)
        items = write("items.txt", "exit.proxy.example\n")
        dry = self.assert_done(piped("share", "--dry-run", "--kind", "proxy-domain", items)).stdout
        self.assertEqual(json.loads(dry)["dry_run"], True)
        lines = self.assert_done(on_terminal("share", "--dry-run", "--kind", "proxy-domain", items)).stdout.splitlines()
        self.assertRegex(lines[-1], "would be accepted")
        self.assertIn("exit.proxy.example", json.loads(lines[0])["pattern"])

    def test_lines_for_programs_are_the_same_everywhere(self):
        for words in (("pull", "--id", shared["id"]), ("get", shared["id"])):
            lines = self.assert_done(piped(*words)).stdout
            self.assertEqual(ids(lines), [shared["id"]])
            for env in ({}, {"TOCSIN_FORMAT": "json"}, {"TOCSIN_FORMAT": "table"}):
                with self.subTest(words, env=env):
                    self.assertEqual(on_terminal(*words, **env).stdout, lines)
                    self.assertEqual(piped(*words, **env).stdout, lines)
            self.assertEqual(piped(*words, "--table").stdout, lines)
            self.assertEqual(json.loads(piped(*words, "--json").stdout)["type"], "bundle")
        script = self.assert_done(piped("completion", "bash", TOCSIN_FORMAT="json")).stdout
        self.assertEqual(on_terminal("completion", "bash").stdout, script)
        self.assert_fails(piped("get", f"indicator--{uuid.uuid4()}"), 5)

    def test_a_failure_is_a_document_for_a_pipe_and_a_sentence_on_a_terminal(self):
        nonsense = write("nonsense.txt", "nothing")
        for words, code in ((("status", uuid.uuid4()), 5), (("verify", nonsense), 6), (("collections", "--colour"), 1), (("frobnicate",), 1)):
            with self.subTest(words):
                done = self.assert_done(piped(*words), code)
                self.assertEqual(json.loads(done.stdout)["error"]["exit"], code)
                self.assertRegex(done.stderr, "^tocsin: ")
                self.assert_fails(on_terminal(*words), code)


if __name__ == "__main__":
    unittest.main(verbosity=1)
