// common.json and vocabularies.json: what the other schemas refer to. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tocsin::schemas {

// The `$defs` of each.
[[nodiscard]] nlohmann::ordered_json common_definitions();
[[nodiscard]] nlohmann::ordered_json vocabulary_definitions();

}  // namespace tocsin::schemas
