#include "schema/log/hash.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

TEST_CASE("the roots of the first eight entries are those other implementations publish", "[log][hash]") {
  auto const leaves = test::vector_leaves();
  for (std::size_t size = 0; size < test::kRoots.size(); ++size)
    CHECK(test::hex(test::recursive_root(std::span(leaves).first(size))) == test::kRoots[size]);
}

TEST_CASE("the root of the empty log is the hash of nothing", "[log][hash]") {
  CHECK(test::hex(empty_root()) == test::kRoots[0]);
}

TEST_CASE("a leaf whose entry spells out a node does not hash to that node", "[log][hash]") {
  auto const leaves = test::vector_leaves(2);
  std::string const both = std::string(core::view(leaves[0])) + std::string(core::view(leaves[1]));
  CHECK(leaf_hash(both) != node_hash(leaves[0], leaves[1]));
  CHECK(core::sha256("\x01" + both) == node_hash(leaves[0], leaves[1]));
  CHECK(node_hash(leaves[0], leaves[1]) != node_hash(leaves[1], leaves[0]));
}

}  // namespace
}  // namespace tocsin::log
