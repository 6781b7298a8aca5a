// Whose submissions wait in a collection until an analyst of the instance publishes them. Pure; any thread.
#pragma once

#include <string_view>

#include "schema/core/result.hpp"
#include "server/access/directory.hpp"

namespace tocsin::access {

// off: nobody's. new: of who has not published anything there yet. chosen: of organisations that are marked as
// moderated. all: everybody's. Under any but `off` a moderated organisation waits and a trusted one does not, and that
// which runs the instance (`instance` is its identity) never does.
[[nodiscard]] bool waits(Directory const& directory, store::Collection const& collection, store::RowId organisation,
                         std::string_view instance);

// Errors: bad_parameter.
[[nodiscard]] core::Result<void> check_moderation(std::string_view text);
[[nodiscard]] core::Result<void> check_standing(std::string_view text);

}  // namespace tocsin::access
