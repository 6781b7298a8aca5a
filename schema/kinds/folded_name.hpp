// Names under which an organisation knows its campaigns and networks. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/stix/rules/model.hpp"

namespace tocsin::kinds {

// A name with a sign that can be read.
extern stix::rules::Format const kReadableName;

// Without white space at the ends.
[[nodiscard]] std::string trimmed_name(std::string_view name);

// What two spellings of one name have in common: ASCII letters in lower case, one space where there is white space.
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace tocsin::kinds
