#include "server/federation/control_applier.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

#include "schema/log/manifest.hpp"
#include "server/federation/control_statements.hpp"
#include "server/federation/logs_of_peers.hpp"
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

// A delivery in transactions of their own: the cursor stays before an entry until the last of its targets. One
// statement may name half a million. What is said of a target again changes nothing, so that whoever is interrupted
// begins the entry again.
class Turns {
 public:
  explicit Turns(store::ControlDelivery const& whole) : whole_(whole), from_(whole.from) {}

  // Of so many entries and targets at most; the first is there also when there is none.
  std::optional<store::ControlDelivery> next(std::size_t most) {
    if (std::exchange(begun_, true) && entry_ == whole_.entries.size()) return std::nullopt;
    store::ControlDelivery out{whole_.origin, whole_.name, from_, from_, {}, whole_.now_us};
    for (std::size_t left = most; left >= 2 && entry_ < whole_.entries.size();) {
      auto const& entry = whole_.entries[entry_];
      auto const count = std::min(left - 1, entry.indices.size() - target_);
      auto const first = entry.indices.begin() + static_cast<std::ptrdiff_t>(target_);
      out.entries.push_back({entry.position,
                             entry.op,
                             entry.effect,
                             {first, first + static_cast<std::ptrdiff_t>(count)},
                             entry.said_s,
                             entry.void_because,
                             entry.lost_before});
      left -= 1 + count;
      target_ += count;
      if (target_ < entry.indices.size()) break;
      target_ = 0;
      ++entry_;
      out.to = entry.position + 1;
    }
    from_ = out.to;
    return out;
  }

 private:
  store::ControlDelivery const& whole_;
  std::size_t entry_ = 0, target_ = 0;  // what comes next
  std::uint64_t from_;
  bool begun_ = false;
};

std::size_t size_of(store::ControlDelivery const& turn) {
  std::size_t out = 0;
  for (auto const& entry : turn.entries) out += 1 + entry.indices.size();
  return out;
}

void add(store::AppliedControl& sum, store::AppliedControl const& more) {
  auto const append = [](auto& to, auto const& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(sum.change.touched_sequences, more.change.touched_sequences);
  append(sum.change.collections, more.change.collections);
  append(sum.void_entries, more.void_entries);
  sum.change.ended += more.change.ended;
  sum.erased += more.erased;
  sum.ended += more.ended;
  sum.restored += more.restored;
}

}  // namespace

core::Result<void> ControlApplier::apply(store::Origin const& origin, log::Openings const& openings) {
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
  if (auto done = carry_out(delivery); !done) return done;
  std::lock_guard lock(mutex_);
  applied_[origin.row] = delivery.to;
  return {};
}

// What was done before something fails is done, and told.
core::Result<void> ControlApplier::carry_out(store::ControlDelivery const& delivery) {
  store::AppliedControl sum;
  core::Result<void> done;
  Turn pace = pace_of(delivery.origin);
  Turns turns(delivery);
  while (auto const turn = turns.next(pace.objects())) {
    core::Result<store::AppliedControl> applied = core::fail(core::Code::internal, "Nothing was applied.");
    auto const began = std::chrono::steady_clock::now();
    world_.perform([&] { applied = world_.recalls.apply(*turn, world_.announced); });
    if (!applied) {
      done = std::unexpected(applied.error());
      break;
    }
    pace.took(std::chrono::steady_clock::now() - began, size_of(*turn));
    add(sum, *applied);
  }
  (void)pace_of(delivery.origin, pace);
  for (auto const& [position, why] : sum.void_entries)
    world_.log.warning(
        "peer.control_void",
        {{"origin", delivery.name}, {"position", static_cast<std::int64_t>(position)}, {"because", why}});
  world_.changed(sum);
  return done;
}

Turn ControlApplier::pace_of(store::RowId origin, std::optional<Turn> next) {
  constexpr std::size_t kFirst = 500, kMost = 2'000;
  std::lock_guard lock(mutex_);
  auto const at = pace_.try_emplace(origin, kFirst, kMost).first;
  if (next) at->second = *next;
  return at->second;
}

// Of entries that speak of no more than was verified of the data log: does it have the root that they name? They may
// name sizes in any order, and as often as they like.
core::Result<void> ControlApplier::compare(store::Origin const& origin, std::vector<log::Checkpoint> const& said) {
  std::optional<log::Checkpoint> same;
  for (auto const& one : said) {
    if (one.size > origin.data.size || one == same) continue;
    auto const tree = world_.trees.tree(origin.row, store::LogName::data, one.size);
    if (!tree) return std::unexpected(tree.error());
    auto const root = log::tree_root(*tree, one.size);
    if (!root) return std::unexpected(root.error());
    if (*root != one.root)
      return core::fail(core::Code::log_forked, "The control log of " + origin.name + " names a root of " +
                                                    std::to_string(one.size) + " entries that its data log has not.");
    same = one;
  }
  return {};
}

core::Result<void> ControlApplier::acknowledge(store::Origin const& origin, std::string const& note,
                                               Transport& transport) {
  constexpr std::size_t kMostBytes = 65'536;
  constexpr std::chrono::seconds kTimeout{30};
  auto const peer = peer_of(origin.name);
  if (!peer) return std::unexpected(peer.error());
  auto const control = key_of(peer->manifest, store::LogName::control);
  if (!control) return std::unexpected(control.error());
  auto const opened = log::open_checkpoint(note, *control, {});
  if (!opened) return std::unexpected(opened.error());
  auto const size = opened->checkpoint.size;
  if (auto const outcome = settled(origin, size, transport.relay())) return *outcome;
  auto const key = world_.applied_key();
  if (!key) return std::unexpected(key.error());
  auto const now_s = static_cast<std::uint64_t>(world_.clock.now_us() / 1'000'000);
  auto const receipt = write_receipt(note, *control, *key, now_s);
  if (!receipt) return std::unexpected(receipt.error());
  auto const answer =
      transport.post("/log/control/receipts", "text/plain; charset=utf-8", *receipt, kMostBytes, kTimeout);
  if (!answer) return std::unexpected(answer.error());
  return answered({origin.row, transport.relay()}, size, answer->status);
}

std::optional<core::Result<void>> ControlApplier::settled(store::Origin const& origin, std::uint64_t size,
                                                          std::string const& by) {
  std::lock_guard lock(mutex_);
  if (size > std::max(origin.control.applied, applied_[origin.row])) return core::Result<void>();
  for (auto const& who : {std::string(), by})
    if (acknowledged_[{origin.row, who}] >= size) return core::Result<void>();
  auto const retry = retries_.find({origin.row, by});
  if (retry == retries_.end() || retry->second.is_due(size, world_.clock.now_us())) return std::nullopt;
  return retry->second.outcome();
}

// Of a 202 a relay has it, and the origin not yet: it is told again.
core::Result<void> ControlApplier::answered(std::pair<store::RowId, std::string> const& by, std::uint64_t size,
                                            int status) {
  std::lock_guard lock(mutex_);
  if (status == 204) {
    acknowledged_[by] = size;
    retries_.erase(by);
    return {};
  }
  auto& retry = retries_.try_emplace(by, world_.random).first->second;
  retry.not_taken(size, status, world_.clock.now_us());
  return retry.outcome();
}

core::Result<Peering::Shown> ControlApplier::peer_of(std::string const& origin) const {
  if (auto peer = active_peer_with(world_.peering, origin)) return *std::move(peer);
  return core::fail(core::Code::not_found, "No peer that is active has the log " + origin + ".");
}

}  // namespace tocsin::federation
