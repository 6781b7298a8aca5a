// Makes entries of the control log. Pure but for their salts; any thread.
#pragma once

#include <string>

#include "schema/log/checkpoint.hpp"
#include "server/store/control_store.hpp"

namespace tocsin::ledger {

// `op` is that of the header, `data` what the data log was when the statement was made.
[[nodiscard]] store::ControlEntry control_entry(std::string op, log::Checkpoint data, log::Note const& statement);

}  // namespace tocsin::ledger
