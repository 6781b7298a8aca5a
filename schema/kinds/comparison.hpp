// Patterns that compare, in canonical text (STIX 2.1 section 9). Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::kinds {

using stix::pattern::Operator;

// One comparison of a property: `type:step.step op 'value'`.
[[nodiscard]] stix::pattern::Comparison comparison(std::string_view type, std::vector<std::string> steps, Operator op,
                                                   stix::pattern::Literal value);

// `[a AND b]`; of one comparison `[a]`.
[[nodiscard]] std::string pattern_of(std::vector<stix::pattern::Comparison> comparisons);

}  // namespace tocsin::kinds
