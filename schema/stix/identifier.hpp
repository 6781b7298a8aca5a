// A STIX 2.1 identifier (section 2.9): type--UUID. A value type; one that exists is well formed. Any thread.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"

namespace tocsin::stix {

class Identifier {
 public:
  // Error id_invalid says which part is malformed. The type is a type name; the UUID has the text form of RFC 4122, of
  // any version and in either case.
  [[nodiscard]] static core::Result<Identifier> parse(std::string_view text);
  [[nodiscard]] static Identifier make(std::string_view type, core::Uuid const& uuid);  // type must be a valid name

  [[nodiscard]] std::string const& text() const { return text_; }  // as it was written
  [[nodiscard]] std::string_view type() const { return std::string_view(text_).substr(0, text_.size() - 38); }
  [[nodiscard]] core::Uuid const& uuid() const { return uuid_; }

  // Equal when type and UUID are equal, however the hexadecimal digits were written.
  friend bool operator==(Identifier const& a, Identifier const& b) {
    return a.uuid_ == b.uuid_ && a.type() == b.type();
  }
  friend std::strong_ordering operator<=>(Identifier const& a, Identifier const& b) {
    if (auto order = a.type() <=> b.type(); order != 0) return order;
    return a.uuid_ <=> b.uuid_;
  }

 private:
  Identifier(std::string text, core::Uuid uuid) : text_(std::move(text)), uuid_(uuid) {}
  std::string text_;
  core::Uuid uuid_;
};

// True for a STIX type name (sections 3.1 and 11.2): 3–250 of a–z, 0–9 and single dashes, a letter first, no dash last.
[[nodiscard]] bool is_type_name(std::string_view text);

// RFC 4122 version 5.
[[nodiscard]] core::Uuid uuid_v5(core::Uuid const& name_space, std::string_view name);

}  // namespace tocsin::stix
