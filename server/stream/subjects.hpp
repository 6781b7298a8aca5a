// Which addresses and autonomous systems a STIX object is about. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stream/registered_range.hpp"

namespace tocsin::stream {

struct Subjects {
  std::vector<access::Network> networks;  // ascending, none inside another
  std::vector<AsNumber> numbers;          // ascending, each once
};

// The types of the objects that are about any.
[[nodiscard]] std::span<std::string const> subject_types();

// Of an ipv4-addr, ipv6-addr or autonomous-system (STIX 2.1 sections 6.8, 6.9, 6.3) what it is; of an indicator with a
// STIX pattern what its comparisons name: `value` of the first two by =, IN, ISSUBSET and ISSUPERSET, `number` of the
// last by = and IN, never with NOT. Host bits are taken for zero, and IPv4 that is mapped into IPv6 for IPv4. Anything
// else, also text that is no JSON, is about nothing.
[[nodiscard]] Subjects subjects_of(std::string_view type, std::string_view bytes);

}  // namespace tocsin::stream
