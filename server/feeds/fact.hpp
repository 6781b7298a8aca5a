// What feeds have to know of one version of an indicator, read once from its object. A value type of a bounded size;
// any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "schema/core/bytes.hpp"
#include "schema/stix/marking.hpp"
#include "server/feeds/entry.hpp"

namespace tocsin::feeds {

struct Fact {
  match::IpNetwork network{};  // of its one value, when that is a network
  core::Uuid uuid{};
  std::uint32_t capitals = 0;  // the digits of its id that were written in upper case, the first in the lowest bit
  std::uint32_t number = 0;    // of its one value, when that is an autonomous system
  std::int64_t modified_us = 0, valid_from_us = 0;
  std::int64_t valid_until_us = INT64_MAX, share_until_us = INT64_MAX;  // INT64_MAX: for good
  std::optional<std::int32_t> confidence;                               // percent, as it was stated
  match::Action action = match::Action::none;
  std::optional<stix::Tlp> level;  // nullopt: marked in parts, or not at all
  bool of_numbers = false;         // of the kind proxy-asn, else ip-range
  bool revoked = false;
  bool harms = false;         // collateral is medium or high
  bool has_values = false;    // its pattern has values of its kind
  bool is_plain = false;      // its pattern is the one comparison of one value, and no condition beside it
  std::uint8_t families = 0;  // of its values, a bit for each Family

  [[nodiscard]] bool is_of(Family family) const { return (families >> static_cast<unsigned>(family) & 1U) != 0; }
};

// nullopt: it is no indicator with our extension, or of a kind that enters no feed. `indicator` is a valid object.
[[nodiscard]] std::optional<Fact> fact_of(nlohmann::json const& indicator);

// indicator--UUID, as it was written.
[[nodiscard]] std::string id_of(Fact const& fact);

}  // namespace tocsin::feeds
