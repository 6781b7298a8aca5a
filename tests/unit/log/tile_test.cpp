#include "schema/log/tile.hpp"

#include <set>
#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/unit/log/vectors.hpp"

namespace tocsin::log {
namespace {

using Kind = TilePath::Kind;

TEST_CASE("tile paths are written in groups of three digits", "[log][tile]") {
  auto const path = [](std::uint64_t index) { return format_tile_path({Kind::hashes, 0, index, 256}); };
  CHECK(path(0) == "tile/0/000");
  CHECK(path(999) == "tile/0/999");
  CHECK(path(1000) == "tile/0/x001/000");
  CHECK(path(39062) == "tile/0/x039/062");
  CHECK(path(1234067) == "tile/0/x001/x234/067");
  CHECK(path(kMaxTreeSize) == "tile/0/x009/x223/x372/x036/x854/x775/807");
  CHECK(format_tile_path({Kind::hashes, 63, 5, 17}) == "tile/63/005.p/17");
  CHECK(format_tile_path({Kind::entries, 0, 1000, 1}) == "tile/entries/x001/000.p/1");
}

TEST_CASE("every path that is written is read back", "[log][tile]") {
  for (auto kind : {Kind::hashes, Kind::entries}) {
    for (unsigned level : {0u, 1u, 9u, 10u, 63u}) {
      for (std::uint64_t index :
           {0ull, 1ull, 999ull, 1000ull, 999'999ull, 1'000'000ull, 9'223'372'036'854'775'807ull}) {
        for (unsigned width : {1u, 9u, 255u, 256u}) {
          TilePath const tile{kind, kind == Kind::entries ? 0 : level, index, width};
          REQUIRE(parse_tile_path(format_tile_path(tile)) == tile);
        }
      }
    }
  }
}

TEST_CASE("a path that is not the canonical one is refused", "[log][tile]") {
  for (auto path : {"",
                    "tile",
                    "tile/",
                    "tile/0",
                    "tile/0/",
                    "/tile/0/000",
                    "tile/0/000/",
                    "tile//000",
                    "tile/00/000",
                    "tile/64/000",
                    "tile/-1/000",
                    "tile/0/0",
                    "tile/0/00",
                    "tile/0/0000",
                    "tile/0/1000",
                    "tile/0/x000/001",
                    "tile/0/001/000",
                    "tile/0/x001/x000",
                    "tile/0/X001/000",
                    "tile/0/x01/000",
                    "tile/0/x001//000",
                    "tile/0/000.p",
                    "tile/0/000.p/",
                    "tile/0/000.p/0",
                    "tile/0/000.p/256",
                    "tile/0/000.p/01",
                    "tile/0/000.p/1/",
                    "tile/0/000.p/1.p/1",
                    "tile/0/.p/1",
                    "tile/0/000?x=1",
                    "tile/0/000%2e",
                    "tile/0/ 000",
                    "tile/0/x009/x223/x372/x036/x854/x775/808",
                    "tile/0/x000/x009/x223/x372/x036/x854/x775/807",
                    "tile/data/000",
                    "tile/entries/",
                    "tile/entries/0/000",
                    "tile/entriesx/000",
                    "tile/0/../000"}) {
    INFO(path);
    CHECK_FALSE(parse_tile_path(path));
  }
  CHECK_FALSE(parse_tile_path(std::string_view("tile/0/000\0", 11)));
  CHECK_FALSE(parse_tile_path("tile/0/" + std::string(100'000, '0')));
}

TEST_CASE("a size says which tiles there are", "[log][tile]") {
  CHECK(tiles_at(0, 0) == TileCount{0, 0});
  CHECK(tiles_at(0, 256) == TileCount{1, 0});
  CHECK(tiles_at(1, 256) == TileCount{0, 1});
  CHECK(tiles_at(0, 70'000) == TileCount{273, 112});
  CHECK(tiles_at(1, 70'000) == TileCount{1, 17});
  CHECK(tiles_at(2, 70'000) == TileCount{0, 1});
  CHECK(tiles_at(3, 70'000) == TileCount{0, 0});
  CHECK(tiles_at(0, 10'000'000) == TileCount{39'062, 128});
  CHECK(tiles_at(1, 10'000'000) == TileCount{152, 150});
  CHECK(tiles_at(2, 10'000'000) == TileCount{0, 152});
  CHECK(tiles_at(7, kMaxTreeSize) == TileCount{0, 127});
  CHECK(tiles_at(63, kMaxTreeSize) == TileCount{0, 0});
}

TEST_CASE("tiles of this and of smaller sizes are served, and nothing beyond", "[log][tile]") {
  auto const settled = [](unsigned level, std::uint64_t index, unsigned width) {
    return is_settled({Kind::hashes, level, index, width}, 70'000);
  };
  CHECK(settled(0, 0, 256));
  CHECK(settled(0, 0, 7));
  CHECK(settled(0, 272, 256));
  CHECK(settled(0, 273, 112));
  CHECK(settled(0, 273, 1));
  CHECK_FALSE(settled(0, 273, 113));
  CHECK_FALSE(settled(0, 273, 256));
  CHECK_FALSE(settled(0, 274, 1));
  CHECK(settled(2, 0, 1));
  CHECK_FALSE(settled(3, 0, 1));
  CHECK_FALSE(settled(63, 0, 1));
  CHECK_FALSE(settled(0, kMaxTreeSize, 1));
}

TEST_CASE("a node is found in its tile", "[log][tile]") {
  CHECK(place_of({0, 300}, 70'000) == NodePlace{{Kind::hashes, 0, 1, 256}, 44, 1});
  CHECK(place_of({3, 5}, 70'000) == NodePlace{{Kind::hashes, 0, 0, 256}, 40, 8});
  CHECK(place_of({7, 545}, 70'000) == NodePlace{{Kind::hashes, 0, 272, 256}, 128, 128});
  CHECK(place_of({8, 256}, 70'000) == NodePlace{{Kind::hashes, 1, 1, 17}, 0, 1});
  CHECK(place_of({12, 16}, 70'000) == NodePlace{{Kind::hashes, 1, 1, 17}, 0, 16});
  CHECK(place_of({16, 0}, 70'000) == NodePlace{{Kind::hashes, 2, 0, 1}, 0, 1});
  CHECK(place_of({0, 69'999}, 70'000) == NodePlace{{Kind::hashes, 0, 273, 112}, 111, 1});
}

// The published tiles of a log in memory.
struct Tiles {
  std::vector<std::vector<core::Digest>> levels;
  std::set<std::string> read{};

  explicit Tiles(std::vector<core::Digest> leaves) : levels{std::move(leaves)} {
    while (levels.back().size() >= kTileWidth) {
      std::vector<core::Digest> above;
      for (std::size_t i = 0; i + kTileWidth <= levels.back().size(); i += kTileWidth)
        above.push_back(test::recursive_root(std::span(levels.back()).subspan(i, kTileWidth)));
      levels.push_back(std::move(above));
    }
  }

  core::Result<std::string> operator()(TilePath const& tile) {
    read.insert(format_tile_path(tile));
    std::string bytes;
    for (std::size_t i = tile.index * kTileWidth; i < tile.index * kTileWidth + tile.width; ++i)
      bytes += core::view(levels.at(tile.level).at(i));
    return bytes;
  }
};

TEST_CASE("roots and proofs read from tiles are those of the leaves", "[log][tile]") {
  constexpr std::uint64_t kSize = 66'000;
  auto const leaves = test::numbered_leaves(kSize);
  Tiles tiles(leaves);
  auto const reader = reader_of(std::ref(tiles), kSize);
  Tree const tree{kSize, test::recursive_root(leaves)};
  CHECK(tree_root(reader, kSize).value() == tree.root);
  CHECK(tiles.read == std::set<std::string>{"tile/2/000.p/1", "tile/1/001.p/1", "tile/0/257.p/208"});
  for (std::uint64_t index : {0u, 255u, 256u, 65'535u, 65'536u, 65'791u, 65'792u, 65'999u})
    REQUIRE(verify_inclusion(leaves[index], index, tree, inclusion_proof(reader, index, kSize).value()));
  for (std::uint64_t old_size : {1u, 255u, 256u, 257u, 65'535u, 65'536u, 65'999u, 66'000u}) {
    Tree const older{old_size, test::recursive_root(std::span(leaves).first(old_size))};
    REQUIRE(verify_consistency(older, tree, consistency_proof(reader, old_size, kSize).value()));
  }
}

TEST_CASE("a tile that is shorter or longer than its path says is refused", "[log][tile]") {
  for (std::size_t bytes : {0u, 31u, 32u * 6, 32u * 8, 32u * 256}) {
    auto const reader =
        reader_of([=](TilePath const&) { return core::Result<std::string>(std::string(bytes, 'x')); }, 7);
    CHECK(tree_root(reader, 7).error().code == core::Code::proof_invalid);
  }
  auto const reader = reader_of([](TilePath const&) { return core::Result<std::string>(std::string(32 * 7, 'x')); }, 7);
  CHECK(reader({0, 6}));
  CHECK(reader({0, 7}).error().code == core::Code::proof_invalid);
  CHECK(reader({2, 1}).error().code == core::Code::proof_invalid);
}

TEST_CASE("a bundle is the entries, each after its length", "[log][tile]") {
  std::string bundle;
  for (std::size_t i = 0; i < 4; ++i) append_to_bundle(bundle, core::from_hex(test::kEntries[i]).value());
  CHECK(core::to_hex(bundle) == "000000010000011000022021");
  CHECK_NOTHROW(append_to_bundle(bundle, std::string(65'535, 'x')));
  CHECK_THROWS_AS(append_to_bundle(bundle, std::string(65'536, 'x')), std::length_error);
}

}  // namespace
}  // namespace tocsin::log
