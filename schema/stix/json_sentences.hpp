// Words for what stops parse_json: what, where, and how to mend it. Never a value, and only short names. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/core/error.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::stix {

// What stopped the parser, before it is put into words.
struct JsonStop {
  core::Code code;
  std::size_t offset;     // 0-based byte; the length of the text when it ended too early
  std::string name = {};  // of a duplicate
};

// `complete`: a whole value stands before the place where the parser stopped.
[[nodiscard]] core::Error stopped_error(std::string_view text, JsonStop const& stop, bool complete, JsonLimits limits);

// For a text that is not UTF-8.
[[nodiscard]] core::Error encoding_error(std::string_view text);

}  // namespace tocsin::stix
