// A valid STIX 2.1 object: canonical bytes and the facts that admission, access and storage need. One that exists is
// valid. A value type; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/error.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::stix {

// STIX 2.1 section 1.4: domain objects, relationship objects, cyber-observable objects, meta objects.
enum class Category : std::uint8_t { sdo, sro, sco, smo };

struct Object {
  Identifier id;
  Category category;
  std::optional<Timestamp> created;
  std::optional<Timestamp> modified;  // absent: the object is not versioned
  bool revoked = false;
  std::optional<Identifier> created_by;
  std::vector<Identifier> markings;     // of object_marking_refs and granular_markings, each once, sorted
  std::vector<Identifier> references;   // every other *_ref and *_refs, each once, sorted
  std::optional<core::Uuid> value_key;  // SCO with id-contributing properties: its deterministic UUIDv5 (section 2.9)
  bool is_statement_marking = false;    // a marking-definition of definition_type statement: restricts nothing
  std::string bytes;                    // RFC 8785
  std::vector<core::Error> warnings;    // accepted all the same
};

struct ObjectLimits {
  std::size_t bytes = 1 << 20;  // canonical length of one object
  std::size_t findings = 16;    // reported for one object
};

// Checks everything STIX 2.1 (Errata 01) requires of one object that can be told from the object alone: required and
// typed properties of every SDO, SRO, SCO and SMO, identifiers, timestamps and their order, reference types, extension
// rules, the pattern of an indicator. Pointers are relative to the object. Input that is well formed but unusual (x_
// properties, unknown extensions, a missing spec_version on SCOs and markings, values outside open vocabularies) is
// accepted, with a warning where STIX says SHOULD.
[[nodiscard]] std::expected<Object, std::vector<core::Error>> parse_object(Json const& document,
                                                                           ObjectLimits limits = {});

// The deterministic identifier of an SCO (section 2.9), nullopt when no id-contributing property is present.
[[nodiscard]] std::optional<core::Uuid> deterministic_id(Json const& sco);

}  // namespace tocsin::stix
