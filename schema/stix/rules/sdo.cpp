// Domain objects, STIX 2.1 section 4. Rows in the order of the specification.
#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/types.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

// --- rules of single types ------------------------------------------------------------------------------------------

// Only STIX patterns are ours to parse; the other languages of pattern-type-ov are carried as they are.
void pattern_parses(Rule const&, Scope const& scope) {
  auto const type = scope.object.find("pattern_type");
  auto const text = scope.object.find("pattern");
  if (type == scope.object.end() || !type->is_string() || type->get_ref<std::string const&>() != "stix") return;
  if (text == scope.object.end() || !text->is_string()) return;
  auto parsed = pattern::parse(text->get_ref<std::string const&>());
  if (parsed) return;
  auto const& hint = parsed.error().remedy;
  scope.walk.find(parsed.error().code, Path{&scope.at, "pattern"},
                  "The pattern does not parse: " + parsed.error().detail + ".",
                  hint.empty() ? "Correct the pattern." : hint + (hint.ends_with('.') ? "" : "."));
}

void family_has_name(Rule const&, Scope const& scope) {
  auto const family = scope.object.find("is_family");
  if (family == scope.object.end() || !family->is_boolean() || !family->get<bool>() || scope.object.contains("name"))
    return;
  scope.walk.find(core::Code::property_missing, Path{&scope.at, "name"}, "A malware family needs `name`.",
                  "Add the name of the family.");
}

// --- tables ---------------------------------------------------------------------------------------------------------

constexpr Property kName{"name", text(), Need::required};
constexpr Property kDescription{"description", text()};
constexpr Property kAliases{"aliases", list(text())};
constexpr Property kKillChainPhases{"kill_chain_phases", list(structure(kKillChainPhase))};
constexpr Property kFirstSeen{"first_seen", timestamp()};
constexpr Property kLastSeen{"last_seen", timestamp()};
constexpr Property kObjectRefs{"object_refs", list(reference(kAnything)), Need::required};
constexpr std::array kSeenRules{kVersionOrder, not_before("last_seen", "first_seen")};

constexpr auto kSoftwareName = names("software");
constexpr auto kSampleNames = names("artifact", "file");
constexpr auto kAnalysedNames = names("artifact", "file", "network-traffic");
constexpr Targets kSoftware{.types = kSoftwareName};
constexpr Targets kSample{.types = kSampleNames};
constexpr Targets kAnalysed{.types = kAnalysedNames};

constexpr auto kAttackPattern = table(kCore, rows(kName, kDescription, kAliases, kKillChainPhases));

constexpr auto kCampaign =
    table(kCore, rows(kName, kDescription, kAliases, kFirstSeen, kLastSeen, Property{"objective", text()}));

constexpr auto kNamed = table(kCore, rows(kName, kDescription));  // course-of-action, incident, vulnerability

constexpr auto kGrouping = table(kCore, rows(Property{"name", text()}, kDescription,
                                             Property{"context", word(kGroupingContext), Need::required}, kObjectRefs));

constexpr auto kIdentity = table(
    kCore, rows(kName, kDescription, Property{"roles", list(text())}, Property{"identity_class", word(kIdentityClass)},
                Property{"sectors", list(word(kIndustrySector))}, Property{"contact_information", text()}));

constexpr auto kIndicator =
    table(kCore, rows(Property{"name", text()}, kDescription, Property{"indicator_types", list(word(kIndicatorType))},
                      Property{"pattern", text(), Need::required},
                      Property{"pattern_type", word(kPatternType), Need::required}, Property{"pattern_version", text()},
                      Property{"valid_from", timestamp(), Need::required}, Property{"valid_until", timestamp()},
                      kKillChainPhases));
constexpr std::array kIndicatorRules{kVersionOrder, after("valid_until", "valid_from"), Rule{.check = pattern_parses}};

constexpr auto kInfrastructure =
    table(kCore, rows(kName, kDescription, Property{"infrastructure_types", list(word(kInfrastructureType))}, kAliases,
                      kKillChainPhases, kFirstSeen, kLastSeen));

constexpr auto kIntrusionSet =
    table(kCore, rows(kName, kDescription, kAliases, kFirstSeen, kLastSeen, Property{"goals", list(text())},
                      Property{"resource_level", word(kAttackResourceLevel)},
                      Property{"primary_motivation", word(kAttackMotivation)},
                      Property{"secondary_motivations", list(word(kAttackMotivation))}));

constexpr auto kLocation = table(
    kCore, rows(Property{"name", text()}, kDescription, Property{"latitude", number(-90, 90)},
                Property{"longitude", number(-180, 180)}, Property{"precision", number()},
                Property{"region", word(kRegion)}, Property{"country", text()}, Property{"administrative_area", text()},
                Property{"city", text()}, Property{"street_address", text()}, Property{"postal_code", text()}));
constexpr std::array<std::string_view, 3> kLocationAny{"region", "country", "latitude"};
constexpr std::array kLocationRules{kVersionOrder, any_of(kLocationAny), needs("latitude", "longitude"),
                                    needs("longitude", "latitude"), needs("precision", "latitude")};

constexpr auto kMalware =
    table(kCore, rows(Property{"name", text()}, kDescription, Property{"malware_types", list(word(kMalwareType))},
                      Property{"is_family", boolean(), Need::required}, kAliases, kKillChainPhases, kFirstSeen,
                      kLastSeen, Property{"operating_system_refs", list(reference(kSoftware))},
                      Property{"architecture_execution_envs", list(word(kProcessorArchitecture))},
                      Property{"implementation_languages", list(word(kImplementationLanguage))},
                      Property{"capabilities", list(word(kMalwareCapabilities))},
                      Property{"sample_refs", list(reference(kSample))}));
constexpr std::array kMalwareRules{
    kVersionOrder, not_before("last_seen", "first_seen"),
    Rule{.check = family_has_name, .schema = R"({"if":{"properties":{"is_family":{"const":true}}},
                                                      "then":{"required":["name"]}})"}};

constexpr auto kMalwareAnalysis = table(
    kCore,
    rows(Property{"product", text(), Need::required}, Property{"version", text()},
         Property{"host_vm_ref", reference(kSoftware)}, Property{"operating_system_ref", reference(kSoftware)},
         Property{"installed_software_refs", list(reference(kSoftware))}, Property{"configuration_version", text()},
         Property{"modules", list(text())}, Property{"analysis_engine_version", text()},
         Property{"analysis_definition_version", text()}, Property{"submitted", timestamp()},
         Property{"analysis_started", timestamp()}, Property{"analysis_ended", timestamp()},
         Property{"result_name", text()}, Property{"result", word(kMalwareResult)},
         Property{"analysis_sco_refs", list(reference(kScoOnly))}, Property{"sample_ref", reference(kAnalysed)}));
constexpr std::array<std::string_view, 2> kAnalysisAny{"result", "analysis_sco_refs"};
constexpr std::array kMalwareAnalysisRules{kVersionOrder, any_of(kAnalysisAny)};

constexpr auto kNote = table(kCore, rows(Property{"abstract", text()}, Property{"content", text(), Need::required},
                                         Property{"authors", list(text())}, kObjectRefs));

constexpr auto kObservedDataRows =
    table(kCore, rows(Property{"first_observed", timestamp(), Need::required},
                      Property{"last_observed", timestamp(), Need::required},
                      Property{"number_observed", integer(1, 999'999'999), Need::required},
                      Property{"objects", {.kind = Kind::container}, Need::deprecated},
                      Property{"object_refs", list(reference(kScoOrSro))}));
constexpr std::array kObservedDataRules{kVersionOrder, not_before("last_observed", "first_observed"),
                                        exactly_one("objects", "object_refs")};

constexpr auto kOpinionRows = table(kCore, rows(Property{"explanation", text()}, Property{"authors", list(text())},
                                                Property{"opinion", word(kOpinion), Need::required}, kObjectRefs));

constexpr auto kReport = table(kCore, rows(kName, kDescription, Property{"report_types", list(word(kReportType))},
                                           Property{"published", timestamp(), Need::required}, kObjectRefs));

constexpr auto kThreatActor =
    table(kCore, rows(kName, kDescription, Property{"threat_actor_types", list(word(kThreatActorType))}, kAliases,
                      kFirstSeen, kLastSeen, Property{"roles", list(word(kThreatActorRole))},
                      Property{"goals", list(text())}, Property{"sophistication", word(kThreatActorSophistication)},
                      Property{"resource_level", word(kAttackResourceLevel)},
                      Property{"primary_motivation", word(kAttackMotivation)},
                      Property{"secondary_motivations", list(word(kAttackMotivation))},
                      Property{"personal_motivations", list(word(kAttackMotivation))}));

constexpr auto kTool = table(kCore, rows(kName, kDescription, Property{"tool_types", list(word(kToolType))}, kAliases,
                                         kKillChainPhases, Property{"tool_version", text()}));

static_assert(distinct(kAttackPattern) && distinct(kCampaign) && distinct(kNamed) && distinct(kGrouping) &&
              distinct(kIdentity) && distinct(kIndicator) && distinct(kInfrastructure) && distinct(kIntrusionSet) &&
              distinct(kLocation) && distinct(kMalware) && distinct(kMalwareAnalysis) && distinct(kNote) &&
              distinct(kObservedDataRows) && distinct(kOpinionRows) && distinct(kReport) && distinct(kThreatActor) &&
              distinct(kTool));

constexpr ObjectType kTypes[] = {
    {"attack-pattern", Category::sdo, {"attack pattern", kAttackPattern, kVersionRules}},
    {"campaign", Category::sdo, {"campaign", kCampaign, kSeenRules}},
    {"course-of-action", Category::sdo, {"course of action", kNamed, kVersionRules}},
    {"grouping", Category::sdo, {"grouping", kGrouping, kVersionRules}},
    {"identity", Category::sdo, {"identity", kIdentity, kVersionRules}},
    {"incident", Category::sdo, {"incident", kNamed, kVersionRules}},
    {"indicator", Category::sdo, {"indicator", kIndicator, kIndicatorRules}},
    {"infrastructure", Category::sdo, {"infrastructure", kInfrastructure, kSeenRules}},
    {"intrusion-set", Category::sdo, {"intrusion set", kIntrusionSet, kSeenRules}},
    {"location", Category::sdo, {"location", kLocation, kLocationRules}},
    {"malware", Category::sdo, {"malware", kMalware, kMalwareRules}},
    {"malware-analysis", Category::sdo, {"malware analysis", kMalwareAnalysis, kMalwareAnalysisRules}},
    {"note", Category::sdo, {"note", kNote, kVersionRules}},
    {"observed-data", Category::sdo, {"observed data", kObservedDataRows, kObservedDataRules}},
    {"opinion", Category::sdo, {"opinion", kOpinionRows, kVersionRules}},
    {"report", Category::sdo, {"report", kReport, kVersionRules}},
    {"threat-actor", Category::sdo, {"threat actor", kThreatActor, kSeenRules}},
    {"tool", Category::sdo, {"tool", kTool, kVersionRules}},
    {"vulnerability", Category::sdo, {"vulnerability", kNamed, kVersionRules}},
};

}  // namespace

constinit std::span<ObjectType const> const kDomainTypes{kTypes};

}  // namespace tocsin::stix::rules
