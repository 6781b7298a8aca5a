#include "server/federation/control_applier.hpp"

#include <algorithm>
#include <utility>

#include "schema/log/manifest.hpp"
#include "server/federation/control_statements.hpp"
#include "server/federation/receipts.hpp"

namespace tocsin::federation {
namespace {

std::unexpected<core::Error> malformed(std::string sentence) {
  return core::fail(core::Code::openings_malformed, std::move(sentence));
}

core::Result<void> check_whole(store::Origin const& origin, log::Openings const& openings) {
  if (openings.origin != log::control_origin(origin.name))
    return malformed("The openings are of another log than " + log::control_origin(origin.name) + ".");
  // The control log is opened whole: an entry that is left out would be a recall that was hidden from this peer.
  if (openings.to < openings.from || openings.entries.size() != openings.to - openings.from)
    return malformed("The control log is not opened whole.");
  for (std::size_t i = 0; i < openings.entries.size(); ++i)
    if (openings.entries[i].index != openings.from + i) return malformed("The control log is not opened in order.");
  return {};
}

core::Result<log::VerifierKey> control_key_of(log::Manifest const& manifest) {
  return log::VerifierKey::make(log::control_origin(manifest.origin()), manifest.log.type(), manifest.log.public_key());
}

}  // namespace

core::Result<void> ControlApplier::apply(store::Origin const& origin, log::Openings const& openings,
                                         std::string const&) {
  auto const peer = peer_of(origin.name);
  if (!peer) return std::unexpected(peer.error());
  auto const root = log::VerifierKey::parse(peer->peer.root);
  if (!root) return std::unexpected(root.error());
  if (auto whole = check_whole(origin, openings); !whole) return whole;
  store::ControlDelivery delivery{origin.row, origin.name, openings.from, openings.to, {}, world_.clock.now_us()};
  std::vector<log::Checkpoint> said;
  for (auto const& opened : openings.entries) {
    auto read = read_control(opened, origin.name, *root);
    if (!read) return std::unexpected(read.error());
    said.push_back(std::move(read->data));
    delivery.entries.push_back(std::move(read->entry));
  }
  if (auto same = compare(origin, said); !same) return same;
  core::Result<store::AppliedControl> applied = core::fail(core::Code::internal, "Nothing was applied.");
  world_.perform([&] { applied = world_.recalls.apply(delivery); });
  if (!applied) return std::unexpected(applied.error());
  for (auto const& [position, why] : applied->void_entries)
    world_.log.warning("peer.control_void",
                       {{"origin", origin.name}, {"position", static_cast<std::int64_t>(position)}, {"because", why}});
  world_.changed(*applied);
  std::lock_guard lock(mutex_);
  applied_[origin.row] = delivery.to;
  return {};
}

// Of entries that speak of no more than was verified of the data log: does it have the root that they name?
core::Result<void> ControlApplier::compare(store::Origin const& origin, std::vector<log::Checkpoint> const& said) {
  log::CompactRange range;
  {
    std::lock_guard lock(mutex_);
    range = compared_[origin.row];
  }
  for (auto const& one : said) {
    if (one.size > origin.data.size) continue;
    if (one.size < range.size()) range = {};  // an erasure may speak of an earlier log than the entry before
    if (auto read = extend(range, origin, one.size); !read) return read;
    if (range.root() != one.root)
      return core::fail(core::Code::log_forked, "The control log of " + origin.name + " names a root of " +
                                                    std::to_string(one.size) + " entries that its data log has not.");
  }
  std::lock_guard lock(mutex_);
  compared_[origin.row] = std::move(range);
  return {};
}

core::Result<void> ControlApplier::extend(log::CompactRange& range, store::Origin const& origin, std::uint64_t size) {
  constexpr std::uint64_t kAtOnce = 65'536;
  while (range.size() < size) {
    auto const count = std::min(kAtOnce, size - range.size());
    core::Result<std::string> hashes = core::fail(core::Code::internal, "Nothing was read.");
    world_.perform([&] { hashes = world_.origins.hashes(origin.row, store::LogName::data, range.size(), count); });
    if (!hashes) return std::unexpected(hashes.error());
    if (hashes->size() != count * 32)
      return core::fail(core::Code::log_inconsistent, "Leaves of " + origin.name + " are missing here.");
    for (std::uint64_t i = 0; i < count; ++i)
      range.append(core::to_array<32>(std::string_view(*hashes).substr(i * 32, 32)).value());
  }
  return {};
}

core::Result<void> ControlApplier::acknowledge(store::Origin const& origin, std::string const& note,
                                               Transport& transport) {
  constexpr std::size_t kMostBytes = 65'536;
  constexpr std::chrono::seconds kTimeout{30};
  auto const peer = peer_of(origin.name);
  if (!peer) return std::unexpected(peer.error());
  auto const control = control_key_of(peer->manifest);
  if (!control) return std::unexpected(control.error());
  auto const opened = log::open_checkpoint(note, *control, {});
  if (!opened) return std::unexpected(opened.error());
  auto const size = opened->checkpoint.size;
  {
    std::lock_guard lock(mutex_);
    if (size > std::max(origin.control.applied, applied_[origin.row]) || acknowledged_[origin.row] >= size) return {};
  }
  auto const key = world_.applied_key();
  if (!key) return std::unexpected(key.error());
  auto const now_s = static_cast<std::uint64_t>(world_.clock.now_us() / 1'000'000);
  auto const receipt = write_receipt(note, *control, *key, now_s);
  if (!receipt) return std::unexpected(receipt.error());
  auto const answer =
      transport.post("/log/control/receipts", "text/plain; charset=utf-8", *receipt, kMostBytes, kTimeout);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != 204)
    return core::fail(core::Code::unavailable,
                      "The peer answered the receipt with " + std::to_string(answer->status) + ".");
  std::lock_guard lock(mutex_);
  acknowledged_[origin.row] = size;
  return {};
}

core::Result<Peering::Shown> ControlApplier::peer_of(std::string const& origin) const {
  for (auto& known : world_.peering.peers())
    if (known.peer.origin == origin && known.peer.state == store::PeerState::active) return known;
  return core::fail(core::Code::not_found, "No peer that is active has the log " + origin + ".");
}

}  // namespace tocsin::federation
