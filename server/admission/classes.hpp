// The visibility classes that an object may get: which one it is, the commit decides. Pure but for the directory; any
// thread.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/object.hpp"
#include "server/access/classify.hpp"
#include "server/admission/door.hpp"

namespace tocsin::admission {

struct Classes {
  access::ClassFacts own;
  // Statement markings restrict nothing. One that the submission defines counts if it is stored; `without` is the class
  // if it is not.
  std::vector<core::Uuid> relied_statements;
  std::optional<access::ClassFacts> without;
  // When it names audiences that the asserter has left: the class for one who had not, for later versions of a chain.
  std::optional<access::ClassFacts> in_chain;
};

// `defined_here`: the statement markings that the submission defines.
[[nodiscard]] Classes classes_of(stix::Object const& object, Visit const& visit,
                                 std::set<core::Uuid> const& defined_here);

}  // namespace tocsin::admission
