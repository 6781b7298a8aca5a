// The audit trail's part of an answer that shows objects. Any coroutine of a session.
#pragma once

#include "server/access/authenticate.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Records what is about to be shown; what a liaison or a government asked for is on disk when this returns. Error:
// unavailable, when that was not possible: then nothing may be shown.
[[nodiscard]] http::Awaitable<core::Result<void>> record_read(Context& context, ledger::ReadNote const& note,
                                                              base::Principal const& who, access::View const& view);

}  // namespace tocsin::endpoints
