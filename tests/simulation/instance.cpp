#include "tests/simulation/instance.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "schema/log/commitment.hpp"
#include "server/app/recall.hpp"
#include "tests/simulation/running.hpp"

namespace tocsin::simulation {
namespace {

using store::LogName;

std::string envelope(std::string const& object) { return "{\"objects\":[" + object + "]}"; }

// Past its own door: what a liar logs may be anything.
void alter(store::Candidate& candidate, std::pair<std::string, std::string> const& change) {
  auto const at = candidate.bytes.find(change.first);
  if (at == std::string::npos) throw std::logic_error("there is nothing to alter");
  candidate.bytes.replace(at, change.first.size(), change.second);
  candidate.digest = core::sha256(candidate.bytes);
  candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
}

}  // namespace

Instance::Instance(Founding const& founding, std::size_t number, std::filesystem::path directory,
                   Surroundings const& around)
    : clock(around.time), founding_(founding), number_(number), directory_(std::move(directory)), around_(around) {
  std::filesystem::create_directories(directory_);
  std::filesystem::copy_file(founding.layout(number).database(), directory_ / "tocsin.db");
}

Instance::~Instance() = default;

void Instance::start() {
  around_.history.note(name() + " starts");
  running_ = std::make_unique<Running>(*this, cursors_);
  running_->watched_intake.look_at_cursors();
}

void Instance::crash() {
  around_.history.note(name() + " crashes");
  running_.reset();
  if (around_.fault == PlantedFault::a_commit_is_lost)
    std::filesystem::copy_file(founding_.layout(number_).database(), directory_ / "tocsin.db",
                               std::filesystem::copy_options::overwrite_existing);
}

void Instance::submit(Submitted const& what) {
  auto const directory = running_->registry.current();
  admission::Visit visit{directory, &running_->registry.statements(), member_row(number_, what.member),
                         *directory->collection(what.collection, access::View{}), clock.now_us()};
  auto admitted = must(running_->door.admit(envelope(what.text), visit));
  if (admitted.candidates.size() != 1) throw std::logic_error(admitted.refused.front().message);
  if (what.altered) alter(admitted.candidates.front(), *what.altered);
  store::CommitPart part;
  part.collection = visit.collection.row;
  part.candidates = admitted.candidates;
  auto const outcome = must(running_->database->commits().commit({&part, 1}, running_->rules, clock.now_us()));
  auto const& fate = outcome.fates.front().front();
  if (fate.kind == store::Verdict::Kind::refuse) throw std::logic_error(fate.error.detail);
  running_->learn(outcome);
}

std::optional<std::uint64_t> Instance::recall(std::size_t member, core::Uuid const& indicator) {
  auto const& last = running_->logs.at(LogName::data).integrator->last();
  if (!last) return std::nullopt;
  store::RecallOrder order{member_row(number_, member), "indicator", indicator, {{"indicator", indicator}}};
  order.now_us = clock.now_us();
  order.deadline_us = order.now_us + 3'600 * kSecond;
  endpoints::Recalling const what{order, {}, [] { return core::Result<void>(); }};
  auto const done = app::recall(founding_.layout(number_), *running_->database, running_->rules, running_->perform(),
                                log::Tree{last->log.size, last->log.root}, what);
  return done ? std::optional(done->made.position) : std::nullopt;
}

void Instance::publish() {
  running_->publish(LogName::data);
  running_->publish(LogName::control);
}

std::optional<std::chrono::milliseconds> Instance::turn(std::size_t peer) {
  if (!follows(peer)) return std::nullopt;
  return running_->links.at(peer).follower->turn();
}

bool Instance::follows(std::size_t peer) const { return running_->links.contains(peer) && !is_quarantined(peer); }

bool Instance::is_quarantined(std::size_t peer) const {
  return running_->peering.quarantined(founding_.of(peer).host).has_value();
}

bool Instance::has_caught_up(std::size_t peer) const {
  auto const found = running_->links.find(peer);
  if (found == running_->links.end() || is_quarantined(peer)) return true;
  auto const status = found->second.follower->status();
  return status.error.empty() && status.state == federation::PeerStatus::State::following;
}

std::vector<Shown> Instance::shown() const {
  store::PageQuery query;
  query.limit = 10'000;
  query.with_bytes = false;
  auto const& tables = running_->registry.current()->tables();
  for (auto const& one : tables.classes) query.window.visible.insert(one.row);
  std::vector<Shown> out;
  for (auto const& collection : tables.collections) {
    query.collection = collection.row;
    for (auto const& row : must(reader().page(query)).rows)
      if (row.type == "indicator") out.push_back({row.asserter, collection.alias, row.uuid, row.modified_ns});
  }
  std::ranges::sort(out);
  return out;
}

store::ReadStore& Instance::reader() const { return *running_->reader; }
// Opened for whoever asks first: a connection costs more than most of what it is used for.
store::LogStore& Instance::logs() const {
  if (!running_->stored) running_->stored = must(running_->database->open_log());
  return *running_->stored;
}

store::RowId Instance::member_row(std::size_t instance, std::size_t member) const {
  auto const* found = running_->registry.current()->owner_of_identity(founding_.of(instance).identities.at(member));
  return found == nullptr ? 0 : found->row;
}

std::uint64_t Instance::signed_size(LogName name) const { return running_->logs.at(name).size; }

store::Origin Instance::origin(std::size_t peer) const {
  auto const all = must(running_->database->origins().origins());
  auto const found = std::ranges::find(all, founding_.of(peer).manifest.origin(), &store::Origin::name);
  return found == all.end() ? store::Origin{} : *found;
}

}  // namespace tocsin::simulation
