// Destroying what is stored, so that the log still verifies: what an administrator names, and what is due. Any thread
// but the commit thread.
#pragma once

#include <span>

#include "server/app/rotation.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/database.hpp"

namespace tocsin::app {

// On behalf of `by`: an entry of the control log, signed with the log's key, names the leaves. Errors: those of reading
// keys, of the store and of notes; then nothing was erased.
[[nodiscard]] core::Result<store::Erased> erase(Layout const& layout, store::Database& database, Perform const& perform,
                                                store::Erasure const& erasure, store::Actor const& by);

// What is due by some rules; likewise, in one transaction. `data`: the data log as it was at any time. Errors:
// likewise.
struct Destruction {
  std::span<store::RetentionRule const> rules;
  store::RetentionBatch batch;
  ledger::LogVerdict const& data;
};
[[nodiscard]] core::Result<store::Destroyed> destroy(Layout const& layout, store::Database& database,
                                                     Perform const& perform, Destruction const& what);

// Overwrites what the write-ahead log holds of earlier states, for ten seconds at most. False: something reads longer.
[[nodiscard]] bool empty_write_ahead_log(store::Database& database, Perform const& perform);

}  // namespace tocsin::app
