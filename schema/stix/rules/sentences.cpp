#include "schema/stix/rules/sentences.hpp"

#include <array>

#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

std::string range(Type const& type, std::string_view noun) {
  std::string out(noun);
  if (type.low == kLowest && type.high == kHighest) return out;
  if (type.high == kHighest) return out + " of at least " + std::to_string(type.low);
  return out + " from " + std::to_string(type.low) + " to " + std::to_string(type.high);
}

std::string category_names(std::uint8_t categories) {
  std::array<std::pair<std::uint8_t, std::string_view>, 4> const all{{{kSdo, "a domain object"},
                                                                      {kSro, "a relationship object"},
                                                                      {kSco, "a cyber-observable object"},
                                                                      {kSmo, "a meta object"}}};
  std::string out;
  for (auto const& [bit, name] : all) {
    if ((categories & bit) == 0) continue;
    if (!out.empty()) out += " or ";
    out += name;
  }
  return out;
}

std::string one(Type const& type) {
  switch (type.kind) {
    case Kind::text:
      return type.format == nullptr ? "a string" : "a string: " + std::string(type.format->form);
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return range(type, "an integer");
    case Kind::number:
      return range(type, "a number");
    case Kind::timestamp:
      return "a timestamp such as 2025-01-31T12:00:00.000Z";
    case Kind::own_type:
      return "the name of its type";
    case Kind::own_id:
      return "an identifier: the type, two hyphens and a UUID";
    case Kind::spec_version:
      return "the string 2.1";
    case Kind::reference:
      if (type.targets->types.empty()) return "the identifier of " + category_names(type.targets->categories);
      return "the identifier of a " + alternatives(type.targets->types);
    case Kind::word:
      return "a string of " + std::string(type.words->name);
    case Kind::hashes:
      return "an object of hash algorithms and hashes";
    case Kind::dictionary:
      return "an object";
    case Kind::structure:
      return "a JSON object (" + std::string(type.shape->name) + ")";
    case Kind::extensions:
      return "an object of extensions by name or identifier";
    case Kind::translations:
      return "an object of translations by language tag";
    case Kind::container:
      return "an object of observables by key";
    case Kind::object:
      return "an object";
  }
  return "valid";
}

}  // namespace

std::string in_ticks(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  std::string out = "`";
  std::size_t length = name.size();
  if (length > kLongest) {
    length = kLongest;
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80) --length;  // not inside a character
  }
  out += name.substr(0, length);
  return out += length < name.size() ? "…`" : "`";
}

std::string subject(Path const& at) {
  if (at.name.data() != nullptr) return in_ticks(at.name);
  if (at.parent == nullptr) return "The object";
  return "An item of " + in_ticks(at.parent->name);
}

std::string expectation(Type const& type) {
  if (!type.list) return one(type);
  return "a list, each item " + one(type);
}

std::string alternatives(Names names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += names[i];
  }
  return out;
}

}  // namespace tocsin::stix::rules
