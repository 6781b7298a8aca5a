#include "schema/log/following.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/log/proofs.hpp"
#include "schema/log/upper_tiles.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

// Around whole trees and whole tiles.
constexpr std::array<std::size_t, 14> kSizes{0, 1, 2, 3, 7, 8, 9, 127, 128, 254, 255, 256, 257, 513};

using Leaves = std::span<core::Digest const>;

Checkpoint signed_of(Leaves leaves) {
  return {"peer-a.example.org/log", leaves.size(), tree_root(reader_of(leaves), leaves.size()).value()};
}

CompactRange range_of(Leaves leaves) {
  CompactRange range;
  for (auto const& leaf : leaves) range.append(leaf);
  return range;
}

std::string joined(Leaves leaves) {
  std::string out;
  for (auto const& leaf : leaves) out += core::view(leaf);
  return out;
}

template <class T>
bool refused(core::Result<T> const& result) {
  return !result && result.error().code == core::Code::log_inconsistent;
}

TEST_CASE("a log is followed from every size to every larger one", "[log][following]") {
  auto const leaves = test::numbered_leaves(kSizes.back());
  for (auto const from : kSizes)
    for (auto const to : kSizes) {
      if (to < from) continue;
      Leaves const all = Leaves(leaves).first(to);
      INFO(from << " to " << to);
      auto const extended = extend(range_of(all.first(from)), joined(all.subspan(from)), signed_of(all));
      REQUIRE(extended.has_value());
      REQUIRE(*extended == range_of(all));
    }
}

TEST_CASE("every single hash that is changed, missing or moved is refused", "[log][following]") {
  auto const leaves = test::numbered_leaves(257);
  for (auto const from : {std::size_t{0}, std::size_t{1}, std::size_t{200}, std::size_t{255}, std::size_t{256}}) {
    auto const verified = range_of(Leaves(leaves).first(from));
    auto const next = signed_of(leaves);
    auto const hashes = joined(Leaves(leaves).subspan(from));
    for (std::size_t i = 0; i < hashes.size(); i += 32) {
      auto changed = hashes;
      changed[i + i / 32 % 32] = static_cast<char>(changed[i + i / 32 % 32] ^ 0x10);
      REQUIRE(refused(extend(verified, changed, next)));
      REQUIRE(refused(extend(verified, hashes.substr(0, i) + hashes.substr(i + 32), next)));
      REQUIRE(refused(extend(verified, hashes.substr(0, i) + hashes.substr(i, 32) + hashes.substr(i), next)));
      if (i == 0) continue;
      auto const before = hashes.substr(i - 32, 32), here = hashes.substr(i, 32);
      REQUIRE(refused(extend(verified, hashes.substr(0, i - 32) + here + before + hashes.substr(i + 32), next)));
    }
  }
}

TEST_CASE("what was verified before cannot be exchanged with what is new", "[log][following]") {
  auto const leaves = test::numbered_leaves(300);
  auto other = leaves;
  other[100] = test::numbered_leaves(301).back();
  CHECK(refused(extend(range_of(Leaves(leaves).first(256)), joined(Leaves(other).subspan(256)), signed_of(other))));
  CHECK(extend(range_of(Leaves(other).first(256)), joined(Leaves(other).subspan(256)), signed_of(other)).has_value());
}

TEST_CASE("hashes that are cut, too many or of a shorter log are refused", "[log][following]") {
  auto const leaves = test::numbered_leaves(9);
  auto const verified = range_of(Leaves(leaves).first(8));
  auto const next = signed_of(leaves);
  auto const hash = joined(Leaves(leaves).subspan(8));
  CHECK(extend(verified, hash, next).has_value());
  CHECK(refused(extend(verified, "", next)));
  CHECK(refused(extend(verified, hash.substr(1), next)));
  CHECK(refused(extend(verified, hash + "x", next)));
  CHECK(refused(extend(verified, hash + hash, next)));
  CHECK(refused(extend(verified, "", signed_of(Leaves(leaves).first(7)))));
  CHECK(refused(extend(verified, hash, signed_of(Leaves(leaves).first(7)))));
  auto endless = next;
  endless.size = kMaxTreeSize;
  CHECK(refused(extend(verified, hash, endless)));
}

TEST_CASE("a checkpoint is the same, longer, a rollback or forked, and nothing else", "[log][following]") {
  auto const leaves = test::numbered_leaves(257);
  for (auto const size : kSizes) {
    if (size > 256) continue;
    INFO(size);
    auto const verified = range_of(Leaves(leaves).first(size));
    auto here = signed_of(Leaves(leaves).first(size));
    CHECK(step(verified, here) == Step::same);
    CHECK(step(verified, signed_of(Leaves(leaves).first(size + 1))) == Step::longer);
    if (size > 0) CHECK(step(verified, signed_of(Leaves(leaves).first(size - 1))) == Step::rollback);
    for (std::size_t byte = 0; byte < here.root.size(); ++byte) {
      auto forked = here;
      forked.root[byte] ^= 1;
      REQUIRE(step(verified, forked) == Step::forked);
    }
  }
}

TEST_CASE("the same log with no hashes is what it was, and with another root it is not", "[log][following]") {
  auto const leaves = test::numbered_leaves(12);
  auto const verified = range_of(leaves);
  CHECK(extend(verified, "", signed_of(leaves)) == verified);
  auto forked = signed_of(leaves);
  forked.root[0] ^= 1;
  CHECK(refused(extend(verified, "", forked)));
}

// The tiles of a log of two packs and a little.
struct LongLog {
  static constexpr std::size_t kSize = 2 * kPackLeaves + 700;
  std::vector<core::Digest> leaves = test::numbered_leaves(kSize);
  UpperTiles upper;
  std::optional<TilePath> false_tile;  // of which the last hash is another

  LongLog() {
    for (auto const& leaf : leaves) upper.append(leaf);
  }
  [[nodiscard]] std::string tile(TilePath const& path) const {
    auto out = path.level > 0 ? upper.tile(path) : joined(Leaves(leaves).subspan(path.index * kTileWidth, path.width));
    if (path == false_tile) out.back() = static_cast<char>(out.back() ^ 1);
    return out;
  }
  [[nodiscard]] HashReader nodes(std::uint64_t size = kSize) const {
    return reader_of([this](TilePath const& path) { return core::Result<std::string>(tile(path)); }, size);
  }
  [[nodiscard]] Checkpoint at(std::uint64_t size) const {
    return {"peer-a.example.org/log", size, tree_root(nodes(), size).value()};
  }
};

TEST_CASE("a pack ends at its last leaf or at that of the log, with the root of there", "[log][packs]") {
  LongLog const log;
  struct Case {
    std::size_t from, end;
  };
  for (auto const& [from, end] :
       {Case{0, kPackLeaves}, Case{1, kPackLeaves}, Case{300, kPackLeaves}, Case{kPackLeaves - 1, kPackLeaves},
        Case{kPackLeaves, 2 * kPackLeaves}, Case{kPackLeaves + 257, 2 * kPackLeaves},
        Case{2 * kPackLeaves, LongLog::kSize}, Case{LongLog::kSize - 1, LongLog::kSize}}) {
    INFO(from << " to " << end);
    auto const verified = range_of(Leaves(log.leaves).first(from));
    auto const shown = pack_end(verified, log.at(LongLog::kSize), log.nodes());
    REQUIRE(shown.has_value());
    CHECK(*shown == log.at(end));
    auto const hashes = joined(Leaves(log.leaves).subspan(from, end - from));
    CHECK(extend(verified, hashes, *shown) == range_of(Leaves(log.leaves).first(end)));
  }
}

TEST_CASE("the end of a pack is shown by nodes of the signed tree alone", "[log][packs]") {
  LongLog log;
  auto const next = log.at(LongLog::kSize);
  for (TilePath const& tile : {TilePath{.level = 2, .width = 2}, TilePath{.level = 1, .index = 2, .width = 2},
                               TilePath{.level = 0, .index = 514, .width = 188}}) {
    INFO(format_tile_path(tile));
    log.false_tile = tile;
    CHECK(refused(pack_end({}, next, log.nodes())));
  }
}

TEST_CASE("no pack follows in a log that is not longer, or does not begin with what was verified", "[log][packs]") {
  LongLog const log;
  auto const is_refused = [&](CompactRange const& verified, Checkpoint const& next) {
    return refused(pack_end(verified, next, log.nodes()));
  };
  auto const whole = range_of(log.leaves);
  CHECK(is_refused(whole, log.at(LongLog::kSize)));
  CHECK(is_refused(whole, log.at(LongLog::kSize - 1)));
  auto other = log.leaves;
  std::swap(other[5], other[6]);
  CHECK(is_refused(range_of(Leaves(other).first(300)), log.at(LongLog::kSize)));
  CHECK(is_refused(range_of(Leaves(other).first(kPackLeaves)), log.at(LongLog::kSize)));
}

}  // namespace
}  // namespace tocsin::log
