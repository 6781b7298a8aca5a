#include "server/catalog/campaigns.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/extension_ids.hpp"
#include "schema/stix/json.hpp"
#include "server/catalog/named_asserter.hpp"
#include "server/catalog/shown_level.hpp"

namespace tocsin::catalog {
namespace {

using nlohmann::json;

struct Count {
  char const* name;  // in the answer
  char const* property;
};
constexpr std::array kCounts{Count{"accounts", "account_count"}, Count{"exchanges", "exchange_count"},
                             Count{"tokens", "token_count"}};

constexpr std::array kCopied{"aliases", "confidence", "created_by_ref", "description", "first_seen", "id",
                             "labels",  "last_seen",  "modified",       "name",        "objective"};
constexpr std::array kCopiedFacts{"disclosed_publicly",   "distinct_asn_count",  "distinct_payment_count",
                                  "release_pivots",       "restrictions_evaded", "target_models",
                                  "targeted_capabilities"};

template <std::size_t N>
void copy(json const& from, std::array<char const*, N> const& names, json& to) {
  for (auto const* name : names)
    if (auto const found = from.find(name); found != from.end()) to[name] = *found;
}

json facts_of(json const& object) {
  auto const extensions = object.value("extensions", json::object());
  return extensions.value(std::string(kinds::kCampaignExtension), json::object());
}

json document_of(store::PublishedCampaign const& one) { return stix::parse_json(one.bytes).value(); }

// The greatest count that somebody vouches for: it was at least so many.
json at_least(std::span<json const> statements) {
  json out = json::object();
  for (auto const& statement : statements)
    for (auto const& count : kCounts) {
      auto const found = statement.find(count.name);
      if (found == statement.end() || found->at("basis") == "estimate") continue;
      auto const known = out.find(count.name);
      if (known == out.end() || *known < found->at("count")) out[count.name] = found->at("count");
    }
  return out;
}

}  // namespace

core::Result<CampaignView> campaign_view(store::ReadStore& reader, store::Sight const& sight,
                                         access::Directory const& directory, core::Uuid const& campaign) {
  auto said = reader.campaigns().find(sight, campaign);
  if (!said) return std::unexpected(said.error());
  if (said->empty()) return core::fail(core::Code::not_found, "There is no such campaign.");
  auto indicated = reader.campaigns().indicated(sight, campaign, kMostIndicating);
  if (!indicated) return std::unexpected(indicated.error());
  std::vector<std::string> subjects{"campaign--" + core::to_text(campaign)};
  for (auto const& indicator : indicated->indicators) subjects.push_back("indicator--" + core::to_text(indicator));
  auto sightings = daily_sightings(reader, sight, directory, subjects);
  if (!sightings) return std::unexpected(sightings.error());
  return CampaignView{*std::move(said), *std::move(indicated), *std::move(sightings)};
}

json campaign_statement(store::PublishedCampaign const& one, access::Directory const& directory,
                        stix::MarkingDialect dialect) {
  auto const object = document_of(one);
  auto const facts = facts_of(object);
  json out = json::object();
  copy(object, kCopied, out);
  copy(facts, kCopiedFacts, out);
  if (auto const* who = named_asserter(object, one.asserter, directory)) out["organisation"] = who->name;
  if (object.value("revoked", false)) out["revoked"] = true;
  for (auto const& count : kCounts)
    if (auto const found = facts.find(count.property); found != facts.end())
      out[count.name] = {{"count", *found}, {"basis", facts.at(std::string(count.property) + "_basis")}};
  if (auto const level = shown_level(object, dialect)) out["tlp"] = *level;
  if (auto const peer = directory.peer_of(one.asserter); !peer.empty()) out["origin"] = peer;
  return out;
}

json to_json(CampaignView const& view, access::Directory const& directory, stix::MarkingDialect dialect) {
  std::vector<json> statements;
  for (auto const& one : view.said) statements.push_back(campaign_statement(one, directory, dialect));
  std::size_t total = 0;
  json kinds = json::object();
  for (auto const& [kind, count] : view.indicated.by_kind) {
    kinds[kind] = count;
    total += count;
  }
  return {{"id", statements.front().at("id")},
          {"said", statements},
          {"at_least", at_least(statements)},
          {"indicators", {{"count", total}, {"by_kind", std::move(kinds)}, {"complete", view.indicated.complete}}},
          {"sightings", to_json(view.sightings)}};
}

}  // namespace tocsin::catalog
