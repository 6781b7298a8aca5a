"""Canaries from planting to proof: what the log shows, to whom, and that the secret is nowhere but with its owner."""
import base64
import json
import pathlib
import re
import subprocess
import sys
import time
import unittest
import uuid

from cli_case import BARE, Case, set_up_module, tocsin, write
from instance import indicator

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients" / "python" / "tocsin.py"  # whose `verify` shares nothing with `tocsin`


def setUpModule():
    global hub, folder, home, lab, cloud, key
    hub, folder, lab, _, _ = set_up_module()
    hub.organisation("borealis", "cloud", "amber")
    cloud = hub.token("borealis", "analyst")
    home = folder / "home"
    key = next(line.split("\t")[2] for line in hub.verb("check").splitlines() if line.startswith("log-key\tdata\t"))


def plant(*more):
    """A secret of its own, and what `plant` says of it."""
    secret = "trap " + uuid.uuid4().hex
    done = tocsin("canary", "plant", "-", "--type", "trap-prompt", "--json", *more, stdin=secret)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return secret, json.loads(done.stdout)


def vault(told):
    return json.loads((home / ".config" / "tocsin" / "canaries" / (told["commitment"] + ".json")).read_text())


def proof(told, token=None, query=""):
    return hub.call("GET", f"/api/v1/indicators/{told['id']}/proof{query}", token or lab)


class Canaries(Case):
    def reveal(self, told):
        file = folder / f"{told['commitment']}.revealed"
        self.assert_done(tocsin("canary", "reveal", told["id"], "--to", file))
        return file

    def steps(self, file, code, *more):
        done = self.assert_done(tocsin("verify", file, "--json", *more, **BARE), code)
        told = json.loads(done.stdout)
        self.assertEqual(told["verified"], code == 0)
        twin = subprocess.run([sys.executable, CLIENT, "verify", file, "--json", *more], capture_output=True, text=True)
        self.assertEqual((twin.returncode, json.loads(twin.stdout)), (code, told), twin.stderr)
        return {step["step"]: step["result"] for step in told["steps"]}

    def test_a_planted_canary_is_revealed_and_verified_without_the_server(self):
        secret, told = plant("--tlp", "amber")
        file = self.reveal(told)
        steps = self.steps(file, 0, "--vkey", key)
        self.assertEqual(set(steps.values()), {"holds"})
        self.assertLessEqual({"secret", "indicator", "object", "inclusion", "signature"}, set(steps))
        revealed = json.loads(file.read_text())
        self.assertEqual(base64.b64decode(revealed["secret"]).decode(), secret)
        self.assertEqual(revealed["indicator"], told["id"])
        text = self.assert_done(tocsin("verify", file, "--vkey", key, **BARE)).stdout
        self.assertTrue(text.endswith("\nverified\n"), text)

    def test_a_cosignature_says_by_when_the_log_had_it(self):
        _, told = plant("--tlp", "amber")
        file, freshness = self.reveal(told), hub.dir / "keys" / "freshness.pub"
        steps = self.steps(file, 0, "--vkey", key, "--witness", freshness.read_text().strip())
        self.assertEqual((steps["cosignature"], steps["logged"]), ("holds", "holds"))
        said = json.loads(tocsin("verify", file, "--json", "--vkey", key, "--witness", freshness.read_text().strip(), **BARE).stdout)["steps"]
        details = {step["step"]: step["detail"] for step in said}
        stored, before = re.search(r" of (\S+Z)", details["object"])[1], re.match(r"before (\S+Z), ", details["logged"])[1]
        self.assertLess(stored, before)  # whatever part of a second is cut off
        strange = "witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
        self.assertEqual(self.steps(file, 6, "--vkey", key, "--witness", strange)["cosignature"], "fails")

    def test_without_the_logs_key_or_with_another_nothing_is_verified(self):
        _, told = plant("--tlp", "amber")
        file = self.reveal(told)
        self.assertEqual(self.steps(file, 6)["signature"], "unknown")
        other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        self.assertEqual(self.steps(file, 6, "--vkey", other)["signature"], "fails")

    def test_a_changed_canary_is_not_verified(self):
        _, told = plant("--tlp", "amber")
        revealed = json.loads(self.reveal(told).read_text())
        flipped = ("0" if revealed["salt"][0] != "0" else "1") + revealed["salt"][1:]
        index = next(line for line in revealed["proof"].splitlines() if line.startswith("index "))
        for change in ({"secret": base64.b64encode(b"guessed later").decode()}, {"salt": flipped}, {"indicator": f"indicator--{uuid.uuid4()}"},
                       {"commitment": "0" * 64}, {"proof": revealed["proof"].replace(index, "index 999999")}):
            with self.subTest(change=next(iter(change))):
                file = write("changed.json", revealed | change)
                self.assertIn("fails", self.steps(file, 6, "--vkey", key).values())
        self.assert_fails(tocsin("verify", write("changed.json", revealed | {"proof": "nothing"}), "--vkey", key, **BARE), 6, "changed.json")

    def test_the_secret_is_nowhere_but_with_its_owner(self):
        secret, told = plant("--tlp", "green", "--description", "One of ours.")
        kept = vault(told)
        self.assertEqual(base64.b64decode(kept["secret"]).decode(), secret)
        salt = bytes.fromhex(kept["salt"])
        proof(told)
        hub.stop()
        try:
            forms = [secret.encode(), kept["secret"].encode(), salt, kept["salt"].encode(), base64.b64encode(salt)]
            seen = b""
            for file in hub.dir.rglob("*"):
                if file.is_file():
                    content = file.read_bytes()
                    seen += content
                    for form in forms:
                        self.assertNotIn(form, content, file)
            self.assertIn(told["commitment"].encode(), seen)
        finally:
            hub.start()

    def test_what_is_kept_is_its_owners_alone_and_planting_again_overwrites_nothing(self):
        _, told = plant()
        file = home / ".config" / "tocsin" / "canaries" / (told["commitment"] + ".json")
        before = file.read_bytes()
        self.assertEqual((file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777), (0o600, 0o700))
        again = json.loads(self.assert_done(tocsin("canary", "again", told["commitment"], "--json")).stdout)
        self.assertEqual(again, told)
        self.assertEqual(file.read_bytes(), before)
        listed = json.loads(self.assert_done(tocsin("canary", "list", "--json", TOCSIN_URL=None)).stdout)["canaries"]
        self.assertIn(told["id"], [one.get("id") for one in listed])

    def test_what_a_machine_forgot_to_share_is_shared_again(self):
        nobody = "https://127.0.0.1:9"
        done = tocsin("canary", "plant", "-", "--type", "honeytoken", stdin="secret " + uuid.uuid4().hex, TOCSIN_URL=nobody)
        self.assertEqual(done.returncode, 4, done.stderr)
        listed = json.loads(self.assert_done(tocsin("canary", "list", "--json")).stdout)["canaries"]
        [lost] = [one for one in listed if one["server"] == nobody]
        self.assertNotIn("id", lost)
        self.assert_fails(tocsin("canary", "again", lost["commitment"]), 1, nobody)

    def test_what_is_red_is_in_no_log_and_its_time_is_its_owners_word(self):
        _, told = plant()
        answer = proof(told)
        self.assertEqual((answer.status, answer.json["code"]), (404, "not-logged"))
        done = self.assert_done(tocsin("canary", "reveal", told["id"], "--to", folder / "red.json"))
        self.assertIn("in no log", done.stderr)
        steps = self.steps(folder / "red.json", 6, "--vkey", key)
        self.assertEqual(steps, {"secret": "holds", "log": "unknown"})

    def test_who_does_not_see_an_indicator_gets_no_proof_and_learns_nothing(self):
        _, red = plant()
        _, amber = plant("--tlp", "amber")
        hidden, absent = proof(red, cloud), proof({"id": f"indicator--{uuid.uuid4()}"}, cloud)
        for each in (hidden, absent):
            self.assertEqual((each.status, each.json["code"]), (404, "not-found"))
        self.assertEqual(hidden.json["detail"], absent.json["detail"])
        seen = self.settled(lambda: proof(amber, cloud))
        self.assertTrue(seen.body.startswith(b"c2sp.org/tlog-proof@v1\nextra "))
        self.assertEqual(seen.headers["Content-Type"], "text/plain; charset=utf-8")

    def settled(self, ask):
        """The answer once a checkpoint covers what was just stored, which is a quarter of a second later."""
        deadline = time.monotonic() + 30
        while (answer := ask()).status == 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(answer.status, 200, answer.body)
        return answer

    def test_each_version_has_a_proof_of_its_own(self):
        _, told = plant("--tlp", "green")
        self.assert_done(tocsin("canary", "again", told["commitment"], "--description", "It was found."))
        [history] = hub.call("GET", f"/api/v1/indicators/{told['id']}/history", lab).json["histories"]
        versions = [one["modified"] for one in history["versions"]]
        self.assertEqual(len(versions), 2)
        proofs = [self.settled(lambda: proof(told, query=f"?version={each}")).body.decode() for each in versions]
        for each, modified in zip(proofs, versions):
            file = write("proof.txt", each)
            done = self.assert_done(tocsin("verify", file, "--vkey", key, **BARE))
            self.assertIn(f"{told['id']} of {modified}", done.stdout)
        newest = self.settled(lambda: proof(told)).body.decode()
        self.assertEqual(newest.split("\n")[1], proofs[1].split("\n")[1])
        for query in ("?version=now", "?versions=1", f"?version={versions[0]}&version={versions[1]}"):
            self.assertEqual(proof(told, query=query).json["code"], "bad-parameter")
        self.assertEqual(proof(told, query="?version=2020-01-01T00:00:00Z").status, 404)

    def test_of_very_many_versions_no_one_is_said_not_to_be_there(self):
        versions = [f"2026-03-01T00:{minute:02}:{second:02}.000Z" for minute in range(17) for second in range(60)]  # 1,020
        told = {"id": f"indicator--{uuid.uuid4()}"}
        made = [indicator("45.133.193.9", "green", modified, told["id"]) for modified in versions]
        for part in (made[:510], made[510:]):
            posted = hub.call("POST", hub.objects_of("network"), lab, {"objects": part}).json
            self.assertEqual((posted["status"], posted["success_count"]), ("complete", len(part)), str(posted)[:500])
        answers = [self.settled(lambda: proof(told, query=f"?version={each}")) for each in (versions[0], versions[-1])]
        self.assertEqual(len({answer.body.split(b"\n")[1] for answer in answers}), 2)
        between = proof(told, query=f"?version={versions[-2]}")
        self.assertEqual((between.status, between.json["code"]), (422, "unprocessable"))

    def test_no_byte_of_a_proof_can_be_changed(self):
        _, told = plant("--tlp", "green")
        text = self.settled(lambda: proof(told)).body
        signed = text.index(b"\n\n") + 2
        own = text.index("\n\n— ".encode(), signed) + 2
        end = text.index(b"\n", own)
        for place in {*range(0, signed, 97), *range(signed, end, 13)}:
            changed = bytearray(text)
            changed[place] ^= 1
            file = folder / "flipped.txt"
            file.write_bytes(changed)
            done = tocsin("verify", file, "--vkey", key, **BARE)
            self.assertEqual(done.returncode, 6, f"byte {place}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main(verbosity=1)
