// Whether an instance may be served: one that was restored may not, nor one whose database is older than what it has
// stored, until somebody who may says so. Main thread; blocks.
#pragma once

#include <optional>

#include "server/app/instance.hpp"
#include "server/ledger/log_state.hpp"
#include "server/store/backup.hpp"

namespace tocsin::app {

// What the file of store.log_state says. Errors: those of ledger::read_log_state; conflict when it is another
// instance's.
[[nodiscard]] core::Result<std::optional<ledger::LogState>> log_state_of(Layout const& layout,
                                                                         base::Config const& config);

// Why the instance is sealed, and what to do; nullopt when it is not. `logs` are those of its database: every leaf up
// to where store.log_state was written is read.
[[nodiscard]] core::Result<std::optional<core::Error>> why_sealed(Layout const& layout, base::Config const& config,
                                                                  store::LogStore& logs);
// The same with a reader of its own, which is gone when it returns.
[[nodiscard]] core::Result<std::optional<core::Error>> why_sealed(Layout const& layout, base::Config const& config);

}  // namespace tocsin::app
