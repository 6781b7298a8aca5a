// Whether an indicator would do harm: cut off innocent users, or tell what was not to be told. Each finding has a code
// of its own, figures, and a remedy; docs/harm-checks.md has them all. Pure; any thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/kinds/native.hpp"
#include "schema/stix/json.hpp"
#include "server/access/coverage.hpp"
#include "server/admission/harm/allow_lists.hpp"

namespace tocsin::admission::harm {

struct Bounds {
  int widest_v4 = 12, widest_v6 = 24;  // bits of the shortest prefix
  bool documentation = false;          // whether what is reserved for documentation is taken, as a demonstration does
};

// What an indicator is held against.
struct Surroundings {
  Bounds bounds;
  std::shared_ptr<AllowLists const> lists;                        // null: none
  std::vector<std::shared_ptr<access::Coverage const>> others{};  // what other organisations own
};

using Findings = std::vector<core::Error>;

// Of an item; pointers are into it.
[[nodiscard]] Findings findings(kinds::Native const& native, Surroundings const& around);
// Of an indicator with our extension, of this kind; pointers are into the object.
[[nodiscard]] Findings findings(stix::Json const& indicator, std::string_view kind, Surroundings const& around);

// More addresses than a network may have that the bounds allow: what a range of `count` addresses is refused with.
[[nodiscard]] core::Error too_many_addresses(access::Addresses count, bool v4, Bounds const& bounds,
                                             std::string_view pointer);

// A warning: an analyst may share such an indicator all the same, with a reason.
[[nodiscard]] bool may_be_overridden(core::Code code);

}  // namespace tocsin::admission::harm
