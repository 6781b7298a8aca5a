#include "server/feeds/entry.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "schema/stix/timestamp.hpp"
#include "server/feeds/networks.hpp"

namespace tocsin::feeds {

void sort(std::vector<Entry>& entries) {
  std::ranges::sort(entries, [](Entry const& a, Entry const& b) {
    auto const value = [](Entry const& one) { return std::tie(one.network.first, one.network.length, one.number); };
    if (value(a) != value(b)) return value(a) < value(b);
    if ((a.capitals | b.capitals) == 0) return a.uuid < b.uuid;
    return id_of(a) < id_of(b);
  });
}

std::string id_of(core::Uuid const& uuid, std::uint32_t capitals) {
  auto text = core::to_text(uuid);
  unsigned digit = 0;
  for (char& c : text) {
    if (c == '-') continue;
    if ((capitals >> digit & 1U) != 0) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    ++digit;
  }
  return "indicator--" + text;
}

std::string id_of(Entry const& entry) { return id_of(entry.uuid, entry.capitals); }

std::string valid_until_of(Entry const& entry) {
  return entry.valid_until_us == INT64_MAX ? "" : stix::Timestamp::from_microseconds(entry.valid_until_us).text();
}

std::string value_text(Family family, Entry const& entry) {
  return family == Family::asn ? "AS" + std::to_string(entry.number) : text_of(entry.network);
}

}  // namespace tocsin::feeds
