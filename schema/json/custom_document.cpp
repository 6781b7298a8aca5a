#include "schema/json/custom_document.hpp"

#include <nlohmann/json.hpp>

#include "schema/json/shapes.hpp"
#include "schema/stix/rules/types.hpp"

namespace tocsin::schemas {
namespace {

// Some extension has an extension_type that `type` accepts.
Json declares(Json type) {
  Json const one{{"type", "object"},
                 {"required", Json::array({"extension_type"})},
                 {"properties", {{"extension_type", std::move(type)}}}};
  return {{"type", "object"},
          {"required", Json::array({"extensions"})},
          {"properties", {{"extensions", {{"type", "object"}, {"not", {{"additionalProperties", {{"not", one}}}}}}}}}};
}

// What the extensions declare is told only where all that declare a type agree.
Json only(Json const& types, char const* others) {
  Json const other{{"type", "string"}, {"pattern", others}};
  return {{"allOf", Json::array({declares({{"enum", types}}), {{"not", declares(other)}}})}};
}

Json shape_of(stix::Json const& example, Shapes& shapes) {
  return shapes.object(stix::rules::custom_type("custom", example).shape);
}

Json when(Json condition, Json consequence) { return {{"if", std::move(condition)}, {"then", std::move(consequence)}}; }

}  // namespace

Json custom_schema() {
  Shapes shapes("", "");
  auto const declaring = [](char const* type) {
    return stix::Json{{"extensions", {{"declaring", {{"extension_type", type}}}}}};
  };
  Json const versioned{{"required", Json::array({"created", "modified"})}};
  Json undeclared = when(versioned, {{"$ref", "#/$defs/undeclared-object"}});
  undeclared["else"] = {{"$ref", "#/$defs/observable"}};
  Json out{{"type", "object"}, {"required", Json::array({"type", "id"})}};
  out["allOf"] =
      Json::array({when(only(Json::array({"new-sdo", "new-sro"}), "^new-(?!sdo$|sro$)"), {{"$ref", "#/$defs/object"}}),
                   when(only(Json::array({"new-sco"}), "^new-(?!sco$)"), {{"$ref", "#/$defs/observable"}}),
                   when({{"not", declares({{"type", "string"}, {"pattern", "^new-"}})}}, std::move(undeclared))});
  out["$defs"] = {{"object", shape_of(declaring("new-sdo"), shapes)},
                  {"observable", shape_of(declaring("new-sco"), shapes)},
                  {"undeclared-object", shape_of({{"created", ""}, {"modified", ""}}, shapes)}};
  return out;
}

}  // namespace tocsin::schemas
