#include "schema/log/proof_file.hpp"

#include "schema/core/bytes.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/opening.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

// The key of seed 32 times 0x01, and the log of the eight published entries.
SignerKey log_key() {
  Seed seed;
  seed.fill(1);
  return SignerKey::make("peer-a.example.org/log", KeyType::signature, SigningKey::from_seed(seed)).value();
}

std::string note_of(std::size_t size) {
  Checkpoint const checkpoint{"peer-a.example.org/log", size, test::digest(test::kRoots[size])};
  return sign_checkpoint(checkpoint, log_key()).value().format();
}

ProofFile proof_of(std::uint64_t index, std::size_t size, std::string extra = {}) {
  auto const leaves = test::vector_leaves(size);
  return {std::move(extra), index, inclusion_proof(reader_of(leaves), index, size).value(), note_of(size)};
}

constexpr std::string_view kFive =
    "c2sp.org/tlog-proof@v1\n"
    "index 5\n"
    "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=\n"
    "sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=\n"
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=\n"
    "\n";

TEST_CASE("a proof is written as C2SP tlog-proof has it", "[log][proof]") {
  auto const proof = proof_of(5, 7);
  CHECK(proof.text() == std::string(kFive) + note_of(7));
  CHECK(ProofFile::parse(proof.text()) == proof);
  auto const alone = proof_of(0, 1, "\x01 opened");
  CHECK(alone.text() == "c2sp.org/tlog-proof@v1\nextra ASBvcGVuZWQ=\nindex 0\n\n" + note_of(1));
  CHECK(ProofFile::parse(alone.text()) == alone);
}

TEST_CASE("what is not exactly a proof is none", "[log][proof]") {
  auto const note = note_of(7);
  std::string const head = "c2sp.org/tlog-proof@v1\n", five(kFive), hash = five.substr(five.find("vBo"), 45);
  std::string long_path;
  for (int i = 0; i < 64; ++i) long_path += hash;
  for (auto const& text :
       {std::string(), head, note, five, head + "index 5\n", head + "index 05\n\n" + note, head + "index -1\n\n" + note,
        head + "index 9223372036854775808\n\n" + note, head + "index 5\nextra AQ==\n\n" + note,
        head + "extra \nindex 5\n\n" + note, head + "extra AQ=\nindex 5\n\n" + note,
        head + "extra AR==\nindex 5\n\n" + note, head + "extra AQ==\nextra AQ==\nindex 5\n\n" + note,
        head + "index 5\nAQ==\n\n" + note, head + "index 5\n" + long_path + "\n" + note,
        "c2sp.org/tlog-proof@v2\nindex 5\n\n" + note, five + note + "\n", " " + five + note}) {
    INFO(text);
    auto const refused = ProofFile::parse(text);
    REQUIRE_FALSE(refused);
    CHECK((refused.error().code == core::Code::proof_invalid || refused.error().code == core::Code::note_malformed));
  }
  CHECK(ProofFile::parse(head + "index 5\n" + long_path.substr(hash.size()) + "\n" + note));
}

TEST_CASE("an opening is one entry's, whatever part of it changes", "[log][proof]") {
  core::Digest header;
  header.fill(0xd1);
  core::Salt salt;
  salt.fill(0x20);
  Opening const opening{header, salt, R"({"id":"indicator--1"})"};
  auto const bytes = opening.bytes();
  CHECK(bytes.size() == 65 + opening.body.size());
  CHECK(Opening::parse(bytes) == opening);
  CHECK(opening.entry() == entry(header, commit_body(salt, opening.body)));
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    auto changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(Opening::parse(changed).value().entry() != opening.entry());
  }
  CHECK_FALSE(Opening::parse(""));
  CHECK_FALSE(Opening::parse(bytes.substr(0, 65)));
  CHECK_FALSE(Opening::parse("\x02" + bytes.substr(1)));
}

}  // namespace
}  // namespace tocsin::log
