// How it stands with peers, as a JSON object each. `known_of_peers` on a reader thread; the rest is pure.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/endpoints/context.hpp"
#include "server/federation/peer_status.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// What is stored of them.
struct KnownOfPeers {
  std::vector<store::RecalledLately> recalled;  // by them
  // By name: how many of the newest 1,000 recalls that were made here it has not acknowledged. Absent: nothing is given
  // to it.
  std::map<std::string, std::size_t> outstanding;
};
// Errors: storage_failed.
[[nodiscard]] core::Result<KnownOfPeers> known_of_peers(Context const& context, store::ReadStore& reader,
                                                        std::int64_t now_us);

// As `GET /api/v1/peers` has it.
[[nodiscard]] nlohmann::json status_json(federation::PeerStatus const& status, KnownOfPeers const& known,
                                         std::int64_t now_us);

}  // namespace tocsin::endpoints
