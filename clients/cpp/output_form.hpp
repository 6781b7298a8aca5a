// In which of its two forms a command prints: a table for people, or one JSON document for programs. Called by the
// program, on its thread, once the command line is read.
#pragma once

#include <string_view>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/profile.hpp"

namespace tocsin::client {

// What the command line says of it: at most one.
struct FormOptions {
  bool json = false, table = false;
};

// Whether `command` ("" where none is named) prints JSON. The first that says something decides: the option, the
// variable TOCSIN_FORMAT, and whether standard output is `piped`. Of a command whose lines are for programs whoever
// reads them, only --json does.
// Errors: TOCSIN_FORMAT is neither table nor json.
[[nodiscard]] Outcome<bool> prints_json(FormOptions const& given, std::string_view command, bool piped,
                                        Environment const& environment);

}  // namespace tocsin::client
