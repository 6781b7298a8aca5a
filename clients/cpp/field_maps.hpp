// What --map says, on the command line or in files: the names of a log's members belong to the log, and are written
// down once. Blocking; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {

// `given` are FIELD=NAME, or @FILE with one of them a line; there empty lines count for nothing, and those that begin
// with #. Failure: Exit::local, a file cannot be read, or a line of it is none.
[[nodiscard]] Outcome<std::vector<std::string>> read_maps(std::vector<std::string> const& given);

// A reader of a log, with read_maps. Failure: Exit::local, likewise, or a mapping names no field; `command` is whose
// help tells which there are.
[[nodiscard]] Outcome<logs::LogReader> make_log_reader(std::optional<logs::Format> format,
                                                       std::vector<std::string> const& maps, std::string const& command,
                                                       logs::LogReader::Take take);

}  // namespace tocsin::client
