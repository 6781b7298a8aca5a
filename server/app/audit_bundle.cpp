#include "server/app/audit_bundle.hpp"

#include "schema/core/bytes.hpp"

namespace tocsin::app {

std::string public_key_pem(log::PublicKey const& key) {
  constexpr std::string_view kPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  return "-----BEGIN PUBLIC KEY-----\n" + core::to_base64(std::string(kPrefix) + std::string(core::view(key))) +
         "\n-----END PUBLIC KEY-----\n";
}

std::string_view bundle_explanation() {
  return R"(AUDIT TRAIL: WHAT THIS IS AND HOW TO VERIFY IT

entries.ndjson     One line an entry, in order: position, entry (a JSON text, exactly as it was stored), salt and leaf (hexadecimal).
leaves.txt         The leaf hashes alone, one a line, in the same order.
checkpoint.txt     Signed note (C2SP signed-note): the name of the log, the number of its entries, its root in base64, and the signature.
checkpoint.body    The first three lines of checkpoint.txt: what was signed.
checkpoint.sig     The signature, 64 bytes.
public-key.pem     The public key of the log.
verify.py          Re-derives the leaves and the root from entries.ndjson with Python 3 and nothing else.

1. The signature. With OpenSSL 3:

     openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in checkpoint.body -sigfile checkpoint.sig

   It says "Signature Verified Successfully". That the key belongs to the log has to be learnt from the operator by another way.

2. The entries. With Python 3:

     python3 verify.py

   It says "ok" when every leaf follows from its entry and the leaves give the root that was signed.

   By hand, for one entry: the leaf is SHA-256 of a zero byte followed by the HMAC-SHA-256, under the key "audit/entry/v1", of the 32 bytes
   of the salt followed by the entry. The root is the Merkle tree hash of the leaves (RFC 6962, section 2.1).

3. The time. An earlier checkpoint of the same log that somebody else kept must be the root of the first so many leaves: then nothing before
   it was changed since. `python3 verify.py SIZE` prints the root of the first SIZE leaves in base64.

What the entries say. "read" entries are ranges: who, in which collection, which stretches of the order of publication, how many objects in how
many requests. They say what was sent, not what was looked at. "filter" is a keyed digest: equal filters have equal digests, and nothing else can be
learnt from it. "read.gap" counts requests of which nothing else is known. The trail never holds objects, their ids, or their values.
)";
}

std::string_view bundle_program() {
  return R"(import base64, hashlib, hmac, json, sys

def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [hashlib.sha256(b"\x01" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0]

leaves, mistakes = [], 0
for line in open("entries.ndjson", encoding="utf-8"):
    row = json.loads(line)
    commitment = hmac.new(b"audit/entry/v1", bytes.fromhex(row["salt"]) + row["entry"].encode("utf-8"), hashlib.sha256).digest()
    leaf = hashlib.sha256(b"\x00" + commitment).digest()
    if row["position"] != len(leaves) or row["leaf"] != leaf.hex():
        mistakes += 1
        print("entry", row["position"], "does not give its leaf")
    leaves.append(leaf)

if len(sys.argv) > 1:
    print(base64.b64encode(root(leaves[:int(sys.argv[1])])).decode())
    sys.exit(0)
name, size, signed = open("checkpoint.body", encoding="utf-8").read().splitlines()
if int(size) != len(leaves) or base64.b64decode(signed) != root(leaves):
    mistakes += 1
    print("the entries do not give the root that was signed")
print(name, size, "ok" if mistakes == 0 else "NOT OK")
sys.exit(1 if mistakes else 0)
)";
}

}  // namespace tocsin::app
