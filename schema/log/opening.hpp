// What opens an entry of the data log to whoever is shown the object: its bytes and their salt. The header stays
// hidden: of it there is the commitment alone. Values of their users; any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/commitment.hpp"

namespace tocsin::log {

struct Opening {
  core::Digest header_commitment{};
  core::Salt body_salt{};
  std::string body;  // the object's bytes as they are stored

  // The entry that these are the opening of.
  [[nodiscard]] Entry entry() const;

  // 0x01 || header commitment || body salt || body: `extra` of a proof file.
  [[nodiscard]] std::string bytes() const;
  // Error: proof_invalid. A body is not empty.
  [[nodiscard]] static core::Result<Opening> parse(std::string_view bytes);

  friend bool operator==(Opening const&, Opening const&) = default;
};

}  // namespace tocsin::log
