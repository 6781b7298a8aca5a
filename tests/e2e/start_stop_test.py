"""SIGTERM while clients are at work, and starts that find something in the way."""
import signal
import socket
import unittest

from instance import Instance, Slow, indicator


class Case(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)
        self.hub.organisation("aurora", "lab", "red")


class Stop(Case):
    def test_sigterm_answers_what_is_under_way_takes_nothing_new_and_exits_with_0(self):
        token = self.hub.token("aurora", "analyst")
        path = self.hub.objects_of("network")
        self.hub.start()
        idle = self.hub.connect()
        self.addCleanup(idle.close)
        self.assertEqual(self.hub.call("GET", "/healthz", connection=idle).status, 200)
        made = [indicator() for _ in range(3)]
        slow = [Slow(self.hub, path, token, {"objects": [one]}) for one in made]
        self.hub.process.send_signal(signal.SIGTERM)
        self.assertEqual(idle.sock.recv(1), b"")  # an idle connection ends at once
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.hub.port), timeout=30)
        for each in slow:
            answer = each.finish()
            self.assertEqual((answer.status, answer.json["success_count"], answer.headers["Connection"]), (202, 1, "close"))
            each.close()
        self.assertEqual(self.hub.stop(), 0)
        self.hub.start()
        self.assertEqual([one["id"] for one in self.hub.call("GET", path, token).json["objects"]], [one["id"] for one in made])


class Start(Case):
    def refused(self, *words):
        done = self.hub.verb("serve", *(words or ("--listen", "127.0.0.1:0")), check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^tocsind: .*\n$")
        return done.stderr

    def test_the_admin_socket_that_a_killed_server_left_is_replaced(self):
        self.hub.start()
        path = self.hub.dir / "run" / "admin.sock"
        self.hub.kill()
        self.assertTrue(path.is_socket())
        before = path.stat().st_ino, path.stat().st_mtime_ns
        self.hub.start()
        self.assertNotEqual((path.stat().st_ino, path.stat().st_mtime_ns), before)
        self.assertIn("aurora", self.hub.verb("org", "list"))  # through the socket: the directory is locked
        self.hub.stop()
        path.unlink(missing_ok=True)
        path.write_text("somebody's notes")
        self.assertIn(f"{path} is in the way", self.refused())
        self.assertEqual(path.read_text(), "somebody's notes")

    def test_a_taken_port_is_named_with_what_to_do(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another port"
            refused = self.refused("--listen", f"127.0.0.1:{port}")
            self.assertIn(said, refused)
            self.assertIn(f"from --listen, or listen.https in {self.hub.dir / 'tocsin.toml'}", refused)
            self.hub.configure(listen__loopback=f'"127.0.0.1:{port}"')
            refused = self.refused()
            self.assertIn(said, refused)
            self.assertIn("is listen.loopback in", refused)
        self.hub.start()

    def test_an_address_of_another_machine_or_none_is_named(self):
        self.assertIn("Cannot listen on 192.0.2.1 port 8443", self.refused("--listen", "192.0.2.1:8443"))
        self.assertIn("IP address and a port", self.refused("--listen", "localhost"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
