// Reads an access log of the user's into a reader of its lines. Blocking; one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "clients/cpp/console.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {

// All of a file, or of standard input for `-`. `told`: how many bytes of it came, each time that some did. Failure:
// Exit::local, when it cannot be read, or was packed and is not whole. Warns of a mapped member that no request has.
[[nodiscard]] Outcome<void> read_access_log(
    std::string const& file, Console& console, logs::LogReader& reader,
    std::function<void(std::size_t)> const& told = [](std::size_t) {});

// What people call it.
[[nodiscard]] std::string name_of_log(std::string const& file);

}  // namespace tocsin::client
