#include "server/ledger/published_log.hpp"

#include <utility>

namespace tocsin::ledger {
namespace {

using namespace std::chrono_literals;
constexpr auto kInterval = 250ms;
constexpr auto kFreshness = 8s;  // the promise is ten
constexpr auto kLate = 10s;

std::string label_of(std::string_view log) { return "log=\"" + std::string(log) + "\""; }

}  // namespace

LogMetrics::LogMetrics(base::Metrics& metrics, std::string_view log)
    : size(metrics.gauge("tocsin_log_size", "Leaves under the newest signed checkpoint", label_of(log))),
      cosigned(metrics.gauge("tocsin_log_cosigned_seconds", "When the newest checkpoint was cosigned, in POSIX time",
                             label_of(log))),
      unsigned_(
          metrics.gauge("tocsin_log_unsigned", "1: the latest attempt to sign a checkpoint failed", label_of(log))),
      checkpoints(metrics.counter("tocsin_log_checkpoints_total", "Checkpoints that were signed", label_of(log))) {}

PublishedLog::PublishedLog(std::unique_ptr<store::LogStore> logs, store::LogName name, LogSigner signer,
                           base::Clock const& clock, base::Log& log, LogMetrics metrics, std::function<void()> longer)
    : name_(name),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      longer_(std::move(longer)),
      integrator_(std::move(logs), name, std::move(signer)) {
  if (auto note = integrator_.again()) show(*std::move(note));
  thread_ = std::thread([this] { loop(); });
}

PublishedLog::~PublishedLog() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PublishedLog::grown() {
  {
    std::lock_guard lock(mutex_);
    if (!std::exchange(owed_, true)) owed_since_ = std::chrono::steady_clock::now();
    if (std::exchange(grown_, true)) return;
  }
  wake_.notify_all();
}

void PublishedLog::use(log::SignerKey key) {
  {
    std::lock_guard lock(mutex_);
    next_key_ = std::move(key);
  }
  grown();
}

std::shared_ptr<std::string const> PublishedLog::checkpoint() const {
  std::lock_guard lock(mutex_);
  return checkpoint_;
}

std::uint64_t PublishedLog::size() const {
  std::lock_guard lock(mutex_);
  return size_;
}

bool PublishedLog::is_late() const {
  std::lock_guard lock(mutex_);
  return owed_ && std::chrono::steady_clock::now() - owed_since_ > kLate;
}

core::Result<std::string> PublishedLog::tile(store::LeafReader& leaves, log::TilePath const& tile) const {
  std::uint64_t size = 0;
  {
    std::lock_guard lock(mutex_);
    size = size_;
  }
  return integrator_.tile(leaves, tile, size);
}

void PublishedLog::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_for(lock, kFreshness, [this] { return stopping_ || grown_; });
    if (stopping_) break;
    grown_ = false;
    if (next_key_) integrator_.use(*std::exchange(next_key_, std::nullopt));
    lock.unlock();
    bool const done = publish(false);
    lock.lock();
    // What failed is tried again, though nothing more may be appended for long. What came meanwhile is owed from now.
    if (done) owed_ = grown_;
    if (done && grown_) owed_since_ = std::chrono::steady_clock::now();
    if (!done) grown_ = true;
    wake_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
  lock.unlock();
  (void)publish(true);
}

bool PublishedLog::publish(bool stopped) {
  auto note = integrator_.sign(stopped, static_cast<std::uint64_t>(clock_.now_us() / 1'000'000));
  metrics_.unsigned_.set(note ? 0 : 1);
  if (note) {
    failed_ = false;
    show(*std::move(note));
    metrics_.checkpoints.add();
  } else if (!std::exchange(failed_, true)) {
    tell(note.error());
  }
  return note.has_value();
}

void PublishedLog::show(std::string note) {
  auto shown = std::make_shared<std::string const>(std::move(note));
  auto const& last = *integrator_.last();
  metrics_.size.set(static_cast<std::int64_t>(last.log.size));
  if (last.time_s) metrics_.cosigned.set(static_cast<std::int64_t>(*last.time_s));
  std::uint64_t before = 0;
  {
    std::lock_guard lock(mutex_);
    checkpoint_ = std::move(shown);
    before = std::exchange(size_, last.log.size);
  }
  if (longer_ && last.log.size > before) longer_();
}

void PublishedLog::tell(core::Error const& error) {
  bool const refused = error.code == core::Code::log_inconsistent;
  log_.error(refused ? "log.not_signed" : "log-state.failed",
             {{"log", name_ == store::LogName::data ? "data" : "control"},
              {"mistake", error.detail},
              {"remedy", error.remedy}});
}

}  // namespace tocsin::ledger
