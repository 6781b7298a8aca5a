// Tiles: how a log is published, as files of up to 256 hashes (C2SP tlog-tiles). Entry i of tile N on level l is the
// root of leaves [(256·N + i)·256^l, (256·N + i + 1)·256^l). Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/proofs.hpp"

namespace tocsin::log {

constexpr unsigned kTileWidth = 256, kMaxTileLevel = 63;

struct TilePath {
  enum class Kind : std::uint8_t { hashes, entries };

  Kind kind = Kind::hashes;
  unsigned level = 0;           // 0..63; 0 for entries, which are grouped as the hashes of level 0 are
  std::uint64_t index = 0;      // at most 2^63 − 1
  unsigned width = kTileWidth;  // 1..256; below 256 the tile is partial

  friend bool operator==(TilePath const&, TilePath const&) = default;
};

// "tile/0/x001/234/067.p/12", "tile/entries/000": relative to the log's prefix.
[[nodiscard]] std::string format_tile_path(TilePath const& tile);
// Canonical paths only, so that a tile has one address. nullopt for all others.
[[nodiscard]] std::optional<TilePath> parse_tile_path(std::string_view path);

// What a log of some size has on one level: tiles [0, full) are complete; tile `full` has `partial` hashes, 0 for none.
struct TileCount {
  std::uint64_t full = 0;
  unsigned partial = 0;

  friend bool operator==(TileCount const&, TileCount const&) = default;
};
[[nodiscard]] TileCount tiles_at(unsigned level, std::uint64_t size);

// Is every hash of the tile fixed in a log of this size? Includes the partial tiles of smaller sizes, which a log keeps
// serving. What is not settled does not exist.
[[nodiscard]] bool is_settled(TilePath const& tile, std::uint64_t size);

// Where a node is read: the `count` hashes from `first` on in the widest form of the tile there is at `size`, folded.
struct NodePlace {
  TilePath tile;
  unsigned first = 0, count = 1;

  friend bool operator==(NodePlace const&, NodePlace const&) = default;
};
// The node's leaves must all be below `size`.
[[nodiscard]] NodePlace place_of(Node node, std::uint64_t size);

// The bytes of a tile of hashes; 32·width of them, or proof_invalid follows.
using TileSource = std::function<core::Result<std::string>(TilePath const&)>;
[[nodiscard]] HashReader reader_of(TileSource tiles, std::uint64_t size);

// Appends one entry to an entry bundle: length (2 bytes, big-endian), bytes. Throws std::length_error beyond 65,535.
void append_to_bundle(std::string& bundle, std::string_view entry);
// The entries of a bundle; views into it. nullopt unless it ends where an entry does.
[[nodiscard]] std::optional<std::vector<std::string_view>> split_bundle(std::string_view bundle);
// What the partial tile of that width was, from the bytes of the full one: its first hashes or entries. nullopt unless
// it has as many.
[[nodiscard]] std::optional<std::string> beginning_of(TilePath const& full, std::string_view bytes, unsigned width);

}  // namespace tocsin::log
