// What a feed has of one indicator. A value type; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/match/fusion.hpp"
#include "server/match/ip_address.hpp"

namespace tocsin::feeds {

enum class Family : std::uint8_t { v4, v6, asn };

struct Entry {
  match::IpNetwork network{};  // of a feed of networks
  std::uint32_t number = 0;    // of a feed of autonomous systems
  match::Action action = match::Action::none;
  std::optional<int> confidence{};  // percent, as it was stated
  std::string id{};                 // indicator--UUID
  std::string level{};              // of the Traffic Light Protocol
  std::string valid_until{};        // "": for good
  std::int64_t modified_us = 0;
};

// In the order in which every format has them: by value, then by id.
void sort(std::vector<Entry>& entries);

[[nodiscard]] std::string value_text(Family family, Entry const& entry);

}  // namespace tocsin::feeds
