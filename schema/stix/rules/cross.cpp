#include "schema/stix/rules/cross.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "schema/stix/rules/common.hpp"
#include "schema/stix/rules/walk.hpp"

namespace tocsin::stix::rules::check {
namespace {

using core::Code;

// A timestamp that is absent or ill-formed has its own finding; order is judged between good ones.
std::optional<Timestamp> moment(Json const& object, std::string_view name) {
  auto const found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  auto parsed = Timestamp::parse(found->get_ref<std::string const&>());
  if (!parsed) return std::nullopt;
  return *parsed;
}

void order(Rule const& rule, Scope const& scope, bool equal_is_fine) {
  auto const later = moment(scope.object, rule.second);
  if (!later) return;
  auto const earlier = moment(scope.object, rule.first);
  if (!earlier || *later > *earlier || (equal_is_fine && *later == *earlier)) return;
  scope.walk.find(Code::timestamp_order, Path{&scope.at, rule.second},
                  "`" + std::string(rule.second) + "` must be later than " + (equal_is_fine ? "or equal to `" : "`") +
                      std::string(rule.first) + "`.",
                  "Correct one of the two.");
}

std::string listed(Names names) {
  std::string out;
  for (auto const name : names)
    out += (out.empty() ? "`" : name == names.back() ? " or `" : ", `") + std::string(name) + "`";
  return out;
}

}  // namespace

void not_before(Rule const& rule, Scope const& scope) { order(rule, scope, true); }

void after(Rule const& rule, Scope const& scope) { order(rule, scope, false); }

void any_of(Rule const& rule, Scope const& scope) {
  for (auto const name : rule.names) {
    if (scope.object.contains(name)) return;
  }
  scope.walk.find(Code::property_missing, scope.at,
                  "The " + std::string(scope.shape.name) + " needs " + listed(rule.names) + ".", "Add one of them.");
}

void exactly_one(Rule const& rule, Scope const& scope) {
  bool const first = scope.object.contains(rule.first);
  bool const second = scope.object.contains(rule.second);
  if (first != second) return;
  auto const both = "`" + std::string(rule.first) + "` and `" + std::string(rule.second) + "`";
  if (first) {
    scope.walk.find(Code::property_conflict, Path{&scope.at, rule.second}, both + " exclude each other.",
                    "Remove one of them.");
  } else {
    scope.walk.find(Code::property_missing, scope.at,
                    "The " + std::string(scope.shape.name) + " needs one of " + both + ".", "Add one of them.");
  }
}

void needs(Rule const& rule, Scope const& scope) {
  if (!scope.object.contains(rule.first) || scope.object.contains(rule.second)) return;
  scope.walk.find(Code::property_missing, Path{&scope.at, rule.second},
                  "`" + std::string(rule.first) + "` is present without `" + std::string(rule.second) + "`.",
                  "Add `" + std::string(rule.second) + "` or remove `" + std::string(rule.first) + "`.");
}

void excludes(Rule const& rule, Scope const& scope) {
  if (!scope.object.contains(rule.first) || !scope.object.contains(rule.second)) return;
  scope.walk.find(
      Code::property_conflict, Path{&scope.at, rule.second},
      "`" + std::string(rule.second) + "` must not be present together with `" + std::string(rule.first) + "`.",
      "Remove one of them.");
}

void some_property(Rule const& rule, Scope const& scope) {
  for (auto const& row : scope.shape.properties) {
    if (row.name != rule.first && !is_common(row.name) && scope.object.contains(row.name)) return;
  }
  scope.walk.find(Code::property_missing, scope.at,
                  "The " + std::string(scope.shape.name) + " needs at least one property" +
                      (rule.first.empty() ? "." : " besides `" + std::string(rule.first) + "`."),
                  "Add what is known of it.");
}

}  // namespace tocsin::stix::rules::check
