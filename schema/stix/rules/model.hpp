// The vocabulary in which the rules of STIX 2.1 are written down: a Shape is a table of properties and of rules between
// them, a Type says what one value may be. Everything here is constant data, made at compile time; walk.hpp interprets
// it. Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "schema/stix/object.hpp"

namespace tocsin::stix::rules {

using Names = std::span<std::string_view const>;

// What JSON value and which further check; the fields of Type that a kind reads are named behind it.
enum class Kind : std::uint8_t {
  text,  // format, if any
  boolean,
  integer,  // low … high
  number,   // low … high
  timestamp,
  own_type,  // the `type` of the object itself
  own_id,    // the `id` of the object itself
  spec_version,
  reference,  // targets
  word,       // words
  hashes,
  dictionary,  // entries
  structure,   // shape
  extensions,
  translations,  // `contents` of language-content: language → what is translated
  container,     // the deprecated `objects` of observed-data
  object,        // any JSON object that is not empty; a rule looks inside
};

// A form that a string must have. An advisory form is only a SHOULD, or one that much real data breaks without harm.
struct Format {
  bool (*accepts)(std::string_view);
  std::string_view form;        // completes "… must be "
  std::string_view pattern;     // the form, or what of it a regular expression (ECMA-262) can say
  bool of_observation = false;  // describes the observed value, so a defanged object is free of it
  bool advisory = false;
};

// Section 10: an enumeration is closed, a vocabulary is open.
struct Words {
  std::string_view name;
  Names values;  // sorted
  bool open;
};

inline constexpr std::uint8_t kSdo = 1, kSro = 2, kSco = 4, kSmo = 8;
inline constexpr std::uint8_t kAnyObject = kSdo | kSro | kSco | kSmo;

enum class Role : std::uint8_t { reference, marking, creator };

// What a reference may point to: the listed types, or when none is listed any type of the given categories. Types that
// STIX does not define pass in the second case: their category cannot be told from an identifier.
struct Targets {
  Names types = {};
  std::uint8_t categories = 0;
  Role role = Role::reference;
  bool local = false;  // or `local:NAME`, an item of the same submission; in the native form only
};

inline constexpr std::string_view kLocal = "local:";

enum class Entries : std::uint8_t { any, text, integer, text_or_integer, text_list };

struct Shape;

inline constexpr std::int64_t kLowest = -9007199254740991;  // −(2^53−1), section 2.10
inline constexpr std::int64_t kHighest = 9007199254740991;

struct Type {
  Kind kind;
  bool list = false;  // a list of at least one such value, section 2.12
  std::int64_t low = kLowest;
  std::int64_t high = kHighest;
  Format const* format = nullptr;
  Words const* words = nullptr;
  Targets const* targets = nullptr;
  Shape const* shape = nullptr;
  Entries entries = Entries::any;
};

enum class Need : std::uint8_t {
  optional,
  required,
  deprecated,  // accepted with a warning
  misplaced,   // a common property that STIX does not define for this object: checked, and named as unknown
};

struct Property {
  std::string_view name;
  Type type;
  Need need = Need::optional;
  std::string_view meaning = {};  // a sentence, for what no standard explains
};

// A rule between properties of one object. `check` reads the other fields as it needs them; cross.hpp makes the usual
// ones.
struct Rule;
struct Scope;
using Check = void (*)(Rule const&, Scope const&);
struct Rule {
  Check check;
  std::string_view first = {};
  std::string_view second = {};
  Names names = {};
  std::string_view schema = {};  // the rule, or what of it JSON Schema can say, where `check` is none of cross.hpp
};

struct Shape {
  std::string_view name;                 // for sentences
  std::span<Property const> properties;  // sorted by name
  std::span<Rule const> rules = {};
  bool custom = false;  // an object type that STIX does not define: further properties are its own
  bool closed = false;  // defined here, completely: a further property is refused
};

struct ObjectType {
  std::string_view name;
  Category category;
  Shape shape;
  Names contributing = {};  // ID contributing properties of an SCO, sorted
};

// --- writing tables -------------------------------------------------------------------------------------------------

constexpr Type text() { return {.kind = Kind::text}; }
constexpr Type text(Format const& format) { return {.kind = Kind::text, .format = &format}; }
constexpr Type boolean() { return {.kind = Kind::boolean}; }
constexpr Type integer(std::int64_t low = kLowest, std::int64_t high = kHighest) {
  return {.kind = Kind::integer, .low = low, .high = high};
}
constexpr Type number(std::int64_t low = kLowest, std::int64_t high = kHighest) {
  return {.kind = Kind::number, .low = low, .high = high};
}
constexpr Type timestamp() { return {.kind = Kind::timestamp}; }
constexpr Type reference(Targets const& targets) { return {.kind = Kind::reference, .targets = &targets}; }
constexpr Type word(Words const& words) { return {.kind = Kind::word, .words = &words}; }
constexpr Type hashes() { return {.kind = Kind::hashes}; }
constexpr Type dictionary(Entries entries = Entries::any) { return {.kind = Kind::dictionary, .entries = entries}; }
constexpr Type structure(Shape const& shape) { return {.kind = Kind::structure, .shape = &shape}; }
constexpr Type list(Type type) {
  type.list = true;
  return type;
}

// Rows in the order of the specification, made into one table in the order of JSON members.
template <std::size_t... N>
constexpr auto table(std::array<Property, N> const&... parts) {
  std::array<Property, (N + ...)> all{};
  auto out = all.begin();
  ((out = std::copy(parts.begin(), parts.end(), out)), ...);
  std::sort(all.begin(), all.end(), [](Property const& a, Property const& b) { return a.name < b.name; });
  return all;
}

template <class... Rows>
constexpr auto rows(Rows... row) {
  return std::array<Property, sizeof...(Rows)>{row...};
}

template <class... Text>
constexpr auto texts(Text... name) {
  return rows(Property{name, text()}...);
}

template <class... Text>
constexpr auto timestamps(Text... name) {
  return rows(Property{name, timestamp()}...);
}

template <class... Text>
constexpr auto names(Text... text) {
  std::array<std::string_view, sizeof...(Text)> all{std::string_view(text)...};
  std::sort(all.begin(), all.end());
  return all;
}

// The rows of `parts` for a property that a more particular part redefines would both stand in the table; this refuses
// it.
template <std::size_t N>
constexpr bool distinct(std::array<Property, N> const& rows) {
  return std::adjacent_find(rows.begin(), rows.end(),
                            [](Property const& a, Property const& b) { return a.name == b.name; }) == rows.end();
}

}  // namespace tocsin::stix::rules
