// How far the data log has come, kept in a small file outside the database and its backups. A database that was put
// back by hand, or restored, is compared with it: one that is shorter must not go on as if nothing had happened.
// The file is a checkpoint (C2SP tlog-checkpoint) without a signature, a line with the last leaf that it counts, and
// `running` or `stopped`: while the server runs, the log may be ahead of the file by what was stored in the last
// moment.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "server/base/log.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

struct LogState {
  log::Checkpoint log;
  bool stopped = false;                // nothing was stored after this was written
  std::optional<core::Digest> last{};  // the hash of the last leaf; absent where it was not at hand

  [[nodiscard]] std::string text() const;
  // Error: checkpoint_malformed.
  [[nodiscard]] static core::Result<LogState> parse(std::string_view text);
};

// nullopt when there is no such file. Errors: io_failed; checkpoint_malformed, with the file's name.
[[nodiscard]] core::Result<std::optional<LogState>> read_log_state(std::filesystem::path const& file);
[[nodiscard]] core::Result<void> write_log_state(std::filesystem::path const& file, LogState const& state);

// Before anything is stored: the file stops saying `stopped`. On a full disk it is removed instead, until there is
// room. Errors: as read_log_state; io_failed.
[[nodiscard]] core::Result<void> mark_running(std::filesystem::path const& file);

// Does the data log go on from this state? The last leaf tells, since every leaf is salted; without it all are read.
// Errors: those of the store.
[[nodiscard]] core::Result<bool> continues(store::LogStore& logs, LogState const& state);

// Writes the file: soon after a commit, at most every 250 ms, on a thread and a connection of its own, so that no
// commit waits for it; `stopped` when it is destroyed. Owned by app; `grown` from any thread.
class LogStateKeeper {
 public:
  LogStateKeeper(std::unique_ptr<store::LogStore> logs, std::string origin, std::filesystem::path file, base::Log& log);
  ~LogStateKeeper();  // after the last commit

  void grown();

 private:
  void loop();
  bool keep(bool stopped);  // false: the file could not be written
  core::Result<void> catch_up();

  std::unique_ptr<store::LogStore> logs_;
  std::string const origin_;
  std::filesystem::path const file_;
  base::Log& log_;
  log::CompactRange range_;           // of what was read so far; the keeper's thread
  std::optional<core::Digest> last_;  // the last of it
  std::optional<LogState> before_;    // what the file said on start, until the log was read that far
  bool failed_ = false;               // the latest attempt, so that a failure is logged once

  std::mutex mutex_;
  std::condition_variable wake_;
  bool grown_ = true, stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::ledger
