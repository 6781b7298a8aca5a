// Networks of one family as lists have them: the fewest that are exactly the same addresses. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "server/match/ip_address.hpp"

namespace tocsin::feeds {

// Ascending, apart from each other, none the half of another one: exactly the addresses of `all`, which are of one
// family.
[[nodiscard]] std::vector<match::IpNetwork> aggregated(std::vector<match::IpNetwork> all);

[[nodiscard]] bool contains(match::IpNetwork const& outer, match::IpNetwork const& inner);
// The network of that length, which is no more than its own, around it.
[[nodiscard]] match::IpNetwork around(match::IpNetwork network, unsigned length);
[[nodiscard]] unsigned width(match::IpNetwork const& network);  // bits of an address
[[nodiscard]] match::SixBits last_of(match::IpNetwork const& network);

// As match::text_of, but a single address has its length.
[[nodiscard]] std::string text_with_length(match::IpNetwork const& network);

}  // namespace tocsin::feeds
