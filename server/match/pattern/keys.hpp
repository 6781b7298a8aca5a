// What must have been observed for a pattern to match, so that an index can tell which patterns are worth evaluating.
// Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::match::pattern {

struct Key {
  enum class Relation : std::uint8_t {
    equal,   // a value at the path is this string or number
    inside,  // a value at the path is an address or a network inside this network
  };
  stix::pattern::Path path;
  Relation relation;
  // A number without a fraction is an integer, however it was written: 5.0 equals 5.
  std::variant<std::string, std::int64_t, double> value;
  bool operator==(Key const&) const = default;
};

// Keys of which at least one is in any observations that the pattern matches; empty when it matches none at all
// (IN ()). nullopt when there is no such set: a part that decides compares otherwise (LIKE, MATCHES, !=, NOT, orders,
// EXISTS, constants that are octets, timestamps or booleans). Of what AND and FOLLOWEDBY join the part with the fewest
// keys is taken, and of those the one with the longest values, as what is long is rare.
[[nodiscard]] std::optional<std::vector<Key>> necessary_keys(stix::pattern::Pattern const& pattern);

}  // namespace tocsin::match::pattern
