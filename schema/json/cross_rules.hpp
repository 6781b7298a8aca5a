// Rules between properties as JSON Schema. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "schema/stix/rules/model.hpp"

namespace tocsin::schemas {

// What of the rule a schema can say; null when it can say nothing.
[[nodiscard]] nlohmann::ordered_json cross_rule(stix::rules::Rule const& rule, stix::rules::Shape const& shape);

}  // namespace tocsin::schemas
