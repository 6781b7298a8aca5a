#include "server/endpoints/open_streams.hpp"

namespace tocsin::endpoints {

std::expected<InFlight::Ticket, InFlight::Full> OpenStreams::enter(std::int64_t organisation) {
  auto place = places_.enter(organisation);
  if (!place) return place;
  open_.add(1);
  return InFlight::Ticket(this, [this, held = *std::move(place)](void const*) { open_.add(-1); });
}

}  // namespace tocsin::endpoints
