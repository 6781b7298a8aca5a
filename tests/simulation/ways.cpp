#include "tests/simulation/ways.hpp"

#include <algorithm>

namespace tocsin::simulation {

bool is_severed(Severed const& severed, std::size_t one, std::size_t other) {
  return severed.contains(std::minmax(one, other));
}

std::optional<std::vector<std::size_t>> Ways::relays(std::size_t reader, std::size_t origin) const {
  std::vector<std::size_t> out;
  for (auto at = reader; !is_direct(at, origin); at = out.back()) {
    auto const next = founding_.relay(at, origin);
    if (!next || *next == reader || std::ranges::find(out, *next) != out.end() || !is_direct(at, *next))
      return std::nullopt;
    out.push_back(*next);
  }
  return out;
}

bool Ways::is_honest(std::size_t reader, std::size_t origin) const {
  auto const between = relays(reader, origin);
  return between && liar_ != origin &&
         std::ranges::none_of(*between, [&](std::size_t relay) { return liar_ == relay; });
}

}  // namespace tocsin::simulation
