// Re-derives what is stored of other instances' logs: that the leaves lead to what was verified, and that each entry
// that was taken from them opens its leaf. Blocking; any thread with a LogStore of its own.
#pragma once

#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

// One sentence a finding; the signatures of checkpoints are not looked at: that was done before they were stored.
// Errors: those of the store.
[[nodiscard]] core::Result<std::vector<std::string>> verify_followed(store::LogStore& logs);

}  // namespace tocsin::ledger
