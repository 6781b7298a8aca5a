#include "server/federation/foreign_terms.hpp"

#include <algorithm>

namespace tocsin::federation {

std::optional<admission::ForeignTerms> foreign_terms(Peering const& peering, access::Directory const& directory,
                                                     std::string const& origin) {
  auto const known = peering.peers();
  auto const peer = std::ranges::find(known, origin, [](Peering::Shown const& one) { return one.peer.origin; });
  if (peer == known.end() || peer->peer.state != store::PeerState::active || !peer->agreement) return std::nullopt;
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
  return terms;
}

}  // namespace tocsin::federation
