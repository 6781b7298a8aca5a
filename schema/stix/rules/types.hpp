// The object types of STIX 2.1 by name. Constant data; any thread.
#pragma once

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

extern std::span<ObjectType const> const kDomainTypes;        // section 4
extern std::span<ObjectType const> const kRelationshipTypes;  // section 5
extern std::span<ObjectType const> const kObservableTypes;    // section 6
extern std::span<ObjectType const> const kMetaTypes;          // section 7

// nullptr for a type that STIX does not define.
[[nodiscard]] ObjectType const* find_type(std::string_view name);

// The rules for an object of such a type: those of own_extensions.hpp, when it names the definition. An extension of
// type new-sdo, new-sro or new-sco (section 7.3) says what it is; without one an object that has `created` and
// `modified` counts as a domain object, another as a cyber-observable object.
[[nodiscard]] ObjectType custom_type(std::string_view name, Json const& document);

}  // namespace tocsin::stix::rules
