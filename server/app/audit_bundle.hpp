// The texts of an export for counsel that do not depend on its entries. Constant; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/log/keys.hpp"

namespace tocsin::app {

// SubjectPublicKeyInfo (RFC 8410), as OpenSSL reads it.
[[nodiscard]] std::string public_key_pem(log::PublicKey const& key);

// What the bundle is and how to verify it.
[[nodiscard]] std::string_view bundle_explanation();

// A Python program that re-derives leaves and root with the standard library alone.
[[nodiscard]] std::string_view bundle_program();

}  // namespace tocsin::app
