// A public key as an option or a profile names it. Any thread; it may block on a file.
#pragma once

#include <string>

#include "clients/cpp/outcome.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::client {

// "NAME+NUMBER+BASE64", or @FILE that holds it. `option` is what a failure's sentence calls it. Failures: Exit::local.
[[nodiscard]] Outcome<log::VerifierKey> named_key(std::string text, log::KeyType type, std::string const& option);

}  // namespace tocsin::client
