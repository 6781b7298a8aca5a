"""`tocsin` as docs/cli.md promises it, against a real server: submit, pull, get."""
import json
import re
import signal
import subprocess
import time
import unittest
import uuid

from cli_case import TAXII_SCRIPT, Case, Relay, answer, collection, environment, ids, set_up_module, strange_server, tocsin, write
from instance import TOCSIN, indicator


def setUpModule():
    global hub, folder, lab, feed
    hub, folder, lab, feed, _ = set_up_module()


class Submit(Case):
    def test_every_documented_kind_of_input_is_accepted_from_files_and_standard_input(self):
        one = [indicator() for _ in range(9)]
        inputs = [write("bundle.json", {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": one[:2]}),
                  write("envelope.json", {"objects": one[2:4]}), write("array.json", one[4:5]), write("object.json", one[5]),
                  write("lines.ndjson", "".join(json.dumps(each) + "\n" for each in one[6:8])), "-"]
        name = collection()
        done = self.assert_done(tocsin("submit", "--collection", name, *inputs, stdin=json.dumps(one[8])))
        self.assertEqual((done.stdout, done.stderr), (f"9 of 9 objects accepted by {name}\n", ""))
        self.assertEqual(ids(tocsin("pull", "--collection", name).stdout), [each["id"] for each in one])

    def test_each_refusal_is_one_line_and_the_exit_code_is_2(self):
        good, bad = indicator(), [indicator(pattern="["), indicator(modified="2099-01-01T00:00:00.000Z"), indicator(name="a\nb\x1b[31m", pattern="x\ny")]
        done = self.assert_done(tocsin("submit", write("mixed.json", [bad[0], good, *bad[1:]])), 2)
        self.assertEqual(done.stdout, "1 of 4 objects accepted by network, 3 refused\n")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 3)
        for line, one in zip(lines, bad):
            self.assertRegex(line, f"^refused {one['id']}: [a-z-]+: .*[.]$")
        self.assertNotIn("\x1b", done.stderr)

    def test_what_is_stored_already_is_counted_and_not_listed(self):
        old, new, red = indicator(), indicator(), indicator(tlp="red")
        self.assert_done(tocsin("submit", write("first.json", [old, red])))
        done = self.assert_done(tocsin("submit", write("again.json", [old, new, red])))
        self.assertEqual(done.stdout, "3 of 3 objects accepted by network, 2 unchanged\n")
        self.assertRegex(done.stderr, f"^note {red['id']}: [^\n]*only your organisation sees[^\n]*\n$")
        self.assertNotIn("nchanged", done.stderr)
        document = json.loads(self.assert_done(tocsin("submit", "--json", write("again.json", [old, new]))).stdout)
        self.assertEqual((document["accepted"], document["unchanged"], document["notes"]), (2, 2, []))
        done = self.assert_done(tocsin("status", document["statuses"][0]))
        self.assertIn("2 of 2 accepted, 2 unchanged, 0 refused", done.stdout)
        elsewhere = self.assert_done(tocsin("submit", "--collection", collection(), write("again.json", [old, new])))
        self.assertNotIn("unchanged", elsewhere.stdout)

    def test_json_has_the_documented_members_and_status_agrees(self):
        good, bad = indicator(), indicator(pattern="[")
        document = json.loads(self.assert_done(tocsin("submit", "--json", write("two.json", [good, bad])), 2).stdout)
        self.assertEqual(set(document), {"collection", "batches", "total", "accepted", "unchanged", "refused", "pending", "unsent", "refusals", "notes", "statuses"})
        counts = {key: document[key] for key in ("batches", "total", "accepted", "refused", "pending", "unsent")}
        self.assertEqual(counts, {"batches": 1, "total": 2, "accepted": 1, "refused": 1, "pending": 0, "unsent": 0})
        self.assertEqual([(one["id"], one["version"], set(one)) for one in document["refusals"]],
                         [(bad["id"], bad["modified"], {"id", "version", "message"})])
        status, = document["statuses"]
        done = self.assert_done(tocsin("status", status), 2)
        self.assertIn("1 of 2 accepted, 1 refused, 0 pending", done.stdout)
        self.assertEqual(done.stderr.count("\n"), 1)
        resource = json.loads(self.assert_done(tocsin("status", "--json", status), 2).stdout)
        self.assertEqual((resource["id"], resource["success_count"], resource["failure_count"]), (status, 1, 1))
        good_only = json.loads(tocsin("submit", "--json", write("one.json", good)).stdout)
        self.assert_done(tocsin("status", good_only["statuses"][0]))

    def test_a_syntax_error_anywhere_sends_nothing(self):
        name, good = collection(), write("good.json", indicator())
        bad = write("bad.json", '{\n  "objects": [ { "type": "x", } ]\n}')
        self.assert_fails(tocsin("submit", "--collection", name, good, bad), 1, f"{bad}:2:")
        self.assert_fails(tocsin("submit", "--collection", name, good, "-", stdin='{"a":1,"a":2}'), 1, "(standard input):1:")
        self.assert_fails(tocsin("submit", "--collection", name, good, folder / "absent.json"), 1, "absent.json")
        self.assert_fails(tocsin("submit", "--collection", name, write("empty.json", "")), 1)
        self.assertEqual(tocsin("pull", "--collection", name).stdout, "")

    def test_collections_are_named_by_id_alias_or_title_in_any_case(self):
        name, one = collection(), write("one.json", indicator())
        alias = name.replace(" ", "-")
        for word in (name, name.upper(), alias, hub.collection(alias)):
            self.assert_done(tocsin("submit", "--collection", word, one))
        self.assert_fails(tocsin("submit", "--collection", "nowhere", one), 5, "nowhere")
        self.assert_fails(tocsin("submit", "--collection", name, one, TOCSIN_TOKEN=feed), 3, name)

    def test_many_objects_go_in_numbered_batches_and_again_without_harm(self):
        name, many = collection(), [indicator(f"198.51.100.{i % 256}") for i in range(1_203)]
        file = write("many.json", many)
        for _ in range(2):
            document = json.loads(self.assert_done(tocsin("submit", "--json", "--collection", name, file)).stdout)
            self.assertEqual((document["batches"], document["accepted"], len(document["statuses"])), (3, 1_203, 3))
        self.assertEqual(ids(tocsin("pull", "--collection", name).stdout), [one["id"] for one in many])

    def test_an_object_larger_than_a_request_may_be_is_refused_alone(self):
        limit = hub.call("GET", "/taxii2/root/", lab).json["max_content_length"]
        huge, small = indicator(description="x" * limit), indicator()
        done = self.assert_done(tocsin("submit", write("huge.json", [huge, small])), 2)
        self.assertIn("1 of 2 objects accepted", done.stdout)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn(f"refused {huge['id']}: ", done.stderr)


class Interrupted(Case):
    def submit_in_background(self, name, file, url):
        return subprocess.Popen([TOCSIN, "submit", "--json", "--collection", name, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=environment(TOCSIN_URL=url))

    def wait_for_objects(self, name, least):
        path = f"{hub.objects_of(name.replace(' ', '-'))}?limit={least}"
        deadline = time.monotonic() + 30
        while len(hub.call("GET", path, lab).json.get("objects", [])) < least:
            self.assertLess(time.monotonic(), deadline, "the submission does not progress")

    def test_an_interrupted_submission_is_finished_by_the_same_command_without_duplicates(self):
        name, many = collection(), [indicator(f"198.51.100.{i % 256}") for i in range(15_000)]
        file = write("interrupted.json", many)
        process = self.submit_in_background(name, file, hub.url)
        self.wait_for_objects(name, 600)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertIn(process.returncode, (-signal.SIGINT, 128 + signal.SIGINT))
        expected = [one["id"] for one in many]
        before = ids(tocsin("pull", "--collection", name).stdout)
        self.assertEqual(before, expected[:len(before)])
        self.assertLess(len(before), len(many), "it was not interrupted")
        document = json.loads(self.assert_done(tocsin("submit", "--json", "--collection", name, file)).stdout)
        self.assertEqual((document["accepted"], document["refused"], document["unsent"]), (15_000, 0, 0))
        self.assertEqual(ids(tocsin("pull", "--collection", name).stdout), expected)

    def test_a_submission_outlives_the_servers_restart(self):
        name, many = collection(), [indicator(f"198.51.100.{i % 256}") for i in range(15_000)]
        with Relay() as relay:
            process = self.submit_in_background(name, write("restart.json", many), relay.url)
            self.wait_for_objects(name, 600)
            hub.kill()
            hub.start()
            out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, out + err)
        self.assertEqual(json.loads(out)["accepted"], 15_000)
        self.assertEqual(sorted(ids(tocsin("pull", "--collection", name).stdout)), sorted(one["id"] for one in many))


class Pull(Case):
    @classmethod
    def setUpClass(cls):
        cls.name = collection()
        cls.path = hub.objects_of(cls.name.replace(' ', '-'))
        first = indicator(name="ä first\u2028name")
        cls.objects = [first, indicator(), dict(first, modified="2026-01-03T00:00:00.000Z", name="second name"),
                       {"type": "domain-name", "spec_version": "2.1", "id": f"domain-name--{uuid.uuid4()}", "value": "proxy.example"}]
        for one in cls.objects:
            assert hub.call("POST", cls.path, lab, {"objects": [one]}).json["success_count"] == 1
        cls.newest = [one for one in cls.objects if one.get("name") != "ä first\u2028name"]

    def pull(self, *words):
        return self.assert_done(tocsin("pull", "--collection", self.name, *words))

    def lines(self, *words):
        return [json.loads(line) for line in self.pull(*words).stdout.split("\n")[:-1]]

    def test_ndjson_is_one_object_a_line_as_the_server_sent_it(self):
        done = self.pull()
        self.assertEqual([json.loads(line) for line in done.stdout.split("\n")[:-1]], self.newest)
        page = hub.call("GET", self.path, lab).body.decode()
        for line in done.stdout.split("\n")[:-1]:
            self.assertIn(line, page)
        self.assertRegex(done.stderr, r"^3 objects from 1 collection; next time: --since \S+Z\n$")

    def test_bundles_hold_the_same_objects(self):
        for words in (["--format", "bundle"], ["--json"]):
            bundle = json.loads(self.pull(*words).stdout)
            self.assertEqual((bundle["type"], bundle["id"][:8], bundle["objects"]), ("bundle", "bundle--", self.newest))
        empty = json.loads(tocsin("pull", "--json", "--collection", collection()).stdout)
        self.assertEqual(set(empty), {"type", "id"})

    def test_filters_select(self):
        self.assertEqual(self.lines("--type", "domain-name"), self.objects[3:])
        self.assertEqual(len(self.lines("--type", "domain-name", "--type", "indicator")), 3)
        self.assertEqual(self.lines("--id", self.objects[1]["id"]), [self.objects[1]])
        self.assertEqual(self.lines("--all-versions"), self.objects)
        limited = self.pull("--limit", "2")
        self.assertEqual(limited.stdout.count("\n"), 2)
        self.assertEqual(limited.stderr, "2 objects from 1 collection\n")
        self.assert_fails(tocsin("pull", "--type", "UPPER"), 1)

    def test_since_goes_on_where_the_last_pull_ended(self):
        name = collection()
        seen, since = [], []
        for count in (3, 0, 2):
            made = [indicator() for _ in range(count)]
            if made:
                self.assert_done(tocsin("submit", "--collection", name, "-", stdin=json.dumps(made)))
            done = self.assert_done(tocsin("pull", "--collection", name, *since))
            self.assertEqual(ids(done.stdout), [one["id"] for one in made])
            seen += ids(done.stdout)
            since = re.search(r"next time: (--since) (\S+)$", done.stderr).groups()
        self.assertEqual(seen, ids(tocsin("pull", "--collection", name, "--since", "2020-01-31").stdout))
        self.assertEqual(tocsin("pull", "--collection", name, "--since", "2999-01-01").stdout, "")
        self.assert_fails(tocsin("pull", "--since", "yesterday"), 1, "--since")

    def test_without_a_collection_all_are_pulled_and_what_several_hold_comes_once(self):
        twice = indicator(name="in two collections")
        for name in ("network", "campaigns"):
            self.assert_done(tocsin("submit", "--collection", name, "-", stdin=json.dumps(twice)))
        self.assertEqual(ids(self.assert_done(tocsin("pull")).stdout).count(twice["id"]), 1)

    def test_an_output_file_is_replaced_only_by_a_complete_pull(self):
        file = write("out.ndjson", "before\n")
        self.assert_fails(tocsin("pull", "-o", file, TOCSIN_TOKEN=lab[:-3] + "xxx"), 3)
        page = answer(200, {"objects": self.objects[:2], "more": True, "next": "x"}, **{"X-TAXII-Date-Added-Last": "2026-01-01T00:00:00.000000Z"})
        with strange_server({"/r/collections/c/objects/": page, "*": answer(500, {"title": "Broken"})} | TAXII_SCRIPT) as server:
            self.assert_fails(tocsin("pull", "-o", file, TOCSIN_URL=server.url), 4, "500")
        self.assertEqual(file.read_text(), "before\n")
        done = self.pull("-o", file)
        self.assertEqual((done.stdout, file.read_text()), ("", self.pull().stdout))
        self.assertEqual([path.name for path in folder.iterdir() if ".part-" in path.name], [])

    def test_get_prints_one_object_its_history_or_a_bundle(self):
        first = self.objects[0]["id"]
        get = lambda *words: self.assert_done(tocsin("get", first, *words)).stdout
        self.assertEqual(json.loads(get()), self.objects[2])
        self.assertEqual([json.loads(line) for line in get("--all-versions").split("\n")[:-1]], [self.objects[0], self.objects[2]])
        self.assertEqual(json.loads(get("--json", "--collection", self.name))["objects"], [self.objects[2]])
        self.assert_fails(tocsin("get", f"indicator--{uuid.uuid4()}"), 5, "indicator--")
        self.assert_fails(tocsin("get", first, "--collection", "campaigns"), 5, first)
        for wrong in ("foo", "indicator--1", first.upper()):
            self.assert_fails(tocsin("get", wrong), 5, f"{wrong} is not the id of an object.", "An id is a type, two dashes and a UUID: indicator--")


if __name__ == "__main__":
    unittest.main(verbosity=1)
