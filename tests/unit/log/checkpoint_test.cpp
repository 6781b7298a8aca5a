#include "schema/log/checkpoint.hpp"

#include <array>

#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

using core::Code;

constexpr std::string_view kText = "peer-a.example.org/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";
constexpr std::string_view kLogLine =
    "\xE2\x80\x94 peer-a.example.org/log "
    "BShgRBPm5sAZsjOgCdErOfvgWxp5y8yH2GauDTt3+8FppdTCMU3Oc9PxU/ShayT/W+Vd+VEihtcxAjQcd6C95/LbdAA=\n";
constexpr std::string_view kWitnessLine =
    "\xE2\x80\x94 witness.example.net/w1 "
    "CrwfGQAAAABlU/EAvrpNItp/KfQRkciAgc/bkWqtlDD38zcs9XXTaW8IieTNGWYmsgOliHcXoRg9nOYFVUr9v7C8a0bsTj/iVwLQBA==\n";
constexpr std::uint64_t kTime_s = 1'700'000'000;

SignerKey signer(std::string name, KeyType type, std::uint8_t fill) {
  Seed seed;
  seed.fill(fill);
  return SignerKey::make(std::move(name), type, SigningKey::from_seed(seed)).value();
}
SignerKey log_key() { return signer("peer-a.example.org/log", KeyType::signature, 1); }
SignerKey witness_key() { return signer("witness.example.net/w1", KeyType::cosignature, 2); }
Checkpoint eight() { return {"peer-a.example.org/log", 8, test::digest(test::kRoots[8])}; }
std::string published() { return std::string(kText) + "\n" + std::string(kLogLine) + std::string(kWitnessLine); }

TEST_CASE("a checkpoint signed and cosigned has the published bytes", "[log][checkpoint]") {
  CHECK(format_checkpoint(eight()) == kText);
  auto note = sign_checkpoint(eight(), log_key()).value();
  REQUIRE(note.add(cosign(witness_key(), note.text(), kTime_s)));
  CHECK(note.format() == published());
}

TEST_CASE("the published checkpoint opens, with the time of its witness", "[log][checkpoint]") {
  auto const opened = open_checkpoint(published(), log_key().verifier(), std::array{witness_key().verifier()});
  REQUIRE(opened.has_value());
  CHECK(opened->checkpoint == eight());
  CHECK(opened->cosigners == std::vector<Verified>{{0, kTime_s}});
  CHECK(opened->note.format() == published());
  auto const alone = open_checkpoint(published(), log_key().verifier(), {});
  REQUIRE(alone.has_value());
  CHECK(alone->cosigners.empty());
}

TEST_CASE("a witness's word does not stand for the log's own", "[log][checkpoint]") {
  std::string const unsigned_by_log = std::string(kText) + "\n" + std::string(kWitnessLine);
  auto const witness = witness_key().verifier();
  CHECK(open_checkpoint(unsigned_by_log, log_key().verifier(), std::array{witness}).error().code ==
        Code::note_unverified);
  CHECK(open_checkpoint(published(), witness, {}).error().code == Code::note_unverified);
}

TEST_CASE("a witness's signature that is wrong refuses the checkpoint", "[log][checkpoint]") {
  auto note = sign_checkpoint(eight(), log_key()).value();
  REQUIRE(note.add(cosign(witness_key(), "other\n", kTime_s)));
  CHECK(open_checkpoint(note.format(), log_key().verifier(), std::array{witness_key().verifier()}).error().code ==
        Code::note_unverified);
  CHECK(open_checkpoint(note.format(), log_key().verifier(), {}));
}

TEST_CASE("a log speaks for its own origin only", "[log][checkpoint]") {
  Checkpoint foreign = eight();
  foreign.origin = "peer-b.example.org/log";
  CHECK(sign_checkpoint(foreign, log_key()).error().code == Code::checkpoint_malformed);
  auto note = Note::from_text(format_checkpoint(foreign)).value();
  REQUIRE(note.add(sign(log_key(), note.text())));
  CHECK(open_checkpoint(note.format(), log_key().verifier(), {}).error().code == Code::note_unverified);
}

TEST_CASE("a signed text that is no checkpoint does not open", "[log][checkpoint]") {
  auto note = Note::from_text(std::string(kText) + "extension\n").value();
  REQUIRE(note.add(sign(log_key(), note.text())));
  CHECK(open_checkpoint(note.format(), log_key().verifier(), {}).error().code == Code::checkpoint_malformed);
}

TEST_CASE("what is not exactly a checkpoint's text is refused", "[log][checkpoint]") {
  CHECK(parse_checkpoint(kText).value() == eight());
  std::string const root = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
  for (std::string const& text : {std::string(),
                                  std::string("\n\n\n"),
                                  std::string("o\n"),
                                  std::string("o\n1\n"),
                                  "o\n1\n" + root,
                                  "\n1\n" + root + "\n",
                                  "o o\n1\n" + root + "\n",
                                  "o+o\n1\n" + root + "\n",
                                  "o\n\n" + root + "\n",
                                  "o\n01\n" + root + "\n",
                                  "o\n+1\n" + root + "\n",
                                  "o\n-1\n" + root + "\n",
                                  "o\n1 \n" + root + "\n",
                                  "o\n0x1\n" + root + "\n",
                                  "o\n9223372036854775808\n" + root + "\n",
                                  "o\n99999999999999999999999\n" + root + "\n",
                                  std::string("o\n1\nAAAA\n"),
                                  "o\n1\n" + root.substr(0, 43) + "\n",
                                  "o\n1\n" + root.substr(0, 42) + "h=\n",
                                  "o\n1\n" + root + "\n\n",
                                  "o\n1\n" + root + "\nextension\n",
                                  "o\r\n1\r\n" + root + "\r\n",
                                  "o\n0\n" + root + "\n"}) {
    INFO(text);
    CHECK(parse_checkpoint(text).error().code == Code::checkpoint_malformed);
  }
}

TEST_CASE("an empty log and a log of the greatest size have checkpoints", "[log][checkpoint]") {
  Checkpoint const empty{"o", 0, empty_root()};
  CHECK(format_checkpoint(empty) == "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  CHECK(parse_checkpoint(format_checkpoint(empty)).value() == empty);
  Checkpoint const greatest{"o", kMaxTreeSize, test::digest(test::kRoots[8])};
  CHECK(parse_checkpoint(format_checkpoint(greatest)).value() == greatest);
  auto const o = signer("o", KeyType::signature, 5);
  CHECK(sign_checkpoint(greatest, o));
  CHECK(sign_checkpoint({"o", kMaxTreeSize + 1, greatest.root}, o).error().code == Code::checkpoint_malformed);
  CHECK(sign_checkpoint({"o", 0, greatest.root}, o).error().code == Code::checkpoint_malformed);
}

TEST_CASE("a witness files a log under the hash of its origin", "[log][checkpoint]") {
  CHECK(origin_hash("peer-a.example.org/log") == "52f44f13d9444aa5aae9d937b26a936bd8a92075be4836042bdc1ca430840e0c");
}

}  // namespace
}  // namespace tocsin::log
