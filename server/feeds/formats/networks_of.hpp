// The networks of entries, aggregated. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "server/feeds/entry.hpp"
#include "server/feeds/networks.hpp"

namespace tocsin::feeds {

[[nodiscard]] inline std::vector<match::IpNetwork> networks_of(std::span<Entry const> entries) {
  std::vector<match::IpNetwork> out;
  out.reserve(entries.size());
  for (auto const& entry : entries) out.push_back(entry.network);
  return aggregated(std::move(out));
}

}  // namespace tocsin::feeds
