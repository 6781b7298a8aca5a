// The verified trees of the logs that are followed, for roots and proofs at any size. Leaf hashes are read once each;
// what is above them is kept in memory, an eighth of a byte a leaf. Owned by app; any thread but the commit thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "schema/log/proofs.hpp"
#include "schema/log/upper_tiles.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::federation {

// Runs a job on the commit thread and waits for it: GroupCommit::perform.
using Perform = std::function<void(std::function<void()>)>;

class OriginTrees {
 public:
  OriginTrees(store::OriginStore& origins, Perform perform) : origins_(origins), perform_(std::move(perform)) {}

  // Of leaves [0, size), which were verified here; it reads on for as long as this object lives. Errors:
  // log_inconsistent when one is missing; those of the store.
  [[nodiscard]] core::Result<log::HashReader> tree(store::RowId origin, store::LogName name, std::uint64_t size);

  // A tile of hashes that is settled in a log of `size`, which was verified here. Errors: likewise.
  [[nodiscard]] core::Result<std::string> tile(store::RowId origin, store::LogName name, std::uint64_t size,
                                               log::TilePath const& path);

 private:
  using Key = std::pair<store::RowId, store::LogName>;
  [[nodiscard]] core::Result<std::string> leaves(Key const& key, std::uint64_t first, std::uint64_t count);
  [[nodiscard]] core::Result<void> grow(Key const& key, log::UpperTiles& tiles, std::uint64_t size);
  [[nodiscard]] core::Result<std::string> tile(Key const& key, log::TilePath const& path);

  store::OriginStore& origins_;  // on the commit thread
  Perform const perform_;
  std::mutex mutex_;
  std::map<Key, log::UpperTiles> upper_;  // guarded by mutex_
};

}  // namespace tocsin::federation
