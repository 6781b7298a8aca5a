// Templates behind many prompts of an attack. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kPromptTemplate;

}  // namespace tocsin::kinds
