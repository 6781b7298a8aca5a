#include "server/ledger/log_integrator.hpp"

#include <utility>

namespace tocsin::ledger {

core::Result<std::string> LogIntegrator::sign(bool stopped, std::uint64_t now_s) {
  if (auto read = catch_up(); !read) return std::unexpected(read.error());
  return signer_.sign({{signer_.origin(), range_.size(), range_.root()}, stopped, last_, {}}, now_s);
}

core::Result<void> LogIntegrator::catch_up() {
  auto read = logs_->visit_leaves(name_, range_.size(), [&](std::string_view bytes) {
    signer_.pass(range_);
    auto leaf = core::to_array<32>(bytes);
    if (!leaf) return false;
    range_.append(*leaf);
    last_ = leaf;
    std::lock_guard lock(mutex_);
    tiles_.append(*leaf);
    return true;
  });
  if (read) signer_.pass(range_);
  return read;
}

core::Result<std::string> LogIntegrator::tile(store::LeafReader& leaves, log::TilePath const& tile,
                                              std::uint64_t size) const {
  if (!log::is_settled(tile, size))
    return core::fail(core::Code::not_found, "The log has no such tile.", "", "Ask for those of its checkpoint.");
  std::uint64_t const first = tile.index * log::kTileWidth;  // of level 0
  if (tile.kind == log::TilePath::Kind::entries) {
    auto entries = leaves.entries(name_, first, tile.width);
    if (!entries) return std::unexpected(entries.error());
    std::string bundle;
    for (auto const& entry : *entries) log::append_to_bundle(bundle, entry);
    return bundle;
  }
  if (tile.level == 0) return leaves.hashes(name_, first, tile.width);
  std::lock_guard lock(mutex_);
  if (log::is_settled(tile, tiles_.size())) return tiles_.tile(tile);
  return core::fail(core::Code::unavailable, "The server started, and still makes this tile.", "",
                    "Try again in a moment.");
}

}  // namespace tocsin::ledger
