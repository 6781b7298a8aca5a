// `tocsin` as a function: arguments in, exit code out. Called once by main, or by tests with their own console; one
// thread.
#pragma once

#include <string>
#include <vector>

#include "clients/cpp/console.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/profile.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

// `arguments` are those after the program's name. Everything is printed to the console, failures too: a sentence on
// `err`, and where the form is JSON {"error":{"exit","message","remedy"}} on `out`.
[[nodiscard]] Exit run_program(std::vector<std::string> arguments, Console& console, Environment const& environment,
                               Pause const& pause);

}  // namespace tocsin::client
