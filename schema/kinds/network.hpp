// Networks of IPv4 and IPv6 in canonical text: RFC 5952, host bits zeroed, no length where it is a single address.
// Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::kinds {

struct Network {
  bool six = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
  unsigned length = 0;                   // bits

  [[nodiscard]] unsigned width() const { return six ? 128 : 32; }
  [[nodiscard]] bool single() const { return length == width(); }
};

struct Networks {
  std::vector<Network> all;    // in order, not overlapping; one but for a range
  bool had_host_bits = false;  // they are cleared
};

// One address and nothing else, not even space around it.
[[nodiscard]] std::optional<Network> parse_address(std::string_view text);

// An address, a CIDR, or a range `first-last`, which becomes the fewest networks that are exactly it. Error
// property_value says what is wrong, without the value.
[[nodiscard]] core::Result<Networks> parse_networks(std::string_view text);

[[nodiscard]] std::string to_text(Network const& network);

}  // namespace tocsin::kinds
