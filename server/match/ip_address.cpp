#include "server/match/ip_address.hpp"

namespace tocsin::match {
namespace {

constexpr unsigned kMappedBits = 96;
constexpr SixBits kMapped = 0xffff;  // ::ffff:0:0, the upper 96 bits

}  // namespace

IpNetwork folded(kinds::Network const& network) {
  IpNetwork out{0, network.six, static_cast<std::uint8_t>(network.length)};
  for (unsigned at = 0; at < network.width() / 8; ++at) out.first = out.first << 8 | network.bytes[at];
  if (!network.six || network.length < kMappedBits || out.first >> 32 != kMapped) return out;
  return {static_cast<FourBits>(out.first), false, static_cast<std::uint8_t>(network.length - kMappedBits)};
}

std::string text_of(IpNetwork const& network) {
  kinds::Network out;
  out.six = network.six;
  out.length = network.length;
  auto const octets = out.width() / 8;
  for (unsigned at = 0; at < octets; ++at)
    out.bytes[at] = static_cast<std::uint8_t>(network.first >> (8 * (octets - 1 - at)));
  return kinds::to_text(out);
}

}  // namespace tocsin::match
