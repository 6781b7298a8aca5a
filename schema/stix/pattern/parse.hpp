// The complete STIX 2.1 pattern grammar (section 9): text → syntax tree, or one finding with the column. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/stix/pattern/ast.hpp"

namespace tocsin::stix::pattern {

struct Limits {
  std::size_t bytes = 64 * 1024;
  std::size_t depth = 64;  // of nested parentheses
  std::size_t comparisons = 10'000;
};

// Error pattern_invalid: the sentence names the column (1-based, in bytes), what was found and what was expected.
[[nodiscard]] core::Result<Pattern> parse(std::string_view text, Limits limits = {});

}  // namespace tocsin::stix::pattern
