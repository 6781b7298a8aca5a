// What a reader is told of indicators with our extension: items of a search, what each asserter says of one, and how it
// came to say so. An asserter is named where its object names it. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "schema/stix/marking.hpp"
#include "server/store/stretch.hpp"

namespace tocsin::catalog {

// schema/openapi.yaml, IndicatorItem. Levels are written as the reader's dialect has them.
[[nodiscard]] nlohmann::json indicator_item(store::Published const& one, stix::MarkingDialect dialect);

// schema/openapi.yaml, IndicatorStatement: the item, what it says in the native form, and the object.
[[nodiscard]] nlohmann::json indicator_statement(store::Published const& one, stix::MarkingDialect dialect);

// schema/openapi.yaml, IndicatorHistory, but for `complete`: of each asserter the versions, in order of modification,
// since when they are shown, and the names of what changed. `versions` are in the order of publication; never empty.
[[nodiscard]] nlohmann::json indicator_history(std::span<store::Published const> versions);

}  // namespace tocsin::catalog
