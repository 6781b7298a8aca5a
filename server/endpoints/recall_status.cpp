#include "server/endpoints/recall_status.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

// To whom entries of the log were opened. One that is paused or quarantined has them, and cannot say that it let go of
// them.
bool has_entries(federation::Peering::Shown const& peer) {
  return peer.peer.state != store::PeerState::removed && peer.agreement &&
         peer.agreement->direction != federation::Direction::in;
}

json peer_json(RecallPeer const& peer, std::int64_t deadline_us, std::int64_t now_us) {
  json out{{"peer", peer.name}, {"acknowledged", nullptr}};
  if (peer.acknowledged_us) {
    out["state"] = "acknowledged";
    out["acknowledged"] = time_text(*peer.acknowledged_us);
  } else {
    out["state"] = now_us > deadline_us ? "overdue" : "outstanding";
  }
  return out;
}

}  // namespace

std::vector<RecallPeer> peers_of(std::vector<federation::Peering::Shown> const& peers,
                                 access::Directory const& directory, std::vector<store::Receipt> const& receipts) {
  std::map<std::string, std::optional<std::int64_t>> by_name;
  for (auto const& peer : peers)
    if (has_entries(peer)) by_name.try_emplace(peer.peer.name);
  for (auto const& receipt : receipts)
    if (auto const* organisation = directory.organisation(receipt.organisation))
      by_name[organisation->name] = receipt.received_us;
  std::vector<RecallPeer> out;
  for (auto const& [name, acknowledged] : by_name) out.push_back({name, acknowledged});
  return out;
}

json recall_json(store::MadeRecall const& made, std::string const& organisation, std::vector<RecallPeer> const& peers,
                 std::int64_t now_us) {
  json listed = json::array();
  for (auto const& peer : peers) listed.push_back(peer_json(peer, made.deadline_us, now_us));
  bool const erased = made.uuid == core::Uuid{};
  return {{"recall", made.position},
          {"id", erased ? json() : json(stix::Identifier::make(made.type, made.uuid).text())},
          {"organisation", organisation},
          {"action", log::name(made.action)},
          {"because", log::name(made.reason)},
          {"made", time_text(made.made_us)},
          {"deadline", time_text(made.deadline_us)},
          {"entries", made.leaves},
          {"outstanding", std::ranges::count_if(peers, [](RecallPeer const& one) { return !one.acknowledged_us; })},
          {"peers", std::move(listed)}};
}

}  // namespace tocsin::endpoints
