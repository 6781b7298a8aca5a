#include "schema/json/documents.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/json/common_document.hpp"
#include "schema/json/custom_document.hpp"
#include "schema/json/shapes.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/stix/rules/own_extensions.hpp"
#include "schema/stix/rules/types.hpp"

namespace tocsin::schemas {
namespace {

namespace rules = stix::rules;

constexpr char kBase[] = "https://tocsin.example/schema/json/";  // a name; nothing is fetched from it
constexpr char kPublished[] = "2026-11-21T00:00:00.000Z";
constexpr char kIdentity[] = "identity--3c2a91c4-6d0f-4f7e-9a53-5be41c0f6d28";  // who defines the extensions

Json headed(std::string const& path, std::string_view title, Json schema) {
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", kBase + path}};
  if (!title.empty()) out["title"] = text_of(title);
  for (auto& [name, value] : schema.items()) out[name] = std::move(value);
  return out;
}

using Documents = std::map<std::string, std::string>;

void put(Documents& out, std::string const& path, Json const& document) { out[path] = document.dump(2) + "\n"; }

Json with_definitions(Json schema, Shapes& shapes) {
  if (auto definitions = shapes.definitions(); !definitions.is_null()) schema["$defs"] = std::move(definitions);
  return schema;
}

void put_types(Documents& out) {
  for (auto const types :
       {rules::kDomainTypes, rules::kRelationshipTypes, rules::kObservableTypes, rules::kMetaTypes}) {
    for (auto const& type : types) {
      auto const path = "stix/" + text_of(type.name) + ".json";
      Shapes shapes(type.name, "../");
      put(out, path, headed(path, type.name, with_definitions(shapes.object(type.shape), shapes)));
    }
  }
}

// The schema of an extension is that of its properties; of one that makes a type, that of its objects.
Json schema_of(rules::OwnExtension const& own) {
  if (!own.makes_type) {
    Shapes shapes("", "../");
    return with_definitions(shapes.object(own.shape), shapes);
  }
  Shapes shapes(own.of.front(), "../");
  return with_definitions(
      shapes.object(std::ranges::find(rules::kOwnTypes, own.of.front(), &rules::ObjectType::name)->shape), shapes);
}

// STIX 2.1 section 7.3. `extension_properties` is for extensions at the top level of an object, and ours never are.
Json definition_of(rules::OwnExtension const& own) {
  return {{"type", "extension-definition"},
          {"spec_version", "2.1"},
          {"id", text_of(own.id)},
          {"created_by_ref", kIdentity},
          {"created", kPublished},
          {"modified", kPublished},
          {"name", text_of(own.name)},
          {"description", text_of(own.description)},
          {"schema", kBase + ("extensions/" + text_of(own.document) + ".schema.json")},
          {"version", "1.0.0"},
          {"extension_types", Json::array({own.makes_type ? "new-sco" : "property-extension"})}};
}

void put_extensions(Documents& out) {
  put(out, "extensions/identity.json",
      {{"type", "identity"},
       {"spec_version", "2.1"},
       {"id", kIdentity},
       {"created", kPublished},
       {"modified", kPublished},
       {"name", "Tocsin"},
       {"description", "Who defines the extensions in this folder."},
       {"identity_class", "system"}});
  for (auto const& own : rules::own_extensions()) {
    auto const path = "extensions/" + text_of(own.document);
    Json schema{{"description", text_of(own.description)}};
    for (auto& [name, value] : schema_of(own).items()) schema[name] = std::move(value);
    put(out, path + ".schema.json", headed(path + ".schema.json", own.name, std::move(schema)));
    put(out, path + ".json", definition_of(own));
  }
}

// The native form. What a table cannot say: `value` may be a number where digits mean the same.
void put_kinds(Documents& out) {
  for (auto const* kind : kinds::kinds()) {
    auto const path = "kinds/" + text_of(kind->name) + ".json";
    Shapes shapes("", "../");
    Json schema{{"description", text_of(kind->meaning)}};
    auto const native = with_definitions(shapes.object(kinds::native_type(*kind).shape), shapes);
    for (auto& [name, value] : native.items()) schema[name] = value;
    if (kind->greatest) {
      auto& value = schema["properties"]["value"];
      value["type"] = Json::array({"string", "integer"});
      value["minimum"] = 0;
      value["maximum"] = *kind->greatest;
    }
    put(out, path, headed(path, "Native form: " + text_of(kind->name), std::move(schema)));
  }
}

Json of_type(std::string_view name) { return {{"properties", {{"type", {{"const", text_of(name)}}}}}}; }

// An object that names our definition of its type.
Json of_own_type(rules::OwnExtension const& own) {
  Json out = of_type(own.of.front());
  out["properties"]["extensions"] = {{"required", Json::array({text_of(own.id)})}};
  out["required"] = Json::array({"extensions"});
  return out;
}

// Any object: finds the schema of its type.
Json object_schema() {
  auto all = Json::array();
  auto known = Json::array();
  for (auto const types :
       {rules::kDomainTypes, rules::kRelationshipTypes, rules::kObservableTypes, rules::kMetaTypes}) {
    for (auto const& type : types) {
      Json const schema{{"$ref", "stix/" + text_of(type.name) + ".json"}};
      all.push_back({{"if", of_type(type.name)}, {"then", schema}});
      known.push_back(of_type(type.name));
    }
  }
  for (auto const& own : rules::own_extensions()) {
    if (!own.makes_type) continue;
    Json const schema{{"$ref", "extensions/" + text_of(own.document) + ".schema.json"}};
    all.push_back({{"if", of_own_type(own)}, {"then", schema}});
    known.push_back(of_own_type(own));
  }
  all.push_back({{"if", {{"anyOf", std::move(known)}}}, {"else", {{"$ref", "custom.json"}}}});
  return {{"type", "object"},
          {"required", Json::array({"type"})},
          {"properties", {{"type", {{"$ref", "common.json#/$defs/type"}}}}},
          {"allOf", std::move(all)}};
}

}  // namespace

Documents documents() {
  Documents out;
  put(out, "object.json", headed("object.json", "A STIX 2.1 object as Tocsin accepts it", object_schema()));
  put(out, "custom.json", headed("custom.json", "An object of a type that STIX 2.1 does not define", custom_schema()));
  put(out, "common.json", headed("common.json", "What the other schemas share", {{"$defs", common_definitions()}}));
  put(out, "vocabularies.json",
      headed("vocabularies.json", "Vocabularies and enumerations", {{"$defs", vocabulary_definitions()}}));
  put_types(out);
  put_extensions(out);
  put_kinds(out);
  return out;
}

}  // namespace tocsin::schemas
