// Words for findings: what a value must be, what it is called. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

struct Path;

// `name`, cut to a harmless length.
[[nodiscard]] std::string in_ticks(std::string_view name);

// What a finding at `at` is about: `name`, or "An item of `name`" in a list.
[[nodiscard]] std::string subject(Path const& at);

// Completes "… must be": "an integer from 0 to 100".
[[nodiscard]] std::string expectation(Type const& type);

// "a, b or c"
[[nodiscard]] std::string alternatives(Names names);

}  // namespace tocsin::stix::rules
