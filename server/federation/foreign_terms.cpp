#include "server/federation/foreign_terms.hpp"

#include <algorithm>

#include "server/access/moderation.hpp"
#include "server/federation/logs_of_peers.hpp"

namespace tocsin::federation {
namespace {

bool waits(admission::ForeignTerms const& terms, access::Directory const& directory,
           store::Collection const& collection, std::string_view instance) {
  auto const waits_there = [&](store::RowId who) { return access::waits(directory, collection, who, instance); };
  auto const* own = directory.organisation(terms.peer);
  if (!waits_there(terms.peer)) return false;
  if (own == nullptr || own->standing == "moderated") return true;
  return std::ranges::all_of(terms.asserters, [&](auto const& speaker) { return waits_there(speaker.second); });
}

}  // namespace

std::optional<admission::ForeignTerms> foreign_terms(Peering const& peering, access::Directory const& directory,
                                                     std::string const& origin) {
  auto const peer = active_peer_with(peering, origin);
  if (!peer || !peer->agreement) return std::nullopt;
  auto const& agreement = *peer->agreement;
  auto const* own = directory.organisation(std::string_view(peer->peer.name));
  if (agreement.direction == Direction::out || own == nullptr || own->origin == 0) return std::nullopt;
  admission::ForeignTerms terms;
  terms.origin = own->origin;
  terms.peer = own->row;
  terms.max_tlp = agreement.max_tlp;
  for (auto const& identity : agreement.identities)
    if (auto const* speaker = directory.owner_of_identity(identity);
        speaker != nullptr && speaker->origin == own->origin)
      terms.asserters.emplace(identity, speaker->row);
  for (auto const& name : agreement.collections)
    if (auto const* collection = directory.collection(name, access::View{}))
      terms.collections.emplace(collection->alias, *collection);
  for (auto const& [marking, name] : agreement.peer_audiences)
    if (auto const* audience = directory.audience(name); audience != nullptr && audience->releasable_to.empty())
      terms.audiences.emplace(stix::Identifier::parse(marking)->uuid(),
                              access::AudienceAt{audience->group, audience->epoch});
  return terms;
}

core::Result<void> check_waits_nowhere(admission::ForeignTerms const& terms, access::Directory const& directory,
                                       std::string_view instance) {
  for (auto const& [alias, collection] : terms.collections)
    if (waits(terms, directory, collection, instance))
      return core::fail(core::Code::origin_not_agreed,
                        "What the peer shares in " + alias + " would wait for an analyst here, and cannot.", "",
                        "Leave the collection out of the agreement, or trust the peer: tocsind org trust NAME");
  return {};
}

}  // namespace tocsin::federation
