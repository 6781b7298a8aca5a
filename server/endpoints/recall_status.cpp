#include "server/endpoints/recall_status.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/log/dependents.hpp"
#include "schema/log/note.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

char const* state_of(bool acknowledged, std::int64_t deadline_us, std::int64_t now_us) {
  return acknowledged ? "acknowledged" : now_us > deadline_us ? "overdue" : "outstanding";
}

json dependents_json(RecallDependents const& dependents, std::int64_t deadline_us, std::int64_t now_us) {
  json instances = json::array();
  for (auto const& one : dependents.all)
    instances.push_back({{"log", one.log}, {"state", state_of(one.acknowledged, deadline_us, now_us)}});
  return {{"said", time_text(dependents.said_us)}, {"instances", std::move(instances)}};
}

json peer_json(RecallPeer const& peer, std::int64_t deadline_us, std::int64_t now_us) {
  return {{"peer", peer.name},
          {"state", state_of(peer.acknowledged_us.has_value(), deadline_us, now_us)},
          {"acknowledged", peer.acknowledged_us ? json(time_text(*peer.acknowledged_us)) : json()},
          {"dependents", peer.dependents ? dependents_json(*peer.dependents, deadline_us, now_us) : json()}};
}

// Itself, and those behind it.
std::size_t outstanding_of(RecallPeer const& peer) {
  std::size_t out = peer.acknowledged_us ? 0 : 1;
  if (peer.dependents)
    out += static_cast<std::size_t>(
        std::ranges::count_if(peer.dependents->all, [](RecallDependent const& one) { return !one.acknowledged; }));
  return out;
}

// A peer that is asked for its own receipt is not counted again as somebody behind another one.
core::Result<RecallDependents> dependents_of(store::SaidOfDependents const& said, std::set<std::string> const& asked,
                                             std::uint64_t position) {
  auto const note = log::Note::parse(said.note);
  if (!note) return std::unexpected(note.error());
  auto const dependents = log::Dependents::parse(note->text());
  if (!dependents) return std::unexpected(dependents.error());
  RecallDependents out{{}, said.received_us};
  for (auto const& [log, size] : dependents->applied)
    if (!asked.contains(log)) out.all.push_back({log, size > position});
  return out;
}

}  // namespace

bool has_entries(federation::Peering::Shown const& peer) {
  return peer.peer.state != store::PeerState::removed && peer.agreement &&
         peer.agreement->direction != federation::Direction::in;
}

core::Result<std::vector<RecallPeer>> peers_of(std::vector<federation::Peering::Shown> const& peers,
                                               access::Directory const& directory, Acknowledged const& known,
                                               std::uint64_t position) {
  std::map<std::string, RecallPeer> by_name;
  std::set<std::string> asked;  // their logs
  for (auto const& peer : peers)
    if (has_entries(peer)) {
      by_name.try_emplace(peer.peer.name, RecallPeer{peer.peer.name, std::nullopt});
      asked.insert(peer.peer.origin);
    }
  for (auto const& receipt : known.receipts)
    if (auto const* organisation = directory.organisation(receipt.organisation))
      by_name.try_emplace(organisation->name, RecallPeer{organisation->name, std::nullopt})
          .first->second.acknowledged_us = receipt.received_us;
  for (auto const& said : known.of_dependents) {
    auto const* organisation = directory.organisation(said.organisation);
    auto const at = organisation == nullptr ? by_name.end() : by_name.find(organisation->name);
    if (at == by_name.end()) continue;
    auto dependents = dependents_of(said, asked, position);
    if (!dependents) return std::unexpected(dependents.error());
    at->second.dependents = *std::move(dependents);
  }
  std::vector<RecallPeer> out;
  for (auto& [name, peer] : by_name) out.push_back(std::move(peer));
  return out;
}

json recall_json(store::MadeRecall const& made, std::string const& organisation, std::vector<RecallPeer> const& peers,
                 std::int64_t now_us) {
  json listed = json::array();
  std::size_t outstanding = 0;
  for (auto const& peer : peers) {
    listed.push_back(peer_json(peer, made.deadline_us, now_us));
    outstanding += outstanding_of(peer);
  }
  bool const erased = made.uuid == core::Uuid{};
  return {{"recall", made.position},
          {"id", erased ? json() : json(stix::Identifier::make(made.type, made.uuid).text())},
          {"organisation", organisation},
          {"action", log::name(made.action)},
          {"because", log::name(made.reason)},
          {"made", time_text(made.made_us)},
          {"deadline", time_text(made.deadline_us)},
          {"entries", made.leaves},
          {"outstanding", outstanding},
          {"peers", std::move(listed)}};
}

}  // namespace tocsin::endpoints
