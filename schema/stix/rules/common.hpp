// What many tables share: common properties (section 3.2), the structures of section 2, targets of references.
// Constant data; any thread.
#pragma once

#include "schema/stix/rules/cross.hpp"
#include "schema/stix/rules/formats.hpp"
#include "schema/stix/rules/model.hpp"
#include "schema/stix/rules/vocabularies.hpp"

namespace tocsin::stix::rules {

extern Shape const kExternalReference;  // section 2.5
extern Shape const kKillChainPhase;     // section 2.11
extern Shape const kGranularMarking;    // section 7.2.3

inline constexpr auto kIdentityName = names("identity");
inline constexpr auto kMarkingName = names("marking-definition");
inline constexpr Targets kCreator{.types = kIdentityName, .role = Role::creator};
inline constexpr Targets kMarking{.types = kMarkingName, .role = Role::marking};
inline constexpr Targets kAnything{.categories = kAnyObject};
inline constexpr Targets kSdoOnly{.categories = kSdo};
inline constexpr Targets kScoOnly{.categories = kSco};
inline constexpr Targets kSdoOrSco{.categories = kSdo | kSco};
inline constexpr Targets kScoOrSro{.categories = kSco | kSro};

// `type` and `id` stand in every table.
inline constexpr auto kOwn = rows(Property{"type", {.kind = Kind::own_type}, Need::required},
                                  Property{"id", {.kind = Kind::own_id}, Need::required});

inline constexpr Type kSpecVersion{.kind = Kind::spec_version};
inline constexpr Type kExtensions{.kind = Kind::extensions};

inline constexpr auto kMarkingRows = rows(Property{"object_marking_refs", list(reference(kMarking))},
                                          Property{"granular_markings", list(structure(kGranularMarking))});

// SDOs, SROs and the versioned SMOs.
inline constexpr auto kVersioned =
    table(kOwn, kMarkingRows,
          rows(Property{"spec_version", kSpecVersion, Need::required}, Property{"created", timestamp(), Need::required},
               Property{"modified", timestamp(), Need::required}, Property{"revoked", boolean()},
               Property{"labels", list(text())}, Property{"external_references", list(structure(kExternalReference))}));

// What SDOs and SROs have besides.
inline constexpr auto kCore =
    table(kVersioned, rows(Property{"created_by_ref", reference(kCreator)}, Property{"confidence", integer(0, 100)},
                           Property{"lang", text(kLanguage)}, Property{"extensions", kExtensions},
                           Property{"defanged", boolean(), Need::misplaced}));

// SCOs: not versioned, without a creator. What they should not have is checked where they have it, because readers take
// attribution from it.
inline constexpr auto kObserved = table(
    kOwn, kMarkingRows,
    rows(Property{"spec_version", kSpecVersion}, Property{"defanged", boolean()}, Property{"extensions", kExtensions},
         Property{"created_by_ref", reference(kCreator), Need::misplaced},
         Property{"created", timestamp(), Need::misplaced}, Property{"modified", timestamp(), Need::misplaced},
         Property{"revoked", boolean(), Need::misplaced}, Property{"labels", list(text()), Need::misplaced},
         Property{"confidence", integer(0, 100), Need::misplaced}, Property{"lang", text(kLanguage), Need::misplaced},
         Property{"external_references", list(structure(kExternalReference)), Need::misplaced}));

inline constexpr Rule kVersionOrder = not_before("modified", "created");
inline constexpr std::array kVersionRules{kVersionOrder};

// True for a common property of section 3.2, `extensions` excepted: an object may consist of them alone.
[[nodiscard]] bool is_common(std::string_view name);

}  // namespace tocsin::stix::rules
