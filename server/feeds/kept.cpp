#include "server/feeds/kept.hpp"

#include <algorithm>
#include <limits>

namespace tocsin::feeds {
namespace {

constexpr std::size_t kUpkeep = 512;  // nodes of the list and the map, counts, the allocator's share

}  // namespace

std::uint64_t stored_in(std::vector<store::RowId> const& collections, ledger::Generations const& generations) {
  auto sum = generations.stamp(0, std::numeric_limits<std::int64_t>::max() - 1);
  for (auto const collection : collections) sum += generations.growth(collection);
  return sum;
}

Kept::Kept(std::size_t bytes, base::Metrics& metrics)
    : most_(bytes),
      hits_(metrics.counter("tocsin_feed_cache_hits_total", "Feeds served from memory.")),
      misses_(metrics.counter("tocsin_feed_cache_misses_total", "Feeds made from the database.")) {}

std::shared_ptr<Made const> Kept::find(std::string const& key, Standing const& now, std::int64_t now_us) {
  std::lock_guard lock(mutex_);
  auto const at = used(key);
  if (at == used_.end() || at->standing != now || at->newest->stands_until_us <= now_us) return nullptr;
  hits_.add();
  return at->newest;
}

std::shared_ptr<Made const> Kept::keep(std::string const& key, Standing standing, Made made) {
  misses_.add();
  auto newest = std::make_shared<Made const>(std::move(made));
  std::lock_guard lock(mutex_);
  if (standing.forgotten != forgotten_ || newest->body->size() > most_ / 2) return newest;
  auto at = used(key);
  if (at == used_.end()) {
    used_.push_front({key, std::move(standing), newest, {}});
    at = used_.begin();
    by_key_.emplace(at->key, at);
  } else {
    bytes_ -= cost(*at);
    if (at->newest->digest != newest->digest) {
      auto const same = [&](Version const& one) { return one.digest == newest->digest; };
      if (auto const again = std::ranges::find_if(at->older, same); again != at->older.end()) {
        bytes_ -= cost(*again);
        at->older.erase(again);
      }
      at->older.push_back({at->newest->digest, at->newest->body});
      bytes_ += cost(at->older.back());
    }
    at->standing = std::move(standing);
    at->newest = newest;
  }
  bytes_ += cost(*at);
  trim();
  return newest;
}

std::shared_ptr<std::string const> Kept::version(std::string const& key, std::string_view digest) {
  std::lock_guard lock(mutex_);
  auto const at = used(key);
  if (at == used_.end()) return nullptr;
  if (at->newest->digest == digest) return at->newest->body;
  auto const found = std::ranges::find(at->older, digest, &Version::digest);
  return found == at->older.end() ? nullptr : found->body;
}

void Kept::forget() {
  known_.forget();
  std::lock_guard lock(mutex_);
  ++forgotten_;
  by_key_.clear();
  used_.clear();
  bytes_ = 0;
}

std::size_t Kept::cost(Version const& version) { return version.body->size() + version.digest.size() + kUpkeep; }

std::size_t Kept::cost(Entry const& entry) {
  return entry.key.size() + entry.newest->body->size() + entry.newest->places.size() * sizeof(Place) + kUpkeep;
}

Kept::Used::iterator Kept::used(std::string const& key) {
  auto const found = by_key_.find(key);
  if (found == by_key_.end()) return used_.end();
  used_.splice(used_.begin(), used_, found->second);
  return used_.begin();
}

// What was asked for least recently goes first, and of that what is oldest.
void Kept::trim() {
  while (bytes_ > most_) {
    auto& last = used_.back();
    if (!last.older.empty()) {
      bytes_ -= cost(last.older.front());
      last.older.pop_front();
      continue;
    }
    bytes_ -= cost(last);
    by_key_.erase(last.key);
    used_.pop_back();
  }
}

}  // namespace tocsin::feeds
