"""Running out of file descriptors: strangers do not take the last ones, and without any the server does what needs none, says so once,
and goes on when there are some again."""
import json
import os
import pathlib
import re
import resource
import signal
import socket
import ssl
import subprocess
import unittest

from instance import TOCSIND, Instance, indicator


class Crowd:
    """TLS connections that were answered and are held open."""

    def __init__(self, hub):
        self.hub, self.held = hub, []
        self.context = ssl.create_default_context(cafile=hub.ca)

    def join(self, address="127.0.0.2"):
        """From that address. False: the server closed the connection instead."""
        raw = socket.create_connection(("127.0.0.1", self.hub.port), timeout=30, source_address=(address, 0))
        try:
            tls = self.context.wrap_socket(raw, server_hostname="127.0.0.1")
            tls.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if not tls.recv(4096).startswith(b"HTTP/1.1 200"):
                raise AssertionError("no answer")
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raw.close()
            return False
        self.held.append(tls)
        return True

    def leave(self):
        for tls in self.held:
            tls.close()
        self.held.clear()


def events(hub, name):
    """The lines of the log with that event."""
    lines = [json.loads(line) for line in (hub.dir / "serve.log").read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == name]


def wait_for(found):
    """The test's own time limit ends it."""
    while not (result := found()):
        pass
    return result


class Case(unittest.TestCase):
    def hub(self, *before, **settings):
        hub = Instance()
        self.addCleanup(hub.close)
        hub.before = before
        hub.configure(**settings)
        hub.add_lab_and_liaison()
        hub.start()
        self.crowd = Crowd(hub)
        self.addCleanup(self.crowd.leave)
        return hub

    def store(self, hub, count=1):
        made = [indicator(f"198.51.100.{i % 256}", "green") for i in range(count)]
        answer = hub.call("POST", hub.objects, hub.lab, {"objects": made})
        self.assertEqual((answer.status, answer.json.get("success_count")), (202, count), answer.body)
        return [one["id"] for one in made]

    def seen(self, hub, token):
        answer = hub.call("GET", f"{hub.objects}?limit=10000", token)
        self.assertEqual(answer.status, 200, answer.body)
        return [one["id"] for one in answer.json["objects"]]

    def assert_idle(self, hub):
        """In a second in which it lives on, the server uses little of a processor."""
        def used():
            fields = pathlib.Path(f"/proc/{hub.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        before = used()
        with self.assertRaises(subprocess.TimeoutExpired):
            hub.process.wait(1)
        self.assertLess(used() - before, 0.2)

    def assert_whole(self, hub):
        self.assertEqual(hub.stop(), 0)
        self.assertEqual(hub.verb("audit", "verify").splitlines()[-1], "ok")
        self.assertEqual(hub.verb("check").splitlines()[-1], "ok")


class Crowded(Case):
    def test_the_limit_is_raised_as_far_as_the_machine_allows(self):
        hub = self.hub("prlimit", "--nofile=64:2048", http__max_connections="1000")
        self.assertEqual(resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE), (2048, 2048))
        self.assertEqual(events(hub, "descriptors.few"), [])

    def test_clients_do_not_take_the_descriptors_that_the_server_works_with(self):
        hub = self.hub("prlimit", "--nofile=160:160")
        mistake = events(hub, "descriptors.few")[0]["mistake"]
        places, of_one = (int(word) for word in re.findall(r"(\d+) (?:connections|from)", mistake))
        self.assertIn(f"may open 160 files: it takes {places} connections, {of_one} from one address.", mistake)
        stored = self.store(hub)
        self.assertEqual(self.seen(hub, hub.liaison), stored)  # two of the connections
        self.assertEqual(sum(self.crowd.join() for _ in range(places)), of_one)
        for _ in range(places - 2 - of_one):
            self.assertTrue(self.crowd.join("127.0.0.3"))
        for _ in range(300):
            self.assertFalse(self.crowd.join("127.0.0.4"))
        self.assert_idle(hub)
        self.assertLess(len(os.listdir(f"/proc/{hub.process.pid}/fd")), 160)

        stored += self.store(hub, 2_000)
        self.assertEqual(self.seen(hub, hub.lab), stored)
        self.assertEqual(self.seen(hub, hub.liaison), stored)
        self.assertIn("aurora", hub.verb("org", "list"))
        hub.verb("backup", "--to", str(hub.dir.parent / "copy"))
        hub.process.send_signal(signal.SIGHUP)
        wait_for(lambda: events(hub, "reload.done"))
        self.assertEqual(len(events(hub, "http.connections_refused")), 1)
        self.assertEqual(events(hub, "http.accept_failed"), [])

        self.crowd.leave()
        wait_for(self.crowd.join)
        self.assert_whole(hub)


class Exhausted(Case):
    def allow(self, hub, files):
        hard = resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE, (files, hard))
        return hard

    def test_without_any_descriptor_open_connections_are_served_and_the_rest_waits(self):
        hub = self.hub()
        for token in (hub.lab, hub.liaison):
            self.assertEqual(hub.call("GET", "/healthz", token).status, 200)
        hard = self.allow(hub, 3)
        waiting = socket.create_connection(("127.0.0.1", hub.port), timeout=30)
        self.addCleanup(waiting.close)
        wait_for(lambda: events(hub, "http.accept_failed"))
        self.assert_idle(hub)

        stored = self.store(hub) + self.store(hub, 2_000)
        self.assertEqual(self.seen(hub, hub.lab), stored)
        self.assertEqual(self.seen(hub, hub.liaison), stored)
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{stored[0]}/", hub.lab).status, 200)
        stored += self.store(hub)
        hub.process.send_signal(signal.SIGHUP)
        wait_for(lambda: events(hub, "reload.refused"))
        self.assertEqual(self.seen(hub, hub.lab), stored[1:])
        wait_for(lambda: events(hub, "log-state.failed"))
        self.assert_idle(hub)
        for event in ("http.accept_failed", "reload.refused"):
            self.assertEqual(len(events(hub, event)), 1, event)
        logs = [line["log"] for line in events(hub, "log-state.failed")]
        self.assertEqual(len(logs), len(set(logs)), logs)

        self.allow(hub, hard)
        tls = ssl.create_default_context(cafile=hub.ca).wrap_socket(waiting, server_hostname="127.0.0.1")
        tls.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        self.assertTrue(tls.recv(4096).startswith(b"HTTP/1.1 200"))
        tls.close()
        self.assertIn("aurora", hub.verb("org", "list"))
        hub.process.send_signal(signal.SIGHUP)
        wait_for(lambda: events(hub, "reload.done"))
        wait_for(lambda: f"\n{len(stored)}\n" in (hub.dir / "log-state").read_text())  # though nothing more was stored
        self.assertEqual(self.seen(hub, hub.lab), stored[1:])
        self.assert_whole(hub)

    def test_a_server_that_can_open_only_a_few_files_starts_or_says_why_not(self):
        hub = Instance()
        self.addCleanup(hub.close)
        started = 0
        for files in range(5, 64):
            with subprocess.Popen(["prlimit", f"--nofile={files}:{files}", TOCSIND, "serve", "--dir", str(hub.dir), "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                # At the edge it depends on which thread opens its files first.
                listening = process.stdout.readline().startswith("listening https://")
                if listening:
                    started += 1
                    process.send_signal(signal.SIGTERM)
                said = process.stderr.read()
            self.assertEqual(process.returncode, 0 if listening else 1, (files, said))
            self.assertRegex(said, r"tocsind: ")
            if started == 3:
                break
        self.assertEqual(started, 3)
        self.assertEqual(hub.verb("check").splitlines()[-1], "ok")

    def test_a_backup_without_descriptors_says_why_and_leaves_nothing_behind(self):
        hub = self.hub()
        self.store(hub, 100)
        copy, failed = hub.dir.parent / "copies" / "copy", 0
        copy.parent.mkdir()
        for files in range(5, 64):
            done = subprocess.run(["prlimit", f"--nofile={files}:{files}", TOCSIND, "backup", "--to", str(copy), "--dir", str(hub.dir)],
                                  capture_output=True, text=True, timeout=120)
            if done.returncode == 0:
                break
            failed += 1
            self.assertEqual(done.returncode, 1, done)
            self.assertRegex(done.stderr, r"^tocsind: .*\n$")
            self.assertEqual(os.listdir(copy.parent), [])
        self.assertTrue(failed > 1 and copy.exists())
        restored = hub.dir.parent / "restored"
        subprocess.run([TOCSIND, "restore", "--from", str(copy), "--dir", str(restored)], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    unittest.main(verbosity=1)
