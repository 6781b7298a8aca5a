// Brings what is known of one collection up to date, a portion at a time: the blocks that changed since, and what came
// behind. What the reader is shown, a page says, each time anew; a version that was known is not parsed again. Owned by
// the making of one feed; the thread of the reader.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/feeds/known.hpp"
#include "server/ledger/generations.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::feeds {

class Reading {
 public:
  // `view`: names what the window shows.
  Reading(Known& known, ledger::Generations const& generations, std::string const& view, store::Window const& window,
          store::RowId collection);

  // Reads on; false: all was read, and is kept. Errors: storage_failed.
  [[nodiscard]] core::Result<bool> step(store::ReadStore& reader);

  // What is held of the collection so far, about.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Once all was read.
  [[nodiscard]] std::shared_ptr<KnownCollection const> all() const { return all_; }

 private:
  using Versions = std::map<store::RowId, KnownIndicator const*>;

  void begin();
  [[nodiscard]] core::Result<bool> read_block(store::ReadStore& reader);
  [[nodiscard]] core::Result<bool> read_on(store::ReadStore& reader);
  void add_slots(std::size_t first);
  [[nodiscard]] KnownBlock& block_of(std::int64_t sequence);
  void take(KnownBlock& block, store::PageRow const& row, std::string_view bytes, Versions const& before);
  void finish();

  Known& known_;
  ledger::Generations const& generations_;
  std::string key_;
  store::PageQuery query_;
  std::uint64_t forgotten_ = 0;
  std::shared_ptr<KnownCollection const> all_;
  KnownCollection now_;
  std::size_t bytes_ = 0;
  bool begun_ = false, changed_ = false, grew_ = false;
  std::vector<std::int64_t> stale_;           // numbers of blocks
  std::map<std::int64_t, KnownBlock> fresh_;  // that were read, or gained something
};

}  // namespace tocsin::feeds
