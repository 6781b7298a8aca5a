// Addresses and numbers of autonomous systems that are nobody's on the Internet: IANA's registries of special-purpose
// addresses and of AS numbers. Constant data; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "server/access/networks.hpp"

namespace tocsin::access {

using AsNumber = std::uint32_t;

struct Reservation {
  std::string_view what;       // goes after "reserved for": "private use"
  bool documentation = false;  // RFC 5737, 3849, 9637 and 5398: what examples and demonstrations are made of
};

// What the network overlaps, in either direction: another reservation before one for documentation; null: nothing.
[[nodiscard]] Reservation const* reservation_of(Network const& network);
[[nodiscard]] Reservation const* reservation_of(AsNumber number);

}  // namespace tocsin::access
