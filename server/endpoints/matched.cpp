#include "server/endpoints/matched.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "schema/kinds/searching.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/catalog/named_asserter.hpp"
#include "server/endpoints/match_warnings.hpp"
#include "server/endpoints/muted.hpp"
#include "server/match/item_observation.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

// Of one answer: hits, and bytes of what is told of them; how long items are held against patterns; and how many
// indicators are looked up at once.
constexpr std::size_t kMostHits = 20'000, kMostBytes = 32u << 20, kTogether = 256;
constexpr std::chrono::seconds kLongest{5};
constexpr std::size_t kMostValues = 16;  // of an indicator that are told with a hit
constexpr std::size_t kSmall = 512;      // bytes of what is told of an indicator but for its values
constexpr double kUnsaid = 0.5;          // what an indicator without confidence weighs
// What is suggested at most by a hit with a warning: what an honest user passes.
constexpr auto kMostWarned = match::Action::challenge;
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

// An indicator as the caller is shown it, whatever it is held against.
struct Shown {
  json told;  // but for what is of the item
  std::size_t bytes = 0;
  bool muted = false;
  match::Weighed weighed;  // but for what is of the hit
};

bool may_be_kept(json const& object, std::int64_t now_us) {
  auto const until = kinds::indicator_facts(object).find("share_until");
  if (until == kinds::indicator_facts(object).end() || !until->is_string()) return true;
  auto const time = stix::Timestamp::parse(until->get_ref<std::string const&>());
  return !time || now_us < time->microseconds();
}

match::Party party_of(json const& object, store::RowId asserter, catalog::Asking const& asking) {
  auto const party = asking.directory.party_of(asserter);
  if (party == asking.directory.party_of(asking.sight.window.asserter)) return match::kOneself;
  return catalog::named_asserter(object, asserter, asking.directory) == nullptr ? match::kUnnamed : party;
}

// About: only values may be long.
std::size_t size_of(json const& told) {
  auto size = kSmall;
  if (auto const value = told.find("value"); value != told.end()) size += value->get_ref<std::string const&>().size();
  if (auto const values = told.find("values"); values != told.end())
    for (auto const& value : *values) size += value.get_ref<std::string const&>().size();
  return size;
}

Shown shown_as(json const& item, std::optional<json> muted) {
  Shown out{json::object(), 0, muted.has_value(), {}};
  for (auto const* name : kCopied)
    if (auto const member = item.find(name); member != item.end()) out.told[name] = *member;
  // Of so many the one that was hit is not told; the indicator's own page has them.
  if (auto const values = out.told.find("values"); values != out.told.end() && values->size() > kMostValues)
    out.told.erase(values);
  if (muted) out.told["muted"] = *std::move(muted);
  out.bytes = size_of(out.told);
  auto const confidence = item.find("confidence_now");
  out.weighed.confidence = confidence == item.end() ? kUnsaid : confidence->get<double>() / 100;
  out.weighed.suggested = match::action_of(item.value("suggested_action", ""));
  return out;
}

// Candidates on their way to be hits: of each indicator all at once, so that its pattern is compiled once. Anybody may
// have written it, so that what they take together is bounded: by bytes, and by time.
class Holding {
 public:
  Holding(match::Question const& question, catalog::Asking const& asking, catalog::Mutes const& mutes,
          MatchWarnings& warnings)
      : question_(question), asking_(asking), mutes_(mutes), warnings_(warnings) {}

  // What else is known of these indicators, before they are held against items.
  core::Result<void> prepare(store::ReadStore& reader, std::span<json const> indicators,
                             std::span<match::Hit const> candidates) {
    std::vector<match::Item const*> items;
    for (auto const& one : candidates)
      if (match::evidence_of(one.field) == match::Evidence::network) items.push_back(&question_.items[one.item].item);
    return warnings_.learn(reader, indicators, items);
  }

  // `candidates` by item; `object` and `item` as catalog::documents_of and catalog::indicator_items have them.
  void hold(store::Published const& one, json const& object, json const& item,
            std::vector<match::Hit> const& candidates) {
    if (item.value("revoked", false) || !may_be_kept(object, asking_.now_us)) return;
    auto const pattern = match::pattern_of(object);
    if (!pattern) return;
    auto const* mute = mutes_.find(one.row.type, one.bytes, asking_.now_us);
    auto shown = shown_as(item, mute == nullptr ? std::optional<json>() : muted_as(*mute));
    shown.weighed.party = party_of(object, one.row.asserter, asking_);
    bool const by_prompt =
        std::ranges::any_of(candidates, [](auto const& one) { return one.field == match::Field::prompt; });
    auto const templates = by_prompt ? match::templates_of(object) : std::vector<json>();
    auto const before = out_.told.size();
    for (std::size_t at = 0; at < candidates.size() && goes_on(); ++at) {
      bool const again = at > 0 && candidates[at].item == candidates[at - 1].item;  // by another collection
      auto const more =
          candidates[at].field == match::Field::prompt ? std::span<json const>(templates) : std::span<json const>();
      if (!again && observation(candidates[at].item).meets(*pattern, more)) take(candidates[at], shown);
    }
    if (out_.told.size() > before) out_.places.push_back({one.collection, one.row.sequence});
  }

  // False: it is not complete, and stays so.
  bool goes_on() {
    if (bytes_ > kMostBytes || std::chrono::steady_clock::now() > end_) out_.complete = false;
    return out_.complete;
  }

  Hits done() {
    std::ranges::sort(out_.told, {}, [](json const& one) { return std::pair(one.at("item"), one.at("id")); });
    return std::move(out_);
  }

 private:
  match::ItemObservation const& observation(std::size_t item) {
    if (!observation_ || observed_ != item) observation_.emplace(question_.items[item].item, asking_.now_us);
    observed_ = item;
    return *observation_;
  }

  void take(match::Hit const& hit, Shown const& shown) {
    json told = shown.told;
    told["item"] = hit.item;
    told["field"] = match::name(hit.field);
    told["score"] = std::round(hit.score * 100) / 100;
    if (auto const& ref = question_.items[hit.item].ref; !ref.empty()) told["ref"] = ref;
    auto const warnings = warnings_.of(question_.items[hit.item].item, hit.field);
    if (!warnings.empty()) told["warnings"] = warnings;
    out_.told.push_back(std::move(told));
    bytes_ += shown.bytes;
    if (shown.muted) return;
    out_.weighed.push_back(shown.weighed);
    out_.weighed.back().evidence = match::evidence_of(hit.field);
    out_.weighed.back().score = hit.score;
    if (!warnings.empty()) out_.weighed.back().suggested = std::min(shown.weighed.suggested, kMostWarned);
  }

  match::Question const& question_;
  catalog::Asking const& asking_;
  catalog::Mutes const& mutes_;
  MatchWarnings& warnings_;
  std::chrono::steady_clock::time_point const end_ = std::chrono::steady_clock::now() + kLongest;
  std::optional<match::ItemObservation> observation_;  // of item observed_
  std::size_t observed_ = 0;
  std::size_t bytes_ = 0;
  Hits out_;
};

match::Filter filter_of(stream::Matching const& matching, match::Question const& question,
                        catalog::Asking const& asking) {
  auto out = matching.filter(asking.sight);
  out.min_confidence = question.min_confidence;
  out.now_us = asking.now_us;
  return out;
}

// Some versions of the candidates, as the caller is shown them.
core::Result<void> hold_some(store::ReadStore& reader, std::span<store::RowId const> versions,
                             Candidates const& candidates, catalog::Asking const& asking, Holding& holding) {
  auto const found = reader.indicators().newest_among(asking.sight, versions);
  if (!found) return std::unexpected(found.error());
  auto const objects = catalog::documents_of(*found);
  auto const items = catalog::indicator_items(reader, asking, *found, objects);
  if (!items) return std::unexpected(items.error());
  std::vector<match::Hit> hits;
  for (auto const& one : *found) std::ranges::copy(candidates.by_version.at(one.row.version), std::back_inserter(hits));
  if (auto prepared = holding.prepare(reader, *items, hits); !prepared) return prepared;
  for (std::size_t at = 0; at < found->size() && holding.goes_on(); ++at)
    holding.hold((*found)[at], objects[at], (*items)[at], candidates.by_version.at((*found)[at].row.version));
  return {};
}

}  // namespace

core::Result<Candidates> find_candidates(stream::Matching const& matching, match::Question const& question,
                                         catalog::Asking const& asking, std::size_t most_postings) {
  if (!matching.is_ready())
    return core::fail(core::Code::unavailable, "The indicators are still being read.", "", "Try again in a moment.");
  auto filter = filter_of(matching, question, asking);
  filter.most = kMostHits;
  filter.most_postings = most_postings;
  std::vector<match::Item> items;
  items.reserve(question.items.size());
  for (auto const& asked : question.items) items.push_back(asked.item);
  auto const found = matching.engine().match(items, filter);
  Candidates out{{}, found.complete};
  for (auto const& hit : found.hits) out.by_version[hit.indicator.row].push_back(hit);
  return out;
}

core::Result<Hits> hits_among(store::ReadStore& reader, Candidates const& candidates, match::Question const& question,
                              catalog::Asking const& asking, catalog::Mutes const& mutes,
                              std::shared_ptr<admission::harm::AllowLists const> allow_lists) {
  std::vector<store::RowId> versions;
  for (auto const& [version, hits] : candidates.by_version) versions.push_back(version);
  MatchWarnings warnings(std::move(allow_lists), asking);
  Holding holding(question, asking, mutes, warnings);
  for (std::span rest(versions); !rest.empty() && holding.goes_on();) {
    auto const some = rest.first(std::min(kTogether, rest.size()));
    if (auto held = hold_some(reader, some, candidates, asking, holding); !held) return std::unexpected(held.error());
    rest = rest.subspan(some.size());
  }
  auto out = holding.done();
  out.complete = out.complete && candidates.complete;
  return out;
}

std::size_t count_unindexed(stream::Matching const& matching, match::Question const& question,
                            catalog::Asking const& asking) {
  return matching.engine().unindexed(filter_of(matching, question, asking));
}

json to_json(match::Suggestion const& suggestion) {
  json evidence = json::array();
  for (auto const one : suggestion.evidence) evidence.push_back(match::name(one));
  return {{"action", match::name(suggestion.action)},
          {"confidence", std::lround(suggestion.confidence * 100)},
          {"evidence", std::move(evidence)}};
}

}  // namespace tocsin::endpoints
