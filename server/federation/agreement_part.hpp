// What of an agreement's text can be compared with this instance although other keys in it are mistaken, so that the
// operator is told of all mistakes at once. It is never in force. Any thread.
#pragma once

#include <string_view>

#include "server/federation/agreement.hpp"

namespace tocsin::federation {

// A key with a mistake is as if it were left out; so is everything when the text is no TOML.
[[nodiscard]] Agreement well_formed_part(std::string_view toml);

}  // namespace tocsin::federation
