// Files of the user, and what the system says when one cannot be used. Blocking; any thread.
#pragma once

#include <filesystem>
#include <string>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

// All of a file. `name` is what a failure's sentence calls it. Failure: Exit::local, with the system's reason.
[[nodiscard]] Outcome<std::string> read_file(std::filesystem::path const& file, std::string const& name);

// "NAME cannot be DONE: the system's reason.", and how to mend it; `error` is an errno.
[[nodiscard]] std::unexpected<Failure> file_failure(std::string const& name, std::string const& done, int error);

}  // namespace tocsin::client
