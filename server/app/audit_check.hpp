// What the audit trail is held against: the checkpoints that were signed of it, and itself. Blocking; main thread.
#pragma once

#include <filesystem>
#include <vector>

#include "server/app/instance.hpp"
#include "server/ledger/audit_checkpoints.hpp"
#include "server/ledger/audit_verify.hpp"

namespace tocsin::app {

// The roots of the checkpoints in `given`, or of the data directory's own, of which there need be none. Errors:
// not_found (the key of the trail, or `given`), note_unverified and others with the file's name.
[[nodiscard]] core::Result<std::vector<ledger::KnownRoot>> known_audit_roots(Layout const& layout,
                                                                             std::filesystem::path const& given);

// Re-derives every leaf of the trail as it is now. Errors: those of the store.
[[nodiscard]] core::Result<ledger::LogVerdict> check_audit_trail(store::Database& database,
                                                                 std::vector<ledger::KnownRoot> known);

// Prints the findings, and size, root and how many checkpoints were compared. True: there are no findings.
bool say_audit_verdict(ledger::LogVerdict const& verdict, std::size_t compared);

}  // namespace tocsin::app
