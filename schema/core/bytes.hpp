// Bytes and their text forms. Byte strings are std::string / std::string_view throughout. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::core {

using Digest = std::array<std::uint8_t, 32>;
using Salt = std::array<std::uint8_t, 32>;
using Uuid = std::array<std::uint8_t, 16>;

template <std::size_t N>
[[nodiscard]] std::string_view view(std::array<std::uint8_t, N> const& bytes) {
  return {reinterpret_cast<char const*>(bytes.data()), N};
}

// Copies `bytes` into an array; nullopt unless the length is exactly N.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<std::uint8_t, N>> to_array(std::string_view bytes) {
  if (bytes.size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<std::uint8_t>(bytes[i]);
  return out;
}

[[nodiscard]] std::string to_hex(std::string_view bytes);  // lower case
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

// RFC 4648 section 4 with padding; decoding accepts the canonical form only.
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// RFC 4648 section 5 without padding; decoding accepts the canonical form only.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

// RFC 4122 text form, lower case; parsing accepts either case.
[[nodiscard]] std::string to_text(Uuid const& uuid);
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

// Strict UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view bytes);

// Equal in a time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace tocsin::core
