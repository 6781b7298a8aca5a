#include "schema/log/upper_tiles.hpp"

#include <span>

#include "schema/log/hash.hpp"

namespace tocsin::log {
namespace {

// The root of one full tile.
core::Digest folded(std::span<core::Digest const> tile) {
  std::vector<core::Digest> row(tile.begin(), tile.end());
  for (std::size_t width = row.size() / 2; width > 0; width /= 2)
    for (std::size_t i = 0; i < width; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
  return row.front();
}

}  // namespace

void UpperTiles::append(core::Digest const& leaf) {
  ++size_;
  core::Digest hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level].push_back(hash);
    if (levels_[level].size() % kTileWidth != 0) return;
    hash = folded(std::span(levels_[level]).last(kTileWidth));
    if (level == 0) levels_[level].clear();
  }
}

std::string UpperTiles::tile(TilePath const& tile) const {
  auto const& hashes = levels_.at(tile.level);
  auto const first = static_cast<std::size_t>(tile.index) * kTileWidth;
  std::string out;
  for (std::size_t i = first; i < first + tile.width; ++i) out += core::view(hashes.at(i));
  return out;
}

}  // namespace tocsin::log
