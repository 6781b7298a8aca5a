// gzip and zstd, both ways (RFC 9110 section 8.4). Pure; a Decoder belongs to one body, everything else is for any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::http {

enum class Coding : std::uint8_t { identity, gzip, zstd };
[[nodiscard]] std::string_view name(Coding coding);

// A Content-Encoding; nullopt when it is not one of ours, or more than one.
[[nodiscard]] std::optional<Coding> parse_coding(std::string_view text);

// What an Accept-Encoding prefers (RFC 9110 section 12.5.3): the highest q-value, zstd before gzip before identity at
// equal ones. An absent or unusable field means identity.
[[nodiscard]] Coding negotiate(std::string_view accept_encoding);

[[nodiscard]] std::string compress(Coding coding, std::string_view bytes);

// Compresses a long body piece by piece, so that no single step holds up the other connections of a thread.
class Encoder {
 public:
  virtual ~Encoder() = default;
  // Appends to `out`; `last` ends the body.
  virtual void encode(std::string_view input, bool last, std::string& out) = 0;
};
[[nodiscard]] std::unique_ptr<Encoder> make_encoder(Coding coding);  // not for identity

// Undoes a coding in steps of bounded size, however much the input claims to hold.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Fills `out` from `input` and removes from it what was taken; 0 when more input is needed. Error bad_request.
  [[nodiscard]] virtual core::Result<std::size_t> decode(std::string_view& input, std::span<char> out) = 0;
  // The input so far was whole.
  [[nodiscard]] virtual bool complete() const = 0;
  // Bytes of memory that it holds now: the window of what it decoded, up to 8 MiB.
  [[nodiscard]] virtual std::size_t held() const = 0;
};
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(Coding coding);  // not for identity

// A whole body without its coding. Errors: bad_request, also when its end is missing; content_too_large beyond `limit`
// bytes, of which no more than a piece was made.
[[nodiscard]] core::Result<std::string> decode_whole(Coding coding, std::string_view bytes, std::size_t limit);

}  // namespace tocsin::http
