#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/letters.hpp"
#include "schema/stix/identifier.hpp"
#include "server/catalog/indicator_search.hpp"
#include "server/catalog/indicators.hpp"
#include "server/catalog/tallies.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/left_waiting.hpp"
#include "server/endpoints/lists.hpp"
#include "server/endpoints/muted.hpp"
#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr PortionLimits kLimits{100, 500};
constexpr std::size_t kMostVersions = 1'000;  // of one collection, in one answer
constexpr char const* kWhat = "indicators";   // in the audit trail

core::Error absent() { return {core::Code::not_found, "There is no such indicator.", "", ""}; }

std::vector<ShownAt> places_of(std::vector<store::Published> const& shown) {
  std::vector<ShownAt> out;
  for (auto const& one : shown) out.push_back({one.collection, one.row.sequence});
  return out;
}

std::optional<core::Uuid> indicator_in(http::Request const& request) {
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  return id && id->type() == "indicator" ? std::optional(id->uuid()) : std::nullopt;
}

std::string id_of(core::Uuid const& indicator) { return "indicator--" + core::to_text(indicator); }

std::string filters_of(core::Uuid const& indicator) { return "match[id]=" + id_of(indicator) + "\n"; }

catalog::IdentityOf identity_in(std::shared_ptr<access::Directory const> directory) {
  return [directory = std::move(directory)](std::string_view name) {
    auto const* member = directory->organisation(name);
    return member != nullptr ? kinds::lower_case(member->identity) : std::string();
  };
}

// What the caller's organisation muted.
struct Muting {
  std::shared_ptr<catalog::Mutes const> mutes;
  std::int64_t now_us = 0;

  // `told` has an entry for each of `shown`.
  void mark(std::vector<json>& told, std::vector<store::Published> const& shown) const {
    for (std::size_t i = 0; i < shown.size(); ++i)
      if (auto const* mute = mutes->find(shown[i].row.type, shown[i].bytes, now_us)) told[i]["muted"] = muted_as(*mute);
  }
};

Muting muting(Context const& context, http::Request const& request) {
  return {context.mutes.of(request.principal->organisation), context.clock.now_us()};
}

struct Found {
  std::vector<json> told;
  std::vector<ShownAt> places;
  std::optional<store::IndicatorPlace> after{};
  catalog::ObjectTallies answered{};  // of one indicator
};

core::Result<Found> find(store::ReadStore& reader, store::IndicatorQuery const& query, catalog::Asking const& asking,
                         Muting const& muting) {
  auto page = reader.indicators().search(query);
  if (!page) return std::unexpected(page.error());
  auto items = catalog::indicator_items(reader, asking, page->rows, catalog::documents_of(page->rows));
  if (!items) return std::unexpected(items.error());
  muting.mark(*items, page->rows);
  Found out{*std::move(items), places_of(page->rows)};
  if (page->more) out.after = std::move(page->after);
  return out;
}

core::Result<Found> find(store::ReadStore& reader, core::Uuid const& indicator, catalog::Asking const& asking,
                         Muting const& muting) {
  auto const shown = reader.indicators().find(asking.sight, indicator);
  if (!shown) return std::unexpected(shown.error());
  auto said = catalog::indicator_statements(reader, asking, *shown);
  if (!said) return std::unexpected(said.error());
  muting.mark(*said, *shown);
  Found out{*std::move(said), places_of(*shown)};
  if (out.told.empty()) return out;
  auto answered = catalog::object_tallies(reader, asking.sight, asking.directory, id_of(indicator));
  if (!answered) return std::unexpected(answered.error());
  out.answered = *std::move(answered);
  return out;
}

}  // namespace

// Newest versions of indicators with our extension, by kind and value. Nothing in it, and no number of steps in the
// index, depends on what the caller does not see.
Answer search_indicators(Context& context, http::Request& request) {
  auto const limit = limit_of(request.query, kLimits);
  if (!limit) co_return error_answer(request, limit.error());
  auto seen = seen_by(context, request);
  auto search =
      catalog::parse_indicator_search(request.query.parameters(), context.cursors, identity_in(seen.directory));
  if (!search) co_return error_answer(request, search.error());
  search->query.sight = seen.sight;
  search->query.limit = *limit;
  catalog::keep_to_kinds(search->query, seen.sight.window.kinds);
  catalog::Asking const asking{seen.sight, *seen.directory, view_of(request).dialect, context.clock.now_us()};
  auto const muted = muting(context, request);
  auto found = co_await context.bridge.run<Found>(request.principal->organisation, [&](store::ReadStore& reader) {
    return find(reader, search->query, asking, muted);
  });
  if (!found) co_return error_answer(request, found.error());
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, search->text, found->places); !recorded)
    co_return error_answer(request, recorded.error());
  json answer{{"indicators", std::move(found->told)}};
  if (found->after) answer["next"] = catalog::next_of(*search, *found->after, context.cursors);
  co_return json_answer(200, answer);
}

Answer show_indicator(Context& context, http::Request& request) {
  auto const id = indicator_in(request);
  if (!id) co_return error_answer(request, absent());
  auto const seen = seen_by(context, request);
  catalog::Asking const asking{seen.sight, *seen.directory, view_of(request).dialect, context.clock.now_us()};
  auto const muted = muting(context, request);
  auto found = co_await context.bridge.run<Found>(
      request.principal->organisation, [&](store::ReadStore& reader) { return find(reader, *id, asking, muted); });
  if (!found) co_return error_answer(request, found.error());
  if (found->told.empty())
    co_return error_answer(request, co_await with_what_waits(context, request, absent(), is_indicator(*id)));
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, filters_of(*id), found->places); !recorded)
    co_return error_answer(request, recorded.error());
  co_return json_answer(200, {{"id", id_of(*id)},
                              {"said", std::move(found->told)},
                              {"sightings", catalog::sightings_json(found->answered)},
                              {"opinions", catalog::opinions_json(found->answered)}});
}

Answer indicator_history(Context& context, http::Request& request) {
  using Versions = std::pair<std::vector<store::Published>, bool>;
  auto const id = indicator_in(request);
  if (!id) co_return error_answer(request, absent());
  auto const seen = seen_by(context, request);
  auto found = co_await context.bridge.run<Versions>(request.principal->organisation, [&](store::ReadStore& reader) {
    return reader.indicators().versions(seen.sight, *id, kMostVersions);
  });
  if (!found) co_return error_answer(request, found.error());
  auto const& [versions, more] = *found;
  if (versions.empty()) co_return error_answer(request, absent());
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, filters_of(*id), places_of(versions));
      !recorded)
    co_return error_answer(request, recorded.error());
  auto answer = catalog::indicator_history(versions, *seen.directory);
  answer["complete"] = !more;
  co_return json_answer(200, answer);
}

}  // namespace tocsin::endpoints
