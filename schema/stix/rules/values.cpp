// Values of the single types of STIX 2.1 section 2: the part of the walk that looks into strings, numbers and
// dictionaries.
#include <cmath>
#include <nlohmann/json.hpp>

#include "schema/stix/rules/formats.hpp"
#include "schema/stix/rules/sentences.hpp"
#include "schema/stix/rules/types.hpp"
#include "schema/stix/rules/vocabularies.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {

using core::Code;

namespace {

std::string const& string_of(Json const& value) { return value.get_ref<std::string const&>(); }

std::uint8_t bit(Category category) {
  switch (category) {
    case Category::sdo:
      return kSdo;
    case Category::sro:
      return kSro;
    case Category::sco:
      return kSco;
    case Category::smo:
      return kSmo;
  }
  return 0;
}

bool allows(Targets const& targets, std::string_view type) {
  if (!targets.types.empty()) {
    return std::ranges::find(targets.types, type) != targets.types.end();
  }
  if (type == "bundle") return false;
  auto const* known = find_type(type);
  return known == nullptr || (targets.categories & bit(known->category)) != 0;
}

bool is_integer(Json const& value) {
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  auto const number = value.get<double>();  // 5.0 is the integer 5, and RFC 8785 writes it so
  return std::trunc(number) == number && std::abs(number) <= static_cast<double>(kHighest);
}

bool is_within(Type const& type, Json const& value) {
  if (value.is_number_unsigned()) {
    auto const number = value.get<std::uint64_t>();
    return number <= static_cast<std::uint64_t>(kHighest) && static_cast<std::int64_t>(number) >= type.low &&
           static_cast<std::int64_t>(number) <= type.high;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>() >= type.low && value.get<std::int64_t>() <= type.high;
  auto const number = value.get<double>();
  if (type.low == kLowest && type.high == kHighest) return true;
  return number >= static_cast<double>(type.low) && number <= static_cast<double>(type.high);
}

}  // namespace

void Walk::text(Type const& type, Json const& value, Path const& at) {
  if (!value.is_string()) return wrong_type(type, at);
  auto const* format = type.format;
  if (format == nullptr || format->accepts(string_of(value)) || (format->of_observation && defanged_)) return;
  auto detail = subject(at) + (format->advisory ? " should be " : " must be ") + std::string(format->form) + ".";
  if (format->advisory) return warn(Code::property_value, at, std::move(detail));
  find(Code::property_value, at, std::move(detail), "Correct the value.");
}

void Walk::amount(Type const& type, Json const& value, Path const& at) {
  if (type.kind == Kind::integer ? !is_integer(value) : !value.is_number()) return wrong_type(type, at);
  if (is_within(type, value)) return;
  find(Code::property_value, at, subject(at) + " must be " + expectation(type) + ".", "Correct the value.");
}

// Section 3.2 wants milliseconds in `created` and `modified`. An instant without them is still one, and many producers
// write it so.
void Walk::moment(Json const& value, Path const& at) {
  if (!value.is_string()) return wrong_type({.kind = Kind::timestamp}, at);
  auto const& written = string_of(value);
  if (auto parsed = Timestamp::parse(written); !parsed) {
    return find(parsed.error().code, at, std::move(parsed.error().detail), "Correct the timestamp.");
  }
  constexpr std::size_t kMilliseconds = sizeof("2025-01-31T12:00:00.000Z") - 1;
  bool const versioning = at.name == "created" || at.name == "modified";
  if (versioning && written.size() < kMilliseconds) {
    warn(Code::timestamp_invalid, at, in_ticks(at.name) + " should have at least three digits after the seconds.");
  }
}

void Walk::own_id(Json const& value, Path const& at) {
  if (!value.is_string()) return wrong_type({.kind = Kind::own_id}, at);
  auto parsed = Identifier::parse(string_of(value));
  if (!parsed) return find(parsed.error().code, at, std::move(parsed.error().detail), "Correct the identifier.");
  if (parsed->type() != type_.name) {
    return find(Code::id_type_mismatch, at,
                "The identifier must begin with the type of the object, " + in_ticks(type_.name) + ".",
                "Correct `id` or `type`.");
  }
  id = std::move(*parsed);
}

void Walk::spec_version(Json const& value, Path const& at) {
  if (value.is_string() && string_of(value) == "2.1") return;
  find(Code::spec_version, at, "Only STIX 2.1 is accepted.", "Convert the object and set \"spec_version\" to \"2.1\".");
}

void Walk::reference(Targets const& targets, Json const& value, Path const& at) {
  if (targets.local && string_of(value).starts_with(kLocal)) {
    if (kLocalName.accepts(std::string_view(string_of(value)).substr(kLocal.size()))) return;
    return find(Code::property_value, at, "After `local:` comes " + std::string(kLocalName.form) + ".",
                "Write the `ref` of an item of the same submission.");
  }
  auto parsed = Identifier::parse(string_of(value));
  if (!parsed) return find(parsed.error().code, at, std::move(parsed.error().detail), "Correct the identifier.");
  if (!allows(targets, parsed->type())) {
    return find(Code::reference_type, at,
                subject(at) + " must be " + expectation({.kind = Kind::reference, .targets = &targets}) + ".",
                "Refer to an object of such a type.");
  }
  switch (targets.role) {
    case Role::creator:
      creator = std::move(*parsed);
      return;
    case Role::marking:
      markings.push_back(std::move(*parsed));
      return;
    case Role::reference:
      references.push_back(std::move(*parsed));
      return;
  }
}

void Walk::word(Words const& words, Json const& value, Path const& at) {
  if (contains(words.values, string_of(value))) return;
  auto const list = std::string(words.name);
  if (words.open) return warn(Code::vocabulary, at, subject(at) + " has a value outside " + list + ".");
  find(Code::property_value, at, subject(at) + " must be a value of " + list + ".",
       "Use " + alternatives(words.values) + ".");
}

void Walk::hashes(Json const& value, Path const& at) {
  for (auto const& [algorithm, hash] : value.get_ref<Json::object_t const&>()) {
    Path const here{&at, algorithm};
    auto const* format = hash_format(algorithm);
    if (!is_hash_name(algorithm)) {
      find(Code::property_value, here, "The name of a hash has 3 to 250 letters, digits, hyphens and underscores.",
           "Use a name of hash-algorithm-ov, such as SHA-256.");
    } else if (!hash.is_string()) {
      wrong_type(rules::text(), here);
    } else if (format == nullptr) {
      warn(Code::vocabulary, here, in_ticks(algorithm) + " is not a hash of hash-algorithm-ov.");
    } else if (!format->accepts(string_of(hash))) {
      find(Code::property_value, here, "A " + algorithm + " hash is " + std::string(format->form) + ".",
           "Correct the hash.");
    }
  }
}

void Walk::dictionary(Entries entries, Json const& value, Path const& at) {
  for (auto const& [key, entry] : value.get_ref<Json::object_t const&>()) {
    Path const here{&at, key};
    if (!is_dictionary_key(key)) {
      find(Code::property_value, here, "A dictionary key has 1 to 250 letters, digits, hyphens and underscores.",
           "Rename the key.");
      continue;
    }
    switch (entries) {
      case Entries::text:
        this->value(rules::text(), entry, here);
        break;
      case Entries::integer:
        this->value(rules::integer(), entry, here);
        break;
      case Entries::text_or_integer:
        if (!entry.is_string() && !is_integer(entry)) {
          find(Code::property_type, here, in_ticks(key) + " must be a string or an integer.",
               "Send a value of that type.");
        }
        break;
      case Entries::text_list:
        this->value(rules::list(rules::text()), entry, here);
        break;
      case Entries::any:
        if (entry.is_null())
          find(Code::property_type, here, in_ticks(key) + " has no value.", "Leave the key out instead.");
        break;
    }
  }
}

}  // namespace tocsin::stix::rules
