"""Two real instances become peers by lines that are carried between them, and stop being so."""
import contextlib
import fcntl
import pathlib
import re
import unittest

from authority import Authority
from instance import Instance

LINE = re.compile(r"^tocsin-peer-[A-Za-z0-9_-]+$")
WORDS = re.compile(r"^  ((?:[a-z]{5} ){7}[a-z]{5})$", re.M)


class Peers(unittest.TestCase):
    def setUp(self):
        self.sides = []
        for name in ("heron", "ibis"):
            side = Instance(init=["--host", f"{name}.example"])
            self.addCleanup(side.close)
            side.verb("manifest", "make")
            self.sides.append(side)
        self.heron, self.ibis = self.sides

    def accept(self, side, line, *words):
        """What goes back, the fingerprint, and all that was said."""
        file = pathlib.Path(side.folder.name) / "line"
        file.write_text(line + "\n")
        done = side.verb("peer", "accept", str(file), *words, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        words = WORDS.search(done.stderr)
        return done.stdout.strip(), words and words[1], done.stderr

    def assert_refused(self, side, line, part):
        file = pathlib.Path(side.folder.name) / "line"
        file.write_text(line)
        done = side.verb("peer", "accept", str(file), check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(part, done.stderr)

    def rows(self, side):
        return {row[0]: row[1:] for row in (line.split("\t") for line in side.verb("peer", "list").splitlines())}

    def join(self):
        reply, seen, _ = self.accept(self.ibis, self.heron.verb("peer", "invite"))
        nothing, also_seen, _ = self.accept(self.heron, reply)
        self.assertEqual((nothing, also_seen), ("", seen))
        return seen

    def test_two_lines_make_two_peers_with_one_fingerprint_whether_servers_run_or_not(self):
        self.heron.start()
        line = self.heron.verb("peer", "invite")
        self.assertRegex(line, LINE)
        wrapped = "\n".join(line[i:i + 70] for i in range(0, len(line), 70))  # as mail does
        reply, seen, said = self.accept(self.ibis, wrapped)
        self.assertRegex(reply, LINE)
        self.assertIn(f"Then: tocsind peer resume heron.example --dir {self.ibis.dir}\n", said)
        nothing, also_seen, _ = self.accept(self.heron, reply, "--name", "ibis")
        self.assertEqual((nothing, also_seen), ("", seen))
        self.assertEqual(len(set(seen.split())), 8)
        for side, peer, origin in ((self.heron, "ibis", "ibis.example/log"), (self.ibis, "heron.example", "heron.example/log")):
            row = self.rows(side)[peer]
            self.assertEqual((row[0], row[1], row[2], row[4]), ("paused", origin, "1", "in force"))
            shown = side.verb("peer", "show", peer)
            self.assertIn(f"fingerprint\t{seen}\n", shown)
            self.assertIn("max_tlp\tclear\n", shown)
            side.verb("peer", "resume", peer)
            self.assertEqual(self.rows(side)[peer][0], "active")

    def test_who_sits_between_makes_the_fingerprints_differ(self):
        with contextlib.closing(Instance(init=["--host", "magpie.example"])) as magpie:
            magpie.verb("manifest", "make")
            stolen, forged = self.heron.verb("peer", "invite"), magpie.verb("peer", "invite")
            reply, seen_by_ibis, _ = self.accept(self.ibis, forged)
            self.assert_refused(self.heron, reply, "not made here")
            answer, _, _ = self.accept(magpie, stolen)
            _, seen_by_heron, _ = self.accept(self.heron, answer)
            self.assertNotEqual(seen_by_heron, seen_by_ibis)
            self.assertEqual(self.rows(self.heron)["magpie.example"][0], "paused")

    def test_a_line_works_once_and_only_whole(self):
        line = self.heron.verb("peer", "invite")
        self.assert_refused(self.ibis, line[:-1], "tocsind")
        self.assert_refused(self.ibis, line[:200] + ("A" if line[200] != "A" else "B") + line[201:], "tocsind")
        self.assert_refused(self.ibis, "hello", "tocsin-peer-")
        self.assert_refused(self.heron, line, "this instance itself")
        reply, _, _ = self.accept(self.ibis, line)
        self.assert_refused(self.ibis, line, "used already")
        self.accept(self.heron, reply)
        self.assert_refused(self.heron, reply, "used already")

    def test_a_line_that_cannot_be_taken_whole_is_not_used(self):
        line, in_the_way = self.heron.verb("peer", "invite"), self.ibis.dir / "peers"
        in_the_way.write_text("")
        self.assert_refused(self.ibis, line, "tocsind")
        in_the_way.unlink()
        reply, _, _ = self.accept(self.ibis, line)
        self.assertRegex(reply, LINE)

    def test_what_comes_from_one_peer_puts_no_agreement_with_another_in_force(self):
        self.join()
        self.heron.start()
        (self.heron.dir / "peers" / "ibis.example.toml").write_text('max_tlp = "amber"\n')
        with contextlib.closing(Instance(init=["--host", "magpie.example"])) as magpie:
            magpie.verb("manifest", "make")
            reply, _, _ = self.accept(magpie, self.heron.verb("peer", "invite"))
            self.accept(self.heron, reply)
        self.assertEqual(self.rows(self.heron)["magpie.example"][4], "in force")
        self.assertIn("max_tlp\tclear\n", self.heron.verb("peer", "show", "ibis.example"))
        self.heron.verb("peer", "reload")
        self.assertIn("max_tlp\tamber\n", self.heron.verb("peer", "show", "ibis.example"))

    def test_an_instance_without_a_manifest_or_its_root_key_says_what_to_do(self):
        with contextlib.closing(Instance(init=["--host", "wren.example"])) as wren:
            refused = wren.verb("peer", "invite", check=False)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("tocsind manifest make", refused.stderr)
            away = pathlib.Path(wren.folder.name) / "root.key"
            (wren.dir / "keys" / "root.key").rename(away)
            (wren.dir / "keys" / "root.pub").stat()
            self.assertIn("--root-key", wren.verb("manifest", "make", check=False).stderr)
            wren.verb("manifest", "make", "--root-key", str(away), "--days", "30")
            self.assertFalse((wren.dir / "keys" / "root.key").exists())
            foreign = wren.verb("manifest", "make", "--root-key", str(self.heron.dir / "keys" / "root.key"), check=False)
            self.assertIn("not this instance's root key", foreign.stderr)
            self.assertRegex(wren.verb("peer", "invite"), LINE)
        text = self.heron.verb("manifest", "show")
        self.assertTrue(text.startswith("tocsin/manifest/v1\nversion 1\n"), text)
        self.heron.verb("manifest", "make")
        self.assertIn("\nversion 2\n", self.heron.verb("manifest", "show"))
        for key in ("freshness", "witness", "applied"):
            self.assertEqual((self.heron.dir / "keys" / f"{key}.key").stat().st_mode & 0o777, 0o600)

    def test_a_pin_that_a_new_manifest_leaves_out_is_told(self):
        pin = "4cecea14f0ee" + "0" * 52
        said = lambda *words: self.heron.verb("manifest", "make", *words, check=False).stderr
        self.assertNotIn("no more", said("--pin", pin))
        self.assertNotIn("no more", said("--pin", pin))
        self.assertIn(f"the pin {pin} no more", said())

    def test_a_newer_manifest_is_taken_and_an_older_one_is_not(self):
        self.join()
        first = (self.heron.dir / "manifest").read_text()
        self.heron.verb("manifest", "make")
        self.accept(self.ibis, (self.heron.dir / "manifest").read_text().rstrip("\n"))
        self.assertEqual(self.rows(self.ibis)["heron.example"][2], "2")
        self.assert_refused(self.ibis, first, "what is older never comes back")
        self.assert_refused(self.heron, first, "No root key of a peer")

    def test_a_manifest_that_was_lost_is_made_anew_above_the_version_that_peers_have(self):
        self.join()
        manifest = self.heron.dir / "manifest"
        manifest.unlink()
        refused = self.heron.verb("manifest", "make", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--after", refused.stderr)
        self.assertFalse(manifest.exists())
        self.heron.verb("manifest", "make", "--after", self.rows(self.ibis)["heron.example"][2])
        self.assertIn("\nversion 2\n", self.heron.verb("manifest", "show"))
        self.accept(self.ibis, manifest.read_text().rstrip("\n"))
        self.assertEqual(self.rows(self.ibis)["heron.example"][2], "2")

    def test_manifests_are_made_one_at_a_time_also_while_a_server_runs(self):
        self.heron.start()
        self.heron.verb("manifest", "make")
        self.assertIn("\nversion 2\n", self.heron.verb("manifest", "show"))
        with open(self.heron.dir / "manifest.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            refused = self.heron.verb("manifest", "make", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is in use", refused.stderr)
        self.assertIn("\nversion 2\n", self.heron.verb("manifest", "show"))

    def test_agreements_are_files_that_are_in_force_when_they_have_no_mistake(self):
        self.join()
        self.heron.start()
        file = self.heron.dir / "peers" / "ibis.example.toml"
        identity = re.search(r"speaks_for\t(\S+)", self.heron.verb("peer", "show", "ibis.example"))[1]
        file.write_text(f'identities = ["{identity}"]\ncollections = ["network"]\nmax_tlp = "green"\n')
        self.assertEqual(self.heron.verb("peer", "reload"), "ibis.example\tin force")
        shown = self.heron.verb("peer", "show", "ibis.example")
        for part in (f"identities\t{identity}\n", "collections\tnetwork\n", "max_tlp\tgreen\n"):
            self.assertIn(part, shown)
        file.write_text('collections = ["nothing"]\nidentities = ["identity--00000000-0000-4000-8000-0000000000aa"]\n')
        done = self.heron.verb("peer", "reload", check=False)
        self.assertEqual(done.returncode, 1)
        for part in ("nothing", "0000000000aa", "peers/ibis.example.toml"):
            self.assertIn(part, done.stderr)
        self.assertIn("max_tlp\tgreen\n", self.heron.verb("peer", "show", "ibis.example"))
        self.assertEqual(self.rows(self.heron)["ibis.example"][4], "mistakes")
        file.unlink()
        self.assertEqual(self.heron.verb("peer", "reload"), "ibis.example\tno file")

    def test_all_mistakes_of_an_agreement_are_told_at_once(self):
        self.join()
        file = self.heron.dir / "peers" / "ibis.example.toml"
        file.write_text('collections = ["netwrk"]\naudiences = ["nobody"]\nmax_tlp = "red"\n')
        done = self.heron.verb("peer", "reload", check=False)
        self.assertEqual(done.returncode, 1)
        for part in ("netwrk", "nobody", "max_tlp"):
            self.assertIn(part, done.stderr)

    def test_a_peer_that_comes_back_has_an_agreement_that_denies_everything(self):
        self.join()
        file = self.heron.dir / "peers" / "ibis.example.toml"
        file.write_text('collections = ["network"]\nmax_tlp = "amber"\n')
        self.heron.verb("peer", "reload")
        self.assertIn("max_tlp\tamber\n", self.heron.verb("peer", "show", "ibis.example"))
        self.heron.start()
        self.heron.verb("peer", "remove", "ibis.example")
        self.assertEqual(self.rows(self.heron)["ibis.example"][4], "none")
        self.ibis.verb("peer", "remove", "heron.example")
        self.join()
        shown = self.heron.verb("peer", "show", "ibis.example")
        self.assertIn("max_tlp\tclear\n", shown)
        self.assertIn("collections\t-\n", shown)
        self.assertIn("amber", file.with_name("ibis.example.toml.removed").read_text())

    def test_an_instance_of_the_same_name_is_not_called_this_one(self):
        with contextlib.closing(Instance(init=["--host", "heron.example"])) as twin:
            twin.verb("manifest", "make")
            self.assert_refused(self.heron, twin.verb("peer", "invite"), "another instance")

    def test_a_peer_is_its_pinned_certificate_until_it_is_paused_and_reads_no_content(self):
        ca = Authority(self.ibis.folder.name)
        client, stranger = ca.issue("ibis"), ca.issue("stranger")
        (self.heron.dir / "certs" / "clients-ca.crt").write_text(ca.file.read_text())
        self.heron.configure(listen__mtls='"127.0.0.1:0"')
        self.ibis.verb("manifest", "make", "--pin", client.pin)
        self.join()
        self.heron.start()
        ask = lambda path="/api/v1/me", certificate=client: self.heron.call("GET", path, connection=self.heron.connect(certificate, mtls=True))
        self.assertEqual(ask().status, 401)
        self.heron.verb("peer", "resume", "ibis.example")
        me = ask()
        self.assertEqual((me.status, me.json["organisation"], me.json["roles"]), (200, "ibis.example", ["peer"]))
        self.assertEqual(me.json["collections"], [])  # nothing is agreed
        objects = f"/taxii2/root/collections/{self.heron.collection('network')}/objects/"
        for path in (objects, "/api/v1/indicators", "/api/v1/stream", "/api/v1/admin/peers"):
            self.assertEqual(ask(path).status, 403, path)
        self.assertEqual(ask(certificate=stranger).status, 401)
        kept = self.heron.connect(client, mtls=True)
        self.assertEqual(self.heron.call("GET", "/api/v1/me", connection=kept).status, 200)
        self.heron.verb("peer", "pause", "ibis.example")
        self.assertEqual(self.heron.call("GET", "/api/v1/me", connection=kept).status, 401)
        self.heron.verb("org", "enable", "ibis.example")
        self.assertEqual(ask().status, 401)
        self.heron.verb("peer", "resume", "ibis.example")
        self.assertEqual(ask().status, 200)
        self.heron.verb("peer", "remove", "ibis.example")
        self.assertEqual(ask().status, 401)

    def test_who_the_agreement_lets_speak_has_an_organisation_that_nobody_can_let_in(self):
        self.join()
        identity = re.search(r"speaks_for\t(\S+)", self.heron.verb("peer", "show", "ibis.example")).group(1)
        self.heron.verb("org", "add", "aurora", "--type", "lab", "--clearance", "amber")
        agreement = self.heron.dir / "peers" / "ibis.example.toml"
        agreement.write_text(f'identities = ["{identity}"]\nparty = "aurora"\n')
        self.heron.verb("peer", "reload")
        self.assertIn("party\taurora\n", self.heron.verb("peer", "show", "ibis.example"))
        speaker = f"ibis.example/{identity.removeprefix('identity--')[:8]}"
        rows = {row[0]: row for row in (line.split("\t") for line in self.heron.verb("org", "list").splitlines())}
        self.assertEqual((rows[speaker][3], rows[speaker][5]), (identity, "at ibis.example"))
        for verb in (("token", "add", "--org", speaker, "--role", "feed"), ("org", "enable", speaker),
                     ("audience", "add", "ring", "--member", speaker)):
            self.assertEqual(self.heron.verb(*verb, check=False).returncode, 1, verb)
        agreement.write_text('party = "nobody"\n')
        self.heron.verb("peer", "reload", check=False)
        self.assertIn("neither a member nor another peer", self.heron.verb("peer", "show", "ibis.example"))

    def test_what_happens_to_a_peer_stands_in_the_trail(self):
        self.join()
        self.heron.verb("peer", "resume", "ibis.example")
        self.heron.verb("peer", "pause", "ibis.example", "--reason", "maintenance")
        self.assertEqual(self.rows(self.heron)["ibis.example"][5], "maintenance")
        self.heron.verb("peer", "remove", "ibis.example")
        self.assertEqual(self.rows(self.heron)["ibis.example"][0], "removed")
        self.assertEqual(self.heron.verb("peer", "resume", "ibis.example", check=False).returncode, 1)
        rows = [line.split("\t") for line in self.heron.verb("audit", "list").splitlines()]
        self.assertEqual({row[4] for row in rows if row[3].startswith("peer.") and row[3] != "peer.invite"}, {"ibis.example"})
        actions = [row[3] for row in rows]
        self.assertEqual([action for action in actions if action.startswith("peer.")],
                         ["peer.invite", "peer.add", "peer.agreement", "peer.resume", "peer.pause", "peer.remove"])
        self.ibis.verb("peer", "remove", "heron.example")
        self.join()  # invited anew
        self.assertEqual(self.rows(self.heron)["ibis.example"][0], "paused")


if __name__ == "__main__":
    unittest.main(verbosity=1)
