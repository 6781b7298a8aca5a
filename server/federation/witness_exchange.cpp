#include "server/federation/witness_exchange.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "server/federation/head_exchange.hpp"
#include "server/federation/logs_of_peers.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestNote = 64 * 1024;
constexpr int kOk = 200;
constexpr int kRoundsBehind = 6;  // ten seconds each: the larger tree may have been signed a moment ago

std::unexpected<core::Error> not_followed() {
  return core::fail(core::Code::not_found, "The log is not followed here.");
}

// The largest size that `quorum` of them have reached.
std::uint64_t reached_by(std::vector<std::uint64_t> sizes, std::size_t quorum) {
  if (quorum == 0 || sizes.size() < quorum) return 0;
  std::ranges::sort(sizes, std::greater<>());
  return sizes[quorum - 1];
}

}  // namespace

core::Result<Standing> WitnessExchange::compare(std::string const& peer, std::string const& origin,
                                                std::string const& note) {
  if (auto const own = parts_.own.checkpoint(); own && origin_in(*own) == origin) return compare_own(peer, note);
  auto const shown = active_peer_with(parts_.peering, origin);
  if (!shown) return not_followed();
  auto const judged = compare_followed(*shown, note);
  if (!judged) return std::unexpected(judged.error());
  std::lock_guard lock(mutex_);
  auto const waiting = ahead_.find({peer, origin});
  if (judged->standing != Standing::beyond) {
    if (waiting != ahead_.end() && waiting->second.note == note) ahead_.erase(waiting);
  } else if (waiting == ahead_.end()) {
    ahead_[{peer, origin}] = {judged->said.size, note};
  } else if (auto& seen = waiting->second; judged->said.size < seen.size) {
    seen.size = judged->said.size;
    seen.note = note;
    // A friend of the origin's who names less each time begins no new minute.
    if (seen.shown >= seen.size) seen.behind = 0;
  }
  return judged->standing;
}

// The log's newest checkpoint is read after the peer has answered: the peer cannot have seen a larger one.
core::Result<Standing> WitnessExchange::compare_own(std::string const& peer, std::string const& note) {
  auto const key = parts_.own.key();
  if (!key) return std::unexpected(key.error());
  auto const newest = parts_.own.checkpoint();
  auto const here = log::open_checkpoint(*newest, *key, {});
  if (!here) return std::unexpected(here.error());
  auto const judged = judge(*key, *newest, log::reader_of(parts_.own.tile, here->checkpoint.size), note);
  if (!judged) return std::unexpected(judged.error());
  if (judged->standing == Standing::agrees) return Standing::agrees;
  bool news = false;
  {
    std::lock_guard lock(mutex_);
    auto const said = log::format_checkpoint(judged->said);
    news = std::exchange(told_[peer], said) != said;
  }
  if (news)
    parts_.log.error(
        "federation.own_log_forked",
        {{"peer", peer},
         {"size", static_cast<std::int64_t>(judged->said.size)},
         {"here", static_cast<std::int64_t>(here->checkpoint.size)},
         {"remedy",
          "A peer has a checkpoint of this instance's log, signed with its key, that this log does not go on "
          "from: an old backup is in use, or somebody else has the key. Read docs/federating.md."}});
  return judged->standing;
}

core::Result<Judged> WitnessExchange::compare_followed(Peering::Shown const& origin, std::string const& note) {
  core::Result<std::optional<store::Origin>> known;
  parts_.perform([&] { known = parts_.origins.origin(origin.peer.origin); });
  if (!known) return std::unexpected(known.error());
  auto const& row = *known;
  if (!row || row->data.checkpoint.empty()) return not_followed();
  auto const tree = parts_.trees.tree(row->row, store::LogName::data, row->data.size);
  if (!tree) return std::unexpected(tree.error());
  auto judged = judge(origin.manifest.log, row->data.checkpoint, *tree, note);
  if (!judged) return judged;
  if (judged->standing == Standing::contradicts) parts_.keeper.keep(origin, *judged);
  if (judged->standing == Standing::agrees)
    if (auto counted = count(origin, note); !counted) return std::unexpected(counted.error());
  return judged;
}

// Whoever of the agreement's witnesses cosigned what is true of the tree here.
core::Result<void> WitnessExchange::count(Peering::Shown const& origin, std::string const& note) {
  if (!origin.agreement) return {};
  auto const& witnesses = origin.agreement->witnesses;
  auto const opened = log::open_checkpoint(note, origin.manifest.log, witnesses);
  if (!opened) return std::unexpected(opened.error());
  core::Result<void> done;
  parts_.perform([&] {
    for (auto const& [key, time_s] : opened->cosigners)
      if (done && time_s)
        done = parts_.witnesses.witnessed(
            {origin.peer.origin, witnesses.at(key).text(), opened->checkpoint.size, *time_s});
  });
  return done;
}

void WitnessExchange::exchange(std::string const& peer, Transport& transport) {
  ask_of_all(peer, transport);
  compare_heads(peer, transport);
  auto now = witnessed();
  if (!now) return;  // the store says so elsewhere
  std::lock_guard lock(mutex_);
  latest_ = *std::move(now);
}

std::map<std::string, WitnessedLog> WitnessExchange::latest() const {
  std::lock_guard lock(mutex_);
  return latest_;
}

std::map<std::string, Stall> WitnessExchange::stalls() const {
  std::map<std::string, Stall> out;
  std::lock_guard lock(mutex_);
  for (auto const& [names, seen] : ahead_) {
    if (seen.behind < kRoundsBehind) continue;
    auto& stall = out[names.second];
    if (seen.size > stall.seen) stall = {seen.shown, seen.size, names.first};
  }
  return out;
}

void WitnessExchange::ask_of_all(std::string const& peer, Transport& transport) {
  auto const peers = parts_.peering.peers();
  for (auto const& one : peers) {
    if (one.peer.name == peer) look_for_stall(one, transport);
    if (one.peer.name == peer || one.peer.state != store::PeerState::active) continue;
    look_again(peer, one.peer.origin);
    if (!ask(peer, one.peer.origin, transport)) return;
  }
  if (auto const own = parts_.own.checkpoint()) (void)ask(peer, origin_in(*own), transport);
}

void WitnessExchange::compare_heads(std::string const& peer, Transport& transport) {
  auto const own = parts_.own.checkpoint();
  auto const peers = parts_.peering.peers();
  auto const asked = std::ranges::find(peers, peer, [](Peering::Shown const& one) { return one.peer.name; });
  if (!own || asked == peers.end()) return;
  HeadExchange({parts_.peering, parts_.origins, parts_.perform, parts_.log})
      .exchange(*asked, origin_in(*own), transport);
}

bool WitnessExchange::ask(std::string const& peer, std::string const& origin, Transport& transport) {
  auto const answer = transport.get("/witness/" + log::origin_hash(origin) + "/checkpoint", kLongestNote,
                                    std::chrono::milliseconds(10s));
  if (!answer) return false;
  if (answer->status != kOk) return true;  // it does not follow that log, or cannot answer now
  auto const standing = compare(peer, origin, answer->body);
  if (!standing && standing.error().code != core::Code::not_found)
    parts_.log.warning("federation.witness_refused",
                       {{"peer", peer}, {"origin", origin}, {"why", standing.error().detail}});
  return true;
}

// What was ahead may be reached by now: a peer that shows a larger tree only later has said so all the same.
void WitnessExchange::look_again(std::string const& peer, std::string const& origin) {
  std::string note;
  {
    std::lock_guard lock(mutex_);
    auto const found = ahead_.find({peer, origin});
    if (found == ahead_.end()) return;
    note = found->second.note;
  }
  (void)compare(peer, origin, note);
}

bool WitnessExchange::is_ahead(std::string const& origin) const {
  std::lock_guard lock(mutex_);
  return std::ranges::any_of(ahead_, [&](auto const& one) { return one.first.second == origin; });
}

// The origin itself is asked, and not what was verified of it: that may be behind for reasons of this instance's own.
// Whoever is silent, or answers what its key has not signed, is no staller; it is told elsewhere.
void WitnessExchange::look_for_stall(Peering::Shown const& peer, Transport& transport) {
  if (!is_ahead(peer.peer.origin)) return;
  auto const answer = transport.get("/log/data/checkpoint", kLongestNote, std::chrono::milliseconds(10s));
  if (!answer || answer->status != kOk) return;
  auto const shown = log::open_checkpoint(answer->body, peer.manifest.log, {});
  if (!shown) return;
  std::lock_guard lock(mutex_);
  for (auto& [names, seen] : ahead_) {
    if (names.second != peer.peer.origin) continue;
    seen.shown = shown->checkpoint.size;
    seen.behind = seen.shown < seen.size ? seen.behind + 1 : 0;
    if (seen.behind == kRoundsBehind)
      parts_.log.error("federation.stalls", {{"peer", peer.peer.name},
                                             {"size", static_cast<std::int64_t>(seen.shown)},
                                             {"seen", static_cast<std::int64_t>(seen.size)},
                                             {"seen_by", names.first},
                                             {"remedy",
                                              "For a minute the peer has shown this instance less of its log than "
                                              "another has, signed by the same key. Call its operator; read "
                                              "docs/federating.md."}});
  }
}

core::Result<std::map<std::string, WitnessedLog>> WitnessExchange::witnessed() const {
  core::Result<std::vector<store::Origin>> logs;
  core::Result<std::vector<store::Witnessed>> seen;
  parts_.perform([&] {
    logs = parts_.origins.origins();
    seen = parts_.witnesses.witnessed();
  });
  if (!logs) return std::unexpected(logs.error());
  if (!seen) return std::unexpected(seen.error());
  std::map<std::string, WitnessedLog> out;
  for (auto const& shown : parts_.peering.peers()) {
    auto const row = std::ranges::find(*logs, shown.peer.origin, &store::Origin::name);
    if (!shown.agreement || row == logs->end()) continue;
    auto const& witnesses = shown.agreement->witnesses;
    std::vector<std::uint64_t> sizes;
    for (auto const& one : *seen)
      if (one.origin == row->name &&
          std::ranges::any_of(witnesses, [&](log::VerifierKey const& key) { return key.text() == one.key; }))
        sizes.push_back(one.size);
    auto const quorum = quorum_of(witnesses.size());
    out[row->name] = {witnesses.size(), quorum, row->data.size,
                      std::min(reached_by(std::move(sizes), quorum), row->data.size)};
  }
  return out;
}

}  // namespace tocsin::federation
