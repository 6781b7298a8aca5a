// Addresses, networks and ranges of them that attacks come from. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kIpRange;

}  // namespace tocsin::kinds
