// gzip and zstd, both ways (RFC 9110 section 8.4). Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::http {

enum class Coding : std::uint8_t { identity, gzip, zstd };
[[nodiscard]] std::string_view name(Coding coding);

// What an Accept-Encoding prefers among zstd, gzip and identity; q=0 excludes.
[[nodiscard]] Coding negotiate(std::string_view accept_encoding);

[[nodiscard]] std::string compress(Coding coding, std::string_view bytes);

// Undoes a coding piece by piece. Owned by one body.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Appends what `input` decodes to; content_too_large when `out` would exceed `limit`, bad_request when the data is broken.
  [[nodiscard]] virtual core::Result<void> decode(std::string_view input, std::string& out, std::uint64_t limit) = 0;
  [[nodiscard]] virtual bool complete() const = 0;
};
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(Coding coding);  // not for identity

}  // namespace tocsin::http
