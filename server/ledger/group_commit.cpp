#include "server/ledger/group_commit.hpp"

#include <sys/statvfs.h>
#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

namespace tocsin::ledger {
namespace {

std::size_t size_of(Submission const& submission) {
  std::size_t bytes = 0;
  for (auto const& candidate : submission.candidates) bytes += candidate.bytes.size() + sizeof(candidate);
  return bytes;
}

// The turns of a large submission that were committed stay stored, whatever becomes of the next one.
core::Error with_progress(core::Error error, std::span<store::Fate const> fates) {
  auto stored =
      std::ranges::count_if(fates, [](auto const& fate) { return fate.kind != store::Verdict::Kind::refuse; });
  if (stored > 0)
    error.detail += " Before that, " + std::to_string(stored) +
                    " objects of this submission were stored; sending it again does not store them twice.";
  return error;
}

// Objects of a submitter who rings a bell rather than loads a stock. A transaction may always have as many; one of
// fewer says little of what an object costs.
constexpr std::int64_t kLongestWaitUs = 50'000;  // for the clock
constexpr std::size_t kBell = 16;
// No submitter fills more of the queue than this part of it, but for one submission.
constexpr std::size_t kLaneShare = 4;
// How long a stopping server goes on storing what waits; the rest is refused, and its submitters send it again.
constexpr std::chrono::seconds kStopping{5};
// Who rang lately may ring again: transactions take this part of their time, for so long.
constexpr int kRingingPart = 10;
constexpr std::chrono::seconds kRinging{2};
// How much of the latest transaction is in the running mean of an object's cost.
constexpr double kLatest = 0.2;

core::Error stopping() {
  return {core::Code::unavailable, "The server is stopping.", "", "Send the same submission again in a moment."};
}

}  // namespace

GroupCommit::GroupCommit(store::CommitStore& commits, store::CommitRules const& rules, base::Clock const& clock,
                         CommitLimits limits, std::filesystem::path directory, Generations& generations,
                         Observer observer, base::Log& log, base::Metrics& metrics)
    : commits_(commits),
      rules_(rules),
      clock_(clock),
      limits_(limits),
      directory_(std::move(directory)),
      generations_(generations),
      observer_(std::move(observer)),
      log_(log),
      commits_total_(metrics.counter("tocsin_commits_total", "Transactions that stored submissions.")),
      objects_total_(metrics.counter("tocsin_commit_objects_total", "Objects whose fate a transaction decided.")),
      failures_total_(metrics.counter("tocsin_commit_failures_total", "Transactions that failed.")),
      seconds_(metrics.histogram("tocsin_commit_seconds", "Duration of a transaction, with its fsync.")),
      waiting_objects_(metrics.gauge("tocsin_commit_waiting_objects", "Objects that wait for their transaction.")),
      lead_(metrics.gauge("tocsin_date_added_lead_microseconds", "How far date_added runs ahead of the clock.")),
      batch_(limits_.objects),
      thread_([this] { loop(); }) {}

GroupCommit::~GroupCommit() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    stop_by_ = std::chrono::steady_clock::now() + kStopping;
  }
  wake_.notify_all();
  thread_.join();
}

void GroupCommit::submit(Submission submission, Done done) {
  auto waiting = std::make_unique<Waiting>(std::move(submission), std::move(done), std::vector<store::Fate>{}, 0);
  waiting->bytes = size_of(waiting->submission);
  core::Error refusal;
  {
    std::lock_guard lock(mutex_);
    std::size_t& lane_bytes = lane_bytes_[waiting->submission.asserter];
    bool share = lane_bytes == 0 || lane_bytes + waiting->bytes <= limits_.waiting_bytes / kLaneShare;
    bool room = waiting_bytes_ + waiting->bytes <= limits_.waiting_bytes && share;
    if (!stopping_ && room) {
      waiting_bytes_ += waiting->bytes;
      lane_bytes += waiting->bytes;
      waiting_objects_.add(static_cast<std::int64_t>(waiting->submission.candidates.size()));
      lanes_[waiting->submission.asserter].push_back(std::move(waiting));
      wake_.notify_one();
      return;
    }
    refusal = stopping_ ? stopping()
                        : core::Error{core::Code::unavailable, "Too many submissions wait to be stored.", "",
                                      "Send the same submission again in a moment."};
  }
  waiting->done(std::unexpected(std::move(refusal)));
}

void GroupCommit::set_limits(CommitLimits const& limits) {
  perform([&] {
    std::lock_guard lock(mutex_);
    limits_ = limits;
    batch_ = limits.objects;
  });
}

void GroupCommit::perform(std::function<void()> job) {
  std::promise<void> finished;
  post([&] {
    try {
      job();
      finished.set_value();
    } catch (...) {
      finished.set_exception(std::current_exception());
    }
  });
  finished.get_future().get();
}

void GroupCommit::post(std::function<void()> job) {
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void GroupCommit::loop() {
  bool job_was_last = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty() || !lanes_.empty(); });
    // In turns: neither many jobs nor a load of submissions keeps the other waiting.
    if (!jobs_.empty() && (lanes_.empty() || !job_was_last)) {
      job_was_last = true;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      commits_.checkpoint(limits_.checkpoint_pages);
      lock.lock();
      continue;
    }
    if (lanes_.empty()) return;  // stopping, and nothing waits
    job_was_last = false;
    if (stopping_ && std::chrono::steady_clock::now() > stop_by_) {
      Waiting& waiting = *lanes_.begin()->second.front();
      lock.unlock();
      finish(waiting, std::unexpected(stopping()));
      lock.lock();
      continue;
    }
    auto turns = gather();
    lock.unlock();
    commit(turns);
    lock.lock();
  }
}

bool GroupCommit::is_bell(Lane const& lane) {
  std::size_t objects = 0;
  for (auto at = lane.begin(); at != lane.end() && objects <= kBell; ++at)
    objects += (*at)->submission.candidates.size() - (*at)->fates.size();
  return objects <= kBell;
}

// Turns of at most limits_.turn objects, lane after lane, beginning with the lane after the one that came last. While
// somebody loads a stock, every other transaction is for bells alone: theirs is over in a moment.
std::vector<GroupCommit::Turn> GroupCommit::gather() {
  auto bells =
      static_cast<std::size_t>(std::ranges::count_if(lanes_, [](auto const& lane) { return is_bell(lane.second); }));
  bool both = bells > 0 && bells < lanes_.size();
  if (both) bell_heard_ = std::chrono::steady_clock::now();
  bells_alone_ = both && !bells_alone_;
  std::vector<Turn> turns;
  std::size_t objects = 0;
  std::map<store::RowId, std::pair<std::size_t, std::size_t>> at;  // lane → submission, candidate
  bool progress = true;
  while (objects < batch_ && progress) {
    progress = false;
    auto lane = lanes_.upper_bound(next_lane_);
    for (std::size_t i = 0; i < lanes_.size() && objects < batch_; ++i) {
      if (lane == lanes_.end()) lane = lanes_.begin();
      auto& [submission, candidate] = at[lane->first];
      if (submission < lane->second.size() && (!bells_alone_ || is_bell(lane->second))) {
        Waiting* waiting = lane->second[submission].get();
        if (candidate == 0 && submission == 0) candidate = waiting->fates.size();
        std::size_t left = waiting->submission.candidates.size() - candidate;
        std::size_t count = std::min({left, limits_.turn, batch_ - objects});
        if (!turns.empty() && turns.back().waiting == waiting)
          turns.back().count += count;
        else
          turns.push_back({waiting, candidate, count});
        // Submissions without an acceptable object count too, so that a transaction stays short.
        objects += std::max<std::size_t>(count, 1);
        candidate += count;
        if (count == left) {
          ++submission;
          candidate = 0;
        }
        next_lane_ = lane->first;
        progress = true;
      }
      ++lane;
    }
  }
  return turns;
}

void GroupCommit::commit(std::vector<Turn> const& turns) {
  // A lane's turns may have been split by other lanes': the store wants each submission's candidates once and in order.
  std::vector<Turn> merged;
  for (Turn const& turn : turns) {
    auto same = std::ranges::find(merged, turn.waiting, &Turn::waiting);
    if (same != merged.end())
      same->count += turn.count;
    else
      merged.push_back(turn);
  }
  if (attempt(merged) || merged.size() == 1) return;
  // One submission may have spoiled the transaction for the others: each alone then.
  for (Turn const& turn : merged) (void)attempt({&turn, 1});
}

bool GroupCommit::attempt(std::span<Turn const> turns) {
  std::vector<store::CommitPart> parts;
  for (Turn const& turn : turns) {
    Submission& submission = turn.waiting->submission;
    bool last = turn.first + turn.count == submission.candidates.size();
    parts.push_back({submission.collection, std::span(submission.candidates).subspan(turn.first, turn.count),
                     &submission.record, last, submission.by});
    parts.back().moderated = submission.moderated;
    if (last && submission.answering) parts.back().answering = answering_of(*turn.waiting);
  }
  auto started = std::chrono::steady_clock::now();
  core::Result<store::CommitOutcome> outcome;
  if (auto room = room_to_write(); room)
    outcome = commits_.commit(parts, rules_, clock_.now_us());
  else
    outcome = std::unexpected(room.error());
  if (!outcome) {
    failures_total_.add();
    log_.error("commit.failed", {{"code", core::row(outcome.error().code).code},
                                 {"submissions", static_cast<std::int64_t>(turns.size())}});
    if (turns.size() == 1) finish(*turns[0].waiting, std::unexpected(outcome.error()));
    return false;
  }
  auto took = std::chrono::steady_clock::now() - started;
  seconds_.observe(std::chrono::duration<double>(took).count());
  adapt(turns, took);
  publish(*outcome, turns);
  commits_.checkpoint(limits_.checkpoint_pages);
  wait_for_clock(outcome->last_date_added_us);
  return true;
}

// The fates of earlier turns come before those of the last.
store::Answering GroupCommit::answering_of(Waiting const& waiting) {
  return [&waiting](std::span<store::Fate const> latest) {
    auto all = waiting.fates;
    all.insert(all.end(), latest.begin(), latest.end());
    return waiting.submission.answering(all);
  };
}

void GroupCommit::publish(store::CommitOutcome const& outcome, std::span<Turn const> turns) {
  for (std::int64_t sequence : outcome.touched_sequences) generations_.touch(sequence);
  for (Turn const& turn : turns) generations_.grow(turn.waiting->submission.collection);
  observer_(outcome);
  commits_total_.add();
  for (std::size_t i = 0; i < turns.size(); ++i) {
    Waiting& waiting = *turns[i].waiting;
    objects_total_.add(outcome.fates[i].size());
    waiting.fates.insert(waiting.fates.end(), outcome.fates[i].begin(), outcome.fates[i].end());
    if (waiting.fates.size() == waiting.submission.candidates.size()) finish(waiting, {});
  }
}

void GroupCommit::finish(Waiting& waiting, core::Result<void> result) {
  std::unique_ptr<Waiting> owned;
  {
    std::lock_guard lock(mutex_);
    waiting_bytes_ -= waiting.bytes;
    lane_bytes_[waiting.submission.asserter] -= waiting.bytes;
    waiting_objects_.add(-static_cast<std::int64_t>(waiting.submission.candidates.size()));
    auto lane = lanes_.find(waiting.submission.asserter);
    auto at = std::ranges::find(lane->second, &waiting, &std::unique_ptr<Waiting>::get);
    owned = std::move(*at);
    lane->second.erase(at);
    if (lane->second.empty()) lanes_.erase(lane);
  }
  owned->submission.answering = nullptr;  // and what it holds, before anybody is answered
  if (!result) return owned->done(std::unexpected(with_progress(result.error(), owned->fates)));
  owned->done(
      Receipt{std::move(owned->submission.candidates), std::move(owned->fates), std::move(owned->submission.record)});
}

core::Result<void> GroupCommit::room_to_write() {
  if (limits_.free_space_bytes == 0) return {};
  struct statvfs disk{};
  if (::statvfs(directory_.c_str(), &disk) != 0) return {};
  auto free = static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  if (free >= limits_.free_space_bytes) return {};
  return core::fail(core::Code::storage_full,
                    "The disk that holds the database is nearly full; nothing more is stored.", "",
                    "Try again later; the operator has to make room.");
}

// Short transactions keep a lone submission's wait short while another organisation loads a million objects.
void GroupCommit::adapt(std::span<Turn const> turns, std::chrono::steady_clock::duration took) {
  std::size_t objects = 0;
  for (Turn const& turn : turns) objects += turn.count;
  if (objects >= kBell) {
    double latest = std::chrono::duration<double, std::micro>(took).count() / static_cast<double>(objects);
    object_us_ = object_us_ == 0 ? latest : object_us_ + kLatest * (latest - object_us_);
  }
  if (object_us_ == 0) return;
  bool ringing = std::chrono::steady_clock::now() - bell_heard_ < kRinging;
  auto goal = static_cast<double>(ringing ? limits_.interval_us / kRingingPart : limits_.interval_us);
  double fitting = std::max(goal / object_us_, static_cast<double>(kBell));
  batch_ = static_cast<std::size_t>(std::min(fitting, static_cast<double>(limits_.objects)));
}

// A load that dates cannot keep up with is slowed down to them. A clock that was put back is not waited for, however
// far: no wait is longer than what the commit added to the lead, nor than a moment, for the clock may have been put
// back since the commit looked at it.
void GroupCommit::wait_for_clock(std::int64_t last_date_added_us) {
  std::int64_t lead = std::max<std::int64_t>(0, last_date_added_us - clock_.now_us());
  lead_.set(lead);
  std::int64_t before = std::exchange(latest_date_us_, last_date_added_us);
  if (lead <= limits_.lead_us || before == 0) return;
  auto added = std::max<std::int64_t>(0, last_date_added_us - before);
  std::this_thread::sleep_for(std::chrono::microseconds(std::min({lead - limits_.lead_us, added, kLongestWaitUs})));
}

}  // namespace tocsin::ledger
