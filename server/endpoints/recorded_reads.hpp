// The audit trail's record of what an answer shows, made before it is sent.
#pragma once

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// What a liaison or a government asked for is on disk when this returns; of others it is gathered. The note's views
// live until then. Error: unavailable, when it could not be stored; then nothing may be shown.
[[nodiscard]] http::Awaitable<core::Result<void>> record_read(Context& context, http::Request const& request,
                                                              ledger::ReadNote note);

}  // namespace tocsin::endpoints
