// What was admitted, held against what it refers to, once the store has said what its sender sees of that. Pure; any
// thread, one at a time.
#pragma once

#include "schema/core/result.hpp"
#include "server/admission/bundle.hpp"
#include "server/admission/door.hpp"
#include "server/admission/references.hpp"

namespace tocsin::admission {

// Refuses what a warning is found in, unless `overriding`, and notes in the others what was found. Error, for the body
// as a whole: too_many_refused.
[[nodiscard]] core::Result<void> weigh_references(Admitted& admitted, Shown const& shown, bool overriding);

// The same of a bundle, whose items say it. `dry`: so do those that are taken, for nobody else will tell.
void weigh_references(Bundle& bundle, Shown const& shown, bool overriding, bool dry);

}  // namespace tocsin::admission
