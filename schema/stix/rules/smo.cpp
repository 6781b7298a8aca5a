// Meta objects, STIX 2.1 section 7.
#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/marking.hpp"
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/types.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules {
namespace {

using core::Code;

std::string_view text_of(Json const& object, std::string_view name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get_ref<std::string const&>();
}

// The only TLP 1 definitions there may be (section 7.2.1.4).
struct TlpRow {
  std::string_view id;
  std::string_view name;
  std::string_view level;
};
constexpr TlpRow kTlp[] = {
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:WHITE", "white"},
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN", "green"},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER", "amber"},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED", "red"},
};
constexpr std::int64_t kTlpCreated = 1'484'870'400;  // 2017-01-20T00:00:00Z

TlpRow const* tlp_row(std::optional<Identifier> const& id) {
  for (auto const& row : kTlp) {
    if (id && *id == *Identifier::parse(row.id)) return &row;
  }
  return nullptr;
}

// A name may be left out, as STIX 2.0 had none; what is there must be the standard one.
bool is_standard(TlpRow const& row, Json const& object) {
  auto const created = Timestamp::parse(text_of(object, "created"));
  auto const definition = object.find("definition");
  return text_of(object, "definition_type") == "tlp" && definition != object.end() && definition->is_object() &&
         definition->size() == 1 && text_of(*definition, "tlp") == row.level && created &&
         created->nanoseconds() == 0 && created->seconds() == kTlpCreated &&
         (!object.contains("name") || text_of(object, "name") == row.name) && !object.contains("extensions");
}

void tlp(Rule const&, Scope const& scope) {
  auto const* row = tlp_row(scope.walk.id);
  if (row != nullptr && !is_standard(*row, scope.object)) {
    scope.walk.find(Code::property_value, scope.at,
                    "This identifier belongs to " + std::string(row->name) + " of STIX 2.1.",
                    "Leave the definition out: every reader knows it.");
  } else if (row == nullptr && text_of(scope.object, "definition_type") == "tlp") {
    scope.walk.find(Code::property_value, Path{&scope.at, "id"},
                    "STIX 2.1 has four definitions of type tlp, and this is none of them.",
                    "Refer to a standard TLP marking, or define this one with an extension.");
  }
}

// The level that an object says it defines, wherever it says so; the ids of TLP 2.0 must not come to mean another.
bool says_level(Json const& object, Tlp level) {
  std::string_view called = text_of(object, "name");
  if (!called.empty() && (!called.starts_with("TLP:") || parse_tlp(called.substr(4)) != level)) return false;
  auto const extensions = object.find("extensions");
  if (extensions == object.end() || !extensions->is_object()) return true;
  auto const ours = extensions->find("extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d");
  return ours == extensions->end() || !ours->is_object() || parse_tlp(text_of(*ours, "tlp_2_0")) == level;
}

void tlp2(Rule const&, Scope const& scope) {
  auto const& id = scope.walk.id;
  auto const level = id ? tlp_of(*id) : std::nullopt;
  if (!level || tlp_row(id) != nullptr) return;  // those of TLP 1 have their own rule
  if (text_of(scope.object, "definition_type") != "statement" && says_level(scope.object, *level)) return;
  scope.walk.find(
      Code::property_value, scope.at,
      "This identifier belongs to TLP:" + std::string(name(*level)) + ", and the object says something else.",
      "Leave the definition out: every reader knows it.");
}

void statement(Rule const&, Scope const& scope) {
  if (text_of(scope.object, "definition_type") != "statement") return;
  auto const definition = scope.object.find("definition");
  if (definition == scope.object.end() || !definition->is_object()) return;
  Path const at{&scope.at, "definition"};
  auto const found = definition->find("statement");
  if (found == definition->end()) {
    scope.walk.find(Code::property_missing, Path{&at, "statement"}, "A statement marking needs `statement`.",
                    "Add the text of the statement.");
  } else if (!found->is_string()) {
    scope.walk.find(Code::property_type, Path{&at, "statement"}, "`statement` must be a string.",
                    "Send it as a string.");
  }
}

// Both halves of a definition, or an extension instead.
void definition(Rule const&, Scope const& scope) {
  bool const type = scope.object.contains("definition_type");
  bool const body = scope.object.contains("definition");
  if (type && body) return;
  if (!type && !body && scope.object.contains("extensions")) return;
  for (auto const name : {std::string_view("definition_type"), std::string_view("definition")}) {
    if (scope.object.contains(name)) continue;
    scope.walk.find(Code::property_missing, Path{&scope.at, name},
                    "A marking definition without `" + std::string(name) + "` marks nothing.",
                    "Add `definition_type` and `definition`, or an extension in their place.");
  }
}

// Sections 3.2 and 7.2: a marking cannot mark itself.
void not_itself(Rule const&, Scope const& scope) {
  auto const& id = scope.walk.id;
  if (!id) return;
  for (auto const& marking : scope.walk.markings) {
    if (marking != *id) continue;
    scope.walk.find(Code::property_conflict, scope.at, "A marking definition must not be marked with itself.",
                    "Remove the reference to its own id.");
    return;
  }
}

void extension_properties(Rule const&, Scope const& scope) {
  if (!scope.object.contains("extension_properties")) return;
  auto const types = scope.object.find("extension_types");
  if (types == scope.object.end() || !types->is_array()) return;
  for (auto const& type : *types) {
    if (type.is_string() && type.get_ref<std::string const&>() == "toplevel-property-extension") return;
  }
  scope.walk.find(Code::property_conflict, Path{&scope.at, "extension_properties"},
                  "Only a toplevel-property-extension adds properties at the top level.",
                  "Remove `extension_properties`, or add that type to `extension_types`.");
}

constexpr auto kMarkingDefinition = table(
    kOwn, kMarkingRows,
    rows(Property{"spec_version", kSpecVersion}, Property{"created", timestamp(), Need::required},
         Property{"created_by_ref", reference(kCreator)},
         Property{"external_references", list(structure(kExternalReference))}, Property{"extensions", kExtensions},
         Property{"name", text()}, Property{"definition_type", text()}, Property{"definition", {.kind = Kind::object}},
         Property{"modified", timestamp(), Need::misplaced}, Property{"revoked", boolean(), Need::misplaced},
         Property{"labels", list(text()), Need::misplaced}, Property{"confidence", integer(0, 100), Need::misplaced},
         Property{"lang", text(kLanguage), Need::misplaced}, Property{"defanged", boolean(), Need::misplaced}));
static_assert(distinct(kMarkingDefinition));
constexpr std::array kMarkingDefinitionRules{
    Rule{.check = definition, .schema = R"({"anyOf":[{"required":["definition_type","definition"]},
                                {"required":["extensions"],"properties":{"definition_type":false,"definition":false}}]})"},
    Rule{.check = statement,
         .schema = R"({"if":{"properties":{"definition_type":{"const":"statement"}},"required":["definition_type"]},
                       "then":{"properties":{"definition":{"required":["statement"],
                                                           "properties":{"statement":{"type":"string"}}}}}})"},
    Rule{.check = tlp}, Rule{.check = tlp2}, Rule{.check = not_itself}};

constexpr auto kLanguageContent = table(
    kVersioned,
    rows(Property{"created_by_ref", reference(kCreator)}, Property{"confidence", integer(0, 100)},
         Property{"extensions", kExtensions}, Property{"object_ref", reference(kAnything), Need::required},
         Property{"object_modified", timestamp()}, Property{"contents", {.kind = Kind::translations}, Need::required},
         Property{"lang", text(kLanguage), Need::misplaced}, Property{"defanged", boolean(), Need::misplaced}));
static_assert(distinct(kLanguageContent));

constexpr auto kExtensionDefinition = table(
    kVersioned,
    rows(Property{"created_by_ref", reference(kCreator), Need::required}, Property{"name", text(), Need::required},
         Property{"description", text()}, Property{"schema", text(), Need::required},
         Property{"version", text(), Need::required},
         Property{"extension_types", list(word(kExtensionType)), Need::required},
         Property{"extension_properties", list(text(kPropertyName))},
         Property{"extensions", kExtensions, Need::misplaced}, Property{"confidence", integer(0, 100), Need::misplaced},
         Property{"lang", text(kLanguage), Need::misplaced}, Property{"defanged", boolean(), Need::misplaced}));
static_assert(distinct(kExtensionDefinition));
constexpr std::array kExtensionDefinitionRules{
    kVersionOrder, Rule{.check = extension_properties, .schema = R"({"if":{"required":["extension_properties"]},
                       "then":{"properties":{"extension_types":{"contains":{"const":"toplevel-property-extension"}}}}})"}};

constexpr ObjectType kTypes[] = {
    {"extension-definition", Category::smo, {"extension definition", kExtensionDefinition, kExtensionDefinitionRules}},
    {"language-content", Category::smo, {"language content", kLanguageContent, kVersionRules}},
    {"marking-definition", Category::smo, {"marking definition", kMarkingDefinition, kMarkingDefinitionRules}},
};

}  // namespace

constinit std::span<ObjectType const> const kMetaTypes{kTypes};

}  // namespace tocsin::stix::rules
