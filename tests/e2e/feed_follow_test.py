"""`tocsin feed follow` against the real server: the file is new within a second of what was published, whatever breaks in between."""
import contextlib
import hashlib
import json
import os
import pathlib
import queue
import random
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from cli_case import Case, Relay, answer, environment, set_up_module, strange_server, tocsin
from instance import TOCSIN

PATIENCE = 60
KEPT = [".list.tocsin-as-of", "list"]


def setUpModule():
    global hub, folder, lab, feed, lab_file
    hub, folder, lab, feed, lab_file = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(value, action="block"):
    got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, {"kind": "ip-range", "value": value, "action": action})
    if got.status != 200 or got.json["refused"]:
        raise AssertionError(got.body)
    return got.json["items"][0]["id"]


def retract(identifier):
    done = hub.call("POST", f"/api/v1/indicators/{identifier}/retract", lab, {"because": "wrong"})
    if done.status != 200:
        raise AssertionError(done.body)


class Follower:
    """A running `tocsin feed follow`, and what it says."""

    def __init__(self, file, *words, name="block-v4", **env):
        command = [TOCSIN, "feed", "follow", name, "--json", "--to", file, *words]
        self.process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**env))
        self.said, self.complained = queue.Queue(), queue.Queue()
        self.threads = [threading.Thread(target=self.read, args=ends, daemon=True) for ends in
                        ((self.process.stdout, self.said), (self.process.stderr, self.complained))]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def read(stream, into):
        for line in stream:
            into.put(line)

    def change(self):
        """The next thing that it says of the file."""
        return json.loads(self.said.get(timeout=PATIENCE))

    def complaint(self):
        return self.complained.get(timeout=PATIENCE)

    def until(self, text):
        """Waits until the file has this text; returns how long that took."""
        begun = time.monotonic()
        while text not in pathlib.Path(self.process.args[6]).read_text():
            self.change()
        return time.monotonic() - begun

    def kill(self):
        self.process.kill()
        return self.end()

    def end(self):
        code = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class Kept(Case):
    def assert_nothing_unfinished(self, file):
        """Behind whoever was killed the next one tidies up."""
        self.assert_done(tocsin("feed", "pull", "block-v4", "--to", str(file)))
        self.assertEqual(sorted(os.listdir(file.parent)), KEPT)


class Following(Kept):
    def setUp(self):
        self.at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.file = self.at / "list"

    def follow(self, *words, **options):
        follower = Follower(self.file, *words, **options)
        self.addCleanup(lambda: follower.process.poll() is None and follower.kill())
        return follower

    def shared(self, value):
        identifier = share(value)
        self.addCleanup(retract, identifier)
        return identifier

    def test_the_file_is_new_within_a_second_of_a_publish_and_of_a_retraction(self):
        follower = self.follow("--accept-empty")
        self.assertTrue(follower.change()["changed"])
        took = []
        for last in range(1, 6):
            value = f"198.51.100.{2 * last}"
            begun = time.monotonic()
            identifier = share(value)
            follower.until(value)
            took.append(time.monotonic() - begun)
            retract(identifier)
            while value in self.file.read_text():
                follower.change()
        self.assertLess(sorted(took)[2], 1, took)  # the machine may be busy now and then

    def test_what_is_published_together_is_one_change(self):
        follower = self.follow()
        follower.change()
        items = [{"kind": "ip-range", "value": f"203.0.113.{2 * each}", "action": "block"} for each in range(40)]
        made = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, items).json["items"]
        for one in made:
            self.addCleanup(retract, one["id"])
        changes = [follower.change()]
        while changes[-1]["entries"] < 40:
            changes.append(follower.change())
        self.assertLessEqual(len(changes), 2)

    def test_an_ending_indicator_leaves_the_file_though_nothing_is_published(self):
        follower = self.follow("--accept-empty")
        follower.change()
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
        got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, {"kind": "ip-range", "value": "198.51.100.77", "action": "block", "valid_until": until})
        self.assertEqual(got.json["refused"], 0, got.body)
        follower.until("198.51.100.77")
        while "198.51.100.77" in self.file.read_text():
            follower.change()
        self.assertLess(time.time() - (time.mktime(time.strptime(until, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone), PATIENCE)

    def test_it_goes_on_when_the_server_was_away(self):
        with Relay() as relay:
            follower = self.follow(TOCSIN_URL=relay.url)
            follower.change()
            hub.kill()
            hub.start()
            self.shared("198.51.100.99")
            follower.until("198.51.100.99")

    def test_a_revoked_token_ends_it_and_the_file_stays(self):
        token = hub.token("aurora", "feed")
        self.shared("198.51.100.101")
        follower = self.follow(TOCSIN_TOKEN=token)
        follower.change()
        hub.verb("token", "revoke", token.split("_")[1])
        self.assertEqual(follower.end(), 3)
        self.assertEqual(self.file.read_text(), "198.51.100.101\n")

    def test_what_fails_at_first_is_told_at_once(self):
        follower = self.follow(name="block")
        self.assertEqual(follower.end(), 5)

    def test_a_command_that_fails_is_told_and_run_again_when_the_list_is_another(self):
        self.file.write_text("")
        follower = self.follow("--exec", "sh", "-c", f"! grep -q '^198.51.100.103$' '{self.file}'")
        follower.change()
        bad = share("198.51.100.103")
        self.assertIn("ended with 1", follower.complaint())
        self.shared("198.51.100.105")
        retract(bad)
        follower.until("198.51.100.105")
        follower.kill()
        self.assert_nothing_unfinished(self.file)
        self.assertEqual(self.file.read_text(), "198.51.100.105\n")


class Killed(Kept):
    def test_the_file_is_one_whole_version_at_whichever_instant_it_is_killed(self):
        bodies = ["".join(f"10.{each >> 14 & 63}.{each >> 7 & 127}.{(each & 127) * 2 + odd}\n" for each in range(100_000)) for odd in (0, 1)]
        digests = [hashlib.sha256(body.encode()).hexdigest() for body in bodies]
        served = [answer(200, body, **{"Tocsin-Digest": "sha-256=" + digest, "Tocsin-Entries": "100000", "Tocsin-As-Of": "2026-01-01T00:00:00Z",
                                       "Tocsin-Expires": "2999-01-01T00:00:00Z"}) for body, digest in zip(bodies, digests)]
        at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        file, seed = at / "list", random.randrange(1 << 32)
        chance, found = random.Random(seed), set()
        with strange_server({"*": served[0]}) as server:
            words = ["feed", "pull", "block-v4", "--to", str(file), "--exec", "true"]
            begun = time.monotonic()
            self.assert_done(tocsin(*words, TOCSIN_URL=server.url))
            whole = time.monotonic() - begun
            for turn in range(1, 61):
                server.script["*"] = served[turn % 2]
                process = subprocess.Popen([TOCSIN, *words], env=environment(TOCSIN_URL=server.url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0, whole * 1.2))
                process.send_signal(signal.SIGKILL)
                process.wait(PATIENCE)
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                self.assertIn(digest, digests, f"seed {seed}, turn {turn}")
                found.add((digest == digests[turn % 2], frozenset(os.listdir(at))))
            self.assert_done(tocsin(*words, TOCSIN_URL=server.url))
        self.assertEqual(file.read_text(), bodies[0])
        self.assertEqual(sorted(os.listdir(at)), KEPT)
        self.assertGreater(len(found), 1, "it was never killed in the midst")

    def test_a_follower_that_is_killed_goes_on_where_it_was(self):
        at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        kept = [share(f"192.0.2.{each}") for each in (1, 254)]
        for turn in range(10):
            follower = Follower(at / "list", "--accept-empty", "--exec", "true")
            changing = share(f"192.0.2.{3 + 2 * turn}")
            with contextlib.suppress(queue.Empty):
                follower.said.get(timeout=random.uniform(0, 0.4))
            follower.kill()
            if (at / "list").exists():
                lines = (at / "list").read_text().split("\n")
                self.assertEqual((lines[0], lines[-2:]), ("192.0.2.1", ["192.0.2.254", ""]))
            retract(changing)
        follower = Follower(at / "list", "--exec", "true")
        follower.until("192.0.2.1\n192.0.2.254\n")
        follower.kill()
        self.assert_nothing_unfinished(at / "list")
        for one in kept:
            retract(one)


if __name__ == "__main__":
    unittest.main(verbosity=1)
