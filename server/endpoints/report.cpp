// How what the caller's organisation shared was received: schema/openapi.yaml, getReport.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/catalog/sharing_report.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/organisation_views.hpp"
#include "server/endpoints/own_part.hpp"
#include "server/endpoints/seen.hpp"
#include "server/endpoints/trail_readers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

core::Result<std::int64_t> since_of(http::Query const& query) {
  for (auto const& [name, value] : query.parameters()) {
    if (name != "since" || query.count(name) > 1)
      return core::fail(core::Code::bad_parameter, "A report has no parameter but `since`, once.", "", "Send none.");
    auto const since = stix::Timestamp::parse(value);
    if (!since)
      return core::fail(core::Code::bad_parameter, "`since` is not a timestamp.", "",
                        "Write it as 2026-01-31T12:00:00Z.");
    return since->microseconds();
  }
  return 0;
}

// Whether the organisation is shown something of one of these classes by any of its credentials, or as a peer.
bool sees(Context const& context, access::Directory const& directory, std::string const& name,
          std::set<store::RowId> const& classes) {
  return std::ranges::any_of(views_of(context, directory, name), [&](auto const& view) {
    return std::ranges::any_of(classes, [&](auto row) { return view->window.visible.contains(row); });
  });
}

// {"organisations","complete"}: as getReaders says of one object.
core::Result<json> readers_of(Context const& context, store::ReadStore& reader, access::Directory const& directory,
                              std::string const& own, catalog::SharingReport const& report) {
  std::vector<ReadPlace> places;
  for (auto const& collection : directory.tables().collections)
    if (auto const found = report.places.find(collection.row); found != report.places.end())
      places.push_back({collection.id, found->second});
  if (places.empty()) return json{{"organisations", 0}, {"complete", true}};
  auto const readers = readers_in_trail(reader.audit(), places, report.first_us);
  if (!readers) return std::unexpected(readers.error());
  auto const count = std::ranges::count_if(readers->organisations, [&](auto const& name) {
    return name != own && sees(context, directory, name, report.classes);
  });
  return json{{"organisations", count}, {"complete", readers->complete}};
}

json rendered_report(catalog::SharingReport const& report) {
  json kinds = json::array();
  for (auto const& [kind, of] : report.kinds)
    kinds.push_back({{"kind", kind},
                     {"live", of.live},
                     {"over", of.over},
                     {"shared_by_others", of.shared},
                     {"disputed", of.disputed}});
  json sightings = json::object();
  for (auto const& [outcome, count] : report.sightings) sightings[outcome.empty() ? "unsaid" : outcome] = count;
  return {{"indicators", std::move(kinds)},
          {"sightings", std::move(sightings)},
          {"opinions", report.opinions},
          {"complete", report.complete}};
}

}  // namespace

Answer sharing_report(Context& context, http::Request& request) {
  auto const since = since_of(request.query);
  if (!since) co_return error_answer(request, since.error());
  auto const seen = seen_by(context, request);
  catalog::ReportQuery query{seen.sight, seen.sight, *since, *seen.directory};
  query.own.window = own_part(seen.sight.window, request.principal->organisation, *seen.directory);
  auto const now_us = context.clock.now_us();
  auto const told = co_await context.bridge.run<json>(
      request.principal->organisation, [&](store::ReadStore& reader) -> core::Result<json> {
        auto const report = catalog::sharing_report(reader, query, now_us);
        if (!report) return std::unexpected(report.error());
        auto readers = readers_of(context, reader, *seen.directory, request.principal->organisation_name, *report);
        if (!readers) return std::unexpected(readers.error());
        auto out = rendered_report(*report);
        out["readers"] = *std::move(readers);
        return out;
      });
  if (!told) co_return error_answer(request, told.error());
  co_return json_answer(200, *told);
}

}  // namespace tocsin::endpoints
