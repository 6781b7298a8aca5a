// API tokens: `tocsin_<id>_<secret>`, 64 random bits that name the row and 256 that are the secret. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::access {

struct NewToken {
  std::string token;           // shown once
  std::string id;              // 16 hexadecimal digits
  core::Digest secret_digest;  // what is stored: the secret is random, so one SHA-256 is enough
};
[[nodiscard]] NewToken make_token();
// With another secret for an id that there is.
[[nodiscard]] NewToken make_token(std::string id);

struct TokenParts {
  std::string_view id, secret;
};
[[nodiscard]] std::optional<TokenParts> split_token(std::string_view token);

// The credential in an Authorization header: Bearer or Token, and Basic (token as password, any user name) where
// `basic` is allowed. Schemes compare without case. nullopt for anything else.
[[nodiscard]] std::optional<std::string> token_of_header(std::string_view authorization, bool basic);

}  // namespace tocsin::access
