#include "server/federation/dependents.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

#include "schema/log/note.hpp"

namespace tocsin::federation {
namespace {

constexpr std::size_t kMostBytes = 65'536;
constexpr std::chrono::seconds kTimeout{30};
constexpr int kTaken = 204;
constexpr std::size_t kMostBehindOne = 100;  // so that one of them does not crowd out those of others

// What a reader says of those behind it. Where several speak of one, the least counts: nobody makes another one look as
// if he had applied more.
core::Result<void> add_behind(store::Dependent const& reader, std::map<std::string, std::uint64_t>& behind) {
  if (reader.said.empty()) return {};
  auto const note = log::Note::parse(reader.said);
  if (!note) return std::unexpected(note.error());
  auto const said = log::Dependents::parse(note->text());
  if (!said) return std::unexpected(said.error());
  std::size_t taken = 0;
  for (auto const& [log, size] : said->applied) {
    if (++taken > kMostBehindOne) break;
    auto const [at, fresh] = behind.emplace(log, size);
    if (!fresh) at->second = std::min(at->second, size);
  }
  return {};
}

bool is_peer(std::vector<Peering::Shown> const& peers, std::string const& log) {
  return std::ranges::any_of(peers, [&](Peering::Shown const& one) {
    return one.peer.origin == log && one.peer.state != store::PeerState::removed;
  });
}

// Of the peer with this name; "" for nobody.
std::string log_of(std::vector<Peering::Shown> const& peers, std::string const& name) {
  auto const found = std::ranges::find(peers, name, [](Peering::Shown const& one) { return one.peer.name; });
  return found == peers.end() ? std::string() : found->peer.origin;
}

core::Result<void> outcome_of(ReceiptRetry const& retry) {
  auto const refusal = retry.refusal();
  if (!refusal) return {};
  return core::fail(core::Code::unavailable, "What is said here of those behind this relay " + *refusal);
}

}  // namespace

core::Result<void> Dependents::load(store::RowId origin) {
  {
    std::lock_guard lock(mutex_);
    if (known_.contains(origin)) return {};
  }
  core::Result<std::vector<store::Dependent>> stored = core::fail(core::Code::unavailable, "The server is stopping.");
  parts_.perform([&] { stored = parts_.relays.dependents(origin); });
  if (!stored) return std::unexpected(stored.error());
  std::lock_guard lock(mutex_);
  for (auto const& one : *stored) learn(origin, one);
  known_.try_emplace(origin);
  return {};
}

// As the store keeps it; under mutex_.
void Dependents::learn(store::RowId origin, store::Dependent const& dependent) {
  auto& known = known_[origin][dependent.log];
  known.log = dependent.log;
  known.applied = std::max(known.applied, dependent.applied);
  if (!dependent.said.empty()) known.said = dependent.said;
}

core::Result<void> Dependents::keep(store::RowId origin, store::Dependent const& dependent) {
  if (auto loaded = load(origin); !loaded) return loaded;
  core::Result<void> kept = core::fail(core::Code::unavailable, "The server is stopping.");
  parts_.perform([&] { kept = parts_.relays.keep(origin, dependent); });
  if (!kept) return kept;
  std::lock_guard lock(mutex_);
  learn(origin, dependent);
  return {};
}

core::Result<void> Dependents::shown(store::RowId origin, std::string const& receiver) {
  if (auto loaded = load(origin); !loaded) return loaded;
  {
    std::lock_guard lock(mutex_);
    if (known_.at(origin).contains(receiver)) return {};
  }
  return keep(origin, {receiver, 0, ""});
}

core::Result<void> Dependents::acknowledged(store::RowId origin, std::string const& receiver, std::uint64_t size) {
  return keep(origin, {receiver, size, ""});
}

core::Result<void> Dependents::said(store::RowId origin, std::string const& receiver, std::string const& note) {
  return keep(origin, {receiver, 0, note});
}

core::Result<log::Dependents> Dependents::of(store::Origin const& origin, std::string const& but_for) {
  if (auto loaded = load(origin.row); !loaded) return std::unexpected(loaded.error());
  std::vector<store::Dependent> readers;
  {
    std::lock_guard lock(mutex_);
    for (auto const& [log, one] : known_.at(origin.row)) readers.push_back(one);
  }
  auto const peers = parts_.peering.peers();
  std::erase_if(readers, [&](auto const& one) { return one.log == but_for || !is_peer(peers, one.log); });
  log::Dependents out{log::control_origin(origin.name), {}};
  for (auto const& one : readers)
    if (out.applied.size() < log::kMostDependents) out.applied.emplace(one.log, one.applied);
  std::set<std::string> const not_told{parts_.own, but_for, origin.name};
  std::map<std::string, std::uint64_t> behind;
  for (auto const& one : readers)
    if (auto added = add_behind(one, behind); !added) return std::unexpected(added.error());
  for (auto const& [log, size] : behind)
    if (out.applied.size() < log::kMostDependents && !not_told.contains(log)) out.applied.emplace(log, size);
  return out;
}

core::Result<void> Dependents::hand_in(store::Origin const& origin, Transport& transport) {
  auto const all = of(origin, log_of(parts_.peering.peers(), transport.relay()));
  if (!all) return std::unexpected(all.error());
  Way const way{origin.row, transport.relay()};
  auto const text = all->text();
  if (all->applied.empty()) {
    std::lock_guard lock(mutex_);
    if (!told_.contains(way)) return {};
  }
  if (auto const outcome = settled(way, text, origin.control.applied)) return *outcome;
  auto const key = parts_.applied_key();
  if (!key) return std::unexpected(key.error());
  auto const note = log::sign_dependents(*all, *key, static_cast<std::uint64_t>(parts_.clock.now_us() / 1'000'000));
  if (!note) return std::unexpected(note.error());
  auto const answer = transport.post("/log/control/receipts", "text/plain; charset=utf-8", *note, kMostBytes, kTimeout);
  if (!answer) return std::unexpected(answer.error());
  return answered({origin.row, transport.relay()}, text, origin.control.applied, answer->status);
}

std::optional<core::Result<void>> Dependents::settled(Way const& way, std::string const& text, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  auto const found = told_.find(way);
  if (found == told_.end()) return std::nullopt;
  auto const& told = found->second;
  if (told.text == text && told.size >= size) return core::Result<void>();
  if (!told.retry || told.tried != text || told.retry->is_due(told.number, parts_.clock.now_us())) return std::nullopt;
  return outcome_of(*told.retry);
}

core::Result<void> Dependents::answered(Way const& way, std::string const& text, std::uint64_t size, int status) {
  std::lock_guard lock(mutex_);
  auto& told = told_[way];
  if (status == kTaken) {
    told = {text, size, {}, 0, std::nullopt};
    return {};
  }
  if (told.tried != text) ++told.number;
  told.tried = text;
  if (!told.retry) told.retry.emplace(parts_.random);
  told.retry->not_taken(told.number, status, parts_.clock.now_us());
  return outcome_of(*told.retry);
}

}  // namespace tocsin::federation
