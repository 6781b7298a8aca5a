// User agents of the clients of attacks. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kUserAgent;

}  // namespace tocsin::kinds
