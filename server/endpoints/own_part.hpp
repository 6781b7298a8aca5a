// What a window shows of what its organisation asserted. Pure; any thread.
#pragma once

#include "server/access/directory.hpp"

namespace tocsin::endpoints {

[[nodiscard]] store::Window own_part(store::Window const& window, store::RowId organisation,
                                     access::Directory const& directory);

}  // namespace tocsin::endpoints
