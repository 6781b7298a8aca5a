// The TAXII status resource (section 4.3.1) of a submission that is complete. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/endpoints/context.hpp"

namespace tocsin::endpoints {

[[nodiscard]] nlohmann::json status_resource(core::Uuid const& id, store::ReadStore::Status const& status);

}  // namespace tocsin::endpoints
