// How it stands with peers, as a JSON object each. Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "server/federation/peer_status.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// As `GET /api/v1/peers` has it.
[[nodiscard]] nlohmann::json status_json(federation::PeerStatus const& status,
                                         std::vector<store::RecalledLately> const& recalled, std::int64_t now_us);

}  // namespace tocsin::endpoints
