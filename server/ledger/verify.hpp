// Re-derives both logs from what is stored: every digest, opening, leaf and number; and what is stored of other
// instances' logs. Blocking; any thread with a LogStore of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/keys.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

struct LogVerdict {
  std::uint64_t size = 0;  // of the data log
  core::Digest root{};     // RFC 6962, of the leaves as stored
  std::uint64_t control_size = 0;
  std::optional<log::VerifierKey> key;  // the log's, when the control log names one
  std::vector<std::string> findings;    // one sentence each, at most 20
};

// Whether a leaf is that of this header, body and salts.
[[nodiscard]] bool opens(std::string_view header, std::string_view header_salt, std::string_view body,
                         std::string_view body_salt, std::string_view leaf);

// Statements about keys must be signed; a declaration of loss by `root`. Errors: those of the store; a finding is not
// an error.
[[nodiscard]] core::Result<LogVerdict> verify_log(store::LogStore& logs, std::optional<log::VerifierKey> const& root);

// Size and root of a log from its leaves alone. Errors: those of the store, log_inconsistent.
[[nodiscard]] core::Result<LogVerdict> read_root(store::LogStore& logs, store::LogName log = store::LogName::data);

// The root of the first `size` leaves of a log; nullopt when it has fewer. Errors: as read_root.
[[nodiscard]] core::Result<std::optional<core::Digest>> root_at(store::LogStore& logs, store::LogName log,
                                                                std::uint64_t size);

}  // namespace tocsin::ledger
