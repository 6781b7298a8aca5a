// The cases of tests/cases/stix and what the tests of parse_object do with them. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "schema/stix/json.hpp"
#include "schema/stix/object.hpp"

namespace tocsin::stix::test {

// A finding or warning, reduced to what a program may rely on.
using Place = std::pair<std::string, std::string>;  // code, pointer

[[nodiscard]] std::vector<Place> places(std::vector<core::Error> const& errors);  // sorted
[[nodiscard]] std::vector<Place> findings_of(Json const& object);                 // sorted; empty when accepted
[[nodiscard]] std::string described(std::vector<core::Error> const& errors);

// The JSON document in a file below the repository; throws when there is none.
[[nodiscard]] Json read_json(std::string const& path);

// Every case of every file: {"name", "object", "findings", "warnings" (optional)}.
[[nodiscard]] std::vector<Json> all_cases();

}  // namespace tocsin::stix::test
