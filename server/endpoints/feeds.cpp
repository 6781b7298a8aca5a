// Lists for firewalls and gateways, of what the caller sees.
#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/feed_answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/seen.hpp"
#include "server/feeds/gathering.hpp"

namespace tocsin::endpoints {
namespace {

constexpr char const* kWhat = "indicators";  // in the audit trail

// Portion by portion, each in its turn among those who read.
http::Awaitable<core::Result<feeds::Selected>> gather(Context& context, http::Request const& request,
                                                      feeds::Gathering& gathering) {
  if (auto checked = gathering.check(); !checked) co_return std::unexpected(checked.error());
  for (;;) {
    auto const more = co_await context.bridge.run<bool>(
        request.principal->organisation, [&](store::ReadStore& reader) { return gathering.step(reader); });
    if (!more) co_return std::unexpected(more.error());
    if (!*more) co_return gathering.finish();
  }
}

// The feed that the path names, recorded as read by the caller.
http::Awaitable<core::Result<MadeFeed>> made_for(Context& context, http::Request const& request) {
  auto const* feed = feeds::find_feed(request.parameters.at(0));
  if (feed == nullptr)
    co_return core::fail(core::Code::not_found, "There is no such feed.", "", "GET /api/v1/feeds names them.");
  auto const asked = feeds::parse_asked(*feed, request.query.parameters());
  if (!asked) co_return std::unexpected(asked.error());
  auto const seen = seen_by(context, request);
  auto const mutes = context.mutes.of(request.principal->organisation);
  auto const own = context.ranges.of(request.principal->organisation);
  feeds::Circumstances const circumstances{context.clock.now_us(), *mutes, own->coverage(), context.settings.widest_v4,
                                           context.settings.widest_v6};
  feeds::Gathering gathering(*feed, *asked, circumstances, seen.sight, *seen.directory);
  auto selected = co_await gather(context, request, gathering);
  if (!selected) co_return std::unexpected(selected.error());
  auto made = make_feed(*feed, *asked, *std::move(selected), circumstances.now_us);
  if (!made) co_return made;
  std::vector<ShownAt> shown;
  for (auto const& place : made->places) shown.push_back({place.collection, place.sequence});
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, asked->text, shown); !recorded)
    co_return std::unexpected(recorded.error());
  co_return made;
}

}  // namespace

Answer list_feeds(Context&, http::Request&) { co_return json_answer(200, feed_list()); }

Answer show_feed(Context& context, http::Request& request) {
  auto made = co_await made_for(context, request);
  if (!made) co_return error_answer(request, made.error());
  co_return feed_answer(request, *std::move(made));
}

Answer feed_manifest(Context& context, http::Request& request) {
  auto const made = co_await made_for(context, request);
  if (!made) co_return error_answer(request, made.error());
  co_return json_answer(200, manifest_of(*made));
}

}  // namespace tocsin::endpoints
