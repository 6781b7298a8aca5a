#include "server/federation/relayed_logs.hpp"

#include <algorithm>

#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"

namespace tocsin::federation {
namespace {

using core::Code;

std::unexpected<core::Error> absent() {
  return core::fail(
      Code::not_found, "No such log is handed on to you.", "",
      "Its peer names the origin in `relays` of your agreement, and says `relayed` in that of the origin.");
}

bool names(Agreement const& agreement, std::string const& peer) {
  return std::ranges::find(agreement.relays, peer) != agreement.relays.end();
}

}  // namespace

std::optional<RelayedLogs::Way> RelayedLogs::way_for(std::string const& hash, std::string const& receiver) const {
  auto const all = parts_.peering.peers();
  auto const active = [](Peering::Shown const& one) {
    return one.peer.state == store::PeerState::active && one.agreement != nullptr;
  };
  auto const to =
      std::ranges::find_if(all, [&](Peering::Shown const& one) { return active(one) && one.peer.name == receiver; });
  auto const from = std::ranges::find_if(
      all, [&](Peering::Shown const& one) { return active(one) && log::origin_hash(one.peer.origin) == hash; });
  if (to == all.end() || from == all.end() || to == from) return std::nullopt;
  bool const agreed = from->agreement->relayed && from->agreement->direction != Direction::out &&
                      to->agreement->direction != Direction::in && names(*to->agreement, from->peer.name);
  return agreed ? std::optional(Way{*from, *to}) : std::nullopt;
}

// In the midst of a long log its note is of fewer entries than were verified.
core::Result<void> RelayedLogs::settle(Settled& settled, store::OriginLog const& log) {
  if (log.checkpoint.empty() || log.checkpoint == settled.note) return {};
  auto const note = log::Note::parse(log.checkpoint);
  if (!note) return std::unexpected(note.error());
  auto const said = log::parse_checkpoint(note->text());
  if (!said) return std::unexpected(said.error());
  if (said->size <= log.applied && said->size >= settled.size) settled = {log.checkpoint, said->size};
  return {};
}

core::Result<RelayedLogs::Log> RelayedLogs::find(std::string const& hash, std::string const& name,
                                                 std::string const& receiver) {
  auto const way = way_for(hash, receiver);
  if (!way || (name != "data" && name != "control")) return absent();
  core::Result<std::optional<store::Origin>> known = core::fail(Code::unavailable, "The server is stopping.");
  parts_.perform([&] { known = parts_.origins.origin(way->from.peer.origin); });
  if (!known) return std::unexpected(known.error());
  auto const& stored = *known;
  if (!stored) return absent();
  Log out{*stored,
          name == "data" ? store::LogName::data : store::LogName::control,
          "",
          0,
          way->from.manifest,
          way->to.peer.origin};
  auto const& log = out.name == store::LogName::data ? stored->data : stored->control;
  std::lock_guard lock(mutex_);
  auto& settled = settled_[{stored->row, out.name}];
  if (auto done = settle(settled, log); !done) return std::unexpected(done.error());
  if (settled.note.empty())
    return core::fail(Code::unavailable, "This log was not applied whole here yet.", "", "Try again in a moment.");
  out.note = settled.note;
  out.size = settled.size;
  return out;
}

// A note that cannot be read is told to who asks for it.
bool RelayedLogs::grown(store::Origin const& origin) {
  bool more = false;
  std::lock_guard lock(mutex_);
  for (auto const name : {store::LogName::data, store::LogName::control}) {
    auto& settled = settled_[{origin.row, name}];
    auto const before = settled.size;
    auto const done = settle(settled, name == store::LogName::data ? origin.data : origin.control);
    more = more || (done && settled.size > before);
  }
  return more;
}

std::uint64_t RelayedLogs::size(store::RowId origin, store::LogName name) const {
  std::lock_guard lock(mutex_);
  auto const found = settled_.find({origin, name});
  return found == settled_.end() ? 0 : found->second.size;
}

core::Result<std::string> RelayedLogs::tile(Log const& log, log::TilePath const& path) {
  if (path.kind != log::TilePath::Kind::hashes || !log::is_settled(path, log.size))
    return core::fail(Code::not_found, "There is no such tile of a log that is handed on.", "",
                      "Tiles of hashes are, as far as the checkpoint implies them.");
  return parts_.trees.tile(log.origin.row, log.name, log.size, path);
}

core::Result<std::optional<core::Digest>> RelayedLogs::root_at(Log const& log, std::uint64_t size) {
  if (size > log.size) return std::nullopt;
  auto const tree = parts_.trees.tree(log.origin.row, log.name, size);
  if (!tree) return std::unexpected(tree.error());
  auto const root = log::tree_root(*tree, size);
  if (!root) return std::unexpected(root.error());
  return *root;
}

}  // namespace tocsin::federation
