#include "clients/cpp/feed/listed.hpp"

#include <algorithm>

#include "schema/kinds/network.hpp"

namespace tocsin::client {

std::optional<Listed> Listed::of(std::string_view text) {
  Listed out;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.starts_with('#')) continue;
    auto const parsed = kinds::parse_networks(line);
    if (!parsed || parsed->all.size() != 1) return std::nullopt;
    out.all_.push_back(match::folded(parsed->all.front()));
  }
  if (!std::ranges::is_sorted(out.all_, {}, &match::IpNetwork::first)) return std::nullopt;
  return out;
}

bool Listed::has(match::IpAddress const& address) const {
  auto const behind = std::ranges::upper_bound(all_, address.value, {}, &match::IpNetwork::first);
  if (behind == all_.begin()) return false;
  auto const& network = *(behind - 1);
  unsigned const host_bits = (network.six ? 128u : 32u) - network.length;
  return network.six == address.six &&
         (host_bits == 128 || (address.value - network.first) >> host_bits == match::SixBits{0});
}

}  // namespace tocsin::client
