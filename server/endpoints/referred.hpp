// What of the objects that a submission refers to its sender is shown. Any coroutine.
#pragma once

#include <vector>

#include "server/admission/references.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// One visit to the database for all ids, whatever becomes of each: an id that is hidden takes a step in the index more
// than one that is nowhere. Asks nothing for no ids. Errors: those of the store.
[[nodiscard]] http::Awaitable<core::Result<admission::Shown>> shown_of(Context& context, http::Request const& request,
                                                                       std::vector<stix::Identifier> ids);

}  // namespace tocsin::endpoints
