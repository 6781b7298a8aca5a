// The logs of an instance, signed and shown. Called on the main thread, by who holds the directory's lock.
#pragma once

#include <functional>

#include "server/app/instance.hpp"

namespace tocsin::app {

// The key of the log of objects and, the same pair under that log's name, of the control log.
struct LogSigningKeys {
  log::SignerKey data, control;
};
// keys/log.key. Errors: as read_signer.
[[nodiscard]] core::Result<LogSigningKeys> log_signing_keys(Layout const& layout);

// What the followers of both logs write to and take the time from.
struct Surroundings {
  base::Clock const& clock;
  base::Log& log;
  base::Metrics& metrics;
  std::function<void()> longer;  // called by them when a checkpoint covers more; any thread
};
// Followers of both logs, which begin to work. Errors: those of the keys and of the files; storage_failed; conflict,
// when a file is about another log.
[[nodiscard]] core::Result<ledger::PublishedLogs> publish(Layout const& layout, base::Config const& config,
                                                          store::Database& database, Surroundings const& around);

// Does what may make the control log longer while no server is there to sign it, such as an erasure: until it is noted
// how far the log has come, its file does not say `stopped`. Errors: those of the file; then nothing was done.
[[nodiscard]] core::Result<void> change_unserved(Layout const& layout, base::Config const& config,
                                                 std::function<void()> const& change);

}  // namespace tocsin::app
