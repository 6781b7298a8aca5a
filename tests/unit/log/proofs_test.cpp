#include "schema/log/proofs.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

constexpr std::uint64_t kSizes = 200, kAllFlips = 20;

// A log of numbered leaves and its roots at every size.
struct Fixture {
  std::vector<core::Digest> leaves = test::numbered_leaves(kSizes);
  std::vector<core::Digest> roots;
  HashReader reader = reader_of(leaves);

  Fixture() {
    for (std::size_t size = 0; size <= leaves.size(); ++size)
      roots.push_back(test::recursive_root(std::span(leaves).first(size)));
  }
  [[nodiscard]] Tree tree(std::uint64_t size) const { return {size, roots[size]}; }
};

// Calls `verifies` with the proof altered in one bit: in each of them for small logs, else in one that `salt` picks.
template <class Verifies>
void require_no_flip_verifies(Proof proof, std::uint64_t size, std::uint64_t salt, Verifies verifies) {
  std::size_t const bits = proof.size() * 256;
  if (bits == 0) return;
  std::size_t const step = size <= kAllFlips ? 1 : bits;
  for (std::size_t bit = size <= kAllFlips ? 0 : salt * 7919 % bits; bit < bits; bit += step) {
    auto& byte = proof[bit / 256][bit % 256 / 8];
    byte ^= static_cast<std::uint8_t>(1u << bit % 8);
    REQUIRE_FALSE(verifies(proof));
    byte ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
}

std::vector<std::string> hexes(Proof const& proof) {
  std::vector<std::string> out;
  for (auto const& hash : proof) out.push_back(test::hex(hash));
  return out;
}

TEST_CASE("proofs are those that other implementations make", "[log][proofs]") {
  auto const leaves = test::vector_leaves();
  auto const reader = reader_of(leaves);
  CHECK(hexes(inclusion_proof(reader, 5, 7).value()) ==
        std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                 "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
  CHECK(hexes(consistency_proof(reader, 6, 8).value()) ==
        std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
  CHECK(hexes(consistency_proof(reader, 4, 7).value()) ==
        std::vector<std::string>{"837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"});
}

TEST_CASE("the root read through nodes is the root of the log at every size", "[log][proofs]") {
  Fixture const log;
  for (std::uint64_t size = 0; size <= kSizes; ++size) REQUIRE(tree_root(log.reader, size).value() == log.roots[size]);
}

TEST_CASE("every inclusion proof verifies, and with one bit changed it does not", "[log][proofs]") {
  Fixture const log;
  for (std::uint64_t size = 1; size <= kSizes; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      auto const proof = inclusion_proof(log.reader, index, size).value();
      auto const verifies = [&](Proof const& tried) {
        return verify_inclusion(log.leaves[index], index, log.tree(size), tried).has_value();
      };
      REQUIRE(verifies(proof));
      require_no_flip_verifies(proof, size, index, verifies);
    }
  }
}

TEST_CASE("every consistency proof verifies, and with one bit changed it does not", "[log][proofs]") {
  Fixture const log;
  for (std::uint64_t size = 0; size <= kSizes; ++size) {
    for (std::uint64_t old_size = 0; old_size <= size; ++old_size) {
      auto const proof = consistency_proof(log.reader, old_size, size).value();
      auto const verifies = [&](Proof const& tried) {
        return verify_consistency(log.tree(old_size), log.tree(size), tried).has_value();
      };
      REQUIRE(verifies(proof));
      require_no_flip_verifies(proof, size, old_size, verifies);
    }
  }
}

TEST_CASE("an inclusion proof is refused for another leaf, index, size, root or length", "[log][proofs]") {
  Fixture const log;
  for (std::uint64_t size = 2; size <= 40; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      auto proof = inclusion_proof(log.reader, index, size).value();
      auto const& leaf = log.leaves[index];
      REQUIRE_FALSE(verify_inclusion(log.leaves[(index + 1) % size], index, log.tree(size), proof));
      for (std::uint64_t other = 0; other <= size + 1; ++other)
        REQUIRE(verify_inclusion(leaf, other, log.tree(size), proof).has_value() == (other == index));
      REQUIRE_FALSE(verify_inclusion(leaf, index, {size, log.roots[size - 1]}, proof));
      proof.push_back(leaf);
      REQUIRE_FALSE(verify_inclusion(leaf, index, log.tree(size), proof));
      proof.pop_back();
      proof.pop_back();
      REQUIRE_FALSE(verify_inclusion(leaf, index, log.tree(size), proof));
    }
  }
  auto const refusal = verify_inclusion(log.leaves[0], 0, {0, empty_root()}, {});
  REQUIRE_FALSE(refusal);
  CHECK(refusal.error().code == core::Code::proof_invalid);
}

TEST_CASE("a consistency proof is refused for another old or new tree, or another length", "[log][proofs]") {
  Fixture const log;
  for (std::uint64_t size = 2; size <= 40; ++size) {
    for (std::uint64_t old_size = 1; old_size < size; ++old_size) {
      auto proof = consistency_proof(log.reader, old_size, size).value();
      REQUIRE_FALSE(verify_consistency({old_size, log.roots[old_size - 1]}, log.tree(size), proof));
      REQUIRE_FALSE(verify_consistency(log.tree(old_size), {size, log.roots[size - 1]}, proof));
      REQUIRE_FALSE(verify_consistency(log.tree(size), log.tree(old_size), proof));
      proof.push_back(log.roots[size]);
      REQUIRE_FALSE(verify_consistency(log.tree(old_size), log.tree(size), proof));
      proof.pop_back();
      proof.pop_back();
      REQUIRE_FALSE(verify_consistency(log.tree(old_size), log.tree(size), proof));
    }
  }
}

TEST_CASE("one size has one root, and the empty log only its own", "[log][proofs]") {
  Fixture const log;
  CHECK(verify_consistency(log.tree(9), log.tree(9), {}));
  CHECK_FALSE(verify_consistency(log.tree(9), {9, log.roots[8]}, {}));
  CHECK_FALSE(verify_consistency(log.tree(9), log.tree(9), Proof{log.roots[9]}));
  CHECK_FALSE(verify_consistency({0, log.roots[1]}, log.tree(9), {}));
  CHECK_FALSE(verify_consistency(log.tree(0), log.tree(9), Proof{log.roots[9]}));
}

TEST_CASE("no proof is made of what is not in the log, and a reader's error is passed on", "[log][proofs]") {
  Fixture const log;
  CHECK(inclusion_proof(log.reader, 7, 7).error().code == core::Code::proof_invalid);
  CHECK(consistency_proof(log.reader, 8, 7).error().code == core::Code::proof_invalid);
  CHECK(inclusion_proof(log.reader, 0, kMaxTreeSize + 1).error().code == core::Code::proof_invalid);
  CHECK(consistency_proof(log.reader, 1, kMaxTreeSize + 1).error().code == core::Code::proof_invalid);
  CHECK(tree_root(log.reader, kMaxTreeSize + 1).error().code == core::Code::proof_invalid);
  CHECK(tree_root(log.reader, kSizes + 1).error().code == core::Code::proof_invalid);
  HashReader const broken = [](Node) -> core::Result<core::Digest> {
    return core::fail(core::Code::storage_failed, "no");
  };
  CHECK(inclusion_proof(broken, 3, 7).error().code == core::Code::storage_failed);
  CHECK(consistency_proof(broken, 3, 7).error().code == core::Code::storage_failed);
}

}  // namespace
}  // namespace tocsin::log
