#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/moderated.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

constexpr std::string_view kPlace = "moderation";

core::Error absent() { return {core::Code::not_found, "Nothing with this id waits.", "", ""}; }

// What else its organisation has stored is not for the analyst to know; that something else has to be published first
// is of what waits.
core::Error not_stored(core::Error const& why) {
  if (why.code == core::Code::not_found || why.code == core::Code::reference_unknown) return why;
  return {core::Code::conflict, "It cannot be stored any more: its organisation has changed the object since.", "",
          "Refuse it; its organisation can send it again."};
}

// Analysts of other organisations have the role, and no say in what the instance publishes.
core::Result<void> check_moderator(Context const& context, http::Request const& request) {
  auto const directory = context.registry.current();
  auto const* own = directory->organisation(request.principal->organisation);
  if (own != nullptr && own->identity == context.settings.identity) return {};
  return core::fail(core::Code::forbidden, "Only analysts of the organisation that runs this instance moderate.", "",
                    "What of your organisation waits is at /api/v1/waiting: `tocsin waiting list`.");
}

struct Waiting {
  store::WaitingEntry entry;
  std::vector<store::Candidate> objects;
};

// Error not_found: it does not wait, or the credential does not reach its collection.
Later<Waiting> waiting_at(Context& context, http::Request const& request, core::Uuid id) {
  auto found = co_await context.bridge.run<Waiting>(request.principal->organisation,
                                                    [&](store::ReadStore& reader) -> core::Result<Waiting> {
                                                      auto entry = reader.waiting().find(id);
                                                      if (!entry) return std::unexpected(entry.error());
                                                      if (!*entry) return std::unexpected(absent());
                                                      auto objects = reader.waiting().objects((*entry)->row);
                                                      if (!objects) return std::unexpected(objects.error());
                                                      // It ended meanwhile, or something took its place.
                                                      auto const still = reader.waiting().find(id);
                                                      if (!still) return std::unexpected(still.error());
                                                      if (!*still || objects->empty()) return std::unexpected(absent());
                                                      return Waiting{**std::move(entry), *std::move(objects)};
                                                    });
  if (found && !reaches(*context.registry.current(), view_of(request), found->entry.collection))
    co_return std::unexpected(absent());
  co_return found;
}

bool are_shown(access::View const& view, std::vector<store::Candidate> const& objects) {
  return std::ranges::all_of(
      objects, [&](store::Candidate const& one) { return is_shown(view, one.class_key, one.kind, one.type, false); });
}

// Stores what waited as if its organisation submitted it now, on behalf of the analyst.
Later<Done> publish(Context& context, http::Request const& request, core::Uuid id) {
  auto found = co_await waiting_at(context, request, id);
  if (!found) co_return std::unexpected(found.error());
  if (auto may = still_may(context, request); !may) co_return std::unexpected(may.error());
  auto const& entry = found->entry;
  found->objects.front().waiting = entry.row;
  auto const now = context.clock.now_us();
  ledger::Submission one{entry.organisation, entry.collection, std::move(found->objects), {}, actor_of(request)};
  one.record.id = core::time_ordered_uuid(now);
  one.record.organisation = entry.organisation;
  one.record.collection = entry.collection;
  one.record.requested_us = now;
  std::vector<ledger::Submission> submissions;
  submissions.push_back(std::move(one));
  auto const receipts = co_await commit_whole(context, std::move(submissions));
  if (!receipts) co_return std::unexpected(receipts.error());
  for (auto const& fate : receipts->front().fates)
    if (fate.kind == store::Verdict::Kind::refuse) co_return std::unexpected(not_stored(fate.error));
  co_return Done{};
}

Later<Done> refuse(Context& context, http::Request const& request, core::Uuid id, std::string const& because) {
  auto const found = co_await waiting_at(context, request, id);
  if (!found) co_return std::unexpected(found.error());
  co_return co_await change<Done>(
      context, request, without_value([&] { return context.waiting.refuse(id, because, context.clock.now_us()); }));
}

json result(core::Uuid const& id, char const* outcome, core::Result<Done> const& done) {
  json out{{"id", core::to_text(id)}, {"outcome", done ? outcome : "failed"}};
  if (done) return out;
  out["code"] = core::row(done.error().code).code;
  out["detail"] = done.error().detail;
  if (!done.error().remedy.empty()) out["remedy"] = done.error().remedy;
  return out;
}

}  // namespace

// The queue, in order of arrival: schema/openapi.yaml, listModeration.
Answer list_moderation(Context& context, http::Request& request) {
  if (auto may = check_moderator(context, request); !may) co_return error_answer(request, may.error());
  store::WaitingQuery query;
  if (auto const name = request.query.find("organisation")) {
    auto const directory = context.registry.current();
    auto const* organisation = directory->organisation(*name);
    if (organisation == nullptr)
      co_return error_answer(request, {core::Code::bad_parameter, "`organisation` names none of this instance.", "",
                                       "Take the name from the list."});
    query.organisation = organisation->row;
  }
  co_return co_await waiting_list(context, request, query, kPlace);
}

// What is to be decided, with its content when the analyst may see that: waiting shows nobody more than publishing.
Answer show_moderation(Context& context, http::Request& request) {
  if (auto may = check_moderator(context, request); !may) co_return error_answer(request, may.error());
  auto const id = core::parse_uuid(request.parameters.at(0));
  if (!id) co_return error_answer(request, absent());
  auto const found = co_await waiting_at(context, request, *id);
  if (!found) co_return error_answer(request, found.error());
  bool const shown = are_shown(view_of(request), found->objects);
  auto answer = waiting_json(*context.registry.current(), found->entry, shown);
  answer["withheld"] = !shown;
  answer["content"] = json::array();
  if (shown)
    for (auto const& one : found->objects) answer["content"].push_back(json::parse(one.bytes));
  co_return json_answer(200, answer);
}

// Each by itself, one transaction each: schema/openapi.yaml, publishWaiting.
Answer publish_waiting(Context& context, http::Request& request) {
  if (auto may = check_moderator(context, request); !may) co_return error_answer(request, may.error());
  auto const named = co_await waiting_named(request, false);
  if (!named) co_return error_answer(request, named.error());
  json results = json::array();
  for (auto const& id : named->ids) results.push_back(result(id, "published", co_await publish(context, request, id)));
  co_return json_answer(200, {{"results", std::move(results)}});
}

// Each by itself; the submitter is told why.
Answer refuse_waiting(Context& context, http::Request& request) {
  if (auto may = check_moderator(context, request); !may) co_return error_answer(request, may.error());
  auto const named = co_await waiting_named(request, true);
  if (!named) co_return error_answer(request, named.error());
  json results = json::array();
  for (auto const& id : named->ids)
    results.push_back(result(id, "refused", co_await refuse(context, request, id, named->because)));
  co_return json_answer(200, {{"results", std::move(results)}});
}

}  // namespace tocsin::endpoints
