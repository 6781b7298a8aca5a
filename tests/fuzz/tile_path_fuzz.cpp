// A tile has one path: what parses is what is written. The geometry of a log holds for whatever tile is asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/tile.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_geometry(TilePath const& tile, std::uint64_t size) {
  auto const [full, partial] = tiles_at(tile.level, size);
  require(partial < kTileWidth);
  require(is_settled(tile, size) == (tile.index < full || (tile.index == full && tile.width <= partial)));
  if (!is_settled(tile, size) || tile.level > 7) return;
  // The last hash of a settled tile is a node whose place is in that tile, in a form that is settled as well.
  Node const last{8 * tile.level, tile.index * kTileWidth + tile.width - 1};
  auto const place = place_of(last, size);
  require(place.tile.level == tile.level && place.tile.index == tile.index && place.tile.width >= tile.width);
  require(place.first == tile.width - 1 && place.count == 1 && is_settled(place.tile, size));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view path(reinterpret_cast<char const*>(data), size);
  auto const tile = parse_tile_path(path);
  if (!tile) return 0;
  require(format_tile_path(*tile) == path && path.size() < 64);
  require(tile->level <= kMaxTileLevel && tile->index <= kMaxTreeSize && tile->width >= 1 && tile->width <= kTileWidth);
  require(tile->kind == TilePath::Kind::hashes || tile->level == 0);
  for (std::uint64_t log_size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{70'000}, std::uint64_t{10'000'000}, kMaxTreeSize})
    check_geometry(*tile, log_size);
  return 0;
}
