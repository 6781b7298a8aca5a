#include "schema/stix/rules/common.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/selector.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

// Section 7.2.3: exactly one of language and marking, and selectors that point to something.
void granular_marking(Rule const&, Scope const& scope) {
  auto const selectors = scope.object.find("selectors");
  if (selectors == scope.object.end() || !selectors->is_array()) return;
  Path const list{&scope.at, "selectors"};
  for (std::size_t i = 0; i < selectors->size(); ++i) {
    auto const& selector = (*selectors)[i];
    if (!selector.is_string()) continue;
    switch (select(scope.walk.document(), selector.get_ref<std::string const&>())) {
      case Selected::found:
        break;
      case Selected::nothing:
        scope.walk.find(core::Code::property_value, Path{.parent = &list, .index = i},
                        "The selector points to nothing in this object.",
                        "Name a property or list item that is there.");
        break;
      case Selected::malformed:
        scope.walk.find(core::Code::property_value, Path{.parent = &list, .index = i}, "The selector is malformed.",
                        "Write names and [indices] separated by dots, such as external_references.[0].url.");
        break;
    }
  }
}

constexpr auto kCommonNames =
    names("type", "id", "spec_version", "object_marking_refs", "granular_markings", "defanged", "created_by_ref",
          "created", "modified", "revoked", "labels", "confidence", "lang", "external_references");

constexpr auto kExternalReferenceRows =
    table(rows(Property{"source_name", text(), Need::required}, Property{"description", text()},
               Property{"url", text(kUrl)}, Property{"hashes", hashes()}, Property{"external_id", text()}));
constexpr std::array<std::string_view, 3> kExternalReferenceAny{"description", "url", "external_id"};
constexpr std::array kExternalReferenceRules{any_of(kExternalReferenceAny)};

constexpr auto kKillChainPhaseRows =
    table(rows(Property{"kill_chain_name", text(), Need::required}, Property{"phase_name", text(), Need::required}));

constexpr auto kGranularMarkingRows =
    table(rows(Property{"lang", text(kLanguage)}, Property{"marking_ref", reference(kMarking)},
               Property{"selectors", list(text()), Need::required}));
constexpr std::array kGranularMarkingRules{exactly_one("lang", "marking_ref"), Rule{.check = granular_marking}};

}  // namespace

constinit Shape const kExternalReference{"external reference", kExternalReferenceRows, kExternalReferenceRules};
constinit Shape const kKillChainPhase{"kill chain phase", kKillChainPhaseRows};
constinit Shape const kGranularMarking{"granular marking", kGranularMarkingRows, kGranularMarkingRules};

bool is_common(std::string_view name) { return contains(kCommonNames, name); }

}  // namespace tocsin::stix::rules
