#include "server/catalog/indicators.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "schema/kinds/decay.hpp"
#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/searching.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/corroboration.hpp"
#include "server/catalog/dialect.hpp"
#include "server/catalog/named_asserter.hpp"
#include "server/catalog/shown_level.hpp"
#include "server/store/taxii_version.hpp"

namespace tocsin::catalog {
namespace {

using nlohmann::json;

constexpr std::array kCopied{"confidence", "created_by_ref", "id",         "labels",
                             "modified",   "name",           "valid_from", "valid_until"};
constexpr std::array kCopiedFacts{"campaign_refs", "collateral_level", "suggested_action"};

json document_of(store::Published const& one) { return stix::parse_json(one.bytes).value(); }

// By name, those of its markings that the reader's organisation belongs to.
json audiences_of(json const& object, Asking const& asking) {
  json out = json::array();
  auto const markings = object.value("object_marking_refs", json::array());
  for (auto const& audience : asking.directory.tables().audiences) {
    auto const id = stix::Identifier::make("marking-definition", audience.marking).text();
    if (std::ranges::find(markings, json(id)) != markings.end() &&
        asking.directory.belongs(asking.sight.window.asserter, audience))
      out.push_back(audience.name);
  }
  return out;
}

json item_of(json const& object, store::Published const& one, Asking const& asking) {
  auto const& facts = kinds::indicator_facts(object);
  json out{{"kind", facts.value("indicator_kind", "indicator")}, {"revoked", object.value("revoked", false)}};
  for (auto const* name : kCopied)
    if (auto const found = object.find(name); found != object.end()) out[name] = *found;
  for (auto const* name : kCopiedFacts)
    if (auto const found = facts.find(name); found != facts.end()) out[name] = *found;
  auto const values = kinds::values_of(object);
  if (values.size() == 1) out["value"] = values.front();
  if (values.size() > 1) out["values"] = values;
  if (auto const level = shown_level(object, asking.dialect)) out["tlp"] = *level;
  if (auto const* who = named_asserter(object, one.row.asserter, asking.directory)) out["organisation"] = who->name;
  if (auto const peer = asking.directory.peer_of(one.row.asserter); !peer.empty()) out["origin"] = peer;
  if (auto const left = kinds::confidence_now(object, values, asking.now_us)) out["confidence_now"] = *left;
  return out;
}

json statement_of(json const& object, store::Published const& one, Asking const& asking) {
  auto out = item_of(object, one, asking);
  if (auto audiences = audiences_of(object, asking); !audiences.empty()) out["audiences"] = std::move(audiences);
  if (kinds::indicator_facts(object).contains("indicator_kind")) {
    out["native"] = kinds::native_part(object);
    if (auto const level = out.find("tlp"); level != out.end()) out["native"]["tlp"] = *level;
  }
  std::string bytes = one.bytes;
  if (asking.dialect == stix::MarkingDialect::tlp1) render_tlp1(bytes);
  out["object"] = stix::parse_json(bytes).value();
  return out;
}

// Adds `corroboration` to what is told of each object. What several are of is looked up once.
core::Result<void> corroborate(store::ReadStore& reader, Asking const& asking, std::span<json const> objects,
                               std::vector<json>& told) {
  std::map<std::vector<std::string>, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < objects.size(); ++i)
    if (auto what = kinds::searchable(objects[i])) places[std::move(what->keys)].push_back(i);
  std::vector<std::vector<std::string>> values;
  for (auto const& [keys, at] : places) values.push_back(keys);
  auto const claims = reader.indicators().claims(asking.sight, values, kMostClaims);
  if (!claims) return std::unexpected(claims.error());
  Corroborations corroborations(asking.directory, asking.now_us);
  auto one = claims->begin();
  for (auto const& [keys, at] : places) {
    auto const said = to_json(corroborations.of(*one++));
    for (auto const i : at) told[i]["corroboration"] = said;
  }
  return {};
}

// The properties, and those of our extension by their own names.
std::map<std::string, json> properties_of(json const& object) {
  std::map<std::string, json> out;
  for (auto const& [name, value] : object.items())
    if (name != "modified" && name != "extensions") out.emplace(name, value);
  for (auto const& [name, value] : kinds::indicator_facts(object).items()) out.emplace(name, value);
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

std::string alias_of(store::RowId collection, access::Directory const& directory) {
  return std::ranges::find(directory.tables().collections, collection, &store::Collection::row)->alias;
}

}  // namespace

std::vector<json> documents_of(std::span<store::Published const> shown) {
  std::vector<json> out;
  out.reserve(shown.size());
  for (auto const& one : shown) out.push_back(document_of(one));
  return out;
}

core::Result<std::vector<json>> indicator_items(store::ReadStore& reader, Asking const& asking,
                                                std::span<store::Published const> shown,
                                                std::span<json const> objects) {
  std::vector<json> told;
  told.reserve(shown.size());
  for (std::size_t at = 0; at < shown.size(); ++at) told.push_back(item_of(objects[at], shown[at], asking));
  if (auto added = corroborate(reader, asking, objects, told); !added) return std::unexpected(added.error());
  return told;
}

core::Result<std::vector<json>> indicator_statements(store::ReadStore& reader, Asking const& asking,
                                                     std::span<store::Published const> shown) {
  std::vector<json> objects, told;
  for (auto const& one : shown) {
    objects.push_back(document_of(one));
    told.push_back(statement_of(objects.back(), one, asking));
  }
  if (auto added = corroborate(reader, asking, objects, told); !added) return std::unexpected(added.error());
  return told;
}

json indicator_history(std::span<store::Published const> versions, access::Directory const& directory) {
  struct Version {
    store::Published const* first = nullptr;  // of those that several collections show
    json collections = json::array();
  };
  std::map<store::RowId, std::map<std::int64_t, Version>> chains;
  for (auto const& one : versions) {
    auto& version = chains[one.row.asserter][one.row.modified_ns];
    if (version.first == nullptr) version.first = &one;
    version.collections.push_back(alias_of(one.collection, directory));
  }
  json histories = json::array();
  for (auto const& [asserter, chain] : chains) {
    json history{{"versions", json::array()}}, before;
    if (auto const peer = directory.peer_of(asserter); !peer.empty()) history["origin"] = peer;
    for (auto const& [modified, version] : chain) {
      auto const& one = *version.first;
      auto const object = document_of(one);
      json entry{{"modified", store::taxii_version(one.row)},
                 {"date_added", stix::Timestamp::from_microseconds(one.row.date_added_us).text_microseconds()},
                 {"collections", version.collections},
                 {"revoked", object.value("revoked", false)}};
      if (!before.is_null()) entry["changed"] = changed(before, object);
      history["versions"].push_back(std::move(entry));
      if (auto const creator = object.find("created_by_ref"); creator != object.end())
        history["created_by_ref"] = *creator;
      if (auto const* who = named_asserter(object, one.row.asserter, directory)) history["organisation"] = who->name;
      before = object;
    }
    histories.push_back(std::move(history));
  }
  auto const& first = versions.front().row;
  return {{"id", first.type + "--" + core::to_text(first.uuid)}, {"histories", std::move(histories)}};
}

}  // namespace tocsin::catalog
