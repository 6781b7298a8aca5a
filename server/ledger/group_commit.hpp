// The only writer: one thread that gathers what many submitters wait for and commits it together, in fair turns. Owned
// by app. `submit` and `perform` from any thread; answers arrive on the commit thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/ledger/generations.hpp"
#include "server/store/commit_store.hpp"

namespace tocsin::ledger {

struct Submission {
  store::RowId asserter = 0;  // whose turn it takes
  store::RowId collection = 0;
  std::vector<store::Candidate> candidates;
  store::SubmissionRecord record;
  store::Actor by{};             // who submitted, for the audit trail
  store::Answering answering{};  // given all fates, or those of the whole submission: what to keep of the answer
  bool moderated = false;        // as CommitPart has it
};

struct Receipt {
  std::vector<store::Candidate> candidates;  // given back, in order
  std::vector<store::Fate> fates;            // one a candidate
  store::SubmissionRecord record;            // as stored
};

struct CommitLimits {
  std::size_t objects = 256;               // in one transaction
  std::size_t turn = 64;                   // of one submitter before the next one's turn
  std::size_t waiting_bytes = 256u << 20;  // beyond it submissions are refused
  std::int64_t interval_us = 20'000;       // what a transaction may take: its objects are as many as fit
  std::int64_t checkpoint_pages = 1'024;
  std::int64_t free_space_bytes = 0;  // below it nothing is written
  std::int64_t lead_us = 1'000'000;   // how far date_added may run ahead of the clock
};

class GroupCommit {
 public:
  using Done = std::function<void(core::Result<Receipt>)>;
  // Called after each commit, before anyone is answered.
  using Observer = std::function<void(store::CommitOutcome const&)>;

  GroupCommit(store::CommitStore& commits, store::CommitRules const& rules, base::Clock const& clock,
              CommitLimits limits, std::filesystem::path directory, Generations& generations, Observer observer,
              base::Log& log, base::Metrics& metrics);
  ~GroupCommit();  // commits what waits, for five seconds at most, then ends

  // `done` is called exactly once. Errors: unavailable (queue full, or stopping), storage_full, storage_failed. An
  // error after the first turn of a large submission leaves the earlier objects stored, and its sentence says how many;
  // sending it again finds them unchanged.
  void submit(Submission submission, Done done);

  // Several submissions in one transaction of their own, in this order: all of their candidates are stored, or when one
  // is refused none, and the last fate tells why. It is as long as they are: the caller bounds them. `done` is called
  // exactly once. Errors: storage_full, storage_failed.
  using DoneWhole = std::function<void(core::Result<std::vector<Receipt>>)>;
  void submit_whole(std::vector<Submission> submissions, DoneWhole done);

  // What an origin logged, in a transaction of its own: the caller bounds it. `done` is called exactly once, with a
  // fate for each object. Errors: those of CommitStore::deliver.
  using DoneDelivery = std::function<void(core::Result<std::vector<store::Fate>>)>;
  void deliver(store::Delivery delivery, DoneDelivery done);

  // Whether the disk has more than its reserve, for what a job is about to write. Commit thread. Error: storage_full.
  [[nodiscard]] core::Result<void> room_to_write();

  // From the next transaction on.
  void set_limits(CommitLimits const& limits);

  // Runs a job on the commit thread, between transactions, and waits for it. Changes of accounts and publications go
  // this way.
  void perform(std::function<void()> job);

  // The same without waiting. The job must not throw; it is run even when the server is stopping.
  void post(std::function<void()> job);

 private:
  struct Waiting {
    Submission submission;
    Done done;
    std::vector<store::Fate> fates;  // of the candidates committed so far
    std::size_t bytes = 0;
  };
  struct Turn {
    Waiting* waiting;
    std::size_t first, count;
  };

  using Lane = std::deque<std::unique_ptr<Waiting>>;  // of a submitter; its front is under way

  static bool is_bell(Lane const& lane);
  static store::Answering answering_of(Waiting const& waiting);
  void loop();
  std::vector<Turn> gather();
  void commit(std::vector<Turn> const& turns);
  bool attempt(std::span<Turn const> turns);
  core::Result<std::vector<Receipt>> commit_whole(std::vector<Submission>& submissions);
  core::Result<std::vector<store::Fate>> take(store::Delivery const& delivery);
  void finish(Waiting& waiting, core::Result<void> result);
  void publish(store::CommitOutcome const& outcome, std::span<Turn const> turns);
  void adapt(std::span<Turn const> turns, std::chrono::steady_clock::duration took);
  void wait_for_clock(std::int64_t last_date_added_us);

  store::CommitStore& commits_;
  store::CommitRules const& rules_;
  base::Clock const& clock_;
  CommitLimits limits_;  // changed on the commit thread under mutex_
  std::filesystem::path const directory_;
  Generations& generations_;
  Observer const observer_;
  base::Log& log_;
  base::Counter& commits_total_;
  base::Counter& objects_total_;
  base::Counter& failures_total_;
  base::Histogram& seconds_;
  base::Gauge& waiting_objects_;
  base::Gauge& lead_;
  std::size_t batch_;                                   // objects of the next transaction; commit thread
  double object_us_ = 0;                                // what one took lately, with its part of the fsync; likewise
  bool bells_alone_ = false;                            // in the latest transaction; commit thread
  std::chrono::steady_clock::time_point bell_heard_{};  // beside a stock; commit thread
  std::int64_t latest_date_us_ = 0;                     // date_added of the latest commit, 0 before; commit thread

  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  std::map<store::RowId, Lane> lanes_;
  std::deque<std::function<void()>> jobs_;
  std::size_t waiting_bytes_ = 0;
  std::map<store::RowId, std::size_t> lane_bytes_;
  store::RowId next_lane_ = 0;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_by_{};

  std::thread thread_;
};

}  // namespace tocsin::ledger
