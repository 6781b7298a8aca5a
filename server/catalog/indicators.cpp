#include "server/catalog/indicators.hpp"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/dialect.hpp"
#include "server/catalog/shown_level.hpp"
#include "server/store/taxii_version.hpp"

namespace tocsin::catalog {
namespace {

using nlohmann::json;

constexpr std::array kCopied{"confidence", "created_by_ref", "id",         "labels",
                             "modified",   "name",           "valid_from", "valid_until"};
constexpr std::array kCopiedFacts{"campaign_refs", "collateral_level", "suggested_action"};

json document_of(store::Published const& one) { return stix::parse_json(one.bytes).value(); }

json facts_of(json const& object) {
  return object.value("extensions", json::object()).value(std::string(kinds::kIndicatorExtension), json::object());
}

json item_of(json const& object, stix::MarkingDialect dialect) {
  auto const facts = facts_of(object);
  json out{{"kind", facts.value("indicator_kind", "indicator")}, {"revoked", object.value("revoked", false)}};
  for (auto const* name : kCopied)
    if (auto const found = object.find(name); found != object.end()) out[name] = *found;
  for (auto const* name : kCopiedFacts)
    if (auto const found = facts.find(name); found != facts.end()) out[name] = *found;
  auto const values = kinds::values_of(object);
  if (values.size() == 1) out["value"] = values.front();
  if (values.size() > 1) out["values"] = values;
  if (auto const level = shown_level(object, dialect)) out["tlp"] = *level;
  return out;
}

// The properties, and those of our extension by their own names.
std::map<std::string, json> properties_of(json const& object) {
  std::map<std::string, json> out;
  for (auto const& [name, value] : object.items())
    if (name != "modified" && name != "extensions") out.emplace(name, value);
  for (auto const& [name, value] : facts_of(object).items()) out.emplace(name, value);
  auto others = object.value("extensions", json::object());
  others.erase(std::string(kinds::kIndicatorExtension));
  out.emplace("extensions", std::move(others));
  return out;
}

json changed(json const& before, json const& after) {
  auto const old = properties_of(before), now = properties_of(after);
  std::set<std::string> names;
  for (auto const* each : {&old, &now})
    for (auto const& [name, value] : *each) names.insert(name);
  json out = json::array();
  for (auto const& name : names) {
    auto const was = old.find(name), is = now.find(name);
    if (was == old.end() || is == now.end() || was->second != is->second) out.push_back(name);
  }
  return out;
}

}  // namespace

json indicator_item(store::Published const& one, stix::MarkingDialect dialect) {
  return item_of(document_of(one), dialect);
}

json indicator_statement(store::Published const& one, stix::MarkingDialect dialect) {
  auto const object = document_of(one);
  auto out = item_of(object, dialect);
  if (facts_of(object).contains("indicator_kind")) {
    out["native"] = kinds::native_part(object);
    if (auto const level = out.find("tlp"); level != out.end()) out["native"]["tlp"] = *level;
  }
  std::string bytes = one.bytes;
  if (dialect == stix::MarkingDialect::tlp1) render_tlp1(bytes);
  out["object"] = stix::parse_json(bytes).value();
  return out;
}

json indicator_history(std::span<store::Published const> versions) {
  // Of a version that several collections show the first counts.
  std::map<store::RowId, std::map<std::int64_t, store::Published const*>> chains;
  for (auto const& one : versions) chains[one.row.asserter].try_emplace(one.row.modified_ns, &one);
  json histories = json::array();
  for (auto const& [asserter, chain] : chains) {
    json history{{"versions", json::array()}}, before;
    for (auto const& [modified, one] : chain) {
      auto const object = document_of(*one);
      json entry{{"modified", store::taxii_version(one->row)},
                 {"date_added", stix::Timestamp::from_microseconds(one->row.date_added_us).text_microseconds()},
                 {"revoked", object.value("revoked", false)}};
      if (!before.is_null()) entry["changed"] = changed(before, object);
      history["versions"].push_back(std::move(entry));
      if (auto const creator = object.find("created_by_ref"); creator != object.end())
        history["created_by_ref"] = *creator;
      before = object;
    }
    histories.push_back(std::move(history));
  }
  auto const& first = versions.front().row;
  return {{"id", first.type + "--" + core::to_text(first.uuid)}, {"histories", std::move(histories)}};
}

}  // namespace tocsin::catalog
