#include "schema/log/submission.hpp"

#include <string>

#include "schema/log/checkpoint.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

std::string note() {
  Seed seed;
  seed.fill(1);
  auto const key = SignerKey::make("peer-a.example.org/log", KeyType::signature, SigningKey::from_seed(seed)).value();
  return sign_checkpoint({"peer-a.example.org/log", 7, test::digest(test::kRoots[7])}, key).value().format();
}

TEST_CASE("a submission to a witness is written as C2SP tlog-witness has it", "[log][submission]") {
  auto const leaves = test::vector_leaves(7);
  Submission const whole{3, consistency_proof(reader_of(leaves), 3, 7).value(), note()};
  CHECK(whole.text().starts_with("old 3\n"));
  CHECK(whole.text().ends_with("=\n\n" + note()));
  CHECK(Submission::parse(whole.text()) == whole);
  Submission const first{0, {}, note()};
  CHECK(first.text() == "old 0\n\n" + note());
  CHECK(Submission::parse(first.text()) == first);
}

TEST_CASE("what is not exactly a submission is none", "[log][submission]") {
  std::string const hash = core::to_base64(core::view(core::Digest{7})) + "\n";
  std::string longest, end = "\n" + note();
  for (int i = 0; i < 63; ++i) longest += hash;
  CHECK(Submission::parse("old 7\n" + longest + end));
  for (auto const& text : {std::string(), std::string("{}"), "old 7" + end, "old 07\n" + end, "old -1\n" + end,
                           "old \n" + end, "old 9223372036854775808\n" + end, "new 7\n" + end, "old 7\r\n" + end,
                           "old 7\n" + longest + hash + end, "old 7\nAQ==\n" + end, "old 7\n" + hash.substr(1) + end,
                           "old 7\n" + hash, std::string("old 7\n\n"), "old 7\n\n" + note() + "\n"}) {
    INFO(text);
    CHECK_FALSE(Submission::parse(text));
  }
}

}  // namespace
}  // namespace tocsin::log
