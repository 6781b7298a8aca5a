#include "server/federation/carried_receipts.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace tocsin::federation {
namespace {

constexpr std::size_t kMostBytes = 65'536;
constexpr std::chrono::seconds kTimeout{30};

}  // namespace

bool CarriedReceipts::take(std::string const& origin, std::string const& receiver, std::uint64_t size,
                           std::string const& note) {
  std::lock_guard lock(mutex_);
  auto& carried = carried_[{origin, receiver}];
  if (size > carried.size || carried.note.empty()) {
    carried.note = note;
    carried.size = size;
  }
  return carried.taken >= size;
}

// One that is refused holds up no other.
core::Result<void> CarriedReceipts::hand_in(std::string const& origin, Transport& transport, std::int64_t now_us,
                                            std::function<double()> const& random) {
  std::vector<std::pair<Key, Carried>> open;
  {
    std::lock_guard lock(mutex_);
    for (auto const& one : carried_)
      if (one.first.first == origin && one.second.taken < one.second.size) open.push_back(one);
  }
  core::Result<void> outcome;
  for (auto const& [key, one] : open) {
    core::Result<void> told;
    if (one.retry && !one.retry->is_due(one.size, now_us)) {
      told = one.retry->outcome();
    } else {
      auto const answer =
          transport.post("/log/control/receipts", "text/plain; charset=utf-8", one.note, kMostBytes, kTimeout);
      if (!answer) return std::unexpected(answer.error());
      told = answered(key, one.size, answer->status, now_us, random);
    }
    if (outcome && !told) outcome = core::fail(told.error().code, "Of " + key.second + ": " + told.error().detail);
  }
  return outcome;
}

core::Result<void> CarriedReceipts::answered(Key const& key, std::uint64_t size, int status, std::int64_t now_us,
                                             std::function<double()> const& random) {
  std::lock_guard lock(mutex_);
  auto& carried = carried_[key];
  if (status == 204) {
    carried.taken = std::max(carried.taken, size);
    carried.retry.reset();
    return {};
  }
  if (!carried.retry) carried.retry.emplace(random);
  carried.retry->not_taken(size, status, now_us);
  return carried.retry->outcome();
}

}  // namespace tocsin::federation
