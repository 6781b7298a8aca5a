// Merkle tree hashing over SHA-256 (RFC 6962 section 2.1). Pure; any thread.
#pragma once

#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::log {

[[nodiscard]] core::Digest empty_root();                                              // SHA-256 of nothing
[[nodiscard]] core::Digest leaf_hash(std::string_view entry);                         // 0x00 || entry
[[nodiscard]] core::Digest node_hash(core::Digest const& left, core::Digest const& right);  // 0x01 || left || right

}  // namespace tocsin::log
