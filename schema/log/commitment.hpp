// What a log entry says of an object, and hides: salted commitments to header and body under one 33-byte entry. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"

namespace tocsin::log {

using Entry = std::array<std::uint8_t, 33>;

// The header of a data-log entry. It never holds id, type, time or an audience's name.
struct Header {
  std::string origin;
  core::Uuid class_token{};       // 128 random bits of class and epoch
  std::uint64_t class_sequence = 0;
  std::uint64_t control_size = 0;

  [[nodiscard]] std::string text() const;  // RFC 8785
};

// HMAC-SHA-256 (key = label, salt || data); the labels are "fed/hdr/v1" and "fed/body/v1". A salt is fresh for every commitment.
[[nodiscard]] core::Digest commit_header(core::Salt const& salt, std::string_view header);
[[nodiscard]] core::Digest commit_body(core::Salt const& salt, std::string_view body);

// 0x01 || SHA-256("fed/entry/v1\n" || header commitment || body commitment)
[[nodiscard]] Entry entry(core::Digest const& header_commitment, core::Digest const& body_commitment);

[[nodiscard]] core::Digest leaf(Entry const& entry);  // RFC 6962

}  // namespace tocsin::log
