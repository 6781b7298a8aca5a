// Records what was read: gathers it in memory and hands it to the commit thread, at most a second later. What cannot
// be stored then goes to a file made beforehand, and what does not fit there leaves a gap entry with its number. Owned
// by app, inside the group commit's life; `record` from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/ledger/group_commit.hpp"
#include "server/ledger/read_ranges.hpp"
#include "server/ledger/spill.hpp"
#include "server/store/audit_store.hpp"

namespace tocsin::ledger {

struct ReadAuditOptions {
  core::Digest filter_key{};
  std::filesystem::path spill;
  std::size_t spill_bytes = 1u << 20;
  std::chrono::milliseconds interval{500};
  std::chrono::milliseconds patience{2'000};  // how long a batch may take to be stored
};

class ReadAudit {
 public:
  using Done = std::function<void(core::Result<void>)>;

  ReadAudit(GroupCommit& ledger, store::AuditStore& audit, base::Clock const& clock, ReadAuditOptions const& options,
            base::Log& log, base::Metrics& metrics);
  ~ReadAudit();  // records what waits, for as long as its patience lasts

  void record(ReadNote const& note);

  // Before anything is shown: `done` is called exactly once, on a thread of this class, when the entry is on disk.
  // Error: unavailable, when it could not be stored; then nothing may be shown.
  void record(ReadNote const& note, Done done);

  // Returns when what was recorded before is stored, spilled or lost. Any thread but the commit thread.
  void flush();

 private:
  struct Waiting {
    store::AuditEntry entry;
    Done done;
  };
  struct Batch;

  void loop();
  void step(std::vector<Waiting> waiting);
  [[nodiscard]] bool settle();  // false: an earlier batch is still under way
  void finish(Batch const& batch);
  void keep(std::vector<RecordedReads> const& reads);
  void refuse(std::vector<Waiting>& waiting);
  void lose(std::uint64_t requests);
  void report(core::Result<void> const& stored);

  GroupCommit& ledger_;
  store::AuditStore& audit_;
  base::Clock const& clock_;
  base::Log& log_;
  std::chrono::milliseconds const interval_, patience_;
  base::Counter& lost_total_;
  base::Counter& refused_total_;
  base::Gauge& waiting_gauge_;
  base::Gauge& spilled_gauge_;
  ReadRanges ranges_;

  // Of the thread.
  Spill spill_;
  std::shared_ptr<Batch> under_way_;  // that took longer than the patience
  bool failing_ = false;

  std::atomic<std::uint64_t> lost_{0};  // requests, not yet told by a gap entry

  std::mutex mutex_;
  std::condition_variable wake_, stepped_;
  // Guarded by mutex_.
  std::vector<Waiting> waiting_;
  std::uint64_t steps_wanted_ = 0, steps_done_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace tocsin::ledger
