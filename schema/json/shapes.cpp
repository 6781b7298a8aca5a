#include "schema/json/shapes.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/json/cross_rules.hpp"
#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/extensions.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::schemas {
namespace {

namespace rules = stix::rules;
using rules::Kind;
using rules::Need;

constexpr char kUuidTail[] = "--[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";

std::string slug(std::string_view name) {
  std::string out;
  for (char const c : name) out += c == ' ' || c == '.' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool is_shared(rules::Shape const& shape) {
  return &shape == &rules::kExternalReference || &shape == &rules::kKillChainPhase ||
         &shape == &rules::kGranularMarking;
}

std::string_view entries_name(rules::Entries entries) {
  switch (entries) {
    case rules::Entries::any:
      return "dictionary";
    case rules::Entries::text:
      return "dictionary-of-strings";
    case rules::Entries::integer:
      return "dictionary-of-integers";
    case rules::Entries::text_or_integer:
      return "dictionary-of-strings-and-integers";
    case rules::Entries::text_list:
      return "dictionary-of-lists";
  }
  return "dictionary";
}

Json amount(rules::Type const& type) {
  Json out{{"type", type.kind == Kind::integer ? "integer" : "number"}};
  if (type.low == rules::kLowest && type.high == rules::kHighest) return out;
  out["minimum"] = type.low;
  out["maximum"] = type.high;
  return out;
}

// The form of an observed value holds unless the object is defanged.
Json observed_forms(rules::Shape const& shape) {
  Json forms = Json::object();
  for (auto const& row : shape.properties) {
    auto const* format = row.type.format;
    if (format == nullptr || !format->of_observation || format->advisory) continue;
    forms[text_of(row.name)] = {{"pattern", text_of(format->pattern)}};
  }
  if (forms.empty()) return nullptr;
  return {{"if", {{"properties", {{"defanged", {{"const", true}}}}}, {"required", Json::array({"defanged"})}}},
          {"else", {{"properties", std::move(forms)}}}};
}

}  // namespace

std::string text_of(std::string_view text) { return std::string(text); }

std::string category_reference(std::uint8_t categories) {
  std::string out = "reference-to";
  if (categories == rules::kAnyObject) return out + "-any";
  if ((categories & rules::kSdo) != 0) out += "-sdo";
  if ((categories & rules::kSro) != 0) out += "-sro";
  if ((categories & rules::kSco) != 0) out += "-sco";
  if ((categories & rules::kSmo) != 0) out += "-smo";
  return out;
}

Json vocabulary(rules::Words const& words) {
  auto values = Json::array();
  for (auto const value : words.values) values.push_back(text_of(value));
  return {{"type", "string"}, {words.open ? "x-open-vocabulary" : "enum", std::move(values)}};
}

Json Shapes::object(rules::Shape const& shape) {
  Json out{{"type", "object"}};
  auto required = Json::array();
  Json properties = Json::object();
  for (auto const& property : shape.properties) {
    if (property.need == Need::required) required.push_back(text_of(property.name));
    properties[text_of(property.name)] = row(property, shape.custom);
  }
  if (!required.empty()) out["required"] = std::move(required);
  out["properties"] = std::move(properties);
  if (shape.closed) {
    out["additionalProperties"] = false;
  } else {
    out["propertyNames"] = defined_in_common("property-name");
  }
  auto all = Json::array();
  if (auto forms = observed_forms(shape); !forms.is_null()) all.push_back(std::move(forms));
  for (auto const& rule : shape.rules) {
    if (auto said = cross_rule(rule, shape); !said.is_null()) all.push_back(std::move(said));
  }
  if (!all.empty()) out["allOf"] = std::move(all);
  return out;
}

Json Shapes::row(rules::Property const& property, bool custom) {
  Json out = value(property.type);
  if (!property.meaning.empty()) out["description"] = text_of(property.meaning);
  if (property.need == Need::deprecated) out["deprecated"] = true;
  if (property.need == Need::misplaced && !custom)
    out["$comment"] = "STIX does not define this property here: accepted with a warning.";
  return out;
}

Json Shapes::value(rules::Type const& type) {
  if (!type.list) return single(type);
  return {{"type", "array"}, {"minItems", 1}, {"items", single(type)}};
}

Json Shapes::single(rules::Type const& type) {
  switch (type.kind) {
    case Kind::text:
      return text(type);
    case Kind::boolean:
      return {{"type", "boolean"}};
    case Kind::integer:
      if (type.low == rules::kLowest && type.high == rules::kHighest) return defined_in_common("integer");
      if (type.low == 0 && type.high == rules::kHighest) return defined_in_common("count");
      return amount(type);
    case Kind::number:
      return amount(type);
    case Kind::timestamp:
      return defined_in_common("timestamp");
    case Kind::own_type:
      return type_.empty() ? defined_in_common("type") : Json{{"const", type_}};
    case Kind::own_id:
      return type_.empty() ? defined_in_common("identifier")
                           : Json{{"type", "string"}, {"pattern", "^" + type_ + kUuidTail}};
    case Kind::spec_version:
      return {{"const", "2.1"}};
    case Kind::reference:
      return reference(*type.targets);
    case Kind::word:
      return word(*type.words);
    case Kind::hashes:
      return defined_in_common("hashes");
    case Kind::dictionary:
      return defined_in_common(entries_name(type.entries));
    case Kind::structure:
      return structure(*type.shape);
    case Kind::extensions:
      return extensions();
    case Kind::translations:
      return defined_in_common("translations");
    case Kind::container:
      return defined_in_common("container");
    case Kind::object:
      return defined_in_common("object");
  }
  return true;
}

Json Shapes::text(rules::Type const& type) const {
  Json out{{"type", "string"}};
  auto const* format = type.format;
  if (format == nullptr) return out;
  if (format->advisory) {
    out["x-advisory-pattern"] = text_of(format->pattern);
  } else if (!format->of_observation) {
    out["pattern"] = text_of(format->pattern);
  }
  return out;
}

Json Shapes::reference(rules::Targets const& targets) const {
  if (targets.types.empty()) return defined_in_common(category_reference(targets.categories));
  std::string types;
  for (auto const type : targets.types) types += (types.empty() ? "" : "|") + text_of(type);
  Json out = defined_in_common("identifier");
  out["pattern"] = targets.types.size() == 1 ? "^" + types + "--" : "^(" + types + ")--";
  if (!targets.local) return out;
  std::string const name(rules::kLocalName.pattern.substr(1));
  Json const local{{"type", "string"}, {"pattern", "^" + text_of(rules::kLocal) + name}};
  return {{"anyOf", Json::array({std::move(out), local})}};
}

Json Shapes::word(rules::Words const& words) const {
  if (!words.open && words.values.size() == 1) return {{"const", text_of(words.values.front())}};
  return {{"$ref", root_ + "vocabularies.json#/$defs/" + text_of(words.name)}};
}

Json Shapes::structure(rules::Shape const& shape) {
  return is_shared(shape) ? defined_in_common(slug(shape.name)) : local(shape);
}

Json Shapes::extensions() {
  Json properties = Json::object();
  auto keys = Json::array();
  for (auto const& predefined : rules::predefined_extensions()) {
    if (predefined.of != type_) continue;
    properties[text_of(predefined.name)] = local(predefined.shape);
    keys.push_back(text_of(predefined.name));
  }
  Json must = Json::array();
  for (auto const& own : rules::own_extensions()) {
    if (std::ranges::find(own.of, type_) == own.of.end()) continue;
    properties[text_of(own.id)] = own.makes_type
                                      ? local(own.shape)
                                      : Json{{"$ref", root_ + "extensions/" + text_of(own.document) + ".schema.json"}};
    keys.push_back(text_of(own.id));
    if (own.makes_type) must.push_back(text_of(own.id));
  }
  if (keys.empty()) return defined_in_common("extensions");
  Json out = defined_in_common("any-extensions");
  if (!must.empty()) out["required"] = std::move(must);
  out["properties"] = std::move(properties);
  out["propertyNames"] = {
      {"anyOf", Json::array({{{"enum", std::move(keys)}}, {{"not", defined_in_common("known-extension")}}})}};
  return out;
}

Json Shapes::defined_in_common(std::string_view name) const {
  return {{"$ref", root_ + "common.json#/$defs/" + text_of(name)}};
}

Json Shapes::local(rules::Shape const& shape) {
  wanted_.insert(&shape);
  return {{"$ref", "#/$defs/" + slug(shape.name)}};
}

Json Shapes::definitions() {
  std::map<std::string, Json> made;  // by name, so that their order does not depend on addresses
  while (!wanted_.empty()) {
    for (auto const* shape : std::exchange(wanted_, {})) {
      auto& definition = made[slug(shape->name)];
      if (!definition.is_null()) continue;
      definition = object(*shape);  // may want further ones
      definition["minProperties"] = 1;
    }
  }
  if (made.empty()) return nullptr;
  Json out = Json::object();
  for (auto& [name, definition] : made) out[name] = std::move(definition);
  return out;
}

}  // namespace tocsin::schemas
