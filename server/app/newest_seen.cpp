#include "server/app/newest_seen.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "schema/core/counted.hpp"
#include "schema/log/compact_range.hpp"
#include "schema/log/control.hpp"
#include "server/federation/own_logs.hpp"

namespace tocsin::app {
namespace {

using core::Code;
using federation::OwnLogs;
using store::LogName;

constexpr std::size_t kHashBytes = 32;
// Which key signed is known once they are read: nobody has them kept in memory without end.
constexpr std::uint64_t kMostEntries = 100'000;

// What somebody says of one of the logs.
struct Claim {
  std::string who;
  log::Checkpoint said;
  std::string note;             // "": an entry of the control log says it
  ReachedPeer* peer = nullptr;  // likewise
};

// A log as it is stored, and the leaves behind it.
class Prolonged {
 public:
  static core::Result<Prolonged> read(store::LogStore& logs, LogName name) {
    Prolonged out(logs, name);
    auto visited = logs.visit_leaves(name, 0, [&](std::string_view leaf) {
      out.stored_.append(*core::to_array<kHashBytes>(leaf));
      return true;
    });
    if (!visited) return std::unexpected(visited.error());
    out.range_ = out.stored_;
    return out;
  }

  void append(std::string_view leaves) {
    beyond_.append(leaves);
    for (; !leaves.empty(); leaves.remove_prefix(kHashBytes))
      range_.append(*core::to_array<kHashBytes>(leaves.substr(0, kHashBytes)));
  }
  // Goes back to what is stored.
  void drop() {
    beyond_.clear();
    range_ = stored_;
  }

  // The roots that it has at these sizes.
  [[nodiscard]] core::Result<std::map<std::uint64_t, core::Digest>> roots_at(
      std::set<std::uint64_t> const& sizes) const {
    std::map<std::uint64_t, core::Digest> out;
    log::CompactRange range;
    auto const note = [&] {
      if (sizes.contains(range.size())) out[range.size()] = range.root();
      return true;
    };
    note();
    auto visited = logs_->visit_leaves(name_, 0, [&](std::string_view leaf) {
      range.append(*core::to_array<kHashBytes>(leaf));
      return note();
    });
    if (!visited) return std::unexpected(visited.error());
    for (std::string_view rest = beyond_; !rest.empty(); rest.remove_prefix(kHashBytes)) {
      range.append(*core::to_array<kHashBytes>(rest.substr(0, kHashBytes)));
      note();
    }
    return out;
  }

  [[nodiscard]] std::uint64_t stored() const { return stored_.size(); }
  [[nodiscard]] log::CompactRange const& range() const { return range_; }
  [[nodiscard]] std::string const& beyond() const { return beyond_; }

 private:
  Prolonged(store::LogStore& logs, LogName name) : logs_(&logs), name_(name) {}

  store::LogStore* logs_;
  LogName name_;
  log::CompactRange stored_, range_;
  std::string beyond_;
};

std::string called(LogName name) { return name == LogName::data ? "log" : "control log"; }

core::Result<Claim> claim_in(std::string note, std::string const& origin, ReachedPeer& peer) {
  auto const parsed = log::Note::parse(note);
  if (!parsed) return std::unexpected(parsed.error());
  auto said = log::parse_checkpoint(parsed->text());
  if (!said) return std::unexpected(said.error());
  if (said->origin != origin) return core::fail(Code::checkpoint_malformed, "It is of another log.");
  return Claim{peer.name, *std::move(said), std::move(note), &peer};
}

class Asking {
 public:
  Asking(std::string origin, std::vector<log::VerifierKey> keys, log::VerifierKey const& root,
         std::span<ReachedPeer> peers)
      : origin_(std::move(origin)), keys_(std::move(keys)), root_(root), peers_(peers) {}

  core::Result<NewestSeen> run(store::LogStore& logs) {
    auto control = Prolonged::read(logs, LogName::control), data = Prolonged::read(logs, LogName::data);
    if (!control) return std::unexpected(control.error());
    if (!data) return std::unexpected(data.error());
    auto claims = claims_of(LogName::control);
    if (!claims) return std::unexpected(claims.error());
    auto of_data = claims_of(LogName::data);
    if (!of_data) return std::unexpected(of_data.error());
    auto done = prolong_control(*control, *claims);
    if (done) done = check_signed(LogName::control, *claims);
    if (done) done = check_one(LogName::control, *control, *claims);
    if (done) done = check_signed(LogName::data, *of_data);
    if (done) done = prolong_data(*data, *of_data);
    if (done) done = check_one(LogName::data, *data, *of_data);
    if (done) done = check_one(LogName::data, *data, said_by_control_);
    if (!done) return std::unexpected(done.error());
    out_.data = {origin_, data->range().size(), data->range().root()};
    out_.control = {log::control_origin(origin_), control->range().size(), control->range().root()};
    out_.beyond.leaves = data->beyond();
    for (auto const& peer : peers_) out_.peers.push_back({peer.name, size_in(*of_data, peer), size_in(*claims, peer)});
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string name_of(LogName name) const {
    return name == LogName::data ? origin_ : log::control_origin(origin_);
  }

  static std::uint64_t size_in(std::vector<Claim> const& claims, ReachedPeer const& peer) {
    auto const found = std::ranges::find(claims, &peer, &Claim::peer);
    return found == claims.end() ? 0 : found->said.size;
  }

  // Of each that saw it. All that cannot be asked are named at once.
  core::Result<std::vector<Claim>> claims_of(LogName name) {
    std::vector<Claim> out;
    std::string unasked;
    for (auto& peer : peers_) {
      auto note = OwnLogs(*peer.transport, origin_).checkpoint(name);
      if (note && !*note) continue;
      auto claim = note ? claim_in(**std::move(note), name_of(name), peer) : std::unexpected(note.error());
      if (claim)
        out.push_back(*std::move(claim));
      else
        unasked += (unasked.empty() ? "" : " ") + peer.name + ": " + claim.error().detail +
                   (claim.error().remedy.empty() ? "" : " " + claim.error().remedy);
    }
    if (unasked.empty()) return out;
    return core::fail(Code::unavailable, "Not every peer tells what it saw of this instance's log. " + unasked, "",
                      "Mend it, or go on without a peer: --without NAME. What it alone saw, and what it took back "
                      "since the backup, is not known then.");
  }

  // From whoever holds all of it, the largest first.
  core::Result<void> prolong_control(Prolonged& control, std::vector<Claim>& claims) {
    std::ranges::sort(claims, std::greater{}, [](Claim const& claim) { return claim.said.size; });
    if (claims.empty() || claims.front().said.size <= control.stored()) return {};
    if (claims.front().said.size - control.stored() > kMostEntries)
      return core::fail(Code::too_many_requests,
                        claims.front().who +
                            " tells of more entries of the control log than "
                            "are taken back.",
                        "", "Go on without it, or restore a newer backup.");
    core::Error last;
    for (auto const& claim : claims) {
      if (claim.said.size != claims.front().said.size) break;
      auto entries = OwnLogs(*claim.peer->transport, origin_).control(control.stored(), claim.said.size);
      if (!entries) {
        last = entries.error();
        continue;
      }
      for (auto const& entry : *entries) control.append(core::view(entry.leaf()));
      if (control.range().root() == claim.said.root) return learn(*entries);
      control.drop();
      last = {Code::log_inconsistent, claim.who + " gave back entries that do not lead to what it saw signed.", "", ""};
    }
    return not_held(LogName::control, claims.front(), last);
  }

  core::Result<void> prolong_data(Prolonged& data, std::vector<Claim>& claims) {
    std::ranges::sort(claims, std::greater{}, [](Claim const& claim) { return claim.said.size; });
    if (claims.empty() || claims.front().said.size <= data.stored()) return {};
    core::Error last;
    for (auto const& claim : claims) {
      if (claim.said.size != claims.front().said.size) break;
      auto leaves = OwnLogs(*claim.peer->transport, origin_).leaves(LogName::data, data.stored(), claim.said.size);
      if (!leaves) {
        last = leaves.error();
        continue;
      }
      data.append(*leaves);
      if (data.range().root() == claim.said.root) return {};
      data.drop();
      last = {Code::log_forked, "What " + claim.who + " holds does not go on from this backup.", "", ""};
    }
    return not_held(LogName::data, claims.front(), last);
  }

  static core::Result<void> not_held(LogName name, Claim const& newest, core::Error const& last) {
    return core::fail(last.code,
                      newest.who + " saw this instance's " + called(name) + " with " +
                          core::counted(newest.said.size, "entry", "entries") +
                          ", and no peer gives back what this backup lacks of it. " + last.detail,
                      "", "Restore a newer backup, or ask another peer. Nothing is signed before: it would be a fork.");
  }

  // Which keys signed what follows, and what of the data log each entry says.
  core::Result<void> learn(std::vector<log::OpenedEntry> const& entries) {
    for (auto const& opened : entries) {
      auto const header = log::ControlHeader::parse(opened.header);
      if (!header) return std::unexpected(header.error());
      said_by_control_.push_back({"its control log", header->data, {}, nullptr});
      if (auto const change = log::open_key_change(opened.body); change && is_known(change->old))
        keys_.push_back(change->next);
      if (auto const loss = log::open_loss(opened.body, root_)) keys_.push_back(loss->next);
      store::ControlEntry entry{opened.header, opened.header_salt, opened.body_salt, opened.body, {}, opened.leaf()};
      entry.entry = log::entry(log::commit_header(opened.header_salt, opened.header),
                               log::commit_body(opened.body_salt, opened.body));
      out_.beyond.control.push_back(std::move(entry));
    }
    return {};
  }

  [[nodiscard]] bool is_known(log::VerifierKey const& key) const {
    return std::ranges::find(keys_, key) != keys_.end();
  }

  [[nodiscard]] bool is_signed(LogName name, std::string const& note) const {
    return std::ranges::any_of(keys_, [&](log::VerifierKey const& key) {
      auto const named = log::VerifierKey::make(name_of(name), key.type(), key.public_key());
      return named && log::open_checkpoint(note, *named, {}).has_value();
    });
  }

  // What peers saw is signed.
  core::Result<void> check_signed(LogName name, std::vector<Claim> const& claims) const {
    for (auto const& claim : claims)
      if (!is_signed(name, claim.note))
        return core::fail(Code::note_unverified,
                          claim.who + " shows a checkpoint of this instance's " + called(name) +
                              " that no key of this instance signed.",
                          "", "Ask its operator, or go on without it: --without " + claim.who);
    return {};
  }

  // Everything that was said is of one log.
  static core::Result<void> check_one(LogName name, Prolonged const& log, std::vector<Claim> const& claims) {
    std::set<std::uint64_t> sizes;
    for (auto const& claim : claims) sizes.insert(claim.said.size);
    auto const roots = log.roots_at(sizes);
    if (!roots) return std::unexpected(roots.error());
    for (auto const& claim : claims) {
      auto const entries = core::counted(claim.said.size, "entry", "entries") + " of the " + called(name);
      auto const root = roots->find(claim.said.size);
      if (root == roots->end())
        return core::fail(Code::not_found,
                          claim.who + " tells of " + entries + ", and no peer holds more than " +
                              std::to_string(log.range().size()) + ".",
                          "", "Restore a newer backup. Nothing is signed before: it would be a fork.");
      if (root->second != claim.said.root)
        return core::fail(Code::log_forked,
                          claim.who + " tells of other " + entries + " than this one has: two were signed.", "",
                          "It cannot go on under this name. Ask your peers for what they hold, and begin anew.");
    }
    return {};
  }

  std::string const origin_;
  std::vector<log::VerifierKey> keys_;
  log::VerifierKey const& root_;
  std::span<ReachedPeer> peers_;
  std::vector<Claim> said_by_control_;
  NewestSeen out_;
};

}  // namespace

core::Result<NewestSeen> newest_seen(store::LogStore& logs, std::string const& origin,
                                     std::vector<log::VerifierKey> keys, log::VerifierKey const& root,
                                     std::span<ReachedPeer> peers) {
  return Asking(origin, std::move(keys), root, peers).run(logs);
}

}  // namespace tocsin::app
