// From an object's markings to its visibility class, and who sees a class: the two pure functions that every output
// rests on. Any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::access {

// An audience as an object was committed under it.
struct AudienceAt {
  core::Uuid group{};
  std::int64_t epoch = 0;
  friend auto operator<=>(AudienceAt const&, AudienceAt const&) = default;
};

// A visibility class. Who asserted an object is not part of it.
struct ClassFacts {
  stix::Tlp level = stix::Tlp::red;
  bool unknown = false;                    // a marking that means nothing here: nobody but the asserter
  std::vector<AudienceAt> audiences = {};  // sorted; each has to name the reader
  // Authority codes, sorted: the only governments that see it. Absent: all up to GREEN, none from AMBER up.
  std::optional<std::vector<std::string>> releasable_to = {};
  friend bool operator==(ClassFacts const&, ClassFacts const&) = default;
};

// What a marking that is not TLP means here.
struct Meaning {
  // `left`: an audience that the asserter belonged to once. It means nothing in a new object, but its older ones keep
  // it.
  enum class Kind : std::uint8_t { unknown, statement, audience, left, releasable } kind = Kind::unknown;
  AudienceAt audience = {};                     // at the epoch now
  std::vector<std::string> releasable_to = {};  // sorted
};

// The strictest of all object and granular markings: the highest level, every audience, the authorities that all
// releases name. Statement markings restrict nothing; without any TLP marking the level is the collection's default.
// `meaning` answers for markings that are not TLP.
[[nodiscard]] ClassFacts classify(std::span<stix::Identifier const> markings, stix::Tlp default_level,
                                  std::function<Meaning(stix::Identifier const&)> const& meaning);

// The stored form of a class: canonical JSON, so that equal classes have equal keys. Parsing is strict; a key that is
// not understood must be treated as visible to nobody.
[[nodiscard]] std::string class_key(ClassFacts const& facts);
[[nodiscard]] std::optional<ClassFacts> parse_class_key(std::string_view key);

// An audience that a reader belongs to now, and the epochs at which it did: [since, until) each.
struct Membership {
  core::Uuid group{};
  std::vector<std::pair<std::int64_t, std::int64_t>> epochs;
};

// What decides about a reader, besides the class.
struct Reader {
  stix::Tlp clearance = stix::Tlp::clear;          // of the organisation, lowered by the credential
  std::optional<stix::Tlp> credential_limit = {};  // binds the organisation's own objects too
  bool government = false;
  bool reads_others = false;   // the roles allow more than the organisation's own objects
  std::string authority = {};  // code of a government; "": none
  std::vector<Membership> memberships = {};
};

// May the reader see other organisations' objects of this class? Every marking must be satisfied: the level within
// clearance; each audience names the reader, at its epoch and now; AMBER+STRICT and RED need an audience; a government
// needs to be named by `releasable_to` where there is one, and from AMBER up there has to be one.
[[nodiscard]] bool sees(Reader const& reader, ClassFacts const& facts);

// Is it shown to nobody but who asserted it?
[[nodiscard]] bool is_seen_by_nobody(ClassFacts const& facts);

// May the reader see its own organisation's objects of this class?
[[nodiscard]] bool sees_own(Reader const& reader, ClassFacts const& facts);

// True only when every reader who sees `narrow` also sees `wide`.
[[nodiscard]] bool covers(ClassFacts const& wide, ClassFacts const& narrow);

// Do they name the same audiences, at whatever epochs, and are they equal otherwise?
[[nodiscard]] bool equal_but_for_epochs(ClassFacts const& a, ClassFacts const& b);

}  // namespace tocsin::access
