#include "server/ledger/log_state.hpp"

#include <chrono>
#include <utility>

#include "server/base/files.hpp"

namespace tocsin::ledger {
namespace {

constexpr std::chrono::milliseconds kInterval{250};
constexpr std::string_view kRunning = "running\n", kStopped = "stopped\n", kLast = "last ";

// Takes the line of the last leaf off the end of `text`, if there is one.
core::Result<std::optional<core::Digest>> take_last(std::string_view& text) {
  if (!text.ends_with('\n')) return std::nullopt;
  auto line = text.substr(0, text.size() - 1);
  auto const begin = line.rfind('\n') + 1;
  line.remove_prefix(begin);
  if (!line.starts_with(kLast)) return std::nullopt;
  auto const bytes = core::from_base64(line.substr(kLast.size()));
  auto const leaf = bytes ? core::to_array<32>(*bytes) : std::nullopt;
  if (!leaf) return core::fail(core::Code::checkpoint_malformed, "The line `last` is not the hash of a leaf.");
  text = text.substr(0, begin);
  return leaf;
}

}  // namespace

std::string LogState::text() const {
  std::string out = log::format_checkpoint(log);
  if (last) out += std::string(kLast) + core::to_base64(core::view(*last)) + "\n";
  return out.append(stopped ? kStopped : kRunning);
}

core::Result<LogState> LogState::parse(std::string_view text) {
  LogState state;
  state.stopped = text.ends_with(kStopped);
  if (!state.stopped && !text.ends_with(kRunning))
    return core::fail(core::Code::checkpoint_malformed, "The last line is neither `running` nor `stopped`.");
  text.remove_suffix(kStopped.size());
  auto last = take_last(text);
  if (!last) return std::unexpected(last.error());
  state.last = *last;
  auto checkpoint = log::parse_checkpoint(text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  state.log = *std::move(checkpoint);
  return state;
}

core::Result<std::optional<LogState>> read_log_state(std::filesystem::path const& file) {
  auto text = base::read_file(file, 4'096);
  if (!text && text.error().code == core::Code::not_found) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  auto state = LogState::parse(*text);
  if (state) return *std::move(state);
  return core::fail(state.error().code, file.string() + ": " + state.error().detail, "",
                    "Put the file back as it was, or remove it when the database is known to be whole.");
}

core::Result<void> write_log_state(std::filesystem::path const& file, LogState const& state) {
  return base::write_file(file, state.text(), 0600);
}

core::Result<void> mark_running(std::filesystem::path const& file) {
  auto state = read_log_state(file);
  if (!state) return std::unexpected(state.error());
  if (!*state || !(*state)->stopped) return {};
  (*state)->stopped = false;
  auto written = write_log_state(file, **state);
  if (written || written.error().code != core::Code::storage_full) return written;
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (failed) return written;
  return {};
}

core::Result<bool> continues(store::LogStore& logs, LogState const& state) {
  auto const& checkpoint = state.log;
  if (state.last && checkpoint.size > 0) {
    bool same = false;
    auto read = logs.visit_leaves(checkpoint.size - 1, [&](std::string_view leaf) {
      same = leaf == core::view(*state.last);
      return false;
    });
    if (!read) return std::unexpected(read.error());
    return same;
  }
  log::CompactRange range;
  auto read = logs.visit_leaves(0, [&](std::string_view bytes) {
    auto leaf = core::to_array<32>(bytes);
    if (range.size() == checkpoint.size || !leaf) return false;
    range.append(*leaf);
    return true;
  });
  if (!read) return std::unexpected(read.error());
  return range.size() == checkpoint.size && range.root() == checkpoint.root;
}

LogStateKeeper::LogStateKeeper(std::unique_ptr<store::LogStore> logs, std::string origin, std::filesystem::path file,
                               base::Log& log)
    : logs_(std::move(logs)), origin_(std::move(origin)), file_(std::move(file)), log_(log) {
  if (auto before = read_log_state(file_); before) before_ = *std::move(before);
  thread_ = std::thread([this] { loop(); });
}

LogStateKeeper::~LogStateKeeper() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void LogStateKeeper::grown() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(grown_, true)) return;
  }
  wake_.notify_all();
}

void LogStateKeeper::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || grown_; });
    if (stopping_) break;
    grown_ = false;
    lock.unlock();
    bool kept = keep(false);
    lock.lock();
    if (!kept) grown_ = true;  // it is tried again, though nothing more may be stored for long
    wake_.wait_for(lock, kInterval, [this] { return stopping_; });
  }
  lock.unlock();
  (void)keep(true);
}

bool LogStateKeeper::keep(bool stopped) {
  auto done = catch_up();
  if (done) done = write_log_state(file_, {{origin_, range_.size(), range_.root()}, stopped, last_});
  if (!done && !std::exchange(failed_, true))
    log_.error("log-state.failed", {{"mistake", done.error().detail}, {"remedy", done.error().remedy}});
  if (done) failed_ = false;
  return done.has_value();
}

// Reads the leaves that were added; those that the file spoke of on start must be the same still.
core::Result<void> LogStateKeeper::catch_up() {
  bool differs = false;
  auto read = logs_->visit_leaves(range_.size(), [&](std::string_view bytes) {
    if (before_ && before_->log.size == range_.size()) {
      differs = before_->log.root != range_.root();
      if (differs) return false;
      before_.reset();
    }
    auto leaf = core::to_array<32>(bytes);
    if (leaf) range_.append(*leaf);
    last_ = leaf;
    return leaf.has_value();
  });
  if (!read) return read;
  if (before_ && before_->log.size >= range_.size())
    differs = before_->log != log::Checkpoint{origin_, range_.size(), range_.root()};
  if (differs)
    return core::fail(core::Code::log_inconsistent,
                      "The log is not the one that " + file_.string() + " tells of: the database was exchanged.", "",
                      "Stop the server and run: tocsind check");
  return {};
}

}  // namespace tocsin::ledger
