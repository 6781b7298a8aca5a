// Whether a class shows to more than another, as the audiences are now. Pure but for the directory; any thread.
#pragma once

#include <vector>

#include "server/access/directory.hpp"

namespace tocsin::access {

// Do all who see `narrow` now see `wide` too? Unlike covers() it counts who belongs to which audience: one audience may
// take the place of another that all its members belong to.
[[nodiscard]] bool covers_now(Directory const& directory, ClassFacts const& wide, ClassFacts const& narrow);

// The organisations that each of these audiences names and that belong now.
[[nodiscard]] std::vector<store::Organisation const*> named_by_all(Directory const& directory,
                                                                   std::vector<AudienceAt> const& audiences);

}  // namespace tocsin::access
