// What was published behind a place and a reader may see, in the order of publication, as text ready to be sent.
// Values; `read_batch` on a reader thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/catalog/cursor.hpp"
#include "server/catalog/mutes.hpp"
#include "server/store/read_store.hpp"
#include "server/stream/own_ranges.hpp"

namespace tocsin::stream {

// As much as one stream holds in memory: a batch ends with the object that goes beyond.
struct BatchLimits {
  std::size_t objects = 64;
  std::size_t bytes = 256u << 10;
};

struct BatchQuery {
  struct Collection {
    store::RowId row = 0;
    std::string id;
  };
  std::vector<Collection> collections;
  std::vector<std::string> types;  // empty: all
  std::shared_ptr<access::View const> view;
  std::shared_ptr<access::Directory const> directory;  // never null
  std::shared_ptr<OwnRanges const> ranges;  // the reader's own, never null: alerts are told of what touches them
  std::int64_t after = 0;                   // sequence
  // Of which no alert tells.
  std::shared_ptr<catalog::Mutes const> mutes = std::make_shared<catalog::Mutes const>();
  std::int64_t now_us = 0;
};

// What of one collection is in a batch; sequences.
struct Shown {
  std::size_t collection = 0;  // of the query's
  std::int64_t first = 0, last = 0;
  std::uint64_t objects = 0;
};

struct Batch {
  std::string text;          // events
  std::vector<Shown> shown;  // one for each collection that has any
  std::int64_t reached = 0;  // the next batch begins behind it
  bool more = false;         // there may be more already
};

// Every publication behind `after` that the view shows: all versions, each once. Errors: those of the store.
[[nodiscard]] core::Result<Batch> read_batch(store::ReadStore& reader, BatchQuery const& query,
                                             catalog::CursorCodec const& cursors, BatchLimits limits = {});

}  // namespace tocsin::stream
