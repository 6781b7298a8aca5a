#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/moderated.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::string_view kPlace = "waiting";

// Whether it waits, of the caller's organisation, and the credential is shown it.
http::Awaitable<core::Result<bool>> is_own(Context& context, http::Request const& request, core::Uuid id) {
  auto const organisation = request.principal->organisation;
  auto const entry = co_await context.bridge.run<std::optional<store::WaitingEntry>>(
      organisation, [&](store::ReadStore& reader) { return reader.waiting().find(id); });
  if (!entry) co_return std::unexpected(entry.error());
  if (!*entry || (*entry)->organisation != organisation) co_return false;
  auto const& one = **entry;
  co_return reaches(*context.registry.current(), view_of(request), one.collection) &&
      is_shown(view_of(request), one.class_key, one.kind, one.type, true);
}

// Error not_found: there is none such.
http::Awaitable<core::Result<bool>> withdraw(Context& context, http::Request const& request, core::Uuid id) {
  auto const own = co_await is_own(context, request, id);
  if (!own) co_return std::unexpected(own.error());
  if (!*own) co_return false;
  auto const done = co_await change<Done>(context, request, without_value([&] {
                                            return context.waiting.withdraw(id, request.principal->organisation,
                                                                            context.clock.now_us());
                                          }));
  if (!done && done.error().code != core::Code::not_found) co_return std::unexpected(done.error());
  co_return done.has_value();
}

}  // namespace

// What of the caller's organisation waits for an analyst, and what of that was refused or withdrawn.
Answer list_own_waiting(Context& context, http::Request& request) {
  store::WaitingQuery query;
  query.organisation = request.principal->organisation;
  query.ended = true;
  co_return co_await waiting_list(context, request, query, kPlace);
}

// At once, and without anybody's leave: schema/openapi.yaml, withdrawWaiting.
Answer withdraw_waiting(Context& context, http::Request& request) {
  auto const named = co_await waiting_named(request, false);
  if (!named) co_return error_answer(request, named.error());
  json results = json::array();
  for (auto const& id : named->ids) {
    auto const withdrawn = co_await withdraw(context, request, id);
    if (!withdrawn) co_return error_answer(request, withdrawn.error());
    results.push_back({{"id", core::to_text(id)}, {"withdrawn", *withdrawn}});
  }
  co_return json_answer(200, {{"results", std::move(results)}});
}

}  // namespace tocsin::endpoints
