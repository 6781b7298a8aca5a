// What answers with openings have in common, whoever logged the entries. Any coroutine of a session.
#pragma once

#include <memory>

#include "schema/log/openings.hpp"
#include "server/access/peer_view.hpp"
#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Which entries are asked for, of the first `size`. Errors: bad_parameter, unprocessable.
[[nodiscard]] core::Result<store::OpeningRange> opening_range_in(http::Request const& request, std::uint64_t size);

// As pulls are recorded: what of each agreed collection is about to be shown. Error: unavailable; then nothing may be.
[[nodiscard]] http::Awaitable<core::Result<void>> record_openings(Context& context, http::Request const& request,
                                                                  std::shared_ptr<access::Directory const> directory,
                                                                  access::PeerView const& view,
                                                                  store::OpenedRange const& opened);

[[nodiscard]] http::Response answer_of(log::Openings const& openings);

}  // namespace tocsin::endpoints
