#include "server/federation/origin_trees.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "schema/log/tile.hpp"

namespace tocsin::federation {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kAtOnce = 4'096;  // leaves: the commit thread has other work

}  // namespace

core::Result<std::string> OriginTrees::leaves(Key const& key, std::uint64_t first, std::uint64_t count) {
  core::Result<std::string> out = core::fail(core::Code::unavailable, "The leaves of the log could not be read now.");
  perform_([&] { out = origins_.hashes(key.first, key.second, first, count); });
  if (out && out->size() != count * kHashBytes)
    return core::fail(core::Code::log_inconsistent, "Leaves of a log that was verified are missing.");
  return out;
}

core::Result<void> OriginTrees::grow(Key const& key, log::UpperTiles& tiles, std::uint64_t size) {
  while (tiles.size() < size) {
    auto const hashes = leaves(key, tiles.size(), std::min(kAtOnce, size - tiles.size()));
    if (!hashes) return std::unexpected(hashes.error());
    for (std::string_view rest = *hashes; !rest.empty(); rest.remove_prefix(kHashBytes))
      tiles.append(*core::to_array<kHashBytes>(rest.substr(0, kHashBytes)));
  }
  return {};
}

core::Result<std::string> OriginTrees::tile(Key const& key, log::TilePath const& path) {
  if (path.level == 0) return leaves(key, path.index * log::kTileWidth, path.width);
  std::lock_guard lock(mutex_);
  return upper_[key].tile(path);
}

core::Result<std::string> OriginTrees::tile(store::RowId origin, store::LogName name, std::uint64_t size,
                                            log::TilePath const& path) {
  Key const key{origin, name};
  if (path.level > 0) {
    std::lock_guard lock(mutex_);
    if (auto grown = grow(key, upper_[key], size); !grown) return std::unexpected(grown.error());
  }
  return tile(key, path);
}

core::Result<log::HashReader> OriginTrees::tree(store::RowId origin, store::LogName name, std::uint64_t size) {
  Key const key{origin, name};
  {
    std::lock_guard lock(mutex_);
    if (auto grown = grow(key, upper_[key], size); !grown) return std::unexpected(grown.error());
  }
  return log::reader_of([this, key](log::TilePath const& path) { return tile(key, path); }, size);
}

}  // namespace tocsin::federation
