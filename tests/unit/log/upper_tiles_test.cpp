#include "schema/log/upper_tiles.hpp"

#include <map>

#include "schema/log/compact_range.hpp"
#include "schema/log/hash.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::log {
namespace {

core::Digest leaf_number(std::uint64_t i) { return leaf_hash("leaf " + std::to_string(i)); }

// A log of some size as it would be published: level 0 from its leaves, the rest from what is kept beside them.
struct Published {
  std::string leaves;
  UpperTiles upper;
  CompactRange range;

  void grow_to(std::uint64_t size) {
    while (range.size() < size) {
      auto const leaf = leaf_number(range.size());
      leaves += core::view(leaf);
      upper.append(leaf);
      range.append(leaf);
    }
  }
  TileSource source() {
    return [this](TilePath const& tile) -> core::Result<std::string> {
      REQUIRE(is_settled(tile, range.size()));
      if (tile.level > 0) return upper.tile(tile);
      return leaves.substr(tile.index * kTileWidth * 32, std::size_t{tile.width} * 32);
    };
  }
};

}  // namespace

TEST_CASE("the root of a log of any size comes out of its tiles", "[log][tile]") {
  Published log;
  for (std::uint64_t size :
       {0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 65'535, 65'536, 65'537, 65'793, 131'072, 150'001}) {
    log.grow_to(size);
    CAPTURE(size);
    CHECK(log.upper.size() == size);
    CHECK(tree_root(reader_of(log.source(), size), size).value() == log.range.root());
  }
}

TEST_CASE("what a smaller log had stays in a larger one, partial tiles included", "[log][tile]") {
  Published log;
  std::map<std::string, std::string> before;
  for (std::uint64_t size : {300u, 700u, 66'000u, 70'000u}) {
    log.grow_to(size);
    for (unsigned level = 0; level < 3; ++level) {
      auto const [full, partial] = tiles_at(level, size);
      if (partial == 0) continue;
      TilePath const tile{TilePath::Kind::hashes, level, full, partial};
      before.emplace(format_tile_path(tile), log.source()(tile).value());
    }
  }
  CHECK(before.size() >= 8);
  for (auto const& [path, bytes] : before) CHECK(log.source()(parse_tile_path(path).value()).value() == bytes);
}

}  // namespace tocsin::log
