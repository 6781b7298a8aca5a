// Holds the items of a body against the harm checks, before anything is made of them. Pure; any thread.
#pragma once

#include <vector>

#include "server/admission/harm/harm.hpp"
#include "server/admission/items.hpp"

namespace tocsin::admission {

// Refuses items with what is found in them. `overriding`: one with warnings alone is not refused; it notes them, and
// their codes in `overridden`. The parts of one range count together.
void guard(std::vector<Item>& items, harm::Surroundings const& around, bool overriding);

}  // namespace tocsin::admission
