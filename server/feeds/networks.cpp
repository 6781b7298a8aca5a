#include "server/feeds/networks.hpp"

#include <algorithm>

namespace tocsin::feeds {
namespace {

using match::IpNetwork;
using match::SixBits;

// Bits behind the prefix, all of them set. A shift by the whole width is none that C++ has.
SixBits behind(unsigned bits) { return bits >= 128 ? ~SixBits{0} : (SixBits{1} << bits) - 1; }

bool are_halves(IpNetwork const& low, IpNetwork const& high) {
  if (low.length != high.length || low.length == 0) return false;
  auto const half = SixBits{1} << (width(low) - low.length);
  return (low.first & half) == 0 && high.first == (low.first | half);
}

}  // namespace

unsigned width(IpNetwork const& network) { return network.six ? 128 : 32; }

SixBits last_of(IpNetwork const& network) { return network.first | behind(width(network) - network.length); }

bool contains(IpNetwork const& outer, IpNetwork const& inner) {
  return outer.six == inner.six && outer.length <= inner.length && outer.first <= inner.first &&
         last_of(inner) <= last_of(outer);
}

IpNetwork around(IpNetwork network, unsigned length) {
  network.first &= ~behind(width(network) - length);
  network.length = length;
  return network;
}

std::vector<IpNetwork> aggregated(std::vector<IpNetwork> all) {
  std::ranges::sort(all, [](IpNetwork const& a, IpNetwork const& b) {
    return a.first != b.first ? a.first < b.first : a.length < b.length;  // what holds others comes before them
  });
  std::vector<IpNetwork> out;
  for (auto const& network : all) {
    if (!out.empty() && contains(out.back(), network)) continue;
    out.push_back(network);
    while (out.size() > 1 && are_halves(out[out.size() - 2], out.back())) {
      out.pop_back();
      --out.back().length;
    }
  }
  return out;
}

std::string text_with_length(IpNetwork const& network) {
  auto out = text_of(network);
  if (network.length == width(network)) out += "/" + std::to_string(network.length);
  return out;
}

}  // namespace tocsin::feeds
