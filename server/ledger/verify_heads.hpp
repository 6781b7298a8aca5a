// Re-derives what is stored of the heads of other instances' logs, which members of a class are told apart by: that
// each opens its leaf, that its salt is the one of its body, that they lead to the newest of their numbering, and that
// none is missing.
// Blocking; any thread with a LogStore of its own.
#pragma once

#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

// One sentence a finding. Errors: those of the store.
[[nodiscard]] core::Result<std::vector<std::string>> verify_heads(store::LogStore& logs);

}  // namespace tocsin::ledger
