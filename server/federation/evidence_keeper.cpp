#include "server/federation/evidence_keeper.hpp"

#include "schema/core/digest.hpp"
#include "server/federation/logs_of_peers.hpp"

namespace tocsin::federation {
namespace {

using store::LogName;

// Which of the peer's logs a note is about, by its first line; nothing of it is believed yet.
LogName named_in(std::string const& note, std::string const& origin) {
  return note.starts_with(log::control_origin(origin) + "\n") ? LogName::control : LogName::data;
}

std::string reason_of(log::Contradiction const& shown) {
  if (shown.one_size()) return "its log was signed with two roots at size " + std::to_string(shown.first.size);
  return "its log was rewritten below size " + std::to_string(shown.first.size);
}

}  // namespace

core::Result<Judged> EvidenceKeeper::judged(Peering::Shown const& peer, std::string const& stored,
                                            std::string const& next) {
  auto const name = named_in(stored, peer.peer.origin);
  auto const key = key_of(peer.manifest, name);
  if (!key) return std::unexpected(key.error());
  auto const here = log::open_checkpoint(stored, *key, {});
  if (!here) return std::unexpected(here.error());
  core::Result<std::optional<store::Origin>> known;
  parts_.perform([&] { known = parts_.origins.origin(peer.peer.origin); });
  if (!known) return std::unexpected(known.error());
  if (!*known) return core::fail(core::Code::not_found, "The log is not followed here.");
  auto const tree = parts_.trees.tree((*known)->row, name, here->checkpoint.size);
  if (!tree) return std::unexpected(tree.error());
  return judge(*key, stored, *tree, next);
}

void EvidenceKeeper::report(std::string const& origin, core::Code verdict, std::string const& stored_note,
                            std::string const& new_note) {
  auto const peer = peer_with(parts_.peering, origin);
  if (!peer) return;
  auto const found = judged(*peer, stored_note, new_note);
  if (!found)
    return parts_.log.warning(
        "federation.unproven",
        {{"peer", peer->peer.name}, {"code", core::row(verdict).code}, {"why", found.error().detail}});
  if (found->standing != Standing::contradicts)
    return parts_.log.warning("federation.stale",
                              {{"peer", peer->peer.name}, {"size", static_cast<std::int64_t>(found->said.size)}});
  keep(*peer, *found);
}

void EvidenceKeeper::report(std::string const& origin, log::Evidence const& evidence) {
  auto const peer = peer_with(parts_.peering, origin);
  if (!peer) return;
  auto const key = key_of(peer->manifest, named_in(evidence.first, origin));
  if (!key) return;
  if (auto const shown = log::verify_evidence(evidence, *key); shown)
    keep(*peer, {Standing::contradicts, shown->second, evidence});
  else
    parts_.log.warning("federation.unproven", {{"peer", peer->peer.name}, {"why", shown.error().detail}});
}

void EvidenceKeeper::keep(Peering::Shown const& peer, Judged const& judged) {
  auto const shown = log::contradiction_of(*judged.evidence);
  if (!shown) return;
  std::string const reason = reason_of(*shown);
  store::KeptEvidence const kept{judged.said.origin, shown->one_size(),
                                 core::sha256(log::format_checkpoint(judged.said)), judged.evidence->text(),
                                 parts_.clock.now_us()};
  core::Result<bool> done;
  parts_.perform([&] { done = parts_.peering.quarantine(parts_.witnesses, peer.peer.name, kept, reason); });
  if (!done)
    return parts_.log.error("federation.quarantine_failed",
                            {{"peer", peer.peer.name}, {"reason", reason}, {"why", done.error().detail}});
  if (*done)
    parts_.log.error("federation.quarantined",
                     {{"peer", peer.peer.name},
                      {"reason", reason},
                      {"remedy", "Read docs/federating.md; tocsind peer evidence " + peer.peer.name}});
}

}  // namespace tocsin::federation
