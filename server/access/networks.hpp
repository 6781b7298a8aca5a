// IP addresses and CIDR ranges, for the address range of a credential. Value types; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::access {

// An address as 16 bytes; IPv4 is mapped (RFC 4291 section 2.5.5.2), so that ::ffff:192.0.2.1 and 192.0.2.1 are one.
using Address = std::array<std::uint8_t, 16>;
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

class Network {
 public:
  // "203.0.113.0/24", "2001:db8::/32", or one address. Host bits must be zero. Error: bad_parameter.
  [[nodiscard]] static core::Result<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(Address const& address) const;

 private:
  Network(Address address, int bits) : address_(address), bits_(bits) {}
  Address address_;
  int bits_;  // of 128
};

}  // namespace tocsin::access
