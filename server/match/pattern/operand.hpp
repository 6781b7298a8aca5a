// A constant of a pattern, and how a value of an object compares with it (STIX 2.1 sections 9.2 and 9.6). Owned by its
// comparison; immutable; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "schema/stix/json.hpp"
#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/object_path.hpp"

namespace tocsin::match::pattern {

class Operand {
 public:
  explicit Operand(stix::pattern::Literal literal);

  // How `value` stands to this constant; unordered when their types cannot be compared. Numbers compare by value,
  // strings by code points without normalisation, octets unsigned, timestamps as instants, booleans for equality only.
  [[nodiscard]] std::partial_ordering order(stix::Json const& value, ObjectPath::Form form) const;

 private:
  [[nodiscard]] std::partial_ordering order_text(std::string_view value) const;

  stix::pattern::Literal literal_;
  std::optional<std::string> octets_;  // of a hex, binary or string constant that is octets
};

// What a text says: its octets where the property's name says that it holds octets; nullopt when it is not of that
// form.
[[nodiscard]] std::optional<std::string> octets_of(std::string_view text, ObjectPath::Form form);

// Each code point as one octet; nullopt when there is one above U+00FF (section 9.6, native format).
[[nodiscard]] std::optional<std::string> octets_of_code_points(std::string_view utf8);

}  // namespace tocsin::match::pattern
