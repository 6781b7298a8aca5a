#include "schema/log/evidence.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

using Leaves = std::vector<core::Digest>;
using core::Code;

SignerKey key(std::uint8_t number, std::string name = "peer-a.example.org/log") {
  Seed seed;
  seed.fill(number);
  return SignerKey::make(std::move(name), KeyType::signature, SigningKey::from_seed(seed)).value();
}

std::string note_of(Leaves const& leaves, std::size_t size, SignerKey const& signer = key(1)) {
  Checkpoint const checkpoint{signer.verifier().name(), size, tree_root(reader_of(leaves), size).value()};
  return sign_checkpoint(checkpoint, signer).value().format();
}

// The same leaves but for number `at`.
Leaves changed(Leaves leaves, std::size_t at) {
  leaves[at] = leaf_hash("another entry");
  return leaves;
}

Evidence one_size(std::size_t size = 7) {
  auto const leaves = test::numbered_leaves(size);
  return {key(1).verifier(), note_of(leaves, size), note_of(changed(leaves, size - 1), size), {}};
}

// The log signed `leaves` at `size`, and a tree whose first entry is another one at `larger`.
Evidence two_sizes(std::size_t size, std::size_t larger) {
  auto const leaves = test::numbered_leaves(larger), other = changed(leaves, 0);
  Evidence::Beginning const beginning{tree_root(reader_of(other), size).value(),
                                      consistency_proof(reader_of(other), size, larger).value()};
  return {key(1).verifier(), note_of(leaves, size), note_of(other, larger), beginning};
}

Code verdict(Evidence const& evidence, VerifierKey const& log = key(1).verifier()) {
  auto const verified = verify_evidence(evidence, log);
  REQUIRE_FALSE(verified.has_value());
  CHECK_FALSE(verified.error().detail.empty());
  return verified.error().code;
}

TEST_CASE("two roots of one size contradict each other", "[log][evidence]") {
  auto const evidence = one_size();
  auto const shown = verify_evidence(evidence, key(1).verifier()).value();
  CHECK(shown.one_size());
  CHECK(shown.first.size == 7);
  CHECK(shown.first.root != shown.second.root);
}

TEST_CASE("a tree that begins with another one than was signed contradicts it", "[log][evidence]") {
  for (std::size_t const larger : {2, 3, 8, 9, 256, 257})
    for (std::size_t const size : {1, 2, 3, 7, 8, 255, 256}) {
      if (size >= larger) continue;
      INFO(size << " in " << larger);
      auto const shown = verify_evidence(two_sizes(size, larger), key(1).verifier()).value();
      CHECK_FALSE(shown.one_size());
      CHECK((shown.first.size == size && shown.second.size == larger));
    }
}

TEST_CASE("what agrees, or is not shown to disagree, is no evidence", "[log][evidence]") {
  auto const leaves = test::numbered_leaves(9);
  Evidence honest{key(1).verifier(), note_of(leaves, 5), note_of(leaves, 9), std::nullopt};
  CHECK(verdict(honest) == Code::proof_invalid);  // nothing shown
  honest.beginning = {tree_root(reader_of(leaves), 5).value(), consistency_proof(reader_of(leaves), 5, 9).value()};
  CHECK(verdict(honest) == Code::proof_invalid);  // it goes on as it should
  honest.beginning->root[0] ^= 1;
  CHECK(verdict(honest) == Code::proof_invalid);  // a root that is made up
  auto same = one_size();
  same.second = same.first;
  CHECK(verdict(same) == Code::proof_invalid);
  auto superfluous = one_size();
  superfluous.beginning = Evidence::Beginning{};
  CHECK(verdict(superfluous) == Code::proof_invalid);
  auto swapped = two_sizes(3, 9);
  std::swap(swapped.first, swapped.second);
  CHECK(verdict(swapped) == Code::proof_invalid);
}

TEST_CASE("only what the log's own key signed is evidence against it", "[log][evidence]") {
  auto const leaves = test::numbered_leaves(7);
  auto forged = one_size();
  forged.second = note_of(changed(leaves, 6), 7, key(2));
  CHECK(verdict(forged) == Code::note_unverified);
  CHECK(verdict(one_size(), key(2).verifier()) == Code::note_unverified);
  auto neighbour = one_size();
  neighbour.second = note_of(changed(leaves, 6), 7, key(1, "peer-b.example.org/log"));
  CHECK(verdict(neighbour) == Code::note_unverified);
}

TEST_CASE("evidence is written in one form and read back", "[log][evidence]") {
  for (auto const& evidence : {one_size(), two_sizes(3, 9), two_sizes(8, 9)}) {
    CHECK(Evidence::begins(evidence.text()));
    CHECK(Evidence::parse(evidence.text()) == evidence);
  }
  auto const text = two_sizes(3, 9).text();
  CHECK(text.starts_with("tocsin/log-evidence/v1\nlog peer-a.example.org/log+"));
}

TEST_CASE("what is not exactly evidence is none, and a changed byte changes the verdict", "[log][evidence]") {
  auto const text = two_sizes(3, 9).text();
  for (std::size_t length = 0; length < text.size(); ++length) {
    auto const cut = Evidence::parse(text.substr(0, length));
    REQUIRE((!cut || !verify_evidence(*cut, key(1).verifier())));
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto other = text;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    if (other == text) continue;
    auto const parsed = Evidence::parse(other);
    REQUIRE((!parsed || parsed->log != key(1).verifier() || !verify_evidence(*parsed, key(1).verifier())));
  }
  CHECK_FALSE(Evidence::parse(text + "\n"));
  CHECK_FALSE(Evidence::parse(" " + text));
  std::string hash = text.substr(text.rfind("proof "));
  std::string long_text = text;
  for (int i = 0; i < 64; ++i) long_text += hash;
  CHECK_FALSE(Evidence::parse(long_text));
}

}  // namespace
}  // namespace tocsin::log
