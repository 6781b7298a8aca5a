// The TAXII status resource (section 4.3.1), and how it is come by. A long one takes a while to render, which is done
// on reader threads: those of the network have others to serve.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Of a submission that is stored; what waits for an analyst is pending.
[[nodiscard]] nlohmann::json status_resource(core::Uuid const& id, store::ReadStore::Status const& status);

// Of one that was answered before it was stored: pending, or failed as a whole.
[[nodiscard]] nlohmann::json status_resource(core::Uuid const& id, ledger::PendingSubmissions::Status const& status);

// The rendered status of a submission, as it is now; nullopt unless it is one of the organisation's.
[[nodiscard]] http::Awaitable<core::Result<std::optional<std::string>>> status_now(Context& context,
                                                                                   core::Uuid const& id,
                                                                                   store::RowId organisation);

}  // namespace tocsin::endpoints
