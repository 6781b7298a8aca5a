// The kind campaign: docs/kinds.md. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kCampaign;

}  // namespace tocsin::kinds
