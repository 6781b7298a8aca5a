// The commitment that a canary shares, and that its owner opens one day by showing salt and secret. Whoever has only
// the commitment can test no guess. Pure; any thread.
#pragma once

#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::kinds {

// As `scheme` of a canary has it.
inline constexpr std::string_view kSaltedSha256 = "salted-sha256";

// HMAC-SHA-256(key = "canary/v1", salt || secret). The salt is 32 fresh random bytes, never used twice.
[[nodiscard]] core::Digest canary_commitment(core::Salt const& salt, std::string_view secret);

}  // namespace tocsin::kinds
