// The keys of a log, and what was signed last: signs a log that goes on from there, and no other. What is about to be
// signed is noted in a file outside the database and its backups first, so that neither a crash nor a database that was
// put back makes an instance contradict what it said. Owned by the log's follower; one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "schema/log/compact_range.hpp"
#include "schema/log/keys.hpp"
#include "server/ledger/log_state.hpp"

namespace tocsin::ledger {

// Of type `cosignature`; both logs' checkpoints are cosigned with it.
using FreshnessKey = std::shared_ptr<log::SignerKey const>;

class LogSigner {
 public:
  // The name of `key` is the origin; `before` is what `file` says.
  LogSigner(log::SignerKey key, FreshnessKey freshness, std::filesystem::path file, std::optional<LogState> before);

  // Shows it the log at one size, in the order of sizes, each once: it looks at the one it signed last.
  void pass(log::CompactRange const& log);

  // A signed checkpoint of the log, cosigned as of `now_s` unless that is before the latest cosignature. Errors:
  // log_inconsistent, when this log does not go on from what was signed; storage_full, io_failed. Then nothing is
  // signed, and the file stays as it is.
  [[nodiscard]] core::Result<std::string> sign(LogState next, std::uint64_t now_s);
  // What was signed last, once more; nullopt when nothing was.
  [[nodiscard]] std::optional<std::string> again() const;

  // The log is signed with this key from now on.
  void use(log::SignerKey key) { key_ = std::move(key); }

  [[nodiscard]] std::string const& origin() const { return key_.verifier().name(); }
  [[nodiscard]] std::optional<LogState> const& last() const { return last_; }

 private:
  log::SignerKey key_;
  FreshnessKey freshness_;
  std::filesystem::path const file_;
  std::optional<LogState> last_;
  bool seen_, differs_ = false;  // the log as it was signed last was passed; it was another one
};

}  // namespace tocsin::ledger
