// What TAXII calls the version of a stored object: `modified`, else `created`, else when it was added here (TAXII 2.1,
// the `version` of a manifest record). Pure; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "server/store/rows.hpp"

namespace tocsin::store {

// Of the row's instants, so these must be set. The instant in nanoseconds since 1970, as match[version] compares it.
[[nodiscard]] std::int64_t taxii_version_ns(PageRow const& row);

// As clients read it: with six digits, like date_added, when it is that.
[[nodiscard]] std::string taxii_version(PageRow const& row);

}  // namespace tocsin::store
