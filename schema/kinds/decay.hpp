// What is left of the confidence of an indicator that nobody has renewed. Computed when it is read: nothing that is
// stored changes with time. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "schema/stix/json.hpp"

namespace tocsin::kinds {

// In percent: what it states, halved with each half-life of its kind since it was last modified, the attack last seen
// (`last_activity`) or it began to hold, whichever is latest; of several values by the shortest half-life. 0 once it is
// revoked or its time is over. nullopt: it states none. `values` are values_of() it.
[[nodiscard]] std::optional<std::int64_t> confidence_now(stix::Json const& indicator,
                                                         std::span<std::string const> values, std::int64_t now_us);

}  // namespace tocsin::kinds
