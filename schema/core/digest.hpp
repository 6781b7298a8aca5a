// SHA-256, HMAC-SHA-256 and random bytes, over OpenSSL. Algorithms are fetched once a process. Any thread.
#pragma once

#include <span>
#include <string_view>

#include "schema/core/bytes.hpp"

struct evp_md_ctx_st;

namespace tocsin::core {

// SHA-256 over pieces. Owned by its user, one thread at a time; after finish() it is ready for the next message.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256 const&) = delete;
  Sha256& operator=(Sha256 const&) = delete;

  Sha256& update(std::string_view bytes);
  [[nodiscard]] Digest finish();

 private:
  evp_md_ctx_st* context_;
};

[[nodiscard]] Digest sha256(std::string_view bytes);

// HMAC-SHA-256 (RFC 2104) of the concatenation of `parts`.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::span<std::string_view const> parts);

// Fills `out` from the operating system's generator; throws when there is none.
void random_bytes(std::span<std::uint8_t> out);
[[nodiscard]] Salt random_salt();
[[nodiscard]] Uuid random_uuid();  // RFC 4122 version 4

// RFC 9562 version 7: 48 bits of milliseconds since 1970, 74 random bits. In an index, ids of one time are neighbours.
[[nodiscard]] Uuid time_ordered_uuid(std::int64_t now_us);

}  // namespace tocsin::core
