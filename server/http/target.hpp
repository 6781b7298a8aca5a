// The target of a request: a path of visible segments and a query. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::http {

struct Target {
  std::string path;        // percent-decoded once; UTF-8 without control characters
  std::string_view query;  // as sent, part of the text parsed
};

// Origin form only (RFC 9112 section 3.2.1), and nothing that another parser could read differently: no empty or dot
// segments, no encoded slashes, no backslashes, no fragment. Error bad_request.
[[nodiscard]] core::Result<Target> parse_target(std::string_view text);

}  // namespace tocsin::http
