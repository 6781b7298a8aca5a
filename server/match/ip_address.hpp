// Addresses and networks as numbers, as the index of ranges compares them. IPv4 that is mapped into IPv6 (RFC 4291
// section 2.5.5.2) is IPv4. Value types; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "schema/kinds/network.hpp"

namespace tocsin::match {

using FourBits = std::uint32_t;
using SixBits = unsigned __int128;

struct IpNetwork {
  SixBits first = 0;  // IPv4: the lower 32 bits
  bool six = false;
  std::uint8_t length = 0;  // of the prefix: of 32 bits for IPv4, of 128 for IPv6
};

struct IpAddress {
  SixBits value = 0;  // IPv4: the lower 32 bits
  bool six = false;

  friend bool operator==(IpAddress const&, IpAddress const&) = default;
};

[[nodiscard]] IpNetwork folded(kinds::Network const& network);
// As the native form has it: of a network that is one address without its length.
[[nodiscard]] std::string text_of(IpNetwork const& network);

// Of a network that is one address.
[[nodiscard]] inline IpAddress address_of(kinds::Network const& single) {
  auto const network = folded(single);
  return {network.first, network.six};
}

}  // namespace tocsin::match
