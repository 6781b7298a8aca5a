#include "schema/log/compact_range.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

TEST_CASE("a compact range has the root of the whole log after every append", "[log][compact]") {
  auto const leaves = test::numbered_leaves(520);
  CompactRange range;
  CHECK(range.root() == empty_root());
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    range.append(leaves[size - 1]);
    REQUIRE(range.size() == size);
    REQUIRE(range.root() == test::recursive_root(std::span(leaves).first(size)));
  }
}

TEST_CASE("a compact range that was stored goes on where it stopped", "[log][compact]") {
  auto const leaves = test::numbered_leaves(70);
  CompactRange range;
  for (auto const& leaf : leaves) {
    auto stored = CompactRange::parse(range.serialise());
    REQUIRE(stored.has_value());
    REQUIRE(*stored == range);
    range.append(leaf);
    stored->append(leaf);
    REQUIRE(stored->root() == range.root());
  }
}

TEST_CASE("the stored form is the size in eight bytes, then the hashes from the largest subtree on", "[log][compact]") {
  auto const leaves = test::vector_leaves(3);
  CompactRange range;
  CHECK(core::to_hex(range.serialise()) == "0000000000000000");
  for (auto const& leaf : leaves) range.append(leaf);
  CHECK(core::to_hex(range.serialise()) == "0000000000000003" + std::string(test::kRoots[2]) + test::hex(leaves[2]));
}

TEST_CASE("a stored form with bytes missing, bytes to spare or another size is refused", "[log][compact]") {
  CompactRange range;
  for (auto const& leaf : test::numbered_leaves(11)) range.append(leaf);
  std::string const stored = range.serialise();
  auto const refused = [](std::string_view bytes) {
    auto parsed = CompactRange::parse(bytes);
    return !parsed && parsed.error().code == core::Code::log_inconsistent;
  };
  for (std::size_t length = 0; length < stored.size(); ++length) REQUIRE(refused(stored.substr(0, length)));
  CHECK(refused(stored + '\0'));
  CHECK(refused(stored + std::string(32, 'x')));
  std::string other = stored;
  other[7] = 0x0F;  // four subtrees instead of three
  CHECK(refused(other));
  other = stored;
  other[0] = '\x80';  // as many hashes as 2^63 + 3 needs
  other[7] = 0x03;
  CHECK(refused(other));
}

}  // namespace
}  // namespace tocsin::log
