#include "server/endpoints/matched.hpp"

#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/stix/json.hpp"
#include "server/endpoints/muted.hpp"
#include "server/match/item_observation.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::size_t kMostHits = 20'000;  // of one answer
constexpr double kUnsaid = 0.5;            // what an indicator without confidence weighs
constexpr std::array kCopied{"id",
                             "kind",
                             "value",
                             "values",
                             "confidence",
                             "tlp",
                             "valid_until",
                             "organisation",
                             "origin",
                             "confidence_now",
                             "corroboration",
                             "collateral_level",
                             "suggested_action"};

// An indicator as the caller is shown it.
struct Shown {
  json item;
  json object;
  std::optional<json> muted;
};
using ByVersion = std::map<store::RowId, Shown>;

core::Result<ByVersion> shown_of(store::ReadStore& reader, std::vector<match::Hit> const& hits,
                                 catalog::Asking const& asking, catalog::Mutes const& mutes,
                                 std::vector<ShownAt>& places) {
  std::vector<store::RowId> versions;
  for (auto const& hit : hits) versions.push_back(hit.indicator.row);
  auto const found = reader.indicators().newest_among(asking.sight, versions);
  if (!found) return std::unexpected(found.error());
  auto items = catalog::indicator_items(reader, asking, *found);
  if (!items) return std::unexpected(items.error());
  ByVersion out;
  for (std::size_t at = 0; at < found->size(); ++at) {
    auto const& one = (*found)[at];
    auto object = stix::parse_json(one.bytes);
    if (!object || (*items)[at].value("revoked", false)) continue;
    Shown shown{std::move((*items)[at]), *std::move(object), {}};
    if (auto const* mute = mutes.find(one.row.type, one.bytes, asking.now_us)) shown.muted = muted_as(*mute);
    places.push_back({one.collection, one.row.sequence});
    out.emplace(one.row.version, std::move(shown));
  }
  return out;
}

json told_of(match::Asked const& asked, match::Hit const& hit, Shown const& shown) {
  json out{{"item", hit.item}, {"field", match::name(hit.field)}, {"score", std::round(hit.score * 100) / 100}};
  if (!asked.ref.empty()) out["ref"] = asked.ref;
  for (auto const* name : kCopied)
    if (auto const member = shown.item.find(name); member != shown.item.end()) out[name] = *member;
  if (shown.muted) out["muted"] = *shown.muted;
  return out;
}

match::Weighed weighed_of(match::Hit const& hit, Shown const& shown) {
  auto const confidence = shown.item.find("confidence_now");
  return {match::evidence_of(hit.field), hit.score,
          confidence == shown.item.end() ? kUnsaid : confidence->get<double>() / 100,
          match::action_of(shown.item.value("suggested_action", ""))};
}

}  // namespace

core::Result<Hits> find_hits(store::ReadStore& reader, stream::Matching const& matching,
                             match::Question const& question, catalog::Asking const& asking,
                             catalog::Mutes const& mutes) {
  if (!matching.is_ready())
    return core::fail(core::Code::unavailable, "The indicators are still being read.", "", "Try again in a moment.");
  auto filter = matching.filter(asking.sight);
  filter.min_confidence = question.min_confidence;
  filter.now_us = asking.now_us;
  std::vector<match::Item> items;
  for (auto const& asked : question.items) items.push_back(asked.item);
  auto found = matching.engine().match(items, filter).hits;
  Hits out;
  out.complete = found.size() <= kMostHits;
  if (!out.complete) found.resize(kMostHits);
  auto const shown = shown_of(reader, found, asking, mutes, out.places);
  if (!shown) return std::unexpected(shown.error());
  for (auto const& hit : found) {
    auto const one = shown->find(hit.indicator.row);
    if (one == shown->end()) continue;
    auto const& asked = question.items[hit.item];
    if (!match::ItemObservation(asked.item, asking.now_us).meets(one->second.object, hit.field)) continue;
    out.told.push_back(told_of(asked, hit, one->second));
    if (!one->second.muted) out.weighed.push_back(weighed_of(hit, one->second));
  }
  out.unindexed = matching.engine().unindexed(filter);
  return out;
}

json to_json(match::Suggestion const& suggestion) {
  json evidence = json::array();
  for (auto const one : suggestion.evidence) evidence.push_back(match::name(one));
  return {{"action", match::name(suggestion.action)},
          {"confidence", std::lround(suggestion.confidence * 100)},
          {"evidence", std::move(evidence)}};
}

}  // namespace tocsin::endpoints
