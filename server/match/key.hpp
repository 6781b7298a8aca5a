// Values that are compared as a whole, in the one spelling in which both an indicator's and a question's are looked up:
// norm:1, as docs/matching.md specifies it. What is not normalised is no key. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::match {

// The version of the rules of this file: who prepares keys elsewhere must follow the same.
inline constexpr int kNormalisation = 1;

inline constexpr std::size_t kLongestUserAgent = 4'096;  // bytes

// What of an item was hit, and what an exact value is of.
enum class Field : std::uint8_t { address, asn, domain, email_domain, ja3, ja4, ja4h, user_agent, identifier, prompt };
[[nodiscard]] std::string_view name(Field field);

struct Key {
  Field field = Field::domain;
  std::string text;

  friend auto operator<=>(Key const&, Key const&) = default;
};

// Of a field but address, asn, identifier and prompt. An e-mail domain may be given as an address: what stands before
// the @ is not kept. A JA4 may be partial: `a` or `a_*_c`. Error property_value, without the value.
[[nodiscard]] core::Result<Key> parse_key(Field field, std::string_view text);

// Of a keyed identifier: the kind of what was hashed, and the hash. Error property_value.
[[nodiscard]] core::Result<Key> parse_identifier(std::string_view kind, std::string_view value);

// How much of a fingerprint a form of it has, from 0 to 1.
struct Ja4Form {
  std::string text;
  float share;
};

// The forms in which a full JA4 may have been shared: all of it, `a_*_c`, and `a_*_*`. Of a partial one: itself.
[[nodiscard]] std::array<Ja4Form, 3> forms_of_ja4(std::string_view normalised);

}  // namespace tocsin::match
