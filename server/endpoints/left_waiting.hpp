// What a caller asks for, and what is not there because it waits for an analyst: only its own organisation is told so,
// and only of what its credential is shown. Any coroutine of a session.
#pragma once

#include <functional>

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// `error` as it is, unless it says not_found and an entry of the caller's queue is the one that `asked_for` knows: then
// its remedy names what waits, and how it is taken back.
using AskedFor = std::function<bool(store::WaitingEntry const& entry, store::WaitingReader& reader)>;
[[nodiscard]] http::Awaitable<core::Error> with_what_waits(Context& context, http::Request const& request,
                                                           core::Error error, AskedFor asked_for);

// The entry of an indicator.
[[nodiscard]] AskedFor is_indicator(core::Uuid const& id);

}  // namespace tocsin::endpoints
