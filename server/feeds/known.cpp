#include "server/feeds/known.hpp"

namespace tocsin::feeds {
namespace {

constexpr std::size_t kUpkeep = 256;  // nodes, counts, the allocator's share

}  // namespace

std::size_t cost(KnownCollection const& known) {
  auto out = kUpkeep + known.blocks.capacity() * sizeof(KnownCollection::Slot);
  for (auto const& [stamp, block] : known.blocks)
    if (block != nullptr)
      out += kUpkeep + block->rows.capacity() * sizeof(KnownIndicator) + block->others.capacity() * sizeof(Chain);
  return out;
}

std::shared_ptr<KnownCollection const> Known::find(std::string const& key) {
  std::lock_guard lock(mutex_);
  auto const found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  used_.splice(used_.begin(), used_, found->second);
  return found->second->known;
}

void Known::keep(std::string const& key, std::uint64_t forgotten, std::shared_ptr<KnownCollection const> known) {
  auto const bytes = cost(*known) + 2 * key.size();
  std::lock_guard lock(mutex_);
  if (forgotten != forgotten_) return;
  if (auto const found = by_key_.find(key); found != by_key_.end()) drop(found->second);
  if (bytes > most_) return;
  while (bytes_ + bytes > most_) drop(std::prev(used_.end()));
  used_.push_front({key, std::move(known), bytes});
  by_key_.emplace(key, used_.begin());
  bytes_ += bytes;
}

void Known::forget() {
  std::lock_guard lock(mutex_);
  ++forgotten_;
  by_key_.clear();
  used_.clear();
  bytes_ = 0;
}

std::uint64_t Known::forgotten() const {
  std::lock_guard lock(mutex_);
  return forgotten_;
}

std::size_t Known::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

void Known::drop(std::list<Entry>::iterator at) {
  bytes_ -= at->cost;
  by_key_.erase(at->key);
  used_.erase(at);
}

}  // namespace tocsin::feeds
