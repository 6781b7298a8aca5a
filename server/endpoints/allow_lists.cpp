#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using Change = store::AllowListStore::Change;

json rendered(Change const& change) { return {{"added", change.added}, {"removed", change.removed}}; }

Answer write(Context& context, http::Request& request, bool replace) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto const name = members->text("name"), kind = members->text("kind");
  auto const entries = members->list("entries");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto list = context.allow_lists.parse(name, kind, entries);
  if (!list) co_return error_answer(request, list.error());
  auto changed = co_await change<Change>(context, request, [&] {
    list->changed_us = context.clock.now_us();
    return context.allow_lists.write(*list, replace);
  });
  if (!changed) co_return error_answer(request, changed.error());
  co_return json_answer(200, rendered(*changed));
}

}  // namespace

Answer admin_list_allow_lists(Context& context, http::Request&) {
  json lists = json::array();
  for (auto const& one : context.allow_lists.summaries())
    lists.push_back({{"name", one.name},
                     {"kind", admission::harm::name_of(one.kind)},
                     {"entries", one.entries},
                     {"changed", stix::Timestamp::from_microseconds(one.changed_us).text()}});
  co_return json_answer(200, {{"allow_lists", std::move(lists)}, {"most", admission::harm::kMostEntries}});
}

Answer admin_add_to_allow_list(Context& context, http::Request& request) {
  co_return co_await write(context, request, false);
}

Answer admin_import_allow_list(Context& context, http::Request& request) {
  co_return co_await write(context, request, true);
}

Answer admin_remove_from_allow_list(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto const name = members->text("name");
  auto const entries = members->list("entries");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto removed = co_await change<Change>(
      context, request, [&] { return context.allow_lists.remove(name, entries, context.clock.now_us()); });
  if (!removed) co_return error_answer(request, removed.error());
  co_return json_answer(200, rendered(*removed));
}

}  // namespace tocsin::endpoints
