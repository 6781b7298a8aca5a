#include "server/ledger/read_audit.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace tocsin::ledger {

// What one transaction is to store. The commit thread and the recorder meet in it.
struct ReadAudit::Batch {
  std::vector<store::AuditEntry> entries;
  // Of the entries: how many the spill file holds already, and those not to be forgotten when storing fails.
  std::size_t spilled = 0;
  std::vector<RecordedReads> reads;
  std::uint64_t lost = 0;  // told by a gap entry

  std::mutex mutex;
  std::condition_variable settled;
  bool begun = false, cancelled = false;
  std::optional<core::Result<void>> stored;

  void run(store::AuditStore& audit) {
    {
      std::lock_guard lock(mutex);
      if (cancelled) return;
      begun = true;
    }
    auto result = audit.append(entries);
    std::lock_guard lock(mutex);
    stored = std::move(result);
    settled.notify_all();
  }

  // The result, when it comes in time. Without one the batch is called off, unless it has begun.
  [[nodiscard]] std::optional<core::Result<void>> wait(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex);
    if (settled.wait_for(lock, patience, [this] { return stored.has_value(); })) return stored;
    if (begun) return std::nullopt;
    cancelled = true;
    return core::fail(core::Code::unavailable, "The commit thread is busy.");
  }
};

ReadAudit::ReadAudit(GroupCommit& ledger, store::AuditStore& audit, base::Clock const& clock,
                     ReadAuditOptions const& options, base::Log& log, base::Metrics& metrics)
    : ledger_(ledger),
      audit_(audit),
      clock_(clock),
      log_(log),
      interval_(options.interval),
      patience_(options.patience),
      lost_total_(metrics.counter("tocsin_audit_reads_lost_total", "Reads that the audit trail knows only by number.")),
      refused_total_(metrics.counter("tocsin_audit_reads_refused_total",
                                     "Reads that were refused because they could not be recorded first.")),
      waiting_gauge_(metrics.gauge("tocsin_audit_reads_waiting", "Reads that wait for their record.")),
      spilled_gauge_(metrics.gauge("tocsin_audit_spilled_entries", "Entries in the spill file.")),
      ranges_(options.filter_key),
      spill_(options.spill, options.spill_bytes),
      thread_([this] { loop(); }) {
  if (spill_.capacity() == 0) log_.warning("audit.no_spill_file");
}

ReadAudit::~ReadAudit() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ReadAudit::record(ReadNote const& note) {
  if (!ranges_.add(note, clock_.now_us())) lose(1);
}

void ReadAudit::record(ReadNote const& note, Done done) {
  Waiting waiting{ranges_.entry_of(note, clock_.now_us()).entry, std::move(done)};
  waiting_gauge_.add(1);
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(waiting));
  }
  wake_.notify_one();
}

void ReadAudit::flush() {
  std::unique_lock lock(mutex_);
  std::uint64_t wanted = ++steps_wanted_;
  wake_.notify_one();
  stepped_.wait(lock, [&] { return steps_done_ >= wanted; });
}

void ReadAudit::loop() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    wake_.wait_for(lock, interval_, [this] { return stopping_ || !waiting_.empty() || steps_wanted_ > steps_done_; });
    last = stopping_;
    auto waiting = std::exchange(waiting_, {});
    std::uint64_t wanted = steps_wanted_;
    lock.unlock();
    step(std::move(waiting));
    lock.lock();
    steps_done_ = wanted;
    stepped_.notify_all();
  }
}

void ReadAudit::step(std::vector<Waiting> waiting) {
  auto reads = ranges_.take();
  if (!settle()) {
    keep(reads);
    refuse(waiting);
    return;
  }
  auto batch = std::make_shared<Batch>();
  batch->entries = spill_.read();
  batch->spilled = batch->entries.size();
  batch->lost = lost_.load();
  if (batch->lost > 0)
    batch->entries.push_back(store::audit_entry("read.gap", clock_.now_us(), {}, {{"requests", batch->lost}}));
  for (auto const& each : reads) batch->entries.push_back(each.entry);
  for (auto const& each : waiting) batch->entries.push_back(each.entry);
  batch->reads = std::move(reads);
  if (batch->entries.empty()) return;
  ledger_.post([batch, &audit = audit_] { batch->run(audit); });
  auto stored = batch->wait(patience_);
  if (!stored) {
    under_way_ = batch;
    report(core::fail(core::Code::unavailable, "The commit thread is busy."));
    refuse(waiting);
    return;
  }
  finish(*batch);
  if (!*stored) {
    refuse(waiting);
    return;
  }
  waiting_gauge_.add(-static_cast<std::int64_t>(waiting.size()));
  for (auto& each : waiting) each.done({});
}

bool ReadAudit::settle() {
  if (under_way_ == nullptr) return true;
  {
    std::lock_guard lock(under_way_->mutex);
    if (!under_way_->stored) return false;
  }
  finish(*std::exchange(under_way_, nullptr));
  return true;
}

// What became of a batch that was stored, or will not be.
void ReadAudit::finish(Batch const& batch) {
  bool stored = batch.stored.has_value() && batch.stored->has_value();
  report(stored ? core::Result<void>{}
                : batch.stored.value_or(core::fail(core::Code::unavailable, "The commit thread is busy.")));
  if (!stored) {
    keep(batch.reads);
    return;
  }
  lost_ -= batch.lost;
  spill_.drop(batch.spilled);  // others may have come while it was under way
  spilled_gauge_.set(static_cast<std::int64_t>(spill_.read().size()));
}

// Reads that were answered and are not stored: into the file, or at least their number.
void ReadAudit::keep(std::vector<RecordedReads> const& reads) {
  std::vector<store::AuditEntry> entries;
  for (auto const& each : reads) entries.push_back(each.entry);
  if (reads.empty() || spill_.append(entries)) {
    spilled_gauge_.add(static_cast<std::int64_t>(reads.size()));
    return;
  }
  for (auto const& each : reads)
    if (spill_.append({&each.entry, 1}))
      spilled_gauge_.add(1);
    else
      lose(each.requests);
}

void ReadAudit::refuse(std::vector<Waiting>& waiting) {
  waiting_gauge_.add(-static_cast<std::int64_t>(waiting.size()));
  refused_total_.add(waiting.size());
  for (auto& each : waiting)
    each.done(core::fail(core::Code::unavailable, "This read cannot be recorded now, so that nothing is shown.", "",
                         "Try again in a moment."));
}

void ReadAudit::lose(std::uint64_t requests) {
  lost_ += requests;
  lost_total_.add(requests);
}

void ReadAudit::report(core::Result<void> const& stored) {
  if (failing_ == !stored.has_value()) return;
  failing_ = !stored.has_value();
  if (failing_)
    log_.error("audit.reads_not_stored", {{"code", core::row(stored.error().code).code}});
  else
    log_.info("audit.reads_stored_again");
}

}  // namespace tocsin::ledger
