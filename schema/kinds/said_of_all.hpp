// What every reading of STIX as a native document shares. Pure; any thread.
#pragma once

#include <string>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

// Error property_conflict: the object has a property that the native form has no place for.
[[nodiscard]] std::unexpected<core::Error> says_more(std::string const& name);

// Level and further markings of an object. Error property_conflict for none or two levels.
[[nodiscard]] core::Result<void> read_markings(Json const& object, Json& native);

}  // namespace tocsin::kinds
