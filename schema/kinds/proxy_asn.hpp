// Autonomous systems that sell proxies. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kProxyAsn;

}  // namespace tocsin::kinds
