// What feeds know of the indicators that a view shows of a collection, so that a feed that is made anew reads only what
// changed. It goes by the rule of cached pages (docs/decisions/0005): what a view was shown of a block of publications
// stands while the generation of the block does, and what came behind is read when the collection grew. It is kept
// apart for each view, so nothing is known of what its reader was not shown. In memory alone. Owned by Kept; any
// thread.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/feeds/fact.hpp"
#include "server/store/rows.hpp"

namespace tocsin::feeds {

// Whose indicator, which, and which of its versions.
struct Chain {
  store::RowId asserter = 0;
  core::Uuid uuid{};
  std::int64_t modified_ns = 0;
};

// One that is shown as the newest of its collection.
struct KnownIndicator {
  Fact fact;
  store::RowId version = 0, asserter = 0;
  std::int64_t modified_ns = 0, sequence = 0;
};
static_assert(sizeof(KnownIndicator) <= 160);  // what docs/feeds.md says of memory rests on it

// Those of one block of generations.
struct KnownBlock {
  std::vector<KnownIndicator> rows;  // by sequence
  std::vector<Chain> others;         // indicators of other kinds: they may be newer than what another collection has
};

struct KnownCollection {
  struct Slot {
    std::uint64_t stamp = 0;                            // of the generations of the block, from before it was read
    std::shared_ptr<KnownBlock const> block = nullptr;  // nullptr: it has none
  };
  std::uint64_t growth = 0;    // from before it was read
  std::uint64_t beyond = 0;    // the stamp of all behind the blocks, likewise
  std::int64_t read_to = 0;    // a sequence
  std::vector<Slot> blocks{};  // by number: also those without any, where one may be shown again
};

[[nodiscard]] std::size_t cost(KnownCollection const& known);  // bytes

class Known {
 public:
  static constexpr std::size_t kUsualBytes = 256u << 20;

  explicit Known(std::size_t bytes) : most_(bytes) {}

  // `key` names the view and the collection; nullptr: nothing is known.
  [[nodiscard]] std::shared_ptr<KnownCollection const> find(std::string const& key);
  // Unless it has no room, or everything was forgotten since `forgotten`: then it may hold what was destroyed.
  void keep(std::string const& key, std::uint64_t forgotten, std::shared_ptr<KnownCollection const> known);
  void forget();
  [[nodiscard]] std::uint64_t forgotten() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<KnownCollection const> known;
    std::size_t cost = 0;
  };

  void drop(std::list<Entry>::iterator at);

  std::size_t const most_;
  mutable std::mutex mutex_;
  std::list<Entry> used_;  // what was asked for last comes first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::size_t bytes_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace tocsin::feeds
