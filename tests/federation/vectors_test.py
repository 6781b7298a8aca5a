"""The formats of the tests' own log maker, against published vectors: what a hostile peer gets wrong, it gets wrong on purpose."""
import hashlib
import unittest

import ed25519
import notes
import tree

LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [  # of RFC 6962's reference data, by size
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]
ADVICE = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"


class Signatures(unittest.TestCase):
    def test_keys_and_signatures_are_those_of_RFC_8032(self):
        for seed, public, message, signature in (
                ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
                ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")):
            seed, public, message, signature = map(bytes.fromhex, (seed, public, message, signature))
            self.assertEqual((ed25519.public_key(seed), ed25519.sign(seed, message)), (public, signature))
            self.assertTrue(ed25519.is_signed(public, message, signature))
            self.assertFalse(ed25519.is_signed(public, message + b"x", signature))

    def test_a_note_is_that_of_the_reference_implementation(self):
        key = notes.Key("PeterNeumann", seed=bytes.fromhex("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173"))
        self.assertEqual(key.text, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        self.assertEqual(key.line(ADVICE), line)
        self.assertEqual(notes.signed_by(notes.note(ADVICE, notes.grease(), line), key.text), 0)
        self.assertIsNone(notes.signed_by(notes.note(ADVICE, notes.grease()), key.text))
        with self.assertRaises(ValueError):
            notes.signed_by(notes.note(ADVICE.upper(), line), key.text)

    def test_a_checkpoint_and_its_cosignature_are_those_that_another_implementation_took(self):
        log, witness = notes.Key("peer-a.example.org/log", seed=b"\1" * 32), notes.Key("witness.example.net/w1", notes.COSIGNATURE, b"\2" * 32)
        self.assertEqual(log.text, "peer-a.example.org/log+05286044+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c")
        self.assertEqual(witness.text, "witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU")
        text = notes.checkpoint_text(log.name, 8, bytes.fromhex(ROOTS[8]))
        self.assertEqual(text, "peer-a.example.org/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")
        self.assertEqual(notes.note(text, log.line(text), witness.line(text, 1_700_000_000)), text + "\n" +
                         "— peer-a.example.org/log BShgRBPm5sAZsjOgCdErOfvgWxp5y8yH2GauDTt3+8FppdTCMU3Oc9PxU/ShayT/W+Vd+VEihtcxAjQcd6C95/LbdAA=\n"
                         "— witness.example.net/w1 CrwfGQAAAABlU/EAvrpNItp/KfQRkciAgc/bkWqtlDD38zcs9XXTaW8IieTNGWYmsgOliHcXoRg9nOYFVUr9v7C8a0bsTj/iVwLQBA==\n")
        self.assertEqual(hashlib.sha256(log.name.encode()).hexdigest(), "52f44f13d9444aa5aae9d937b26a936bd8a92075be4836042bdc1ca430840e0c")

    def test_a_cosignature_of_a_public_witness_verifies(self):
        text = "rome2026h1.example.org\n300\nlCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
        line = "— witness.example.org uKLPIAAAAABpVGeAhm2bOvKc3LaB9PFN1ruG19Y5yqslmcAAbhftnn1Zznmo0LXFZq4LGvqKqLX8jWlwLKasxEGTLIqAVusneCBmBw==\n"
        self.assertEqual(notes.signed_by(notes.note(text, line), "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"), 1_767_139_200)


class Trees(unittest.TestCase):
    def test_roots_are_those_of_the_reference_data(self):
        for size, root in enumerate(ROOTS):
            self.assertEqual(tree.root_of([tree.leaf_of(entry) for entry in LEAVES[:size]]).hex(), root)

    def test_paths_of_tiles_are_canonical(self):
        for number, path in ((0, "000"), (999, "999"), (1000, "x001/000"), (39_062, "x039/062"), (1_234_067, "x001/x234/067")):
            self.assertEqual(tree.tile_path(0, number), "tile/0/" + path)
            self.assertEqual(tree.read_tile_path("tile/0/" + path), ("0", number, 256))
            self.assertEqual(tree.read_tile_path(f"tile/entries/{path}.p/9"), ("entries", number, 9))
        for path in ("tile/0/0", "tile/0/x000/000", "tile/0/000.p/", "tile/0/000.p/09", "tile/0", "tile/x/000", "000"):
            self.assertIsNone(tree.read_tile_path(path), path)

    def test_a_level_has_the_roots_of_whole_tiles_below(self):
        leaves = [tree.leaf_of(str(i).encode()) for i in range(700)]
        self.assertEqual([len(tree.level(leaves, i)) for i in range(3)], [700, 2, 0])
        above = tree.level(leaves, 1)
        self.assertEqual(tree.root_of(leaves), notes.sha(b"\1", notes.sha(b"\1", *above), tree.root_of(leaves[512:])))


class Openings(unittest.TestCase):
    def entry(self):
        entry = tree.Entry(b'{"op":"put","seq":0}', b'{"id":"indicator--00000000-0000-4000-8000-000000000000","type":"indicator"}', ["network"])
        entry.header_salt, entry.body_salt = bytes(range(32)), bytes(range(32, 64))
        return entry

    def test_commitments_and_entries_are_those_of_the_vector(self):
        entry = self.entry()
        header, body = tree.commit("fed/hdr/v1", entry.header_salt, entry.header), tree.commit("fed/body/v1", entry.body_salt, entry.body)
        self.assertEqual(header.hex(), "d153bd082caf726eca5d7d3d357775f30c2ed53cfcd8362a4ab9e5e1add066d4")
        self.assertEqual(body.hex(), "1d481d2b6d24d4021752202f7a37f56ff4b1fef0d634468f47e172371ee05656")
        self.assertEqual(tree.entry_of(header, body).hex(), "01a813295d8d9e9df2c3dff3dddd1e66c5817b388a505a8eec150560f587d78e13")
        self.assertEqual(tree.leaf_of(tree.entry_of(header, body)).hex(), "062c8fa966202a0d496583f2f520696c44ef879c133c4d57b11d65d85119eba1")

    def test_openings_that_are_written_are_read_again(self):
        entry = self.entry()
        body = tree.openings("peer.example/log", b"\7" * 16, 3, 9, [(5, entry.opening(5))])
        self.assertTrue(body.startswith(b"tocsin.openings/v1\npeer.example/log\n" + b"07" * 16 + b"\n3 9 1\n\n"))
        origin, terms, begin, end, found = tree.read_openings(body)
        self.assertEqual((origin, terms, begin, end), ("peer.example/log", "07" * 16, 3, 9))
        self.assertEqual([(index, each.leaf.hex(), each.collections) for index, each in found],
                         [(5, "062c8fa966202a0d496583f2f520696c44ef879c133c4d57b11d65d85119eba1", ["network"])])
        for broken in (body[:-1], body + b"x"):
            with self.assertRaises(ValueError):
                tree.read_openings(broken)


if __name__ == "__main__":
    unittest.main(verbosity=1)
