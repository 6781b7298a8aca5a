// The members and elements of a JSON text, delimited and not parsed: memory follows the largest of them and not the
// text. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::admission {

using JsonMembers = std::map<std::string, std::string_view, std::less<>>;

// The members of an object and where their values stand in the text; each is still to be parsed. Errors: items_invalid
// for a text that is no object, or one with more than 256 members; json_duplicate_name; those of a name.
[[nodiscard]] core::Result<JsonMembers> members_of(std::string_view object);

// Calls `element` with the number and the text of each element until it answers false. Error items_invalid: it is no
// array.
using TakeElement = std::function<bool(std::size_t, std::string_view)>;
[[nodiscard]] core::Result<void> for_elements(std::string_view array, TakeElement const& element);

}  // namespace tocsin::admission
