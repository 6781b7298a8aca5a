// How it stands with peers, as a JSON object each. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/federation/peer_status.hpp"

namespace tocsin::endpoints {

// As `GET /api/v1/peers` has it.
[[nodiscard]] nlohmann::json status_json(federation::PeerStatus const& status, std::int64_t now_us);

}  // namespace tocsin::endpoints
