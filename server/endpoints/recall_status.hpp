// What is told of a recall: what was recalled, and which peers have said that they applied it, and of those behind
// them. Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "server/access/directory.hpp"
#include "server/federation/peering.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// To whom entries of the log were opened. One that is paused or quarantined has them, and cannot say that it let go of
// them.
[[nodiscard]] bool has_entries(federation::Peering::Shown const& peer);

// An instance that reads the log through a relay.
struct RecallDependent {
  std::string log;  // the origin of its data log
  bool acknowledged = false;
};
// What a relay said of those behind it that are no peers of this instance, and when that came.
struct RecallDependents {
  std::vector<RecallDependent> all;
  std::int64_t said_us = 0;
};
// Peers that this instance shows its log to now, and whoever acknowledged the recall before.
struct RecallPeer {
  std::string name;
  std::optional<std::int64_t> acknowledged_us;   // when its receipt came
  std::optional<RecallDependents> dependents{};  // nullopt: it said nothing of any
};

// What is known of who has applied the control log.
struct Acknowledged {
  std::vector<store::Receipt> receipts;  // that cover the recall
  std::vector<store::SaidOfDependents> of_dependents;
};
// For the recall with this position. Errors: note_malformed when what is stored is damaged.
[[nodiscard]] core::Result<std::vector<RecallPeer>> peers_of(std::vector<federation::Peering::Shown> const& peers,
                                                             access::Directory const& directory,
                                                             Acknowledged const& known, std::uint64_t position);

// schema/openapi.yaml, Recall.
[[nodiscard]] nlohmann::json recall_json(store::MadeRecall const& made, std::string const& organisation,
                                         std::vector<RecallPeer> const& peers, std::int64_t now_us);

}  // namespace tocsin::endpoints
