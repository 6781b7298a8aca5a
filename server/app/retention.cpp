#include "server/app/retention.hpp"

#include <utility>

#include "server/ledger/retention.hpp"

namespace tocsin::app {
namespace {

// Commits wait for one batch at most, and have the rest of the time: a backlog takes a quarter of it.
constexpr std::chrono::milliseconds kBatch{25}, kPause{75};

}  // namespace

RetentionTimer::RetentionTimer(Layout layout, Instance& instance, std::chrono::seconds interval)
    : layout_(std::move(layout)),
      instance_(instance),
      interval_(interval),
      destroyed_(instance.metrics().counter("tocsin_retention_destroyed_total",
                                            "Versions that were destroyed because their time had come.")),
      overdue_(instance.metrics().gauge("tocsin_retention_overdue_seconds",
                                        "How long the first of what is due has been due; 0: nothing is.")) {
  thread_ = std::thread([this] { loop(); });
}

RetentionTimer::~RetentionTimer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RetentionTimer::loop() {
  do look();
  while (!stops_within(interval_));
}

bool RetentionTimer::stops_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, time, [this] { return stopping_; });
}

// What cannot be destroyed now is due at the next look.
void RetentionTimer::look() {
  auto done = destroy_due();
  if (done && to_forget_) {
    auto forgotten = instance_.forget_destroyed();
    if (forgotten) to_forget_ = !*forgotten;
    if (!forgotten) done = std::unexpected(forgotten.error());
  }
  if (done) return;
  instance_.log().error("retention.failed",
                        {{"code", core::row(done.error().code).code}, {"mistake", done.error().detail}});
}

core::Result<void> RetentionTimer::destroy_due() {
  auto const& context = instance_.context();
  auto const rules = ledger::rules_at(context.settings.retention, context.clock.now_us());
  auto due = is_due(rules);
  if (!due) return std::unexpected(due.error());
  if (!*due) return {};
  auto const data = instance_.data_log();
  if (!data) return std::unexpected(data.error());
  std::int64_t versions = 0;
  for (bool complete = false; !complete;) {
    store::RetentionBatch const batch{.end = std::chrono::steady_clock::now() + kBatch};
    auto destroyed = instance_.destroy(layout_, rules, batch, *data);
    if (!destroyed) return std::unexpected(destroyed.error());
    to_forget_ = true;
    destroyed_.add(destroyed->erased.versions);
    versions += static_cast<std::int64_t>(destroyed->erased.versions);
    complete = destroyed->complete || stops_within(kPause);
  }
  instance_.log().info("retention.done", {{"versions", versions}});
  if (auto left = is_due(rules); !left) return std::unexpected(left.error());
  return {};
}

core::Result<bool> RetentionTimer::is_due(std::vector<store::RetentionRule> const& rules) {
  auto reader = instance_.open_reader();
  if (!reader) return std::unexpected(reader.error());
  auto due = (*reader)->retention().due(rules);
  if (!due) return std::unexpected(due.error());
  overdue_.set(ledger::overdue_us(rules, *due) / 1'000'000);
  for (auto const& one : *due)
    if (one.versions > 0) return true;
  return false;
}

}  // namespace tocsin::app
