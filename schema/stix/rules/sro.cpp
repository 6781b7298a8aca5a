// Relationship objects, STIX 2.1 section 5.
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/types.hpp"

namespace tocsin::stix::rules {
namespace {

constexpr auto kObservedDataName = names("observed-data");
constexpr auto kSighterNames = names("identity", "location");
constexpr Targets kObservedData{.types = kObservedDataName};
constexpr Targets kSighter{.types = kSighterNames};

constexpr auto kRelationship =
    table(kCore, rows(Property{"relationship_type", text(kRelationshipName), Need::required},
                      Property{"description", text()}, Property{"source_ref", reference(kSdoOrSco), Need::required},
                      Property{"target_ref", reference(kSdoOrSco), Need::required}, Property{"start_time", timestamp()},
                      Property{"stop_time", timestamp()}));
static_assert(distinct(kRelationship));
constexpr std::array kRelationshipRules{kVersionOrder, after("stop_time", "start_time")};

constexpr auto kSighting =
    table(kCore, rows(Property{"description", text()}, Property{"first_seen", timestamp()},
                      Property{"last_seen", timestamp()}, Property{"count", integer(0, 999'999'999)},
                      Property{"sighting_of_ref", reference(kSdoOnly), Need::required},
                      Property{"observed_data_refs", list(reference(kObservedData))},
                      Property{"where_sighted_refs", list(reference(kSighter))}, Property{"summary", boolean()}));
static_assert(distinct(kSighting));
constexpr std::array kSightingRules{kVersionOrder, not_before("last_seen", "first_seen")};

constexpr ObjectType kTypes[] = {
    {"relationship", Category::sro, {"relationship", kRelationship, kRelationshipRules}},
    {"sighting", Category::sro, {"sighting", kSighting, kSightingRules}},
};

}  // namespace

constinit std::span<ObjectType const> const kRelationshipTypes{kTypes};

}  // namespace tocsin::stix::rules
