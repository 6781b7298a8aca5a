#include "schema/log/note.hpp"

#include <array>
#include <stdexcept>

#include "schema/core/bytes.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

using core::Code;

constexpr std::string_view kPeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPeterText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr std::string_view kPeterLine =
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr std::string_view kFooKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kFooNote =
    "This is an example message.\n\n\xE2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

VerifierKey key(std::string_view text) { return VerifierKey::parse(text).value(); }
std::string peter_note() { return std::string(kPeterText) + "\n" + std::string(kPeterLine); }

SignerKey signer(std::string name, std::uint8_t fill, KeyType type = KeyType::signature) {
  Seed seed;
  seed.fill(fill);
  return SignerKey::make(std::move(name), type, SigningKey::from_seed(seed)).value();
}

core::Result<std::vector<Verified>> open(std::string_view bytes, std::vector<VerifierKey> const& keys) {
  auto const note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  return verify_note(*note, keys);
}

Code refusal(std::string_view bytes) {
  auto const note = Note::parse(bytes);
  return note ? Code::internal : note.error().code;
}

TEST_CASE("notes of other implementations verify", "[log][note]") {
  CHECK(open(peter_note(), {key(kPeterKey)}).value() == std::vector<Verified>{{0, std::nullopt}});
  CHECK(open(kFooNote, {key(kPeterKey), key(kFooKey)}).value() == std::vector<Verified>{{1, std::nullopt}});
}

TEST_CASE("signing gives the published signature", "[log][note]") {
  Seed const seed =
      core::to_array<32>(core::from_hex("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173").value())
          .value();
  auto const peter = SignerKey::make("PeterNeumann", KeyType::signature, SigningKey::from_seed(seed)).value();
  auto note = Note::from_text(std::string(kPeterText)).value();
  REQUIRE(note.add(sign(peter, note.text())));
  CHECK(note.format() == peter_note());
}

TEST_CASE("a note is cut at its last blank line", "[log][note]") {
  auto const a = signer("a", 1);
  for (std::string text : {"\n", "one\n\ntwo\n", "\n\n\n", "\n\nend\n", "x\n\n\xE2\x80\x94 a AAAA\n"}) {
    auto note = Note::from_text(text).value();
    REQUIRE(note.add(sign(a, note.text())));
    auto const parsed = Note::parse(note.format());
    REQUIRE(parsed.has_value());
    CHECK(parsed->text() == text);
    CHECK(*parsed == note);
    CHECK(verify_note(*parsed, std::array{a.verifier()}));
  }
}

TEST_CASE("a malformed note is refused", "[log][note]") {
  std::string const good = peter_note(), line(kPeterLine);
  REQUIRE(Note::parse(good));
  auto const with = [](std::string_view signature) { return "text\n\n" + std::string(signature); };
  for (std::string const& bad : {std::string(),
                                 std::string("\n"),
                                 std::string("text\n"),
                                 std::string("text\n\n"),
                                 line,
                                 "\n" + line,
                                 "text\n" + line,
                                 good.substr(0, good.size() - 1),
                                 good + "\n",
                                 good + "x\n",
                                 good + "\n\n",
                                 with("- a AAAAAAA=\n"),
                                 with("\xE2\x80\x94 a\n"),
                                 with("\xE2\x80\x94 a \n"),
                                 with("\xE2\x80\x94  AAAAAAA=\n"),
                                 with("\xE2\x80\x94 a+b AAAAAAA=\n"),
                                 with("\xE2\x80\x94\xC2\xA0"
                                      "a AAAAAAA=\n"),
                                 with("\xE2\x80\x94 a\xC2\xA0z AAAAAAA=\n"),
                                 with("\xE2\x80\x94 a AAAAAAA\n"),
                                 with("\xE2\x80\x94 a AAAAAAB=\n"),
                                 with("\xE2\x80\x94 a AAAAAA==\n"),
                                 with("\xE2\x80\x94 a AAAA-AA=\n"),
                                 with("\xE2\x80\x94 a  AAAAAAA=\n"),
                                 with("\xE2\x80\x94 a AAAAAAA= \n"),
                                 with("\xE2\x80\x94 a AAAAAAA=\r\n"),
                                 "te\rxt\n\n" + line,
                                 "te\txt\n\n" + line,
                                 std::string("te\0xt\n\n", 7) + line,
                                 "te\xFFxt\n\n" + line,
                                 "text\r\n\r\n" + line}) {
    INFO(core::to_hex(bad));
    CHECK(refusal(bad) == Code::note_malformed);
  }
  CHECK(Note::parse(with("\xE2\x80\x94 a AAAAAAA=\n")));  // four bytes of number, one of signature: the shortest
}

TEST_CASE("every change of a byte of a note refuses it or leaves it unverified", "[log][note]") {
  std::vector<VerifierKey> const keys{key(kFooKey)};
  for (std::size_t at = 0; at < kFooNote.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed(kFooNote);
      changed[at] = static_cast<char>(value);
      if (changed == kFooNote) continue;
      auto const opened = open(changed, keys);
      if (opened) FAIL("accepted with byte " << at << " = " << value);
      REQUIRE((opened.error().code == Code::note_malformed || opened.error().code == Code::note_unverified));
    }
  }
  for (std::size_t length = 0; length < kFooNote.size(); ++length)
    REQUIRE_FALSE(open(kFooNote.substr(0, length), keys));
}

TEST_CASE("unknown signatures are ignored, a known one that is wrong refuses the note", "[log][note]") {
  auto const a = signer("a", 1), b = signer("b", 2), impostor = signer("a", 3);
  auto note = Note::from_text("text\n").value();
  REQUIRE(note.add(sign(impostor, note.text())));  // the name of a, another number
  CHECK(verify_note(note, std::array{a.verifier()}).error().code == Code::note_unverified);
  REQUIRE(note.add(sign(a, note.text())));
  REQUIRE(note.add(sign(b, note.text())));
  CHECK(verify_note(note, std::array{b.verifier(), a.verifier()}).value().size() == 2);
  CHECK(verify_note(note, std::array{a.verifier()}).value() == std::vector<Verified>{{0, std::nullopt}});
  CHECK(verify_note(note, {}).error().code == Code::note_unverified);
  REQUIRE(note.add(sign(b, "other text\n")));
  CHECK(verify_note(note, std::array{a.verifier()}));
  CHECK(verify_note(note, std::array{a.verifier(), b.verifier()}).error().code == Code::note_unverified);
}

TEST_CASE("a known key's signature of another length refuses the note", "[log][note]") {
  auto const a = signer("a", 1);
  for (std::size_t length : {1u, 63u, 65u, 72u}) {
    auto note = Note::from_text("text\n").value();
    auto signature = sign(a, note.text());
    signature.bytes.resize(length);
    REQUIRE(note.add(signature));
    CHECK(verify_note(note, std::array{a.verifier()}).error().code == Code::note_unverified);
  }
}

TEST_CASE("repeated signatures of one key count once", "[log][note]") {
  auto const a = signer("a", 1);
  auto note = Note::from_text("text\n").value();
  for (int i = 0; i < 3; ++i) REQUIRE(note.add(sign(a, note.text())));
  CHECK(verify_note(note, std::array{a.verifier()}).value().size() == 1);
}

TEST_CASE("a hundred signatures are read, one more is refused", "[log][note]") {
  auto const a = signer("a", 1);
  auto note = Note::from_text("text\n").value();
  for (std::uint8_t i = 0; i < 99; ++i) REQUIRE(note.add({"grease", i, "x"}));
  REQUIRE(note.add(sign(a, note.text())));
  auto const parsed = Note::parse(note.format());
  REQUIRE(parsed.has_value());
  CHECK(verify_note(*parsed, std::array{a.verifier()}));
  CHECK(note.add({"grease", 99, "x"}).error().code == Code::note_malformed);
  CHECK(refusal(note.format() + "\xE2\x80\x94 grease AAAAAAA=\n") == Code::note_malformed);
}

TEST_CASE("a note has at most a million bytes", "[log][note]") {
  CHECK(Note::from_text(std::string(999'999, 'x') + "\n"));
  CHECK(Note::from_text(std::string(1'000'000, 'x') + "\n").error().code == Code::note_malformed);
  auto note = Note::from_text(std::string(999'990, 'x') + "\n").value();
  CHECK(note.add({"a", 1, "x"}).error().code == Code::note_malformed);
  CHECK(refusal(std::string(1'000'000, 'x') + peter_note()) == Code::note_malformed);
}

TEST_CASE("what cannot be the text of a note is refused", "[log][note]") {
  for (std::string const& text :
       {std::string(), std::string("x"), std::string("a\tb\n"), std::string("\xC0\x80\n"), std::string("a\0b\n", 4)})
    CHECK(Note::from_text(text).error().code == Code::note_malformed);
}

constexpr std::string_view kThirdPartyText =
    "rome2026h1.example.org\n300\nlCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n";
constexpr std::string_view kThirdPartyLine =
    "\xE2\x80\x94 witness.example.org "
    "uKLPIAAAAABpVGeAhm2bOvKc3LaB9PFN1ruG19Y5yqslmcAAbhftnn1Zznmo0LXFZq4LGvqKqLX8jWlwLKasxEGTLIqAVusneCBmBw==\n";
constexpr std::string_view kThirdPartyKey = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN";

TEST_CASE("a cosignature of another implementation verifies, with its time", "[log][note][cosignature]") {
  std::string const bytes = std::string(kThirdPartyText) + "\n" + std::string(kThirdPartyLine);
  CHECK(open(bytes, {key(kThirdPartyKey)}).value() == std::vector<Verified>{{0, 1767139200}});
}

TEST_CASE("a cosignature with one bit of time or signature changed is refused", "[log][note][cosignature]") {
  auto const lines = parse_signature_lines(kThirdPartyLine).value();
  REQUIRE(lines.size() == 1);
  REQUIRE(lines[0].bytes.size() == 72);
  for (std::size_t bit = 0; bit < 72 * 8; ++bit) {
    auto changed = lines[0];
    changed.bytes[bit / 8] = static_cast<char>(changed.bytes[bit / 8] ^ 1 << bit % 8);
    auto note = Note::from_text(std::string(kThirdPartyText)).value();
    REQUIRE(note.add(changed));
    REQUIRE(verify_note(note, std::array{key(kThirdPartyKey)}).error().code == Code::note_unverified);
  }
}

TEST_CASE("of several cosignatures of one key the latest time counts", "[log][note][cosignature]") {
  auto const witness = signer("w", 2, KeyType::cosignature);
  auto note = Note::from_text("text\n").value();
  for (std::uint64_t time_s : {5u, 9u, 7u}) REQUIRE(note.add(cosign(witness, note.text(), time_s)));
  CHECK(verify_note(note, std::array{witness.verifier()}).value() == std::vector<Verified>{{0, 9}});
}

TEST_CASE("a cosignature is not a signature, whoever holds the key", "[log][note][cosignature]") {
  auto const plain = signer("a", 1), timed = signer("a", 1, KeyType::cosignature);
  auto note = Note::from_text("text\n").value();
  auto disguised = sign(plain, note.text());
  disguised.id = timed.verifier().id();
  REQUIRE(note.add(disguised));
  CHECK(verify_note(note, std::array{timed.verifier()}).error().code == Code::note_unverified);
  CHECK_THROWS_AS(cosign(plain, "text\n", 1), std::logic_error);
  CHECK_THROWS_AS(sign(timed, "text\n"), std::logic_error);
  CHECK_THROWS_AS(cosign(timed, "text\n", std::uint64_t{1} << 63), std::logic_error);
}

TEST_CASE("signature lines alone are read as a witness sends them", "[log][note][cosignature]") {
  std::string const two = std::string(kThirdPartyLine) + std::string(kPeterLine);
  CHECK(parse_signature_lines(two).value().size() == 2);
  for (std::string const& bad :
       {std::string(), std::string("\n"), "\n" + two, two + "\n", two.substr(0, two.size() - 1)})
    CHECK(parse_signature_lines(bad).error().code == Code::note_malformed);
  CHECK_FALSE(parse_signature_lines(std::string(kMaxNoteBytes, 'x') + "\n"));
}

}  // namespace
}  // namespace tocsin::log
