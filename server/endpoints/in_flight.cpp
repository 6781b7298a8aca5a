#include "server/endpoints/in_flight.hpp"

namespace tocsin::endpoints {

std::shared_ptr<void const> InFlight::enter() {
  if (now_.fetch_add(1) < most_)
    return std::shared_ptr<void const>(this, [this](void const*) { now_.fetch_sub(1); });
  now_.fetch_sub(1);
  return nullptr;
}

}  // namespace tocsin::endpoints
