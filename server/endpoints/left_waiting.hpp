// What a caller asks for, and what is not there because it waits for an analyst: only its own organisation is told so,
// and only of what its credential is shown. Any coroutine of a session.
#pragma once

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// `error` as it is, unless it says not_found and something of the caller's own queue is what it `asked_for`: then its
// remedy names what waits, and how it is taken back.
[[nodiscard]] http::Awaitable<core::Error> with_what_waits(Context& context, http::Request const& request,
                                                           core::Error error, store::WaitingQuery asked_for);

// The entries of an indicator.
[[nodiscard]] store::WaitingQuery is_indicator(core::Uuid const& id);

}  // namespace tocsin::endpoints
