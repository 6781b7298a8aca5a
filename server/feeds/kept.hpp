// Feeds as they were made, for those who see the same: the newest of each until something changes that it was made
// from, and those before it as long as there is room, to say what changed since. Owned by app; any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "server/base/metrics.hpp"
#include "server/catalog/mutes.hpp"
#include "server/feeds/known.hpp"
#include "server/feeds/made.hpp"
#include "server/ledger/generations.hpp"

namespace tocsin::feeds {

// What a feed is made from, time aside. Equal: what would be made now is what was made then. It is taken before the
// database is read, so that a commit in between makes a feed look old, and never the other way round.
struct Standing {
  std::uint64_t stored = 0;             // of all publications that the reader's collections have
  std::uint64_t parties = 0;            // the epoch of the directory, of a feed that counts parties
  int widest_v4 = 0, widest_v6 = 0;     // bits
  std::shared_ptr<void const> mutes{};  // of the reader's organisation; compared as pointers, nullptr: none
  std::shared_ptr<void const> own{};    // its own ranges, likewise
  std::uint64_t forgotten = 0;          // how often all that was kept had been forgotten

  friend bool operator==(Standing const&, Standing const&) = default;
};

// The counters only grow: an equal sum is that of the same counters.
[[nodiscard]] std::uint64_t stored_in(std::vector<store::RowId> const& collections,
                                      ledger::Generations const& generations);

class Kept {
 public:
  static constexpr std::size_t kUsualBytes = 64u << 20;

  // `bytes`: of all that is kept.
  Kept(std::size_t bytes, base::Metrics& metrics);

  // The newest under `key`, which names who sees the same and what is asked, if it would be made again as it is;
  // nullptr: it is to be made.
  [[nodiscard]] std::shared_ptr<Made const> find(std::string const& key, Standing const& now, std::int64_t now_us);
  // Makes it the newest under `key`, unless it would take half of the room, or everything was forgotten meanwhile: then
  // it may hold what was destroyed.
  std::shared_ptr<Made const> keep(std::string const& key, Standing standing, Made made);
  // The body with this digest that was made under `key`; nullptr: it is not kept, or never was.
  [[nodiscard]] std::shared_ptr<std::string const> version(std::string const& key, std::string_view digest);
  void forget();
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }
  // What they are made of. It is forgotten with them.
  [[nodiscard]] Known& known() { return known_; }

 private:
  struct Version {
    std::string digest;
    std::shared_ptr<std::string const> body;
  };
  struct Entry {
    std::string key;
    Standing standing;
    std::shared_ptr<Made const> newest;
    std::deque<Version> older;  // the oldest first
  };
  using Used = std::list<Entry>;

  [[nodiscard]] static std::size_t cost(Version const& version);
  [[nodiscard]] static std::size_t cost(Entry const& entry);  // without what is older
  [[nodiscard]] Used::iterator used(std::string const& key);  // moved to the front; end(): nothing is under `key`
  void trim();

  std::size_t const most_;
  base::Counter& hits_;
  base::Counter& misses_;
  Known known_{Known::kUsualBytes};
  std::atomic<std::uint64_t> forgotten_{0};
  std::mutex mutex_;  // guards the rest
  Used used_;         // the most recent first
  std::unordered_map<std::string_view, Used::iterator> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace tocsin::feeds
