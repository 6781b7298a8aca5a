// Pages of a collection, rendered once and served again from memory to everyone who sees the same in the same dialect
// of markings, while what they were made from stands. Owned by app; `find` from any thread, `render` on a reader
// thread.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"
#include "server/base/live.hpp"
#include "server/base/metrics.hpp"
#include "server/catalog/cursor.hpp"
#include "server/catalog/filters.hpp"
#include "server/ledger/generations.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::catalog {

enum class PageKind : std::uint8_t { objects, manifest, versions };

struct PageRequest {
  PageKind kind = PageKind::objects;
  store::RowId collection = 0;
  std::shared_ptr<access::View const> view;
  Filters filters;
  std::int64_t after_sequence = 0;
  std::size_t limit = 0;
};

struct RenderedPage {
  std::string body;                        // the TAXII envelope, manifest or versions document
  std::string etag;                        // quoted
  std::optional<std::string> first, last;  // X-TAXII-Date-Added-*
  std::size_t count = 0;
  std::int64_t first_sequence = 0, last_sequence = 0;  // of what it shows; 0: nothing
};

class Pages {
 public:
  Pages(ledger::Generations const& generations, CursorCodec const& cursors, std::size_t bytes, base::Metrics& metrics);
  // Forgets at once what is beyond it.
  void set_bytes(std::size_t bytes);
  void forget();

  [[nodiscard]] static std::string key(PageRequest const& request);
  // A cached page that is still true.
  [[nodiscard]] std::shared_ptr<RenderedPage const> find(std::string const& key);
  // Makes the page and keeps it under `key`.
  [[nodiscard]] core::Result<std::shared_ptr<RenderedPage const>> render(store::ReadStore& reader,
                                                                         PageRequest const& request,
                                                                         std::string const& key);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<RenderedPage const> page;
    std::int64_t collection = 0, after = 0, last = 0;
    bool open_end = false;  // the page ends where the collection ends
    std::uint64_t stamp = 0, growth = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> used;  // the most recent first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t kShards = 8;

  [[nodiscard]] static std::size_t cost(Entry const& entry);  // in memory
  [[nodiscard]] bool stands(Entry const& entry) const;
  void keep(Entry entry);
  void trim(Shard& where) const;  // under its mutex
  Shard& shard(std::string const& key) { return shards_[std::hash<std::string>{}(key) % kShards]; }

  ledger::Generations const& generations_;
  CursorCodec const& cursors_;
  base::Live<std::size_t> shard_bytes_;
  base::Counter& hits_;
  base::Counter& misses_;
  Shard shards_[kShards];
};

}  // namespace tocsin::catalog
