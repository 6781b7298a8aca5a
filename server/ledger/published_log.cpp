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
    : logs_(std::move(logs)),
      name_(name),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      longer_(std::move(longer)),
      signer_(std::move(signer)) {
  if (auto note = signer_.again()) show(*std::move(note));
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
  if (!log::is_settled(tile, size))
    return core::fail(core::Code::not_found, "The log has no such tile.", "", "Ask for those of its checkpoint.");
  std::uint64_t const first = tile.index * log::kTileWidth;  // of level 0
  if (tile.kind == log::TilePath::Kind::entries) {
    auto entries = leaves.entries(name_, first, tile.width);
    if (!entries) return std::unexpected(entries.error());
    std::string bundle;
    for (auto const& entry : *entries) log::append_to_bundle(bundle, entry);
    return bundle;
  }
  if (tile.level == 0) return leaves.hashes(name_, first, tile.width);
  std::lock_guard lock(tiles_mutex_);
  if (log::is_settled(tile, tiles_.size())) return tiles_.tile(tile);
  return core::fail(core::Code::unavailable, "The server started, and still makes this tile.", "",
                    "Try again in a moment.");
}

void PublishedLog::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_for(lock, kFreshness, [this] { return stopping_ || grown_; });
    if (stopping_) break;
    grown_ = false;
    if (next_key_) signer_.use(*std::exchange(next_key_, std::nullopt));
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
  auto note = signed_now(stopped);
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

core::Result<std::string> PublishedLog::signed_now(bool stopped) {
  if (auto read = catch_up(); !read) return std::unexpected(read.error());
  LogState next{{signer_.origin(), range_.size(), range_.root()}, stopped, last_, {}};
  return signer_.sign(std::move(next), static_cast<std::uint64_t>(clock_.now_us() / 1'000'000));
}

core::Result<void> PublishedLog::catch_up() {
  auto read = logs_->visit_leaves(name_, range_.size(), [&](std::string_view bytes) {
    signer_.pass(range_);
    auto leaf = core::to_array<32>(bytes);
    if (!leaf) return false;
    range_.append(*leaf);
    last_ = leaf;
    std::lock_guard lock(tiles_mutex_);
    tiles_.append(*leaf);
    return true;
  });
  if (read) signer_.pass(range_);
  return read;
}

void PublishedLog::show(std::string note) {
  auto shown = std::make_shared<std::string const>(std::move(note));
  auto const& last = *signer_.last();
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
