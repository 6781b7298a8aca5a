// What `check` says of the published logs beside what they are made of. Main thread; blocks.
#pragma once

#include <string>
#include <vector>

#include "server/app/instance.hpp"

namespace tocsin::app {

// Whether the logs as they are stored go on from what was signed of them, whole: one sentence a log that does not. A
// database that is shorter than the log of objects was is sealed, and no finding here. Errors: those of the store and
// of the files.
[[nodiscard]] core::Result<std::vector<std::string>> compare_with_signed(Layout const& layout,
                                                                         base::Config const& config,
                                                                         store::LogStore& logs);

// The public keys by which others verify what is published, as far as they are there.
void say_log_keys(Layout const& layout);

}  // namespace tocsin::app
