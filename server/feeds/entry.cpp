#include "server/feeds/entry.hpp"

#include <algorithm>
#include <tuple>

#include "server/feeds/networks.hpp"

namespace tocsin::feeds {

void sort(std::vector<Entry>& entries) {
  std::ranges::sort(entries, [](Entry const& a, Entry const& b) {
    return std::tie(a.network.first, a.network.length, a.number, a.id) <
           std::tie(b.network.first, b.network.length, b.number, b.id);
  });
}

std::string value_text(Family family, Entry const& entry) {
  return family == Family::asn ? "AS" + std::to_string(entry.number) : text_of(entry.network);
}

}  // namespace tocsin::feeds
