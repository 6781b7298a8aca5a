// What a property of the native form may tell of a person, in the words of the GDPR. Every property has an answer: what
// can hold none by its type is known by it, the rest is in a table, and a test fails for what is in neither. Constant
// data; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

enum class PersonalData : std::uint8_t {
  none,
  group,       // of many accounts together, of none alone
  identifier,  // an online identifier (recital 30): it may have been one person's
  pseudonym,   // a keyed hash of an identifier (article 4, 5): who has the key can test a guess
  text,        // written by a person, who may write anything; harm checks look for clear personal data
};

// nullopt: the property is new, and nobody has said yet.
[[nodiscard]] std::optional<PersonalData> personal_data(Kind const& kind, stix::rules::Property const& property);

[[nodiscard]] std::string_view name(PersonalData data);

}  // namespace tocsin::kinds
