// The TAXII status resource (section 4.3.1). Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/endpoints/context.hpp"

namespace tocsin::endpoints {

// Of a submission that is complete.
[[nodiscard]] nlohmann::json status_resource(core::Uuid const& id, store::ReadStore::Status const& status);

// Of one that was answered before it was stored: pending, or failed as a whole.
[[nodiscard]] nlohmann::json status_resource(core::Uuid const& id, ledger::PendingSubmissions::Status const& status);

}  // namespace tocsin::endpoints
