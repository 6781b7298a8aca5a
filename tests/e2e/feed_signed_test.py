"""`tocsin feed` with the key of the instance's log: what nobody signed as the answer to this request takes no file's place, nor does what was signed before."""
import base64
import pathlib
import tempfile
import unittest

from cli_case import Case, answer, set_up_module, strange_server, tocsin, write

HEADERS = ("ETag", "Tocsin-Digest", "Tocsin-Entries", "Tocsin-As-Of", "Tocsin-Expires", "Tocsin-Manifest")


def setUpModule():
    global hub, folder, lab, key
    hub, folder, lab, _, _ = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    share("198.51.100.0/28")
    key = key_of_log()


def key_of_log():
    return next(line.split("\t")[2] for line in hub.verb("check").splitlines() if line.startswith("log-key\tdata\t"))


def share(value):
    got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, [{"kind": "ip-range", "value": value, "action": "block"}])
    if got.status != 200 or got.json["refused"]:
        raise AssertionError(got.body)


def served(name="block-v4", query="format=text", headers=None):
    """As the server answers it now, to be played again."""
    got = hub.call("GET", f"/api/v1/feeds/{name}?{query}", lab, None, headers)
    return answer(got.status, got.body.decode(), **{one: got.headers[one] for one in HEADERS})


def note_in(played):
    return base64.b64decode(played[1]["Tocsin-Manifest"]).decode()


def generation_in(played):
    return int(note_in(played).split("\ngeneration ")[1].split("\n")[0])


class Signed(Case):
    def setUp(self):
        self.at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.file = self.at / "list"

    def pull(self, *words, **env):
        return tocsin("feed", "pull", "block-v4", "--to", self.file, *words, **env)

    def play(self, server, played, *words):
        server.script["*"] = played
        return self.pull("--vkey", key, *words, TOCSIN_URL=server.url)

    def test_what_the_instance_signed_becomes_the_file(self):
        for words in ((), ("--format", "nginx"), ("--max-tlp", "green", "--format", "csv", "--include", "mobile,cgnat")):
            self.file = self.at / f"list{len(words)}"
            for _ in range(2):  # the second is unchanged
                self.assert_done(self.pull("--vkey", key, *words))
        self.assert_done(tocsin("feed", "pull", "block-v4", "--to", self.at / "other", "--vkey", f"@{write('log.pub', key)}"))

    def test_the_signature_is_over_what_the_answer_says(self):
        played = served(query="format=text&max_tlp=green")
        said = dict(line.split(" ", 1) for line in note_in(played).splitlines()[1:8])
        self.assertEqual((said["feed"], said["entries"], "sha-256=" + said["sha256"]),
                         ("block-v4", played[1]["Tocsin-Entries"], played[1]["Tocsin-Digest"]))
        manifest = hub.call("GET", "/api/v1/feeds/block-v4/manifest?format=text&max_tlp=green", lab).json
        self.assertIn(f"\nsha256 {manifest['sha256']}\n", manifest["signed"])
        self.assertIn(f"\nasked {said['asked']}\n", manifest["signed"])
        self.assertGreater(generation_in(served()), generation_in(played))

    def test_what_was_signed_before_does_not_come_back(self):
        old = served()
        share(f"203.0.113.{len(list(folder.iterdir())) % 100 * 2}")
        new = served()
        self.assertNotEqual(old[2], new[2])
        with strange_server({}) as server:
            self.assert_done(self.play(server, old))
            self.assert_done(self.play(server, new))
            refused = self.play(server, old)  # within seconds, so that its time alone says nothing
            self.assert_fails(refused, 6, f"generation {generation_in(old)}", str(generation_in(new)), "--accept-older")
            self.assertEqual(self.file.read_text(), new[2])
            later = served(headers={"If-None-Match": new[1]["ETag"]})
            self.assertEqual(later[0], 304)
            self.assert_done(self.play(server, later))
            self.assert_done(self.play(server, new))  # the file stays, and what was told later is not forgotten
            self.assert_fails(self.play(server, old), 6, str(generation_in(later)))
            self.assert_done(self.pull(TOCSIN_URL=server.url))  # without the key: by its time it may come
            self.assertEqual(self.file.read_text(), old[2])
            self.assert_fails(self.play(server, new), 6, str(generation_in(later)))  # nor is that forgotten
            self.assert_done(self.play(server, new, "--accept-older"))
            self.assertEqual(self.file.read_text(), new[2])

    def test_what_is_not_signed_as_this_answer_is_refused(self):
        self.assert_done(self.pull("--vkey", key))
        before = self.file.read_bytes()
        share(f"192.0.2.{len(list(folder.iterdir())) % 100 * 2}")
        real = served()
        changed = lambda **headers: (real[0], real[1] | {name.replace("_", "-"): value for name, value in headers.items()}, real[2])
        without = (real[0], {name: value for name, value in real[1].items() if name != "Tocsin-Manifest"}, real[2])
        forged = note_in(real).replace("\ngeneration ", "\ngeneration 9")
        with strange_server({}) as server:
            for played, why in ((without, "did not sign"),
                                (changed(Tocsin_Manifest=base64.b64encode(forged.encode()).decode()), "not signed with the key"),
                                (changed(Tocsin_Manifest="nothing"), "not signed with the key"),
                                (changed(Tocsin_As_Of="2998-01-01T00:00:00Z"), "something else"),
                                (changed(Tocsin_Expires="2999-01-01T00:00:00Z"), "something else"),
                                (served(query="format=text&max_tlp=green"), "something else"),
                                (served("rate-limit-v4"), "something else"),
                                (served("block-v6"), "something else")):
                self.assert_fails(self.play(server, played), 6, why, "block-v4")
                self.assertEqual(self.file.read_bytes(), before)
            self.assert_done(self.play(server, real))

    def test_a_key_that_is_none_is_told(self):
        self.assert_fails(self.pull("--vkey", "nothing"), 1, "--vkey")
        self.assert_fails(self.pull("--vkey", f"@{self.at / 'absent'}"), 1, "absent")
        self.assertFalse(self.file.exists())

    def test_numbers_grow_over_a_start_and_a_new_key_is_asked_for(self):
        global key
        before = generation_in(served())
        self.assert_done(self.pull("--vkey", key))
        hub.stop()
        hub.start()
        self.assertGreater(generation_in(served()), before)
        self.assert_done(self.pull("--vkey", key))
        hub.verb("key", "rotate", "--log")
        self.assert_fails(self.pull("--vkey", key), 6, "not signed with the key", "new one")
        key = key_of_log()
        self.assert_done(self.pull("--vkey", key))


if __name__ == "__main__":
    unittest.main(verbosity=1)
