// The hashes of the Merkle tree (RFC 6962 section 2.1, SHA-256). Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::log {

// Sizes and indices are signed 64-bit numbers in databases and in other implementations.
constexpr std::uint64_t kMaxTreeSize = INT64_MAX;

[[nodiscard]] core::Digest leaf_hash(std::string_view entry);                               // SHA-256(0x00 || entry)
[[nodiscard]] core::Digest node_hash(core::Digest const& left, core::Digest const& right);  // SHA-256(0x01 || both)
[[nodiscard]] core::Digest const& empty_root();  // SHA-256 of nothing: the root of a log of size 0

}  // namespace tocsin::log
