// What an entry of the data log says about what it commits to: an object, or the head of a numbering. It holds nothing
// that names the object, its type, its date or its audience, and binds the origin and the log. A value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::log {

struct Header {
  enum class Op : std::uint8_t {
    put,   // an object, numbered
    head,  // how far the numbering has come (schema/log/numbering.hpp); it takes no number itself
  };

  std::string origin;                // a key name
  core::Uuid class_token{};          // 128 random bits of the numbering: of a class and a collection
  std::uint64_t class_sequence = 0;  // 1, 2, 3 … within the numbering; of a head the last there was; below 2^53
  std::uint64_t control_size = 0;    // of the origin's control log when this was logged; below 2^53
  Op op = Op::put;

  // Canonical JSON (RFC 8785):
  // {"class":"<32 hex digits>","class_seq":n,"control_size":m,"log":"data","op":"put","origin":"…","v":1}
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes. Error: not_an_object, property_value; those of stix::parse_json.
  [[nodiscard]] static core::Result<Header> parse(std::string_view text);

  friend bool operator==(Header const&, Header const&) = default;
};

}  // namespace tocsin::log
