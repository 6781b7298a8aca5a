#include "schema/json/cross_rules.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/common.hpp"

namespace tocsin::schemas {
namespace {

using Json = nlohmann::ordered_json;
namespace rules = stix::rules;

Json required(std::string_view name) { return {{"required", Json::array({std::string(name)})}}; }

// A property besides the common ones and the one that the rule names.
Json some_property(rules::Rule const& rule, rules::Shape const& shape) {
  auto alternatives = Json::array();
  for (auto const& row : shape.properties) {
    if (row.name != rule.first && !rules::is_common(row.name)) alternatives.push_back(required(row.name));
  }
  return {{"anyOf", std::move(alternatives)}};
}

}  // namespace

Json cross_rule(rules::Rule const& rule, rules::Shape const& shape) {
  if (!rule.schema.empty()) return Json::parse(rule.schema);
  auto const needed = Json::array({std::string(rule.second)});
  if (rule.check == rules::check::needs) return {{"dependentRequired", {{std::string(rule.first), needed}}}};
  if (rule.check == rules::check::exactly_one)
    return {{"oneOf", Json::array({required(rule.first), required(rule.second)})}};
  if (rule.check == rules::check::some_property) return some_property(rule, shape);
  if (rule.check != rules::check::any_of) return nullptr;
  auto alternatives = Json::array();
  for (auto const name : rule.names) alternatives.push_back(required(name));
  return {{"anyOf", std::move(alternatives)}};
}

}  // namespace tocsin::schemas
