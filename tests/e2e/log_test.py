"""The signed logs as they are published: against a derivation of their own, by `tocsin log fsck`, and with a hand on the database.

The derivation (C2SP tlog-tiles, RFC 6962) shares nothing with the server but the formats."""
import base64
import functools
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import sqlite3
import ssl
import struct
import subprocess
import threading
import unittest

from instance import TOCSIN, Instance, indicator


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(hashes):
    if not hashes:
        return sha()
    while len(hashes) > 1:
        hashes = [sha(b"\1", *hashes[i:i + 2]) if i + 1 < len(hashes) else hashes[i] for i in range(0, len(hashes), 2)]
    return hashes[0]


def tiles_of(entries):
    """Every path that a log of these entries has, and its bytes."""
    hashes, made, level = [sha(b"\0", entry) for entry in entries], {}, 0
    while hashes:
        for begin in range(0, len(hashes), 256):
            part, number = hashes[begin:begin + 256], f"{begin // 256:03}"
            name = number if len(part) == 256 else f"{number}.p/{len(part)}"
            made[f"tile/{level}/{name}"] = b"".join(part)
            if level == 0:
                made[f"tile/entries/{name}"] = b"".join(struct.pack(">H", len(entry)) + entry for entry in entries[begin:begin + 256])
        hashes = [root_of(hashes[i:i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
        level += 1
    return made


class Files(http.server.SimpleHTTPRequestHandler):
    log_message = lambda *_: None
    shown = []  # what callers said who they are, one each

    def do_GET(self):
        self.shown.append(self.headers.get("Authorization"))
        super().do_GET()


class World(unittest.TestCase):
    def setUp(self):
        self.hub = Instance()
        self.addCleanup(self.hub.close)
        self.hub.add_lab_and_liaison()
        self.auditor = self.hub.token("hub", "auditor")
        self.hub.start()

    def submit(self, count, **members):
        objects = [indicator(f"198.51.{i // 250}.{i % 250}", "green", **members) for i in range(count)]
        answer = self.hub.call("POST", self.hub.objects, self.hub.lab, {"objects": objects})
        self.assertEqual((answer.status, answer.json["success_count"]), (202, count), answer.body[:2000])
        return [each["id"] for each in objects]

    def part(self, path, log="data"):
        return self.hub.call("GET", f"/log/{log}/{path}", self.auditor)

    def read(self, answer, log="data"):
        """Size, root and signature lines of a checkpoint."""
        text, signatures = answer.body.decode().split("\n\n")
        origin, size, root = text.splitlines()
        self.assertEqual(origin, {"data": "localhost/log", "control": "localhost/log/control"}[log])
        return int(size), base64.b64decode(root), signatures.splitlines()

    def grown_to(self, size, log="data"):
        """Waits for the checkpoint; the test's own time limit ends a wait in vain."""
        while True:
            answer = self.part("checkpoint", log)
            self.assertIn(answer.status, (200, 503))
            if answer.status == 200 and int(answer.body.split()[1]) >= size:
                return self.read(answer, log)

    def entries(self, size, log="data"):
        """From the bundles alone."""
        found = []
        for begin in range(0, size, 256):
            width = min(256, size - begin)
            bundle = self.part(f"tile/entries/{begin // 256:03}" + (f".p/{width}" if width < 256 else ""), log).body
            while bundle:
                length, = struct.unpack(">H", bundle[:2])
                found.append(bundle[2:2 + length])
                bundle = bundle[2 + length:]
        return found

    def key(self, name="data"):
        return next(line.split("\t")[2] for line in self.hub.verb("check").splitlines() if line.startswith(f"log-key\t{name}\t"))

    def fsck(self, *words, **env):
        base_env = {"TOCSIN_FORMAT": "table", "PATH": os.environ["PATH"], "HOME": self.hub.folder.name, "TOCSIN_URL": self.hub.url, "TOCSIN_CA": self.hub.ca, "TOCSIN_TOKEN": self.auditor}
        return subprocess.run([TOCSIN, "log", "fsck", *words], capture_output=True, text=True, timeout=120, env=base_env | env)

    def assert_whole(self, log="data", *words):
        done = self.fsck(log, *words)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "ok"), done.stdout + done.stderr)
        return done.stdout


class Published(World):
    def test_the_tiles_are_byte_for_byte_what_the_format_prescribes(self):
        written = []
        for count in (3, 252, 1, 1, 260):
            self.submit(count)
            written.append((written[-1] if written else 0) + count)
            size, root, signatures = self.grown_to(written[-1])
            self.assertEqual(size, written[-1])
            entries = self.entries(size)
            self.assertTrue(all(len(entry) == 33 and entry[0] == 1 for entry in entries))
            self.assertEqual(len(set(entries)), size)
            self.assertEqual(root_of([sha(b"\0", entry) for entry in entries]), root)
            self.assertEqual([line.split(" ")[1] for line in signatures], ["localhost/log", "localhost/log/freshness"])
        for size in written:  # partial tiles of every size that was published are served still
            for path, content in tiles_of(entries[:size]).items():
                with self.subTest(path, size=size):
                    answer = self.part(path)
                    self.assertEqual((answer.status, answer.body), (200, content))
                    self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
                    self.assertIn("immutable", answer.headers["Cache-Control"])
        self.assertEqual(self.part("checkpoint").headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertIn("size    517\n", self.assert_whole("data", "--vkey", self.key()))

    def test_what_is_no_canonical_path_of_a_settled_tile_is_not_there(self):
        self.submit(3)
        self.grown_to(3)
        for path in ("tile/0/000", "tile/0/000.p/4", "tile/0/000.p/0", "tile/0/000.p/03", "tile/0/0", "tile/0/000.p/3/", "tile/00/000.p/3", "tile/0/x000/000.p/3",
                     "tile/1/000.p/1", "tile/64/000", "tile/entries/000", "tile/entries/001.p/1", "tile/0", "tile/data/000", "nothing", "tile/0/000.p/3/4"):
            with self.subTest(path):
                answer = self.part(path)
                self.assertEqual(answer.status, 404)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
        for log in ("audit", "Data", "2"):
            self.assertEqual((self.part("checkpoint", log).status, self.part("tile/0/000.p/3", log).status), (404, 404))

    def test_readers_of_objects_do_not_read_the_log_and_auditors_do(self):
        for token, status in ((None, 401), (self.hub.lab, 403), (self.hub.liaison, 403), (self.auditor, 200)):
            self.assertEqual(self.hub.call("GET", "/log/data/checkpoint", token).status, status)

    def test_an_erased_object_keeps_its_entry_and_the_control_log_grows(self):
        first, *_ = self.submit(4)
        self.grown_to(4)
        before = self.part("tile/entries/000.p/4").body
        self.hub.verb("erase", "--org", "aurora", first)
        self.grown_to(1, "control")
        self.assertEqual(self.part("tile/entries/000.p/4").body, before)
        self.assert_whole("data")
        self.assert_whole("control")
        self.assertEqual(len(self.entries(1, "control")[0]), 33)

    def test_a_new_key_signs_both_logs_from_then_on(self):
        self.submit(1)
        self.grown_to(1)
        old = self.key()
        self.hub.verb("key", "rotate", "--log")
        new, control = self.key(), self.key("control")
        self.assertNotEqual(old, new)
        self.grown_to(1, "control")
        while self.fsck("data", "--vkey", new).returncode != 0:  # it is signed anew within a moment
            pass
        self.assert_whole("control", "--vkey", control)
        refused = self.fsck("data", "--vkey", old)
        self.assertEqual(refused.returncode, 4)
        self.assertIn("is not signed by", refused.stdout)

    def test_freshness_is_told_while_nothing_happens(self):
        key = (self.hub.dir / "keys" / "freshness.pub").read_text().strip()
        told = lambda: json.loads(self.fsck("data", "--json", "--freshness", key).stdout)["cosigned"]
        self.grown_to(0)
        file = pathlib.Path(self.hub.folder.name) / "key.pub"  # as `tocsin verify` takes it too
        file.write_text(key + "\n")
        self.assertRegex(self.assert_whole("data", "--freshness", f"@{file}"), r"\ntime    20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z\n")
        self.assertIn("--vkey is no public key of a log", self.fsck("data", "--vkey", f"@{file}").stderr)
        first = told()
        while told() == first:
            pass
        self.assertLessEqual(told() - first, 20)


class Faults(World):
    def test_kills_lose_nothing_that_was_signed(self):
        shown = 0
        for round in range(4):
            self.submit(40)
            if round % 2 == 0:
                shown = self.grown_to(shown + 1)[0]
            self.hub.kill()
            self.hub.start()
            size, _, _ = self.grown_to(40 * (round + 1))
            self.assertEqual(size, 40 * (round + 1))
        self.assert_whole("data", "--vkey", self.key())
        self.hub.stop()
        self.hub.start()
        self.assert_whole("data", "--vkey", self.key())

    def change(self, sql):
        database = sqlite3.connect(self.hub.dir / "tocsin.db")
        with database:
            database.execute(sql)
        database.close()

    def test_a_changed_leaf_is_told_by_fsck_and_the_next_start_signs_nothing_more(self):
        self.submit(5)
        size, root, _ = self.grown_to(5)
        self.hub.stop()
        self.change("UPDATE leaves SET leaf = zeroblob(32) WHERE log = 0 AND position = 2")
        self.hub.start()
        done = self.fsck("data")
        self.assertEqual(done.returncode, 4)
        self.assertIn("Entry 2 in tile/entries/000.p/5 is not what its leaf is the hash of.", done.stdout)
        self.assertIn("and the checkpoint names another", done.stdout)
        self.submit(1)
        while b'"log.not_signed"' not in (self.hub.dir / "serve.log").read_bytes():
            pass
        self.assertEqual(self.read(self.part("checkpoint"))[:2], (size, root))
        while self.hub.call("GET", "/readyz").status == 200:  # ten seconds later
            pass
        self.assertEqual(self.hub.call("GET", "/healthz").status, 200)
        admin = (self.hub.dir / "admin.token").read_text().strip()
        self.assertIn('tocsin_log_unsigned{log="data"} 1', self.hub.call("GET", "/metrics", admin).body.decode())
        self.assertEqual(self.read(self.part("checkpoint"))[:2], (size, root))

    def test_a_changed_entry_is_told_by_fsck_and_by_check(self):
        self.submit(5)
        self.grown_to(5)
        self.hub.stop()
        self.change("UPDATE leaves SET entry = zeroblob(33) WHERE log = 0 AND position = 4")
        self.hub.start()
        self.grown_to(5)
        self.assertIn("Entry 4 in tile/entries/000.p/5", self.fsck("data").stdout)
        self.assertIn("leaf 4 has an entry that its leaf is not the hash of", self.hub.verb("check", check=False).stdout)

    def test_a_static_copy_verifies_as_the_log_does(self):
        self.submit(300)
        size, _, _ = self.grown_to(300)
        folder = pathlib.Path(self.hub.folder.name) / "www" / "a" / "log"
        for path, content in (tiles_of(self.entries(size)) | {"checkpoint": self.part("checkpoint").body}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(folder.parents[1])))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.hub.dir / "certs" / "server.crt", self.hub.dir / "certs" / "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"https://127.0.0.1:{server.server_port}/a/log"
        done = self.fsck(url, "--vkey", self.key())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(set(Files.shown), {None})  # the token in the environment is the hub's
        self.fsck(url, "--token", "for-this-one")
        self.assertEqual(Files.shown[-1], "Bearer for-this-one")
        shutil.rmtree(folder / "tile" / "1")
        done = self.fsck(url + "/")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (4, "NOT OK  tile/1/000.p/1 is missing."))


if __name__ == "__main__":
    unittest.main(verbosity=1)
