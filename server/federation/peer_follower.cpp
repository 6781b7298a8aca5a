#include "server/federation/peer_follower.hpp"

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;
using State = PeerStatus::State;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::chrono::seconds kLongPoll = 25s;
constexpr std::chrono::milliseconds kLeastPoll = 1s;  // a peer that does not wait is not asked more often
// A quota that is used up holds up neither what the peer takes back nor its word that nothing is newer.
constexpr std::chrono::milliseconds kLongestPause = 20s;
// Nobody agreed how much a peer says in its control log: beyond this, what is kept of it would fill the disk.
constexpr std::int64_t kControlEntriesPerHour = 100'000, kControlMibPerHour = 64;
constexpr std::chrono::milliseconds kControlComes = 200ms, kControlIsLate = 10s;
// A peer that shows something else with each answer is not read from its beginning again and again.
constexpr std::chrono::milliseconds kBetweenBeginnings = 10s;

// A clock that runs ahead makes nobody fresh for longer.
std::int64_t moment(std::uint64_t seconds, std::int64_t now_us) {
  auto const now_s = static_cast<std::uint64_t>(std::max<std::int64_t>(now_us, 0) / kSecond);
  return static_cast<std::int64_t>(std::min(seconds, now_s)) * kSecond;
}

// What of an agreement decides whether an entry is let in.
std::string terms_of(Agreement const& agreement) {
  std::string out(stix::name(agreement.max_tlp));
  for (auto list : {agreement.identities, agreement.collections}) {
    std::ranges::sort(list);
    out += '\n';
    for (auto const& name : list) out += name + '\n';
  }
  return out;
}

std::string words(core::Error const& error) {
  return error.remedy.empty() ? error.detail : error.detail + " " + error.remedy;
}

}  // namespace

PeerFollower::PeerFollower(Followed followed, Transport& transport, Surroundings const& around)
    : followed_(std::move(followed)),
      transport_(transport),
      around_(around),
      metrics_(around.metrics, followed_.name),
      control_log_(transport, around.intake, around.clock, store::LogName::control, followed_.manifest,
                   followed_.agreement->witnesses),
      data_log_(transport, around.intake, around.clock, store::LogName::data, followed_.manifest,
                followed_.agreement->witnesses),
      applier_(transport, around.intake, around.control, terms_of(*followed_.agreement)),
      quota_(followed_.agreement->entries_per_hour, followed_.agreement->mib_per_hour, around.clock.now_us()),
      control_quota_(kControlEntriesPerHour, kControlMibPerHour, around.clock.now_us()),
      back_off_(around.random) {
  status_.name = followed_.name;
  status_.origin = followed_.manifest.origin();
  status_.state = State::following;
}

PeerStatus PeerFollower::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void PeerFollower::stop() {
  stopped_ = true;
  transport_.stop();
}

std::optional<std::chrono::milliseconds> PeerFollower::turn() {
  auto const wait = round_or_failure();
  if (!wait) return went_wrong(wait.error());
  went_well();
  return *wait;
}

// A request that makes the server fail is answered so, and the server goes on: likewise what a peer answers.
core::Result<std::chrono::milliseconds> PeerFollower::round_or_failure() {
  try {
    return round();
  } catch (std::exception const& error) {
    around_.log.error("peer.follower_failed", {{"peer", followed_.name}, {"exception", typeid(error).name()}});
    return core::fail(Code::internal, "The server failed at what the peer answered.");
  }
}

core::Result<std::chrono::milliseconds> PeerFollower::round() {
  if (followed_.manifest.expires_s <= static_cast<std::uint64_t>(around_.clock.now_us() / kSecond))
    return core::fail(Code::unprocessable, "The peer's manifest has expired.", "",
                      "Ask its operator for a newer one, for `tocsind peer accept`.");
  if (!origin_)
    if (auto done = read_origin(); !done) return std::unexpected(done.error());
  if (auto done = follow_control(); !done) return std::unexpected(done.error());
  if (auto done = look_at_data(); !done) return std::unexpected(done.error());
  return apply_data();
}

core::Result<void> PeerFollower::read_origin() {
  auto stored = around_.intake.origin(followed_.manifest.origin());
  if (!stored) return std::unexpected(stored.error());
  origin_ = *std::move(stored);
  show();
  return {};
}

core::Result<void> PeerFollower::follow_control() {
  bool behind = false, more = true;
  while (more) {
    auto const looked = control_log_.look(*origin_, std::nullopt);
    if (!looked) return std::unexpected(looked.error());
    more = looked->more;
    behind = behind || origin_->control.applied < origin_->control.size;
    if (auto done = apply_control(); !done) return done;
  }
  if (behind)  // what was restored may have the data log read again
    if (auto done = read_origin(); !done) return done;
  around_.applied(*origin_);
  acknowledge();
  return {};
}

core::Result<void> PeerFollower::apply_control() {
  while (origin_->control.applied < origin_->control.size) {
    if (control_quota_.entries(around_.clock.now_us()) == 0)
      return core::fail(Code::too_many_requests, "The peer's control log says more in an hour than is taken.", "",
                        "It is tried again. Ask its operator what it takes back so much of.");
    auto const step = applier_.control(*origin_);
    if (!step) return std::unexpected(step.error());
    control_quota_.take(std::max<std::uint64_t>(step->opened, 1), step->bytes);
    show();
  }
  return {};
}

// Nothing waits for it: the next round tries again.
void PeerFollower::acknowledge() {
  if (origin_->control.size == 0 || origin_->control.checkpoint.empty()) return;
  auto const told = around_.acknowledge(*origin_, transport_);
  auto const why = told ? std::string() : told.error().detail;
  std::lock_guard lock(mutex_);
  if (!why.empty() && why != status_.unacknowledged && !stopped_)
    around_.log.warning("peer.unacknowledged", {{"peer", followed_.name}, {"mistake", why}});
  status_.unacknowledged = why;
}

core::Result<void> PeerFollower::look_at_data() {
  std::optional<LogFollower::Wait> wait;
  if (settled_) wait = {origin_->control.size, kLongPoll};
  auto const began_us = around_.clock.now_us();
  auto const looked = data_log_.look(*origin_, wait);
  if (!looked) return std::unexpected(looked.error());
  auto const now_us = around_.clock.now_us();
  idle_ = wait && !looked->longer && now_us - began_us < std::chrono::microseconds(kLeastPoll).count();
  {
    std::lock_guard lock(mutex_);
    status_.verified_us = now_us;
    if (looked->cosigned_s) status_.fresh_us = std::max(status_.fresh_us, moment(*looked->cosigned_s, now_us));
  }
  show();
  return {};
}

core::Result<std::chrono::milliseconds> PeerFollower::apply_data() {
  state_ = State::following;
  settled_ = false;
  for (;;) {
    bool const behind = origin_->data.applied < origin_->data.size;
    auto const most = behind ? quota_.entries(around_.clock.now_us()) : log::kMostConsidered;
    if (most == 0) {
      state_ = State::waiting;
      return std::clamp(quota_.wait(), 1ms, kLongestPause);
    }
    auto const step = applier_.data(*origin_, most);
    if (!step) return std::unexpected(step.error());
    count(*step, behind);
    if (step->other_terms) {
      auto const now_us = around_.clock.now_us();
      if (begun_us_ && now_us - *begun_us_ < std::chrono::microseconds(kBetweenBeginnings).count())
        return kBetweenBeginnings;
      begun_us_ = now_us;
      if (auto begun = begin_again(); !begun) return std::unexpected(begun.error());
    } else if (step->control > origin_->control.applied) {
      if (auto done = follow_control(); !done) return std::unexpected(done.error());
      if (step->control > origin_->control.applied) return wait_for_control();
    } else if (origin_->data.applied >= origin_->data.size) {
      if (auto counted = recount(); !counted) return std::unexpected(counted.error());
      if (auto looked = look_for_gaps(); !looked) return std::unexpected(looked.error());
      around_.applied(*origin_);
      settled_ = true;
      control_missed_us_.reset();
      return idle_ ? kLeastPoll : 0ms;
    }
  }
}

// Each log is signed by itself: that of the data may be a moment ahead.
core::Result<std::chrono::milliseconds> PeerFollower::wait_for_control() {
  auto const now_us = around_.clock.now_us();
  if (!control_missed_us_) control_missed_us_ = now_us;
  if (now_us - *control_missed_us_ < std::chrono::microseconds(kControlIsLate).count()) return kControlComes;
  return core::fail(Code::log_inconsistent,
                    "An entry of the peer names more entries of its control log than that has.");
}

core::Result<void> PeerFollower::begin_again() {
  around_.log.info("peer.begun_again", {{"peer", followed_.name}});
  recount_ = true;
  return applier_.begin_again(*origin_);
}

// Entries that are read again are judged anew: only the store knows how many are refused now.
core::Result<void> PeerFollower::recount() {
  if (!std::exchange(recount_, false)) return {};
  auto const stored = around_.intake.origin(followed_.manifest.origin());
  if (!stored) return std::unexpected(stored.error());
  origin_->refused = stored->refused;
  return {};
}

// Withholding is told, and quarantines nobody: only a contradiction in what its key signed does.
core::Result<void> PeerFollower::look_for_gaps() {
  auto const found = around_.intake.completeness(origin_->row);
  if (!found) return std::unexpected(found.error());
  std::lock_guard lock(mutex_);
  auto const before = status_.withheld();
  status_.completeness = *found;
  metrics_.withheld.set(static_cast<std::int64_t>(found->flaws() + found->overdue));
  if (auto const now = status_.withheld(); now != before && !now.empty())
    around_.log.error("peer.withholds", {{"peer", followed_.name}, {"shown_by", now}});
  return {};
}

// Whatever comes of an answer, it counts as an entry: small ones that open nothing would be asked for without end.
void PeerFollower::count(OpeningsApplier::Step const& step, bool behind) {
  recount_ = recount_ || !step.refused.empty();
  if (behind || step.other_terms) quota_.take(std::max<std::uint64_t>(step.opened, 1), step.bytes);
  for (auto const& [code, number] : step.refused) {
    metrics_.refused.add(number);
    around_.log.warning("peer.refused",
                        {{"peer", followed_.name}, {"code", code}, {"entries", static_cast<std::int64_t>(number)}});
  }
  show();
}

void PeerFollower::went_well() {
  back_off_.succeeded();
  show();
  std::lock_guard lock(mutex_);
  if (!status_.error.empty()) around_.log.info("peer.followed_again", {{"peer", followed_.name}});
  status_.state = state_;
  status_.error.clear();
  status_.error_since_us = 0;
}

// What is stored is read again before the next attempt: nothing is taken to be there that was not said to be.
std::optional<std::chrono::milliseconds> PeerFollower::went_wrong(core::Error const& error) {
  settled_ = false;
  if (stopped_) return std::nullopt;
  metrics_.errors.add();
  {
    std::lock_guard lock(mutex_);
    auto const sentence = words(error);
    if (status_.error.empty()) status_.error_since_us = around_.clock.now_us();
    if (status_.error != sentence)
      around_.log.warning("peer.failed", {{"peer", followed_.name},
                                          {"code", core::row(error.code).code},
                                          {"mistake", error.detail},
                                          {"remedy", error.remedy}});
    status_.error = sentence;
    status_.state = State::backing_off;
  }
  report_contradiction(error.code);
  report_misrelayed();
  origin_.reset();
  return back_off_.failed();
}

// Who judges it may have this peer followed no more.
void PeerFollower::report_contradiction(core::Code verdict) {
  for (auto* log : {&data_log_, &control_log_})
    if (auto const shown = log->take_evidence()) around_.misbehaviour.report(followed_.manifest.origin(), *shown);
  auto const data = data_log_.take_contradiction(), control = control_log_.take_contradiction();
  if (data.empty() && control.empty()) return;
  around_.misbehaviour.report(followed_.manifest.origin(), verdict,
                              data.empty() ? origin_->control.checkpoint : origin_->data.checkpoint,
                              data.empty() ? control : data);
}

void PeerFollower::report_misrelayed() {
  auto entry = applier_.take_misrelayed();
  if (!entry) return;
  entry->found_us = around_.clock.now_us();
  around_.misrelayed(*std::move(entry));
}

void PeerFollower::show() {
  auto const now_us = around_.clock.now_us();
  std::lock_guard lock(mutex_);
  if (origin_) {
    status_.verified = origin_->data.size;
    status_.applied = origin_->data.applied;
    status_.control_verified = origin_->control.size;
    status_.control_applied = origin_->control.applied;
    status_.refused = origin_->refused;
    status_.verified_us = std::max(status_.verified_us, origin_->data.verified_us);
  }
  metrics_.verified.set(static_cast<std::int64_t>(status_.verified));
  metrics_.applied.set(static_cast<std::int64_t>(status_.applied));
  metrics_.lag.set(static_cast<std::int64_t>(status_.lag()));
  metrics_.verified_at.set(std::min(status_.verified_us, now_us) / kSecond);
  metrics_.fresh_at.set(status_.fresh_us / kSecond);
}

}  // namespace tocsin::federation
