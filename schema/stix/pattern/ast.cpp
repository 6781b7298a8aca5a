#include "schema/stix/pattern/ast.hpp"

namespace tocsin::stix::pattern {

// Here and not in the classes: comparing operands needs their type to be complete.
bool Junction::operator==(Junction const&) const = default;
bool Combination::operator==(Combination const&) const = default;

}  // namespace tocsin::stix::pattern
