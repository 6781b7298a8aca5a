// 64 bits by which accounts, addresses and prompts are told apart where none of them is to be kept: those that sort
// first are a sample that does not depend on the order of the log. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "server/match/ip_address.hpp"

namespace tocsin::client {

// The last step of SplitMix64: neighbours come out far apart.
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

[[nodiscard]] inline std::uint64_t digest(std::string_view text) {
  return spread(std::hash<std::string_view>{}(text) + 1);
}

[[nodiscard]] constexpr std::uint64_t digest_of(match::IpAddress const& address) {
  auto const high = static_cast<std::uint64_t>(address.value >> 64);
  auto const low = static_cast<std::uint64_t>(address.value);
  return spread(low ^ spread(high + (address.six ? 1 : 2)));
}

}  // namespace tocsin::client
