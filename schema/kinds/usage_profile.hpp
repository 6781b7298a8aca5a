// How clusters of accounts use a model, and the thresholds that tell them. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kUsageProfile;

}  // namespace tocsin::kinds
