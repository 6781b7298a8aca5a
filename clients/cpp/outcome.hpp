// How a command ends. Values; any thread.
#pragma once

#include <expected>
#include <string>

#include "schema/core/error.hpp"

namespace tocsin::client {

// The exit codes of `tocsin`; docs/cli.md and --help list them, scripts rely on them.
enum class Exit : int {
  ok = 0,            // everything was done
  local = 1,         // usage, input file, profile or another local error
  refused = 2,       // the server refused some of the objects
  unauthorised = 3,  // 401 or 403
  server = 4,        // the server or the network failed, or work is still pending
  not_found = 5,     // no such object, collection or status
  unverified = 6,    // what was to be verified does not hold, or not all of it
};

struct Failure {
  Exit exit = Exit::local;
  std::string message;  // a sentence
  std::string remedy;   // a sentence: how to mend it
};

template <class T>
using Outcome = std::expected<T, Failure>;

[[nodiscard]] inline std::unexpected<Failure> fail(Exit exit, std::string message, std::string remedy) {
  return std::unexpected(Failure{exit, std::move(message), std::move(remedy)});
}
// `otherwise` is the remedy of an error that names none.
[[nodiscard]] inline std::unexpected<Failure> fail(Exit exit, core::Error error, std::string otherwise) {
  bool const none = error.remedy.empty();
  return std::unexpected(Failure{exit, std::move(error.detail), std::move(none ? otherwise : error.remedy)});
}

}  // namespace tocsin::client
