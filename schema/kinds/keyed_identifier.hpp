// Identifiers of people and means of payment, as hashes under a key of a named audience. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kKeyedIdentifier;

}  // namespace tocsin::kinds
