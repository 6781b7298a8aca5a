#include "schema/json/common_document.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "schema/json/shapes.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/extensions.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/types.hpp"

namespace tocsin::schemas {
namespace {

namespace rules = stix::rules;

constexpr char kIdentifier[] =
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*--[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";
constexpr char kTimestamp[] =
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)"
    "(\\.[0-9]{1,9})?Z$";

Json pattern(std::string_view text) { return {{"type", "string"}, {"pattern", text_of(text)}}; }
Json here(std::string_view name) { return {{"$ref", "#/$defs/" + text_of(name)}}; }
Json filled_object() { return {{"type", "object"}, {"minProperties", 1}}; }

Json dictionary(Json entries) {
  Json out = filled_object();
  out["propertyNames"] = {{"pattern", "^[0-9A-Za-z_-]{1,250}$"}};
  out["additionalProperties"] = std::move(entries);
  return out;
}

// A type that STIX does not define passes: its category cannot be told from an identifier.
Json reference_to(std::uint8_t categories) {
  std::string others = "bundle";
  auto const leave_out = [&](std::uint8_t category, std::span<rules::ObjectType const> types) {
    if ((categories & category) != 0) return;
    for (auto const& type : types) others += "|" + text_of(type.name);
  };
  leave_out(rules::kSdo, rules::kDomainTypes);
  leave_out(rules::kSro, rules::kRelationshipTypes);
  leave_out(rules::kSco, rules::kObservableTypes);
  leave_out(rules::kSmo, rules::kMetaTypes);
  Json out = here("identifier");
  out["not"] = {{"pattern", "^(" + others + ")--"}};
  return out;
}

Json hashes() {
  Json properties = Json::object();
  for (auto const& [algorithm, format] : rules::hash_formats())
    properties[text_of(algorithm)] = pattern(format->pattern);
  Json out = filled_object();
  out["properties"] = std::move(properties);
  out["propertyNames"] = {{"pattern", "^[0-9A-Za-z_-]{3,250}$"}};
  out["additionalProperties"] = {{"type", "string"}};
  return out;
}

Json known_extensions() {
  auto keys = Json::array();
  for (auto const& predefined : rules::predefined_extensions()) keys.push_back(text_of(predefined.name));
  for (auto const& own : rules::own_extensions()) keys.push_back(text_of(own.id));
  return {{"$comment", "Extensions that belong to certain types of objects."}, {"enum", std::move(keys)}};
}

// Unknown extensions are accepted, as long as they have the form of one.
Json any_extensions() {
  Json definition = filled_object();
  definition["required"] = Json::array({"extension_type"});
  definition["properties"] = {
      {"extension_type", {{"$ref", "vocabularies.json#/$defs/" + text_of(rules::kExtensionType.name)}}}};
  Json out = filled_object();
  out["propertyNames"] = {
      {"anyOf", Json::array({{{"$ref", "#/$defs/identifier"}, {"pattern", "^extension-definition--"}},
                             {{"pattern", "^(?!extension-definition--)[a-z][a-z0-9_-]{2,249}$"}}})}};
  out["patternProperties"] = {{"^extension-definition--", std::move(definition)}};
  out["additionalProperties"] = filled_object();
  return out;
}

// Section 2.13. The members may be of STIX 2.0.
Json container() {
  Json out = filled_object();
  out["additionalProperties"] = {
      {"type", "object"}, {"required", Json::array({"type"})}, {"properties", {{"type", here("type")}}}};
  return out;
}

void collect(rules::Shape const& shape, std::map<std::string_view, rules::Words const*>& out) {
  for (auto const& row : shape.properties) {
    auto const& type = row.type;
    if (type.kind == rules::Kind::word && (type.words->open || type.words->values.size() > 1))
      out.emplace(type.words->name, type.words);
    if (type.kind == rules::Kind::structure) collect(*type.shape, out);
  }
}

}  // namespace

Json common_definitions() {
  Shapes shapes("", "");
  Json out{{"type", pattern("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")},
           {"identifier", pattern(kIdentifier)},
           {"property-name", pattern("^(id|[a-z][a-z0-9_]{2,249})$")},
           {"timestamp", pattern(kTimestamp)}};
  out["integer"] = {{"type", "integer"}, {"minimum", rules::kLowest}, {"maximum", rules::kHighest}};
  out["count"] = {{"type", "integer"}, {"minimum", 0}, {"maximum", rules::kHighest}};
  out["type"]["minLength"] = 3;
  out["type"]["maxLength"] = 250;
  out["type"]["not"] = {{"const", "bundle"}};
  for (auto const categories : {rules::kAnyObject, std::uint8_t{rules::kSdo}, std::uint8_t{rules::kSco},
                                std::uint8_t(rules::kSdo | rules::kSco), std::uint8_t(rules::kSco | rules::kSro)}) {
    out[category_reference(categories)] = reference_to(categories);
  }
  out["external-reference"] = shapes.object(rules::kExternalReference);
  out["kill-chain-phase"] = shapes.object(rules::kKillChainPhase);
  out["granular-marking"] = shapes.object(rules::kGranularMarking);
  out["hashes"] = hashes();
  out["dictionary"] = dictionary({{"not", {{"type", "null"}}}});
  out["dictionary-of-strings"] = dictionary({{"type", "string"}});
  out["dictionary-of-integers"] = dictionary(here("integer"));
  out["dictionary-of-strings-and-integers"] =
      dictionary({{"anyOf", Json::array({{{"type", "string"}}, here("integer")})}});
  out["dictionary-of-lists"] = dictionary(shapes.value(rules::list(rules::text())));
  out["object"] = filled_object();
  out["container"] = container();
  out["translations"] = filled_object();
  out["translations"]["propertyNames"] = {{"pattern", text_of(rules::kLanguage.pattern)}};
  out["translations"]["additionalProperties"] = filled_object();
  out["known-extension"] = known_extensions();
  out["any-extensions"] = any_extensions();
  out["extensions"] = here("any-extensions");
  out["extensions"]["propertyNames"] = {{"not", here("known-extension")}};
  return out;
}

Json vocabulary_definitions() {
  std::map<std::string_view, rules::Words const*> words;
  for (auto const types :
       {rules::kDomainTypes, rules::kRelationshipTypes, rules::kObservableTypes, rules::kMetaTypes, rules::kOwnTypes}) {
    for (auto const& type : types) collect(type.shape, words);
  }
  for (auto const& predefined : rules::predefined_extensions()) collect(predefined.shape, words);
  for (auto const& own : rules::own_extensions()) collect(own.shape, words);
  for (auto const* kind : kinds::kinds()) collect(kinds::native_type(*kind).shape, words);
  Json out = Json::object();
  for (auto const& [name, one] : words) out[text_of(name)] = vocabulary(*one);
  return out;
}

}  // namespace tocsin::schemas
