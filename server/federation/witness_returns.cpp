// What a witness gives back to a peer of the peer's own logs.
#include "schema/log/manifest.hpp"
#include "server/federation/witness.hpp"

namespace tocsin::federation {
namespace {

std::unexpected<core::Error> nothing_seen() {
  return core::fail(core::Code::not_found, "Nothing of this log was seen here.");
}

}  // namespace

std::optional<Witness::OwnLog> Witness::log_of(std::string const& peer, std::string const& hash) const {
  for (auto const& shown : parts_.peering.peers()) {
    if (shown.peer.name != peer || shown.peer.state == store::PeerState::removed) continue;
    if (log::origin_hash(shown.peer.origin) == hash) return OwnLog{shown.peer.origin, store::LogName::data};
    if (log::origin_hash(log::control_origin(shown.peer.origin)) == hash)
      return OwnLog{shown.peer.origin, store::LogName::control};
  }
  return std::nullopt;
}

core::Result<store::Origin> Witness::stored(std::string const& origin) {
  core::Result<std::optional<store::Origin>> known;
  parts_.perform([&] { known = parts_.origins.origin(origin); });
  if (!known) return std::unexpected(known.error());
  if (!*known) return nothing_seen();
  return **std::move(known);
}

core::Result<std::string> Witness::tile(OwnLog const& log, log::TilePath const& path) {
  auto const origin = stored(log.origin);
  if (!origin) return std::unexpected(origin.error());
  auto const& verified = log.name == store::LogName::data ? origin->data : origin->control;
  bool const is_leaves = path.kind == log::TilePath::Kind::hashes && path.level == 0;
  if (!is_leaves || !log::is_settled(path, verified.size)) return nothing_seen();
  core::Result<std::string> out;
  parts_.perform([&] { out = parts_.origins.hashes(origin->row, log.name, path.index * log::kTileWidth, path.width); });
  return out;
}

}  // namespace tocsin::federation
