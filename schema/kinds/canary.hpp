// Salted commitments to something planted to be found again. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kCanary;

}  // namespace tocsin::kinds
