// Which organisations count as one where it is counted who says something: all that speak at one instance, and those
// that an agreement says are one with a peer. Pure; any thread.
#pragma once

#include <map>
#include <span>

#include "server/store/rows.hpp"

namespace tocsin::access {

// Of each organisation the row of one of its party, the same for all of them.
[[nodiscard]] std::map<store::RowId, store::RowId> parties_of(std::span<store::Organisation const> organisations);

}  // namespace tocsin::access
