"""clients/python/tocsin.py against a real server: the program from an empty virtual environment, the class from here."""
import contextlib
import json
import pathlib
import queue
import socket
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock

from cli_case import TAXII_SCRIPT, Relay, answer, collection, ids, set_up_module, strange_server
from instance import indicator

CLIENT = pathlib.Path("clients/python/tocsin.py").resolve()
sys.path.insert(0, str(CLIENT.parent))
sys.dont_write_bytecode = True
import tocsin  # noqa: E402


def setUpModule():
    global hub, folder, lab, feed, lab_file, python
    hub, folder, lab, feed, lab_file = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True, timeout=120)
    python = folder / "venv" / "bin" / "python"


def command(*words):
    return [python, "-I", "-S", CLIENT, *map(str, words)]


def env(**more):
    return {"TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": f"@{lab_file}"} | more


def run(*words, stdin="", **more):
    return subprocess.run(command(*words), input=stdin, capture_output=True, text=True, timeout=120, env=env(**more))


def write(name, text):
    (folder / name).write_text(text)
    return folder / name


def client(token=None, url=None, ca=None, **more):
    made = tocsin.Tocsin(url or hub.url, token or feed, ca or hub.ca, **more)
    opened.append(made)
    return made


opened = []


def tearDownModule():
    for one in opened:
        one.close()


class Program(unittest.TestCase):
    def test_it_says_who_one_is(self):
        done = run("whoami")
        self.assertEqual((done.returncode, json.loads(done.stdout)["organisation"]), (0, "aurora"), done.stderr)

    def test_what_is_submitted_is_pulled_by_another_credential(self):
        title = collection()
        made = [indicator(tlp="green") for _ in range(3)]
        bundle = write("bundle.json", json.dumps({"type": "bundle", "id": "bundle--1", "objects": made[:2]}))
        lines = write("more.ndjson", json.dumps(made[2]) + "\n\n" + json.dumps(indicator(pattern="[")) + "\n")
        done = run("submit", "--collection", title, bundle, lines)
        self.assertEqual((done.returncode, done.stdout), (2, "3 accepted, 1 refused\n"), done.stderr)
        self.assertRegex(done.stderr, r"^refused indicator--\S+: pattern-invalid")
        pulled = run("pull", "--collection", title, "--type", "indicator", TOCSIN_TOKEN=feed)
        self.assertEqual([json.loads(line) for line in pulled.stdout.splitlines()], made, pulled.stderr)
        hub.verb("collection", "moderate", title.replace(" ", "-"), "all")
        done = run("submit", "--collection", title, write("one.json", json.dumps(indicator(tlp="green"))))
        self.assertEqual((done.returncode, done.stdout), (0, "0 accepted, 0 refused, 1 waiting for an analyst\n"), done.stderr)

    def test_a_list_a_table_and_lines_of_json_are_shared_and_refusals_name_their_line(self):
        rows = [f"2001:db8:9:{i:x}::1,\"a\nb\"\n" for i in range(1_500)]
        rows[1_200] = "nonsense,\n"
        table = write("a.csv", "value,description\n" + "".join(rows))
        done = run("share", "--set", "kind=ip-range", "--set", "confidence=50", table)
        self.assertEqual((done.returncode, done.stdout), (2, "1499 accepted, 0 unchanged, 1 refused\n"), done.stderr)
        self.assertTrue(done.stderr.startswith(f"{table}:{2 + 2 * 1_200}: refused: property-value: "), done.stderr)
        again = [{"kind": "ip-range", "value": f"2001:db8:9:{i:x}::1", "confidence": 50, "description": "a\nb"} for i in range(9)]
        lines = write("a.ndjson", "".join(json.dumps(one) + "\n" for one in again))
        self.assertEqual(run("share", lines).stdout, "0 accepted, 9 unchanged, 0 refused\n")
        array = write("a.json", json.dumps([{"kind": "proxy-asn", "value": 64500}, {"kind": "proxy-asn", "value": 64501}]))
        self.assertEqual(run("share", "--dry-run", array).stdout, "2 accepted, 0 unchanged, 0 refused\n")
        self.assertEqual(run("share", "--set", "kind=proxy-asn", "-", stdin="AS64500\n64501\n").stdout, "2 accepted, 0 unchanged, 0 refused\n")

    def test_pulls_that_keep_their_places_print_everything_once(self):
        title, state = collection(), folder / "places"
        hub_lab, expected, printed = client(lab), [], []
        for count in (0, 1_500, 0, 1, 700):
            made = [indicator(tlp="green") for _ in range(count)]
            self.assertEqual(hub_lab.submit(made, title)["accepted"], count)
            expected += [one["id"] for one in made]
            done = run("pull", "--collection", title, "--state", state, TOCSIN_TOKEN=feed)
            self.assertEqual(done.returncode, 0, done.stderr)
            printed += ids(done.stdout)
        self.assertEqual(printed, expected)
        with strange_server({}) as other:
            done = run("pull", "--state", state, TOCSIN_URL=other.url)
            self.assertEqual((done.returncode, done.stdout, other.heard), (1, "", []))

    def test_watch_goes_on_across_kills_of_the_server_and_of_itself(self):
        title, state = collection(), folder / "watched"
        with Relay() as relay:
            with Watch(relay, title, state) as watch:
                self.wait_open(1)
                expected = publish(title, 20)
                self.assertEqual(watch.take(20), expected)
                hub.kill()
                hub.start()
                expected = publish(title, 20)
                self.assertEqual(watch.take(20), expected)
            missed = publish(title, 20)
            with Watch(relay, title, state) as watch:
                first = watch.take(1)
                # What was printed and not yet kept when it was killed is printed again.
                self.assertIn(first, (missed[:1], expected[-1:]))
                self.assertEqual(watch.take(20 if first == expected[-1:] else 19), missed[-20 if first == expected[-1:] else -19:])

    def test_the_server_hands_it_out_to_anybody(self):
        given = hub.call("GET", "/clients/tocsin.py")
        self.assertEqual((given.status, given.body), (200, CLIENT.read_bytes()))
        file = folder / "handed_out.py"
        file.write_bytes(given.body)
        done = subprocess.run([python, "-I", "-S", file, "whoami"], capture_output=True, text=True, timeout=120, env=env())
        self.assertEqual(done.returncode, 0, done.stderr)

    def wait_open(self, count):
        admin, end = (hub.dir / "admin.token").read_text().strip(), time.monotonic() + 60
        while f"\ntocsin_open_streams {count}\n" not in hub.call("GET", "/metrics", admin).body.decode():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_mistakes_are_a_sentence_and_a_code_and_never_the_token(self):
        secret = "tocsin_secretsecret"
        for words, more, code in ((["whoami"], {"TOCSIN_TOKEN": secret}, 3), (["whoami"], {"TOCSIN_TOKEN": ""}, 3), (["whoami"], {"TOCSIN_URL": "http://127.0.0.1"}, 1),
                                  (["whoami"], {"TOCSIN_TOKEN": secret + " x"}, 1), (["whoami"], {"TOCSIN_CA": "/nonexistent"}, 1),
                                  (["whoami"], {"TOCSIN_CA": "", "TOCSIN_TOKEN": secret}, 4), (["whoami"], {"TOCSIN_URL": "https://127.0.0.1:1"}, 4),
                                  (["submit", "/nonexistent"], {}, 1), (["submit", "-"], {}, 1), (["pull", "--collection", "none"], {}, 5),
                                  (["pull", "--since", "yesterday"], {}, 1)):
            with self.subTest(words, more=more):
                done = run(*words, stdin="{", **more)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertRegex(done.stderr, r"^tocsin: \S.*\n(  .*\n)?$")
                self.assertNotIn(secret, done.stderr)


def publish(title, count):
    made = [indicator(tlp="green") for _ in range(count)]
    with client(lab) as hub_lab:
        accepted = hub_lab.submit(made, title)["accepted"]
    if accepted != count:
        raise AssertionError("not all were accepted")
    return [one["id"] for one in made]


class Watch:
    """`tocsin.py watch` at work; its lines are taken as they come."""

    def __init__(self, relay, title, state):
        self.process = subprocess.Popen(command("watch", "--collection", title, "--state", state), stdout=subprocess.PIPE, text=True,
                                        env=env(TOCSIN_URL=relay.url, TOCSIN_TOKEN=feed))
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout])
        self.reader.start()

    def take(self, count):
        return [json.loads(self.lines.get(timeout=60))["id"] for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait(30)
        self.reader.join()
        self.process.stdout.close()


class Class(unittest.TestCase):
    def test_who_stops_within_a_page_gets_that_page_again_and_no_other(self):
        title = collection()
        expected = publish(title, 1_500)
        places = {}
        first = next(client().pull(places, title))
        self.assertEqual(places, {})
        pages = client().pull(places, title)
        self.assertEqual(next(pages).objects, first.objects)
        next(pages)
        rest = [one["id"] for page in client().pull(places, title) for one in page.objects]
        self.assertEqual([one["id"] for one in first.objects] + rest, expected)

    def test_a_pull_beside_submissions_misses_and_repeats_nothing(self):
        title, expected, seen, places = collection(), [], [], {}
        done = threading.Event()

        def write():
            try:
                for _ in range(30):
                    expected.extend(publish(title, 40))
            finally:
                done.set()

        writer = threading.Thread(target=write)
        writer.start()
        reader = client()
        last = False
        while True:
            seen += [one["id"] for page in reader.pull(places, title) for one in page.objects]
            if last:
                break
            last = done.is_set()
        writer.join()
        self.assertEqual((len(expected), seen), (1_200, expected))

    def test_a_busy_server_is_asked_again_with_patience_and_a_broken_connection_at_least_once(self):
        waits = []
        with strange_server({"*": answer(503, {"title": "Busy"}, **{"Retry-After": "7"})}) as server:
            with self.assertRaises(tocsin.TocsinError) as raised:
                client(lab, server.url, pause=waits.append).whoami()
            self.assertEqual((raised.exception.code, waits, len(server.heard)), (4, [7.0] * 5, 6))
            server.script["*"] = answer(429, {"title": "Busy"}, **{"Retry-After": "soon"})
            waits.clear()
            with self.assertRaises(tocsin.TocsinError):
                client(lab, server.url, pause=waits.append).whoami()
            self.assertEqual(waits, [1.0, 2.0, 4.0, 8.0, 16.0])
        with Relay() as relay:
            one = client(lab, relay.url, pause=waits.append)
            waits.clear()
            one.whoami()
            one.whoami()
            self.assertEqual((waits, len(relay.sockets)), ([], 3))  # one connection: the listener, and its two ends
            for end in relay.sockets[1:]:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self.assertEqual(one.whoami()["organisation"], "aurora")

    def test_the_token_goes_to_no_other_server(self):
        with strange_server({}) as other:
            with strange_server({"/taxii2/": answer(200, {"title": "t", "default": other.url + "/r/", "api_roots": []}),
                                 "/api/v1/me": answer(302, "", Location=other.url + "/")}) as server:
                for ask in ("whoami", "collections"):
                    with self.assertRaises(tocsin.TocsinError):
                        getattr(client(lab, server.url), ask)()
            self.assertEqual(other.heard, [])

    def test_a_certificate_that_is_not_trusted_hears_no_token(self):
        with strange_server({}) as server:
            authority = folder / "no.crt"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=no", "-keyout", "/dev/null",
                            "-out", authority], check=True, capture_output=True)
            for url, ca in ((server.url, str(authority)), (server.url.replace("127.0.0.1", "127.1"), hub.ca)):
                with self.assertRaises(tocsin.TocsinError) as raised:
                    client(lab, url, ca).whoami()
                self.assertEqual(raised.exception.code, 4)
                self.assertIn("not trusted", str(raised.exception))
            self.assertEqual(server.heard, [])

    def test_an_answer_without_end_is_given_up(self):
        with strange_server(TAXII_SCRIPT | {"/api/v1/me": answer(200, {"a": "x" * 200_000})}) as server:
            with unittest.mock.patch.object(tocsin, "LONGEST_ANSWER", 100_000):
                with self.assertRaisesRegex(tocsin.TocsinError, "longer than"):
                    client(lab, server.url).whoami()
            server.script["/r/collections/c/objects/"] = answer(200, {"more": True, "objects": []})
            with self.assertRaisesRegex(tocsin.TocsinError, "incomplete"):
                list(client(lab, server.url).pull())

    def test_objects_go_in_batches_that_the_server_takes(self):
        objects = [{"id": str(i), "x": "é" * (i % 50)} for i in range(2_000)]
        made = list(tocsin.batches(objects, 5_000))
        self.assertEqual([one for body in made for one in json.loads(body)["objects"]], objects)
        self.assertLessEqual(max(map(len, made)), 5_000)
        self.assertEqual([len(json.loads(body)["objects"]) for body in tocsin.batches(objects, 10**7)], [500] * 4)
        with self.assertRaises(tocsin.TocsinError):
            list(tocsin.batches([{"x": "é" * 3_000}], 5_000))


if __name__ == "__main__":
    unittest.main()
