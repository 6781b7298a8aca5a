// The canonical text of a pattern: single spaces, `=` and `!=`, quotes and parentheses only where needed. Pure; any
// thread.
#pragma once

#include <string>

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::stix::pattern {

// parse(print(x)) == x for every x that parse() made, if the limits allow the length: canonical text may be longer than
// the text that was read (`.5` becomes `0.5`), but never nests deeper nor compares more.
[[nodiscard]] std::string print(Pattern const& pattern);

}  // namespace tocsin::stix::pattern
