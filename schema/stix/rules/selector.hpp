// Selectors of granular markings, STIX 2.1 section 7.2.3. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/stix/json.hpp"

namespace tocsin::stix::rules {

enum class Selected : std::uint8_t { found, nothing, malformed };

// Follows `selector` from the root of `document`.
[[nodiscard]] Selected select(Json const& document, std::string_view selector);

}  // namespace tocsin::stix::rules
