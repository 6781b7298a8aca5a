// A command of the user's, run as it was written: no shell reads it. Blocking; any thread.
#pragma once

#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

// Runs the program with its arguments and waits for its end. It reads nothing, writes to standard error, and has the
// environment without the token. Failure: Exit::local, when it cannot be run or does not end with 0.
[[nodiscard]] Outcome<void> run_child(std::vector<std::string> const& words);

}  // namespace tocsin::client
