// The level that an object is marked with, as a reader's dialect names it. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "schema/stix/marking.hpp"

namespace tocsin::catalog {

// The strictest of its levels of the Traffic Light Protocol; nullopt: it has none. A reader of TLP 1 is told RED for
// AMBER+STRICT (decision 0006).
[[nodiscard]] std::optional<std::string_view> shown_level(nlohmann::json const& object, stix::MarkingDialect dialect);

}  // namespace tocsin::catalog
