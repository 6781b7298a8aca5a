"""clients/python/verify_proof.py on its own: published vectors, and that it finds every change."""
import base64
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "clients" / "python"))
sys.dont_write_bytecode = True
import verify_proof as v

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
            with self.assertRaises(v.Refused):
                v.parse_key(text, type_)
        key = v.parse_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 1)
        signed = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        self.assertEqual(v.signed_at(v.parse_note(f"This is an example message.\n\n— example.com/foo {signed}\n"), key), 0)

    def test_a_path_leads_to_the_root_of_the_published_tree(self):
        path = [bytes.fromhex(text) for text in ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                                 "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
        leaf = v.sha(b"\0", bytes.fromhex("40414243"))
        self.assertEqual(v.root_from(leaf, 5, 7, path).hex(), "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")
        for index, size, part in ((7, 7, path), (5, 7, path[:2]), (5, 7, path + path[:1])):
            with self.assertRaises(v.Refused):
                v.root_from(leaf, index, size, part)


class Seeds(unittest.TestCase):
    def test_what_is_in_no_log_is_refused_whatever_else_it_says(self):
        log = v.parse_key(LOG, 1)
        for file in sorted(SEEDS.iterdir()):
            with self.subTest(file.name), self.assertRaises(v.Refused):
                v.verify(file.read_bytes().decode(errors="replace"), log, [])

    def test_a_canary_is_written_in_one_way(self):
        """As `tocsin verify` reads it: what one of the two refuses, the other does."""
        log, seed = v.parse_key(LOG, 1), json.loads((SEEDS / "canary").read_text())
        salt = seed["salt"]
        for change, sentence in (({"note": "x"}, "not known here"), ({"version": True}, "version"), ({"salt": salt[:32] + " " + salt[32:]}, "salt"), ({"salt": salt[2:]}, "salt")):
            with self.subTest(change), self.assertRaisesRegex(v.Refused, sentence):
                v.verify(json.dumps(seed | change), log, [])
        with self.assertRaisesRegex(v.Refused, "twice"):
            v.verify(json.dumps(seed)[:-1] + ', "indicator": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}', log, [])

    def test_the_exit_code_tells(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(base64.b64encode(b"nothing").decode())
            file.flush()
            self.assertEqual(v.main([file.name, "--vkey", LOG]), 6)
            self.assertEqual(v.main([file.name, "--vkey", "x"]), 1)
            self.assertEqual(v.main(["/absent", "--vkey", LOG]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)
