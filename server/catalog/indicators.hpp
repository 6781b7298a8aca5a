// What a reader is told of indicators with our extension: items of a search, what each asserter says of one, and how it
// came to say so. An asserter is named where its object names it. The thread of the reader; history: any.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/marking.hpp"
#include "server/access/directory.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::catalog {

// Who asks, and when.
struct Asking {
  store::Sight const& sight;
  access::Directory const& directory;
  stix::MarkingDialect dialect;  // in which levels are written
  std::int64_t now_us;
};

// The objects, as they are stored.
[[nodiscard]] std::vector<nlohmann::json> documents_of(std::span<store::Published const> shown);

// schema/openapi.yaml, IndicatorItem, one for each. `objects` are documents_of(shown). Errors: storage_failed.
[[nodiscard]] core::Result<std::vector<nlohmann::json>> indicator_items(store::ReadStore& reader, Asking const& asking,
                                                                        std::span<store::Published const> shown,
                                                                        std::span<nlohmann::json const> objects);

// schema/openapi.yaml, IndicatorStatement: the item, what it says in the native form, the audiences that the reader
// belongs to, and the object. Errors: storage_failed.
[[nodiscard]] core::Result<std::vector<nlohmann::json>> indicator_statements(store::ReadStore& reader,
                                                                             Asking const& asking,
                                                                             std::span<store::Published const> shown);

// schema/openapi.yaml, IndicatorHistory, but for `complete`: of each asserter the versions, in order of modification,
// since when they are shown, where, and the names of what changed. `versions` are in the order of publication; never
// empty.
[[nodiscard]] nlohmann::json indicator_history(std::span<store::Published const> versions,
                                               access::Directory const& directory);

}  // namespace tocsin::catalog
