#include "server/http/body_memory.hpp"

#include <algorithm>

namespace tocsin::http {

BodyMemory::Grown BodyMemory::Hold::grow_to(std::uint64_t bytes) {
  if (bytes <= bytes_) return Grown::yes;
  // Two of the longest bodies: one always fits beside its decoder's window, which is no longer than it.
  Grown grown = memory_.take(organisation_, bytes - bytes_, 2 * longest_);
  if (grown == Grown::yes) bytes_ = bytes;
  return grown;
}

// A quarter for one organisation, so that no member keeps the others from submitting.
BodyMemory::Grown BodyMemory::take(std::int64_t organisation, std::uint64_t bytes, std::uint64_t share_at_least) {
  std::lock_guard lock(mutex_);
  std::uint64_t most = most_, share = std::max(most / 4, share_at_least);
  if (held_ + bytes > most) return Grown::server_full;
  auto at = by_organisation_.find(organisation);
  if ((at == by_organisation_.end() ? 0 : at->second) + bytes > share) return Grown::organisation_full;
  by_organisation_[organisation] += bytes;
  held_ += bytes;
  shown_.set(static_cast<std::int64_t>(held_));
  return Grown::yes;
}

void BodyMemory::give(std::int64_t organisation, std::uint64_t bytes) {
  if (bytes == 0) return;
  std::lock_guard lock(mutex_);
  held_ -= bytes;
  shown_.set(static_cast<std::int64_t>(held_));
  if (auto at = by_organisation_.find(organisation); (at->second -= bytes) == 0) by_organisation_.erase(at);
}

}  // namespace tocsin::http
