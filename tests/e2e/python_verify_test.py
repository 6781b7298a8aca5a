"""`verify` of clients/python/tocsin.py on its own: published vectors, and the verdicts of `tocsin verify`, step by step."""
import base64
import contextlib
import hashlib
import hmac
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from instance import TOCSIN

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "clients" / "python"))
sys.dont_write_bytecode = True
import tocsin as v  # noqa: E402

SEEDS = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "seeds" / "proof_file_fuzz"
LOG = "peer-a.example.org/log+05286044+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
WITNESS = "witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
# RFC 8032 section 7.1: key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]


class Vectors(unittest.TestCase):
    def test_signatures_of_rfc_8032_verify_and_no_other(self):
        for key, message, signature in RFC_8032:
            key, message, signature = map(bytes.fromhex, (key, message, signature))
            self.assertTrue(v.is_signed(key, message, signature))
            self.assertFalse(v.is_signed(key, message + b"\0", signature))
            for place in range(0, 64, 7):
                changed = bytearray(signature)
                changed[place] ^= 1
                self.assertFalse(v.is_signed(key, message, bytes(changed)))
            self.assertFalse(v.is_signed(key, message, signature[:63]))

    def test_a_signature_has_one_form(self):
        key, message, signature = map(bytes.fromhex, RFC_8032[1])
        other = (int.from_bytes(signature[32:], "little") + v.ORDER).to_bytes(32, "little")
        self.assertFalse(v.is_signed(key, message, signature[:32] + other))

    def test_keys_and_notes_are_those_of_c2sp(self):
        self.assertEqual(v.parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", 1).name, "PeterNeumann")
        for text, type_ in ((WITNESS, 1), (LOG, 4), (LOG.replace("0528", "0529"), 1), ("x", 1), (LOG[:-4], 1)):
            self.assertIsNone(v.parse_key(text, type_))
        key = v.parse_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 1)
        signed = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        self.assertEqual(v.signed_by(v.parse_note(f"This is an example message.\n\n— example.com/foo {signed}\n"), [key]), [0])

    def test_a_path_leads_to_the_root_of_the_published_tree(self):
        path = [bytes.fromhex(text) for text in ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                                 "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
        leaf = v.sha(b"\0", bytes.fromhex("40414243"))
        self.assertEqual(v.root_from(leaf, 5, 7, path).hex(), "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")
        for index, size, part in ((7, 7, path), (5, 7, path[:2]), (5, 7, path + path[:1])):
            with self.assertRaises(ValueError):
                v.root_from(leaf, index, size, part)


class Signer:
    """RFC 8032 section 5.1.6, with the arithmetic of the verifier: the vectors above hold that to account."""

    def __init__(self, name, type_):
        digest = hashlib.sha512(name.encode()).digest()
        self.name, self.type, self.prefix = name, type_, digest[32:]
        self.number = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.point = v.compress(v.multiply_point(self.number, v.BASE))
        material = bytes([type_]) + self.point
        self.id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.text = f"{name}+{self.id.hex()}+{base64.b64encode(material).decode()}"

    def line(self, note, time=0):
        timed = self.type == 4
        message = (f"cosignature/v1\ntime {time}\n" if timed else "").encode() + note.encode()
        number = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % v.ORDER
        first = v.compress(v.multiply_point(number, v.BASE))
        factor = int.from_bytes(hashlib.sha512(first + self.point + message).digest(), "little")
        second = ((number + factor * self.number) % v.ORDER).to_bytes(32, "little")
        payload = self.id + (time.to_bytes(8, "big") if timed else b"") + first + second
        return f"— {self.name} {base64.b64encode(payload).decode()}\n"


LOG_KEY, SEEN, LATER = Signer("log.example/data", 1), Signer("w1.example", 4), Signer("w2.example", 4)
SECRET, SALT = b"Which river flows under the bridge?", bytes(range(32))


def base64_of(content):
    return base64.b64encode(content).decode()


def proof_of(thing, origin="log.example/data", signatures=None):
    """Of the second of three leaves, signed by the log and two witnesses."""
    body = json.dumps(thing, separators=(",", ":")).encode()
    header, salt = b"\7" * 32, b"\5" * 32
    commitment = hmac.new(b"fed/body/v1", salt + body, hashlib.sha256).digest()
    leaf = v.sha(b"\0\1", v.sha(b"fed/entry/v1\n", header, commitment))
    first, third = v.sha(b"\0one"), v.sha(b"\0three")
    note = f"{origin}\n3\n{base64_of(v.sha(bytes([1]), v.sha(bytes([1]), first, leaf), third))}\n"
    signed = LOG_KEY.line(note) + SEEN.line(note, 1_780_000_000) + LATER.line(note, 1_790_000_000) if signatures is None else signatures(note)
    return (f"c2sp.org/tlog-proof@v1\nextra {base64_of(bytes([1]) + header + salt + body)}\nindex 1\n{base64_of(first)}\n{base64_of(third)}\n\n{note}\n" + signed)


def canary(**changes):
    commitment = hmac.new(b"canary/v1", SALT + SECRET, hashlib.sha256).hexdigest()
    thing = {"type": "indicator", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "modified": "2026-01-02T03:04:05.000Z",
             "pattern": f"[llm-canary:commitment = '{commitment}']"}
    return json.dumps({"type": "tocsin-canary", "version": 1, "scheme": "salted-sha256", "commitment": commitment, "salt": SALT.hex(),
                       "secret": base64_of(SECRET), "indicator": thing["id"], "proof": proof_of(thing)} | changes)


WITNESSED = ("--witness", SEEN.text, "--witness", LATER.text)
KEYS = ("--vkey", LOG_KEY.text, *WITNESSED)
EVERY = ["secret", "indicator", "object", "commitment", "entry", "leaf", "inclusion", "checkpoint", "signature", "cosignature", "cosignature", "logged"]


def run(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = v.main(["verify", *map(str, words)])
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


class Verifying(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tocsin-verify-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def write(self, text):
        (self.folder / "file").write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.folder / "file"

    def same(self, text, *keys):
        """The verdict here, which is that of `tocsin verify` to the letter."""
        file = self.write(text)
        code, out, err = run(file, *keys, "--json")
        other = subprocess.run([TOCSIN, "verify", file, *keys, "--json"], capture_output=True, text=True, timeout=60, env={"HOME": str(self.folder)})
        self.assertEqual(code, other.returncode, err + other.stderr)
        self.assertEqual(bool(out), "steps" in json.loads(other.stdout))
        if out:
            self.assertEqual(json.loads(out), json.loads(other.stdout))
            self.assertEqual(run(file, *keys)[1].count("\n"), len(json.loads(out)["steps"]) + 1)
        return code, json.loads(out)["steps"] if out else []


class Verdicts(Verifying):
    def test_every_step_of_a_witnessed_canary_holds(self):
        code, steps = self.same(canary(), *KEYS)
        self.assertEqual((code, [one["step"] for one in steps], {one["result"] for one in steps}), (0, EVERY, {"holds"}))
        self.assertEqual(steps[-1]["detail"], "before 2026-05-28T20:26:41.000Z, witnessed by w1.example")

    def test_whatever_is_changed_fails(self):
        given = json.loads(canary())
        changes = [{"secret": base64_of(b"guessed later")}, {"salt": "1" * 64}, {"commitment": "0" * 64}, {"indicator": "indicator--x"},
                   {"proof": given["proof"].replace("index 1", "index 0")}, {"proof": given["proof"].replace("index 1", "index 3")},
                   {"proof": given["proof"].replace("\n3\n", "\n4\n")}, {"proof": proof_of({"id": given["indicator"]})}, {"proof": proof_of(["x"])},
                   {"proof": proof_of({}, origin="other.example")}, {"proof": proof_of({}, signatures=LATER.line)},
                   {"proof": proof_of({}, signatures=lambda note: LOG_KEY.line(note + " "))},
                   {"proof": proof_of({}, signatures=lambda note: LOG_KEY.line(note) + SEEN.line(note, 1 << 63))}]
        for change in changes:
            with self.subTest(change=change):
                code, steps = self.same(canary(**change), *KEYS)
                self.assertEqual((code, "fails" in [one["result"] for one in steps]), (6, True))

    def test_what_nobody_vouches_for_is_not_verified(self):
        for keys, step, result in (((), "signature", "unknown"), (WITNESSED, "signature", "unknown"), (("--vkey", LOG), "signature", "fails"),
                                   (("--vkey", LOG_KEY.text, "--witness", WITNESS), "cosignature", "fails"),
                                   ((*KEYS, "--witness", SEEN.text), "cosignature", "fails")):
            with self.subTest(keys):
                code, steps = self.same(canary(), *keys)
                self.assertEqual((code, [one["step"] for one in steps if one["result"] != "holds"], {one["result"] for one in steps} - {"holds"}), (6, [step], {result}))
        without = json.loads(canary())
        del without["proof"]
        self.assertEqual([one["result"] for one in self.same(json.dumps(without), *KEYS)[1]], ["holds", "unknown"])

    def test_what_is_neither_a_proof_nor_a_canary_shows_nothing(self):
        proof, twice = json.loads(canary())["proof"], canary()[:-1] + ',"version":1}'
        texts = [b"", b"\xff", "{}", "[]", twice, "\ufeff" + canary(), canary(more=1), canary(version=2), canary(version=True), canary(salt="00"),
                 canary(secret="="), canary(proof=""), canary(proof=7), "[" * 100_000, proof.replace("\n\n", "\n"), proof.replace("index 1", "index 01"),
                 proof.replace("extra ", "extra"), proof.replace("extra AQ", "extra Ag"), proof[:-1], proof + "— x\n", proof.replace("— w1.example", "— w1.exa+mple"),
                 proof.replace("— w1.example", "— w1.exa\u00a0mple"), proof.replace("\n3\n", "\n03\n"), proof.replace("\n3\n", "\n0\n"), proof.replace("\n3\n", "\n3\n3\n")]
        for text in texts:
            with self.subTest(text[:60], size=len(text)):
                self.assertEqual(self.same(text, *KEYS), (6, []))

    def test_seeds_of_the_fuzzer_have_one_verdict(self):
        for file in sorted(SEEDS.iterdir()):
            for keys in ((), ("--vkey", LOG), ("--vkey", LOG, "--witness", WITNESS)):
                with self.subTest(file.name, keys=len(keys)):
                    self.assertEqual(self.same(file.read_bytes(), *keys)[0], 6)

    def test_a_command_that_cannot_be_carried_out_is_a_sentence(self):
        file = self.write(canary())
        key = self.folder / "log.pub"
        key.write_text(LOG_KEY.text + "\n")
        self.assertEqual(run(file, "--vkey", f"@{key}", *WITNESSED)[0], 0)
        for words in ((file, "--vkey", "x"), (file, "--vkey", WITNESS), (file, "--witness", LOG), (file, "--vkey", "@/absent"), ("/absent", "--vkey", LOG), (file, "--none")):
            with self.subTest(words[1:]):
                code, out, err = run(*words)
                self.assertEqual((code, out), (1, ""))
                self.assertRegex(err, r"^tocsin: \S.*\n(  \S.*\n)?$")


def tree(leaves):
    """RFC 6962 section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return v.sha(b"\1", tree(leaves[:left]), tree(leaves[left:]))


def statement(leaves, signer=LOG_KEY, origin="log.example/data"):
    note = f"{origin}\n{len(leaves)}\n{base64_of(tree(leaves))}\n"
    return f"{note}\n{signer.line(note)}".encode()


def evidence(first, second, beginning=()):
    """`beginning`: the second tree's root at the size of the first one, and the proof that leads on from there."""
    text = f"tocsin/log-evidence/v1\nlog {LOG_KEY.text}\nfirst {base64_of(first)}\nsecond {base64_of(second)}\n"
    return text + "".join(f"{'proof' if i else 'root'} {base64_of(hash_)}\n" for i, hash_ in enumerate(beginning))


class AgainstALog(Verifying):
    """Three entries that were signed, and five of which the first is another one."""
    BEFORE = [v.sha(b"\0", bytes([i])) for i in range(3)]
    AFTER = [v.sha(b"\0another")] + [v.sha(b"\0", bytes([i])) for i in range(1, 5)]
    BEGINNING = [tree(AFTER[:3]), AFTER[2], AFTER[3], tree(AFTER[:2]), AFTER[4]]

    def test_two_roots_of_one_size_are_a_contradiction(self):
        code, steps = self.same(evidence(statement(self.BEFORE), statement(self.AFTER[:3])), "--vkey", LOG_KEY.text)
        self.assertEqual((code, steps[-1]["detail"]), (0, "size 3 has two roots"))

    def test_a_tree_that_begins_with_another_one_is_a_contradiction(self):
        code, steps = self.same(evidence(statement(self.BEFORE), statement(self.AFTER), self.BEGINNING), "--vkey", LOG_KEY.text)
        self.assertEqual((code, {one["result"] for one in steps}), (0, {"holds"}))
        self.assertIn(tree(self.AFTER[:3]).hex(), steps[-1]["detail"])

    def test_what_is_not_shown_or_not_signed_by_the_log_is_none(self):
        first, second, shown = statement(self.BEFORE), statement(self.AFTER), self.BEGINNING
        other = Signer("other.example/data", 1)
        for text in (evidence(first, second), evidence(first, second, shown[:-1]), evidence(first, second, shown + shown[1:2]), evidence(second, first, shown),
                     evidence(first, second, [tree(self.BEFORE), *shown[1:]]), evidence(first, second, [shown[1], *shown[1:]]), evidence(first, first),
                     evidence(first, statement(self.AFTER[:3]), shown), evidence(first, statement(self.AFTER, other), shown),
                     evidence(first, statement(self.AFTER, other, "other.example/data"), shown)):
            code, steps = self.same(text, "--vkey", LOG_KEY.text)
            self.assertEqual((code, "fails" in [one["result"] for one in steps]), (6, True))
        for keys in ((), ("--vkey", LOG)):
            self.assertEqual(self.same(evidence(first, second, shown), *keys)[0], 6)

    def test_what_is_not_exactly_evidence_is_none(self):
        whole = evidence(statement(self.BEFORE), statement(self.AFTER), self.BEGINNING)
        for text in (whole[:-1], whole + "\n", whole.replace("v1", "v2"), whole.replace("first", "third"), whole.replace("root", "proof"),
                     whole.replace("log log", "log  log"), whole + "proof AQ==\n", whole + whole.splitlines(True)[-1] * 61, whole.replace("\nsecond", "\r\nsecond")):
            self.assertEqual(self.same(text, "--vkey", LOG_KEY.text), (6, []))


if __name__ == "__main__":
    unittest.main(verbosity=1)
