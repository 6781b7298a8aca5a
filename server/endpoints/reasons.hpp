// A reason that a person gives for what she decides, and that others are told. Pure; any thread.
#pragma once

#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::endpoints {

// What a reason is of: the name of its parameter or member, where that stands, and what its refusals advise.
struct ReasonFor {
  std::string_view name, pointer;
  std::string_view say;   // a sentence: what it should tell
  std::string_view told;  // a sentence: who learns of it, and that it is to be taken out
};

// 3 to 200 bytes of UTF-8 without control characters, with no key, number of a card, e-mail address or telephone number
// in it. Error: bad_parameter.
[[nodiscard]] core::Result<void> check_reason(std::string_view reason, ReasonFor const& what);

}  // namespace tocsin::endpoints
