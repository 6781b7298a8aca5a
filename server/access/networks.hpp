// IP addresses and CIDR ranges: from where a credential may be used, and what belongs to an organisation. Value types;
// any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
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
  // The same, whatever the host bits: they are taken for zero. nullopt: not a network at all.
  [[nodiscard]] static std::optional<Network> around(std::string_view text);
  // `bits` of 128 are its prefix, also of IPv4.
  [[nodiscard]] static Network around(Address const& address, int bits);

  [[nodiscard]] bool contains(Address const& address) const;
  // Whether all of the other lies in this one. The families are apart: no IPv6 network holds one of IPv4.
  [[nodiscard]] bool contains(Network const& other) const;
  [[nodiscard]] bool is_v4() const;  // IPv4, or mapped into IPv6
  [[nodiscard]] int length() const;  // of the prefix: of 32 bits for IPv4, of 128 for IPv6
  // One text for each network: IPv4 as such, IPv6 as RFC 5952 has it, and no prefix length for one address.
  [[nodiscard]] std::string text() const;

  // By the first address; of two that begin together the wider one first.
  friend auto operator<=>(Network const&, Network const&) = default;

 private:
  Network(Address address, int bits) : address_(address), bits_(bits) {}
  // The address as it was written, whose host bits may be set; or why it is none.
  [[nodiscard]] static std::expected<Network, char const*> read(std::string_view text);
  [[nodiscard]] Network without_host_bits() const;

  Address address_;
  int bits_;  // of 128
};

}  // namespace tocsin::access
