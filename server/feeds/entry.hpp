// What a feed has of one indicator. A value type; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/marking.hpp"
#include "server/match/fusion.hpp"
#include "server/match/ip_address.hpp"

namespace tocsin::feeds {

enum class Family : std::uint8_t { v4, v6, asn };

struct Entry {
  match::IpNetwork network{};  // of a feed of networks
  std::uint32_t number = 0;    // of a feed of autonomous systems
  match::Action action = match::Action::none;
  std::optional<int> confidence{};  // percent, as it was stated
  stix::Tlp level = stix::Tlp::clear;
  core::Uuid uuid{};           // of its id
  std::uint32_t capitals = 0;  // the digits of its id that were written in upper case, the first in the lowest bit
  std::int64_t valid_until_us = INT64_MAX;  // INT64_MAX: for good
  std::int64_t modified_us = 0;
};

// indicator--UUID, as it was written.
[[nodiscard]] std::string id_of(core::Uuid const& uuid, std::uint32_t capitals);
[[nodiscard]] std::string id_of(Entry const& entry);
// "": for good.
[[nodiscard]] std::string valid_until_of(Entry const& entry);

// In the order in which every format has them: by value, then by id.
void sort(std::vector<Entry>& entries);

[[nodiscard]] std::string value_text(Family family, Entry const& entry);

}  // namespace tocsin::feeds
