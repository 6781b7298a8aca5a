// Domain names that lead to proxies, or that sell them. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kProxyDomain;

}  // namespace tocsin::kinds
