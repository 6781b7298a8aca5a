#include "server/stream/alerts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/lists.hpp"
#include "server/endpoints/recorded_reads.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr PortionLimits kLimits{100, 1'000};
constexpr std::size_t kObjects = 1'000;   // that one request looks at
constexpr char const* kPlace = "alerts";  // in place of a cursor's filters: it is for nothing else

struct Asked {
  std::shared_ptr<access::Directory const> directory;
  stream::AlertQuery query;
};

core::Result<Asked> asked_of(Context const& context, http::Request const& request) {
  auto portion = portion_of(request.query, context.cursors, kPlace, kLimits);
  if (!portion) return std::unexpected(portion.error());
  auto directory = context.registry.current();
  Asked out{directory,
            {directory,
             {},
             view_of(request).window,
             portion->after,
             portion->limit,
             kObjects,
             context.mutes.of(request.principal->organisation),
             context.clock.now_us()}};
  for (auto const& collection : out.directory->tables().collections)
    if (out.directory->collection(collection.id, view_of(request)) != nullptr)
      out.query.collections.push_back({collection.row, collection.id});
  return out;
}

// As pulls are recorded: of each collection that was looked at, what of it is shown.
http::Awaitable<core::Result<void>> record(Context& context, http::Request const& request, Asked const& asked,
                                           stream::AlertPage const& page) {
  base::Principal const& who = *request.principal;
  for (auto const& collection : asked.query.collections) {
    ledger::ReadNote note{who.credential,
                          who.organisation_name,
                          who.credential_id,
                          asked.directory->epoch(),
                          collection.id,
                          "alerts",
                          "",
                          asked.query.after_sequence};
    for (stream::Alert const& alert : page.alerts) {
      if (alert.collection != collection.id) continue;
      if (note.objects++ == 0) note.first = alert.sequence;
      note.last = alert.sequence;
    }
    if (auto recorded = co_await record_read(context, note, *request.principal, view_of(request)); !recorded)
      co_return recorded;
  }
  co_return core::Result<void>{};
}

}  // namespace

// What the caller sees of its own ranges, in the order of publication. The work is bounded: an answer that is not
// complete says where to go on. Nothing in it depends on what the caller does not see.
Answer alerts(Context& context, http::Request& request) {
  auto asked = asked_of(context, request);
  if (!asked) co_return error_answer(request, asked.error());
  auto own = context.ranges.of(request.principal->organisation);
  auto page = co_await context.bridge.run<stream::AlertPage>(
      request.principal->organisation,
      [&](store::ReadStore& reader) { return stream::find_alerts(reader, *own, asked->query); });
  if (!page) co_return error_answer(request, page.error());
  if (auto recorded = co_await record(context, request, *asked, *page); !recorded)
    co_return error_answer(request, recorded.error());
  json list = json::array();
  for (stream::Alert const& alert : page->alerts) list.push_back(stream::to_json(alert));
  co_return json_answer(200, {{"alerts", std::move(list)},
                              {"after", context.cursors.seal({0, page->after_sequence, kPlace})},
                              {"complete", page->complete}});
}

}  // namespace tocsin::endpoints
