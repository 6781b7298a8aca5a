#include "server/federation/logs_of_peers.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::federation {

std::optional<Peering::Shown> peer_with(Peering const& peering, std::string const& origin) {
  auto peers = peering.peers();
  auto const found = std::ranges::find_if(peers, [&](Peering::Shown const& one) {
    return one.peer.origin == origin && one.peer.state != store::PeerState::removed;
  });
  if (found == peers.end()) return std::nullopt;
  return std::move(*found);
}

std::optional<Peering::Shown> active_peer_with(Peering const& peering, std::string const& origin) {
  auto peer = peer_with(peering, origin);
  return peer && peer->peer.state == store::PeerState::active ? std::move(peer) : std::nullopt;
}

core::Result<log::VerifierKey> key_of(log::Manifest const& manifest, store::LogName name) {
  if (name == store::LogName::data) return manifest.log;
  return log::VerifierKey::make(log::control_origin(manifest.origin()), manifest.log.type(), manifest.log.public_key());
}

std::string origin_in(std::string const& note) { return note.substr(0, note.find('\n')); }

}  // namespace tocsin::federation
