#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using stream::RangeRegistry;

// The ranges that a body names, as they are kept.
http::Awaitable<core::Result<std::vector<std::string>>> ranges_of(Context& context, http::Request& request,
                                                                  RangeRegistry::For what) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto given = members->list("ranges");
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  co_return context.ranges.parse(given, what);
}

}  // namespace

Answer list_ranges(Context& context, http::Request& request) {
  json list = json::array();
  auto own = context.ranges.of(request.principal->organisation);
  for (auto const& row : own->rows())
    list.push_back({{"range", row.text},
                    {"added", stix::Timestamp::from_microseconds(row.added_us).text()},
                    {"credential", row.credential}});
  co_return json_answer(200, {{"ranges", std::move(list)}, {"most", stream::kMostRanges}});
}

Answer add_ranges(Context& context, http::Request& request) {
  auto texts = co_await ranges_of(context, request, RangeRegistry::For::adding);
  if (!texts) co_return error_answer(request, texts.error());
  base::Principal const& who = *request.principal;
  auto added = co_await change<RangeRegistry::Changed>(context, request, [&] {
    return context.ranges.add(who.organisation, *texts, who.credential_id, context.clock.now_us());
  });
  if (!added) co_return error_answer(request, added.error());
  co_return json_answer(200, {{"added", added->ranges}, {"total", added->total}});
}

Answer remove_ranges(Context& context, http::Request& request) {
  auto texts = co_await ranges_of(context, request, RangeRegistry::For::removing);
  if (!texts) co_return error_answer(request, texts.error());
  auto removed = co_await change<RangeRegistry::Changed>(
      context, request, [&] { return context.ranges.remove(request.principal->organisation, *texts); });
  if (!removed) co_return error_answer(request, removed.error());
  co_return json_answer(200, {{"removed", removed->ranges}, {"total", removed->total}});
}

}  // namespace tocsin::endpoints
