#include "server/federation/carried_receipts.hpp"

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

core::Result<void> CarriedReceipts::hand_in(std::string const& origin, Transport& transport) {
  std::vector<std::pair<Key, Carried>> open;
  {
    std::lock_guard lock(mutex_);
    for (auto const& one : carried_)
      if (one.first.first == origin && one.second.tried < one.second.size) open.push_back(one);
  }
  for (auto const& [key, one] : open) {
    auto const answer =
        transport.post("/log/control/receipts", "text/plain; charset=utf-8", one.note, kMostBytes, kTimeout);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status >= 500 || answer->status == 429)
      return core::fail(core::Code::unavailable, "The peer could not take a receipt of another one now.");
    std::lock_guard lock(mutex_);
    auto& carried = carried_[key];
    carried.tried = std::max(carried.tried, one.size);
    if (answer->status == 204) carried.taken = std::max(carried.taken, one.size);
  }
  return {};
}

}  // namespace tocsin::federation
