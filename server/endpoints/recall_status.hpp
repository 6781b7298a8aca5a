// What is told of a recall: what was recalled, and which peers have said that they applied it. Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/access/directory.hpp"
#include "server/federation/peering.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// Peers that this instance shows its log to now, and whoever acknowledged the recall before.
struct RecallPeer {
  std::string name;
  std::optional<std::int64_t> acknowledged_us;  // when its receipt came
};
[[nodiscard]] std::vector<RecallPeer> peers_of(std::vector<federation::Peering::Shown> const& peers,
                                               access::Directory const& directory,
                                               std::vector<store::Receipt> const& receipts);

// schema/openapi.yaml, Recall.
[[nodiscard]] nlohmann::json recall_json(store::MadeRecall const& made, std::string const& organisation,
                                         std::vector<RecallPeer> const& peers, std::int64_t now_us);

}  // namespace tocsin::endpoints
