// How far a log has come, and so the most that was signed of it, kept in a small file outside the database and its
// backups. A database that was put back by hand, or restored, is compared with it: one that is shorter must not go on
// as if nothing had happened. The file is a checkpoint (C2SP tlog-checkpoint) without a signature, a line with the last
// leaf that it counts, one with the time of the latest cosignature, and `running` or `stopped`: while the server runs,
// the log may be ahead of the file by what was stored in the last moment. Read and written on any thread that may
// block, by one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "schema/log/checkpoint.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

struct LogState {
  log::Checkpoint log;
  bool stopped = false;                   // nothing was stored after this was written
  std::optional<core::Digest> last{};     // the hash of the last leaf; absent where it was not at hand
  std::optional<std::uint64_t> time_s{};  // of the latest cosignature

  [[nodiscard]] std::string text() const;
  // Error: checkpoint_malformed.
  [[nodiscard]] static core::Result<LogState> parse(std::string_view text);
};

// nullopt when there is no such file. Errors: io_failed; checkpoint_malformed, with the file's name.
[[nodiscard]] core::Result<std::optional<LogState>> read_log_state(std::filesystem::path const& file);
[[nodiscard]] core::Result<void> write_log_state(std::filesystem::path const& file, LogState const& state);

// Before anything is stored: the file stops saying `stopped`. On a full disk that word is written over in
// place. Errors: as read_log_state; io_failed.
[[nodiscard]] core::Result<void> mark_running(std::filesystem::path const& file);

// Does the data log go on from this state? The last leaf tells, since every leaf is salted; without it all are read.
// Errors: those of the store.
[[nodiscard]] core::Result<bool> continues(store::LogStore& logs, LogState const& state);

}  // namespace tocsin::ledger
