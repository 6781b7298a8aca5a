// What is the same in every object that this server writes in a member's name: its name, its times, the markings that
// it takes over, and what its texts may not hold. Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::admission {

// Makes it a new object of its `type`: a random id, created now.
void name_anew(stix::Json& object, std::int64_t now_us);

// Makes it the version after the one whose `modified` it has: now, and later in any case.
void follow(stix::Json& object, std::int64_t now_us);

// As STIX writes it, whole milliseconds. In microseconds since 1970.
[[nodiscard]] std::string moment(std::int64_t microseconds);
// A property that holds a timestamp of an object which the door let in.
[[nodiscard]] std::int64_t moment_in(stix::Json const& object, char const* name);
// The first moment after it that STIX's milliseconds tell apart, and not before now.
[[nodiscard]] std::string moment_after(std::int64_t microseconds, std::int64_t now_us);

// The markings of the whole and of its parts: what a part is marked with counts for all that is said of the object.
[[nodiscard]] std::set<std::string> markings_of(stix::Json const& object);

// What readers are told in a member's own words holds no secret and nobody's address. Whatever is no string is for the
// door. Errors, at /name: secret_in_text, personal_data_in_text, property_value (it is blank).
[[nodiscard]] core::Result<void> check_text(std::string const& name, stix::Json const& value);

}  // namespace tocsin::admission
