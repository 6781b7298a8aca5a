#include "server/access/coverage.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace tocsin::access {

Addresses addresses_in(Network const& network) {
  int const free_bits = (network.is_v4() ? 32 : 128) - network.length();
  return free_bits == 128 ? ~Addresses{0} : Addresses{1} << free_bits;
}

std::string text_of(Addresses count) {
  constexpr Addresses kBillion = 1'000'000'000;
  if (count >= kBillion) {
    auto const high = static_cast<std::uint64_t>(count >> 64), low = static_cast<std::uint64_t>(count);
    int const bits = high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(low);
    bool const exact = (count & (count - 1)) == 0;
    return (exact ? "2^" : "about 2^") + std::to_string(bits - 1);
  }
  std::string out = std::to_string(static_cast<std::uint64_t>(count));
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) out.insert(out.begin() + at, ',');
  return out;
}

Coverage::Coverage(std::vector<Network> networks, std::vector<AsNumber> numbers) : numbers_(std::move(numbers)) {
  std::ranges::sort(networks);
  for (auto const& network : networks) {
    auto& family = network.is_v4() ? v4_ : v6_;
    if (!family.networks.empty() && family.networks.back().contains(network)) continue;
    family.networks.push_back(network);
  }
  for (auto* family : {&v4_, &v6_}) {
    Addresses sum = 0;
    for (auto const& network : family->networks) {
      family->before.push_back(sum);
      sum += addresses_in(network);
    }
    family->before.push_back(sum);
  }
  std::ranges::sort(numbers_);
}

// Those of the list that lie in the network stand together, and begin where it does or later.
Addresses Coverage::of(Network const& network) const {
  auto const& [networks, before] = network.is_v4() ? v4_ : v6_;
  auto const first = std::ranges::lower_bound(networks, network);
  if (first != networks.begin() && std::prev(first)->contains(network)) return addresses_in(network);
  auto const end = std::ranges::partition_point(std::ranges::subrange(first, networks.end()),
                                                [&](Network const& one) { return network.contains(one); });
  if (first == end) return 0;
  return before[static_cast<std::size_t>(end - networks.begin())] -
         before[static_cast<std::size_t>(first - networks.begin())];
}

bool Coverage::has(AsNumber number) const { return std::ranges::binary_search(numbers_, number); }

}  // namespace tocsin::access
