// Figures as a person reads them, and as an item of the native form (docs/kinds.md). Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "clients/cpp/usage/figures.hpp"

namespace tocsin::client {

// The properties of a usage profile that are known, by their names, in the order of docs/profile-metrics.md; decimals
// have four digits.
[[nodiscard]] nlohmann::ordered_json properties_of(Figures const& figures);

// `thresholds` is the pattern. Counts above 1,000 keep their first two digits.
[[nodiscard]] nlohmann::ordered_json profile_item(Figures const& figures, std::string const& thresholds);

}  // namespace tocsin::client
