// `tocsind audit …`. Each verb prints its result on standard output, mistakes on standard error, and returns the exit
// status. Main thread.
#pragma once

#include <filesystem>
#include <string>

#include "server/app/instance.hpp"

namespace tocsin::app {

struct AuditListOptions {
  std::string organisation, since, until;  // empty: all
};

// Re-derives every leaf and the root, and holds them against the checkpoints of `checkpoints` (empty: those of the data
// directory). 1 when anything is amiss.
int audit_verify(Layout const& layout, std::filesystem::path const& checkpoints);

int audit_list(Layout const& layout, AuditListOptions const& options);

// Makes `folder` with entries.ndjson and checkpoint.txt; for counsel with all that is needed to verify them without
// Tocsin, and a text that says how.
int audit_export(Layout const& layout, std::filesystem::path const& folder, bool for_counsel);

}  // namespace tocsin::app
