// Re-derives the data log from what is stored: every digest, opening and leaf. Blocking; any thread with a LogStore of
// its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

struct LogVerdict {
  std::uint64_t size = 0;
  core::Digest root{};                // RFC 6962, of the leaves as stored
  std::vector<std::string> findings;  // one sentence each, at most 20
};

// Errors: those of the store; a finding is not an error.
[[nodiscard]] core::Result<LogVerdict> verify_log(store::LogStore& logs);

}  // namespace tocsin::ledger
