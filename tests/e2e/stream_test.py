"""Streams of live events as their users meet them: `tocsin watch` and plain HTTP, over real TLS, across restarts."""
import contextlib
import json
import queue
import signal
import socket
import subprocess
import threading
import time
import unittest

from cli_case import Case, Relay, environment, set_up_module
from instance import TOCSIN, indicator

PATIENCE = 60


def setUpModule():
    global hub, folder, lab, feed, objects
    hub, folder, lab, feed, _ = set_up_module()
    objects = hub.objects_of("network")


def publish(*made, path=None):
    answer = hub.call("POST", path or objects, lab, {"objects": list(made)})
    if answer.status != 202 or answer.json["success_count"] != len(made):
        raise AssertionError(answer.body)
    return [one["id"] for one in made]


class Watch:
    """`tocsin watch` at work; its lines are taken as they come."""

    def __init__(self, *words, **env):
        self.process = subprocess.Popen([TOCSIN, "watch", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=environment(**{"TOCSIN_TOKEN": feed} | env))
        self.lines, self.said = queue.Queue(), []
        self.readers = [threading.Thread(target=self.read), threading.Thread(target=self.hear)]
        for reader in self.readers:
            reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def hear(self):
        self.said += self.process.stderr

    def take(self, count):
        return [json.loads(self.lines.get(timeout=PATIENCE))["id"] for _ in range(count)]

    def finish(self):
        status = self.process.wait(PATIENCE)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.kill()
            self.finish()


def open_streams():
    admin = (hub.dir / "admin.token").read_text().strip()
    text = hub.call("GET", "/metrics", admin).body.decode()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("tocsin_open_streams ")))


class Streams(Case):
    def wait_open(self, count):
        end = time.monotonic() + PATIENCE
        while open_streams() != count:
            self.assertLess(time.monotonic(), end, "streams open")
            time.sleep(0.01)

    def setUp(self):
        self.wait_open(0)

    def test_an_object_about_an_own_range_is_told_of_as_an_alert_too(self):
        self.assertEqual(hub.call("POST", "/api/v1/ranges", lab, {"ranges": ["9.9.9.0/24"]}).status, 200)
        with Watch(TOCSIN_TOKEN=lab) as watch:
            self.wait_open(1)
            other, own = publish(indicator("8.8.8.8", tlp="green"), indicator("9.9.9.9", tlp="green"))
            self.assertEqual(watch.take(2), [other, own])
            self.assertEqual(hub.call("POST", "/api/v1/ranges/remove", lab, {"ranges": ["9.9.9.0/24"]}).status, 200)
            unheard = publish(indicator("9.9.9.8", tlp="green"))
            self.assertEqual(watch.take(1), unheard)
            watch.process.send_signal(signal.SIGTERM)
            watch.finish()
            behind = next(line for line in watch.said if line.startswith(other + "  --after ")).split()[-1]
            with Watch("--after", behind, TOCSIN_TOKEN=lab) as later:
                self.assertEqual(later.take(2), [own, *unheard])
            alerts = [line for line in watch.said if "is about your range" in line]
            self.assertEqual(len(alerts), 1, watch.said)
            self.assertIn(f"{own} is about your range 9.9.9.0/24; to dispute it: tocsin dispute {own}", alerts[0])

    def test_watch_prints_what_is_published_as_it_is_stored_within_a_second(self):
        with Watch("--collection", "network", "--type", "indicator") as watch:
            self.wait_open(1)
            for made in [indicator(name=f"line\nbreak {i}") for i in range(3)]:
                publish(made)
                stored = time.monotonic()
                line = watch.lines.get(timeout=PATIENCE)
                self.assertLess(time.monotonic() - stored, 1)
                held = hub.call("GET", f"{objects}{made['id']}/", feed).body.decode()
                self.assertEqual(held, '{"more":false,"objects":[' + line.removesuffix("\n") + "]}")
            publish(indicator(), path=hub.objects_of("campaigns"))
            last = publish(indicator())
            self.assertEqual(watch.take(1), last)

    def test_watch_goes_on_across_restarts_and_breaks_and_loses_and_repeats_nothing(self):
        with Relay() as relay, Watch(TOCSIN_URL=relay.url) as watch:
            self.wait_open(1)
            expected = publish(indicator())
            for end in ("stop", "kill", "stop"):
                expected += publish(*[indicator() for _ in range(20)])
                getattr(hub, end)()
                hub.start()
                expected += publish(*[indicator() for _ in range(20)])
            self.wait_open(1)
            for each in relay.sockets[1:]:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            expected += publish(indicator())
            self.assertEqual(watch.take(len(expected)), expected)
            self.assertTrue(watch.lines.empty())
            self.assertIsNone(watch.process.poll())

    def test_watch_ends_with_the_reason_when_its_token_is_revoked(self):
        token = hub.token("aurora", "feed")
        with Watch(TOCSIN_TOKEN=token) as watch:
            self.wait_open(1)
            hub.verb("token", "revoke", token.split("_")[1])
            revoked = time.monotonic()
            self.assertEqual(watch.finish(), 3)
            self.assertLess(time.monotonic() - revoked, 5)
            self.assertIn("The server ended the stream: The credential was revoked.", "".join(watch.said))
            self.assertTrue(watch.lines.empty())
        with Watch(TOCSIN_TOKEN=token) as watch:
            self.assertEqual(watch.finish(), 3)
            self.assertIn("401", "".join(watch.said))

    def test_a_server_stops_at_once_whoever_watches(self):
        with Watch() as first, Watch() as second:
            self.wait_open(2)
            began = time.monotonic()
            self.assertEqual(hub.stop(), 0)
            self.assertLess(time.monotonic() - began, 5)
            for watch in (first, second):
                self.assertIsNone(watch.process.poll())
                watch.process.send_signal(signal.SIGTERM)
                self.assertEqual(watch.finish(), -signal.SIGTERM)
        hub.start()

    def test_the_place_of_an_event_leads_on(self):
        connection = hub.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/stream", headers={"Authorization": "Bearer " + feed})
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers["Content-Type"]), (200, "text/event-stream"))
        self.assertRegex(response.readline().decode(), r"^id: [\w-]+\n$")
        self.assertEqual(response.readline(), b"\n")
        first, second = publish(indicator(), indicator())
        self.assertEqual(response.readline(), b"event: object\n")
        place = response.readline().decode().removeprefix("id: ").strip()
        self.assertEqual(json.loads(response.readline().removeprefix(b"data: "))["object"]["id"], first)
        with Watch("--after", place) as watch:
            self.assertEqual(watch.take(1), [second])

    def test_who_may_not_stream_is_told_so(self):
        for role, status in (("submitter", 403), ("auditor", 403), ("liaison", 403)):
            token = hub.token("aurora", role)
            self.assertEqual(hub.call("GET", "/api/v1/stream", token).status, status, role)
            with Watch(TOCSIN_TOKEN=token) as watch:
                self.assertEqual(watch.finish(), 3)
        with Watch("--collection", "nothing") as watch:
            self.assertEqual(watch.finish(), 5)
        with Watch("--after", "nowhere") as watch:
            self.assertEqual(watch.finish(), 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)
