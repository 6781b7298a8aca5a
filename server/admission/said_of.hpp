// What a sighting or an opinion is about: the objects by whose ids it is found. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "schema/stix/json.hpp"

namespace tocsin::admission {

// The most objects that one opinion is found by.
inline constexpr std::size_t kMostSubjects = 64;

// Their ids in lower case, each once; of what is neither, none. `document` is that of a valid object.
[[nodiscard]] std::vector<std::string> said_of(stix::Json const& document);

}  // namespace tocsin::admission
