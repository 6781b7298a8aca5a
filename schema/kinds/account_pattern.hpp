// What the accounts of an attack have in common. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kAccountPattern;

}  // namespace tocsin::kinds
