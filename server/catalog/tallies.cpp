#include "server/catalog/tallies.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/letters.hpp"
#include "schema/stix/json.hpp"
#include "server/catalog/named_asserter.hpp"

namespace tocsin::catalog {
namespace {

using nlohmann::json;

constexpr store::RowId kUnnamed = 0;  // all who are not named are one party: who they are must not show in a number
constexpr std::string_view kUnsaid = "unsaid", kNotSeen = "not-seen";
constexpr std::array<std::string_view, 3> kTelling{"confirmed", "suspected", kUnsaid};  // that there was something

store::RowId party_of(store::Organisation const* named, access::Directory const& directory) {
  return named != nullptr ? directory.party_of(named->row) : kUnnamed;
}

std::string outcome_of(json const& sighting) {
  return sighting.value("extensions", json::object())
      .value(std::string(kinds::kSightingExtension), json::object())
      .value("outcome", std::string(kUnsaid));
}

std::optional<stix::Timestamp> time_in(json const& object, char const* name) {
  auto const found = object.find(name);
  if (found == object.end()) return std::nullopt;
  auto const time = stix::Timestamp::parse(found->get_ref<std::string const&>());
  return time ? std::optional(*time) : std::nullopt;
}

void add(SightingTally& tally, json const& sighting, std::string_view outcome, store::RowId party) {
  ++tally.sightings;
  tally.count += sighting.value("count", std::int64_t{outcome == kNotSeen ? 0 : 1});
  tally.parties.insert(party);
  auto const first = time_in(sighting, "first_seen"), last = time_in(sighting, "last_seen");
  if (first && (!tally.first_seen || *first < *tally.first_seen)) tally.first_seen = first;
  if (last && (!tally.last_seen || *tally.last_seen < *last)) tally.last_seen = last;
}

// Whole characters, as many as an answer has of one reason.
std::string beginning_of(std::string text) {
  if (text.size() <= kMostOfReason) return text;
  auto end = kMostOfReason;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// Of an opinion of any version the newest counts, and of what is taken back nothing.
class Opinions {
 public:
  explicit Opinions(access::Directory const& directory) : directory_(directory) {}

  void add(json const& opinion, store::Published const& one, store::Organisation const* named) {
    Dispute said{one.row.modified_ns,
                 opinion.value("opinion", std::string(kUnsaid)),
                 beginning_of(opinion.value("explanation", std::string())),
                 opinion.value("modified", std::string()),
                 named != nullptr ? named->name : std::string(),
                 std::string(directory_.peer_of(one.row.asserter))};
    if (named == nullptr) {
      unnamed_.push_back(std::move(said));
      return;
    }
    auto const [at, is_new] = named_.try_emplace(named->row, said);
    if (!is_new && at->second.modified_ns < said.modified_ns) at->second = std::move(said);
  }

  [[nodiscard]] std::map<std::string, std::set<store::RowId>> by_value() const {
    std::map<std::string, std::set<store::RowId>> out;
    for (auto const& [row, said] : named_) out[said.opinion].insert(directory_.party_of(row));
    for (auto const& said : unnamed_) out[said.opinion].insert(kUnnamed);
    return out;
  }

  [[nodiscard]] std::vector<Dispute> disputes() const {
    std::vector<Dispute> out;
    auto const take = [&](Dispute const& said) {
      bool const disagrees = said.opinion == "disagree" || said.opinion == "strongly-disagree";
      if (disagrees && !said.explanation.empty()) out.push_back(said);
    };
    for (auto const& said : named_ | std::views::values) take(said);
    std::ranges::for_each(unnamed_, take);
    std::ranges::sort(out, std::greater(), &Dispute::modified_ns);
    out.resize(std::min(out.size(), kMostDisputes));
    return out;
  }

 private:
  access::Directory const& directory_;
  std::map<store::RowId, Dispute> named_;
  std::vector<Dispute> unnamed_;
};

bool is_among(std::span<std::string const> subjects, json const& reference) {  // `subjects` are sorted
  return reference.is_string() && std::ranges::binary_search(subjects, kinds::lower_case(reference.get<std::string>()));
}

// Whether this version, the newest, is about one of them.
bool is_about(json const& object, std::span<std::string const> subjects) {
  if (auto const subject = object.find("sighting_of_ref"); subject != object.end()) return is_among(subjects, *subject);
  return std::ranges::any_of(object.value("object_refs", json::array()),
                             [&](json const& one) { return is_among(subjects, one); });
}

// Calls `take` with each that stands; `complete` whether those were all.
template <class Take>
core::Result<bool> each_response(store::ReadStore& reader, store::ResponseQuery const& query, Take take) {
  auto const found = reader.responses().about(query);
  if (!found) return std::unexpected(found.error());
  for (auto const& one : found->rows) {
    auto const object = stix::parse_json(one.bytes).value();
    if (!object.value("revoked", false) && is_about(object, query.subjects)) take(object, one);
  }
  return found->complete;
}

json rendered(SightingTally const& tally) {
  json out{{"sightings", tally.sightings}, {"count", tally.count}, {"organisations", tally.parties.size()}};
  if (tally.first_seen) out["first_seen"] = tally.first_seen->text();
  if (tally.last_seen) out["last_seen"] = tally.last_seen->text();
  return out;
}

}  // namespace

core::Result<ObjectTallies> object_tallies(store::ReadStore& reader, store::Sight const& sight,
                                           access::Directory const& directory, std::string const& subject) {
  ObjectTallies out;
  Opinions opinions(directory);
  store::ResponseQuery const query{sight, {&subject, 1}, true, kMostResponses};
  auto const complete = each_response(reader, query, [&](json const& object, store::Published const& one) {
    auto const* named = named_asserter(object, one.row.asserter, directory);
    if (one.row.type == "opinion") return opinions.add(object, one, named);
    auto const outcome = outcome_of(object);
    add(out.sightings[outcome], object, outcome, party_of(named, directory));
  });
  if (!complete) return std::unexpected(complete.error());
  out.opinions = opinions.by_value();
  out.disputes = opinions.disputes();
  out.complete = *complete;
  return out;
}

core::Result<DailySightings> daily_sightings(store::ReadStore& reader, store::Sight const& sight,
                                             access::Directory const& directory,
                                             std::span<std::string const> subjects) {
  DailySightings out;
  std::vector<std::string> sorted(subjects.begin(), subjects.end());
  std::ranges::sort(sorted);
  store::ResponseQuery const query{sight, sorted, false, kMostResponses};
  auto const complete = each_response(reader, query, [&](json const& object, store::Published const& one) {
    auto const outcome = outcome_of(object);
    if (std::ranges::find(kTelling, outcome) == kTelling.end()) return;
    auto const said = time_in(object, "modified");  // else days to come would drive out those that were
    for (auto const* name : {"last_seen", "first_seen", "created"})
      if (auto const time = time_in(object, name)) {
        auto const day = std::min(*time, said.value_or(*time)).text().substr(0, 10);
        return add(out.days[day], object, outcome,
                   party_of(named_asserter(object, one.row.asserter, directory), directory));
      }
  });
  if (!complete) return std::unexpected(complete.error());
  out.complete = *complete && out.days.size() <= kMostDays;
  while (out.days.size() > kMostDays) out.days.erase(std::prev(out.days.end()));
  return out;
}

json sightings_json(ObjectTallies const& tallies) {
  std::set<store::RowId> parties;
  json by_outcome = json::object();
  for (auto const& [outcome, tally] : tallies.sightings) {
    by_outcome[outcome] = rendered(tally);
    parties.insert(tally.parties.begin(), tally.parties.end());
  }
  return {{"by_outcome", std::move(by_outcome)}, {"organisations", parties.size()}, {"complete", tallies.complete}};
}

json opinions_json(ObjectTallies const& tallies) {
  std::set<store::RowId> parties;
  json by_value = json::object();
  for (auto const& [value, said_by] : tallies.opinions) {
    by_value[value] = said_by.size();
    parties.insert(said_by.begin(), said_by.end());
  }
  json out{{"by_value", std::move(by_value)}, {"organisations", parties.size()}, {"complete", tallies.complete}};
  for (auto const& one : tallies.disputes) {
    json told{{"opinion", one.opinion}, {"explanation", one.explanation}, {"modified", one.modified}};
    if (!one.organisation.empty()) told["organisation"] = one.organisation;
    if (!one.peer.empty()) told["origin"] = one.peer;
    out["disputes"].push_back(std::move(told));
  }
  return out;
}

json to_json(DailySightings const& daily) {
  json days = json::array();
  for (auto at = daily.days.rbegin(); at != daily.days.rend(); ++at)
    days.push_back({{"day", at->first},
                    {"sightings", at->second.sightings},
                    {"count", at->second.count},
                    {"organisations", at->second.parties.size()}});
  return {{"by_day", std::move(days)}, {"complete", daily.complete}};
}

}  // namespace tocsin::catalog
