// The line that an operator gives to somebody new: https://HOST[:PORT]#INVITATION, and then, where the server's
// authority is private, a dot and the SHA-256 of its certificate (DER) in hexadecimal digits. The part behind # is
// never sent by a browser. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clients/cpp/outcome.hpp"
#include "schema/core/bytes.hpp"

namespace tocsin::client {

struct Invitation {
  std::string url;
  std::string token;
  std::optional<core::Digest> authority;  // none: the system's authorities
};

// Spaces around the line are ignored. Failure: Exit::local; nothing of the line is repeated.
[[nodiscard]] Outcome<Invitation> parse_invitation(std::string_view line);

}  // namespace tocsin::client
