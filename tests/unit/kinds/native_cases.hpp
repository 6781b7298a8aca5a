// The cases of tests/cases/kinds. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/error.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::kinds::test {

// A finding, reduced to what a program may rely on.
using Place = std::pair<std::string, std::string>;  // code, pointer

[[nodiscard]] std::vector<Place> places(std::vector<core::Error> const& errors);  // sorted
[[nodiscard]] std::string described(std::vector<core::Error> const& errors);

// Every case of every file: {"name", "native", "findings", and when it is accepted "patterns", one an item, and
// "canonical" (optional), the `value` of each}.
[[nodiscard]] std::vector<stix::Json> all_cases();

}  // namespace tocsin::kinds::test
