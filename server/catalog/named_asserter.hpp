// Who asserts an object, where the object says so itself: nobody else is ever named. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/access/directory.hpp"

namespace tocsin::catalog {

// The member that asserted it and that its `created_by_ref` names; null: it names another, nobody, or the instance. Of
// the directory, and as long as that.
[[nodiscard]] store::Organisation const* named_asserter(nlohmann::json const& object, store::RowId asserter,
                                                        access::Directory const& directory);

}  // namespace tocsin::catalog
