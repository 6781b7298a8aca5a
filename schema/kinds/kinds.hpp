// The table of kinds, and the shape of the native form of each: the properties that all kinds share, `value`, and those
// of the extension that carries the kind. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

[[nodiscard]] std::span<Kind const* const> kinds();  // sorted by name
[[nodiscard]] Kind const* find_kind(std::string_view name);

// The native form as the rules know it: closed, with `kind` and what it needs.
[[nodiscard]] stix::rules::ObjectType const& native_type(Kind const& kind);

// Which relationships the object of a kind has.
[[nodiscard]] std::span<Bond const> bonds_of(Kind const& kind);

// Where a native property stands in STIX.
enum class Place : std::uint8_t {
  shared,      // the same for every kind, or every indicator: to_stix.cpp
  object,      // Kind::rows, and a bond
  value,       // Kind::observable and Kind::recognise
  observable,  // a property of the observable that our definition makes
  extension,   // a property below the id of our extension, of the observable or of an object that is no indicator
};
[[nodiscard]] Place place_of(Kind const& kind, std::string_view property);

// What a property of a new observable is called in the native form: its own name, but for `kind`, which is taken.
[[nodiscard]] std::string_view native_name(std::string_view stix_name);
[[nodiscard]] std::string_view stix_name(std::string_view native_name);

// " Did you mean `x`?" when one of `known` is close to `word`, else "".
[[nodiscard]] std::string suggestion(std::string_view word, std::span<std::string const> known);

}  // namespace tocsin::kinds
