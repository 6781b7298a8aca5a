// Our own extension definitions (STIX 2.1 section 7.3): what carries the facts of distillation attacks that STIX lacks.
// They are closed: what is not defined here is refused, so that nothing unforeseen is shared. schema/json is their
// published form, written from these tables. Constant data; any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

struct OwnExtension {
  std::string_view id;        // of the extension definition; the one spelling that is accepted as key
  std::string_view document;  // what its files in schema/json/extensions are called
  std::string_view name;
  std::string_view description;
  Names of;     // the object types it extends, or the one it makes
  Shape shape;  // of the extension itself
  bool makes_type = false;
};

[[nodiscard]] std::span<OwnExtension const> own_extensions();

// Finds the definition however the hexadecimal digits of the key are written; nullptr when it is none of ours.
[[nodiscard]] OwnExtension const* find_own_extension(std::string_view key);

// The definition that makes objects of this type, nullptr when none of ours does.
[[nodiscard]] OwnExtension const* find_definition_of(std::string_view type);

extern std::span<ObjectType const> const kOwnTypes;  // cyber-observable objects of our new-sco extensions

// The rules of an object that names our definition of this type. nullptr without the definition: the name of a type
// alone belongs to nobody, and such an object is a custom one.
[[nodiscard]] ObjectType const* find_own_type(std::string_view name, Json const& document);

// Rows of the tables behind this header.
constexpr Property must(std::string_view name, Type type, std::string_view meaning) {
  return {name, type, Need::required, meaning};
}
constexpr Property may(std::string_view name, Type type, std::string_view meaning) {
  return {name, type, Need::optional, meaning};
}
constexpr Shape closed(std::string_view name, std::span<Property const> properties, std::span<Rule const> rules = {}) {
  return {.name = name, .properties = properties, .rules = rules, .closed = true};
}

}  // namespace tocsin::stix::rules
