// LIKE and MATCHES (STIX 2.1 section 9.6.1), both compiled to RE2: linear in the value, whatever the expression. Owned
// by its comparison; immutable; any thread.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "server/match/pattern/object_path.hpp"
#include "server/match/pattern/unsupported.hpp"

namespace re2 {
class RE2;
}

namespace tocsin::match::pattern {

// Text as texts are compared: in NFC. Bytes that are no UTF-8 stay what they are.
[[nodiscard]] std::string normal_text(std::string_view text);

class TextMatch {
 public:
  // `%` is any number of characters, `_` one; the whole value is held against it.
  [[nodiscard]] static std::expected<TextMatch, Unsupported> like(std::string_view constant, ObjectPath::Form form);

  // Searched for anywhere in the value; a dot is any character, also a new line. Unsupported when RE2 has no such
  // expression (references back, looking around, atomic groups) or it is too large.
  [[nodiscard]] static std::expected<TextMatch, Unsupported> regex(std::string_view constant, ObjectPath::Form form);

  // Bytes of the compiled expression, without its cache of states.
  [[nodiscard]] std::size_t bytes() const;

  // The value as it is in the document. Text is normalised (NFC) first; octets are matched as octets.
  [[nodiscard]] bool holds(std::string_view value) const;

 private:
  explicit TextMatch(ObjectPath::Form form) : form_(form) {}
  [[nodiscard]] static std::expected<TextMatch, Unsupported> make(std::string_view expression, ObjectPath::Form form,
                                                                  bool whole);

  ObjectPath::Form form_;
  bool whole_ = false;
  std::shared_ptr<re2::RE2 const> expression_;  // null: a constant that is no octets, which no octets match
};

}  // namespace tocsin::match::pattern
