#include "server/endpoints/in_flight.hpp"

#include <algorithm>

namespace tocsin::endpoints {

std::size_t InFlight::share() const { return std::max(most_.get() / 4, least_); }

std::expected<InFlight::Ticket, InFlight::Full> InFlight::enter(std::int64_t organisation) {
  {
    std::lock_guard lock(mutex_);
    if (now_ >= most_) return std::unexpected(Full::server);
    std::size_t& here = by_organisation_[organisation];
    if (here >= share()) return std::unexpected(Full::organisation);
    ++here;
    ++now_;
  }
  return Ticket(this, [this, organisation](void const*) { leave(organisation); });
}

void InFlight::leave(std::int64_t organisation) {
  std::lock_guard lock(mutex_);
  --now_;
  if (auto at = by_organisation_.find(organisation); --at->second == 0) by_organisation_.erase(at);
}

}  // namespace tocsin::endpoints
