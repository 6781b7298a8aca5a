"""SIGTERM while clients are at work, and starts that find something in the way."""
import os
import pathlib
import signal
import socket
import stat
import subprocess
import unittest

from instance import TOCSIND, Instance, Slow, indicator


def ask_as(user, path):
    """What another user of the machine reads from the admin socket, or the name of what went wrong."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setuid(user)
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(str(path))
                asking.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                said = asking.recv(99)
        except OSError as error:
            said = type(error).__name__.encode()
        os.write(writing, said)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as said:
        answer = said.read()
    os.waitpid(child, 0)
    return answer


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

    def test_A10_the_admin_socket_is_closed_to_other_users_even_where_its_modes_were_opened(self):
        self.hub.start()
        path = self.hub.dir / "run" / "admin.sock"
        self.assertEqual((stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)), (0o600, 0o700))
        if os.geteuid() != 0:
            print("SKIPPED: only root can become another user")
            return
        for opened in (path, *list(path.parents)[:3]):
            os.chmod(opened, 0o777)
        self.assertTrue(ask_as(0, path).startswith(b"HTTP/1.1 200"))
        self.assertIn(ask_as(65534, path), (b"", b"BrokenPipeError", b"ConnectionResetError"))  # not for want of permission
        self.hub.stop()
        self.hub.start()
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)

    def test_no_core_file_of_the_server_is_written_and_its_user_cannot_look_into_it(self):
        if os.geteuid() != 0:
            print("SKIPPED: only root can become another user")
            return
        for path in [self.hub.dir.parent, self.hub.dir, *self.hub.dir.rglob("*")]:
            os.chown(path, 65534, 65534)
        self.hub.before = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        self.hub.start()
        process = self.hub.process.pid
        self.assertRegex(pathlib.Path(f"/proc/{process}/limits").read_text(), r"(?m)^Max core file size +0 +0 ")
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        self.assertRegex(status, r"(?m)^Uid:\t65534\t")
        # With AddressSanitizer the server leaves this out: the search for leaks attaches to the process.
        if subprocess.run(["grep", "-q", "__asan_init", TOCSIND]).returncode != 0:
            self.assertEqual(os.stat(f"/proc/{process}/mem").st_uid, 0, "what belongs to root, its user cannot read")

    def test_a_symbolic_link_in_the_place_of_the_admin_socket_is_refused(self):
        path, elsewhere = self.hub.dir / "run" / "admin.sock", self.hub.dir / "elsewhere.sock"
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(elsewhere))
            path.unlink(missing_ok=True)
            path.symlink_to(elsewhere)
            self.assertIn(f"{path} is in the way", self.refused())
            self.assertTrue(path.is_symlink() and elsewhere.is_socket())

    def test_two_servers_on_one_directory_are_refused_and_the_first_goes_on(self):
        self.hub.start()
        self.assertIn("in use", self.refused().lower())
        self.assertIn("aurora", self.hub.verb("org", "list"))

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
