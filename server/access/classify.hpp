// From an object's markings to its visibility class, and who sees a class: the two pure functions that every output
// rests on. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema/stix/identifier.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::access {

// A visibility class. Who asserted an object is not part of it.
struct ClassFacts {
  stix::Tlp level = stix::Tlp::red;
  bool unknown = false;  // a marking that is neither TLP nor a statement: nobody but the asserter
  friend bool operator==(ClassFacts const&, ClassFacts const&) = default;
};

// The strictest of all object and granular markings. Statement markings restrict nothing; without any TLP marking the
// level is the collection's default. `is_statement` answers for markings that are not TLP.
[[nodiscard]] ClassFacts classify(std::span<stix::Identifier const> markings, stix::Tlp default_level,
                                  std::function<bool(stix::Identifier const&)> const& is_statement);

// The stored form of a class: canonical JSON, so that equal classes have equal keys. Parsing is strict; a key that is
// not understood must be treated as visible to nobody.
[[nodiscard]] std::string class_key(ClassFacts const& facts);
[[nodiscard]] std::optional<ClassFacts> parse_class_key(std::string_view key);

// What decides about a reader, besides the class.
struct Reader {
  stix::Tlp clearance = stix::Tlp::clear;     // of the organisation, lowered by the credential
  std::optional<stix::Tlp> credential_limit;  // binds the organisation's own objects too
  bool government = false;
  bool reads_others = false;  // the roles allow more than the organisation's own objects
};

// May the reader see other organisations' objects of this class? Every marking must be satisfied: the level within
// clearance; AMBER+STRICT and RED need an audience that names the reader; a government needs to be named by
// `releasable_to` from AMBER up.
[[nodiscard]] bool sees(Reader const& reader, ClassFacts const& facts);

// May the reader see its own organisation's objects of this class?
[[nodiscard]] bool sees_own(Reader const& reader, ClassFacts const& facts);

// True when every reader who sees `narrow` also sees `wide`.
[[nodiscard]] bool covers(ClassFacts const& wide, ClassFacts const& narrow);

}  // namespace tocsin::access
