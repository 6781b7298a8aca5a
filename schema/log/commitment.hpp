// What is logged of an object: commitments to its header and its bytes, each hidden by 32 fresh random bytes, so that
// an entry that is withheld or erased shows nothing, and one that is opened cannot be opened to anything else. Whoever
// is shown an object gets header, body and both salts, and reproduces the leaf. Pure; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/log/header.hpp"

namespace tocsin::log {

using Entry = std::array<std::uint8_t, 33>;  // version byte 0x01, then a SHA-256

// HMAC-SHA-256(key = label, salt || data), labels "fed/hdr/v1" and "fed/body/v1". A salt is never used twice.
[[nodiscard]] core::Digest commit_header(core::Salt const& salt, std::string_view header);
[[nodiscard]] core::Digest commit_body(core::Salt const& salt, std::string_view body);

// 0x01 || SHA-256("fed/entry/v1\n" || header commitment || body commitment)
[[nodiscard]] Entry entry(core::Digest const& header_commitment, core::Digest const& body_commitment);
[[nodiscard]] core::Digest leaf(Entry const& entry);  // SHA-256(0x00 || entry)

// The part of the work that must wait for the entry's numbers; the body's commitment is made earlier.
struct Sealed {
  std::string header;
  Entry entry;
  core::Digest leaf;
};
[[nodiscard]] Sealed seal(core::Salt const& header_salt, Header const& header, core::Digest const& body_commitment);

}  // namespace tocsin::log
