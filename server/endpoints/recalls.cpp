// Recalls: schema/openapi.yaml, makeRecall and what follows it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/log/decimal.hpp"
#include "schema/stix/identifier.hpp"
#include "server/access/names.hpp"
#include "server/admission/retraction.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/recall_status.hpp"
#include "server/endpoints/revising.hpp"
#include "server/endpoints/stored_objects.hpp"
#include "server/endpoints/told_recalls.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;
using nlohmann::json;
template <class T>
using Later = http::Awaitable<core::Result<T>>;

constexpr std::size_t kMostListed = 100;

core::Error absent() { return {Code::not_found, "There is no such object.", "", ""}; }

core::Error invalid(std::string sentence, std::string pointer, std::string remedy) {
  return {Code::bad_parameter, std::move(sentence), std::move(pointer), std::move(remedy)};
}

struct Asked {
  stix::Identifier object;
  store::RowId asserter = 0;
  bool as_administrator = false;
  log::RecallAction action = log::RecallAction::suppress;
  log::RecallReason reason = log::RecallReason::other;
  std::int64_t within_us = 0;
};

// 90m, 24h, 7d: at most 30 days.
std::optional<std::int64_t> parse_period(std::string_view text) {
  constexpr std::int64_t kMinute = 60'000'000, kMost = 30 * 24 * 60 * kMinute;
  if (text.empty()) return std::nullopt;
  std::int64_t const unit = text.back() == 'm'   ? kMinute
                            : text.back() == 'h' ? 60 * kMinute
                            : text.back() == 'd' ? 24 * 60 * kMinute
                                                 : 0;
  auto const count = log::parse_decimal(text.substr(0, text.size() - 1));
  if (unit == 0 || !count || *count == 0 || *count > static_cast<std::uint64_t>(kMost / unit)) return std::nullopt;
  return static_cast<std::int64_t>(*count) * unit;
}

// Whose object it is: the caller's organisation's, unless an administrator names another.
core::Result<store::RowId> asserter_of(access::Directory const& directory, http::Request const& request,
                                       std::optional<std::string> const& organisation) {
  if (!organisation && request.principal) return request.principal->organisation;
  auto const* named = organisation ? directory.organisation(*organisation) : nullptr;
  bool const own = named != nullptr && request.principal && named->row == request.principal->organisation;
  if (!own && !is_administrator(request))
    return std::unexpected(core::Error{Code::forbidden, "Only an administrator recalls what another one asserted.",
                                       "/organisation", "Leave it out, and recall what is yours."});
  if (named == nullptr)
    return std::unexpected(
        invalid("`organisation` names no organisation.", "/organisation", "`tocsind org list` shows them."));
  return named->row;
}

Later<Asked> asked_of(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto const id = members->text("id"), because = members->text("because");
  auto const action = log::parse_recall_action(members->optional_text("action").value_or("suppress"));
  auto const within = parse_period(members->optional_text("deadline").value_or("24h"));
  auto const organisation = members->optional_text("organisation");
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  auto const object = stix::Identifier::parse(id);
  if (!object) co_return std::unexpected(object.error());
  auto const reason = log::parse_recall_reason(because);
  if (!reason)
    co_return std::unexpected(invalid("`because` is none of the reasons for a recall.", "/because",
                                      "Give wrong, overshared, personal-data, ended, duplicate or other."));
  if (!action)
    co_return std::unexpected(invalid("`action` is none of what becomes of an object.", "/action",
                                      "Give suppress, withdraw, which is for good, or restore."));
  if (!within)
    co_return std::unexpected(invalid("`deadline` is a number of minutes, hours or days, of 30 days at most.",
                                      "/deadline", "Write 90m, 24h or 7d."));
  auto const asserter = asserter_of(*context.registry.current(), request, organisation);
  if (!asserter) co_return std::unexpected(asserter.error());
  bool const as_administrator =
      is_administrator(request) && (organisation || !request.principal->roles.has(base::Role::analyst));
  co_return Asked{*object, *asserter, as_administrator, *action, *reason, *within};
}

// An object and what it was stored with, which goes and comes with it.
struct Found {
  std::vector<std::pair<std::string, core::Uuid>> objects;
  std::vector<admission::Withdrawn> published;  // those of them that have to be reached, and where they stand or stood
  bool logged = false;                          // any of these
};

core::Result<Found> with_companions(store::ReadStore& reader, store::Retractable const& one) {
  store::StoredClaim claim;
  if (auto const question = admission::claim_on(one)) {
    auto claims = reader.claims().claims(one.asserter, {&*question, 1});
    if (!claims) return std::unexpected(claims.error());
    claim = std::move(claims->front());
  }
  Found out{admission::withdrawing(one, claim, admission::Because::overshared).retraction.objects,
            {{one.indicator, {}}},
            false};
  for (auto const& object : one.observables) out.published.push_back({object, {}});
  for (auto const& object : one.relationships) out.published.push_back({object, {}});
  return out;
}

core::Result<Found> with_companions(store::ReadStore& reader, Asked const& asked) {
  auto const& object = asked.object;
  if (object.type() == "indicator") {
    auto const all = reader.retractions().retractable(asked.asserter, object.uuid());
    if (!all) return std::unexpected(all.error());
    if (all->empty()) return std::unexpected(absent());
    if (!all->front().complete)
      return core::fail(Code::recall_invalid, "Too many objects were stored with the indicator.", "",
                        "Recall the objects one by one, or retract relationships of it first.");
    return with_companions(reader, all->front());
  }
  auto const stored = reader.retractions().stored(asked.asserter, std::string(object.type()), object.uuid());
  if (!stored) return std::unexpected(stored.error());
  if (!*stored) return std::unexpected(absent());
  return Found{{{(*stored)->type, (*stored)->uuid}}, {{**stored, {}}}, false};
}

core::Result<Found> find(store::ReadStore& reader, Asked const& asked) {
  auto found = with_companions(reader, asked);
  if (!found) return found;
  for (auto& [object, collections] : found->published) {
    collections = admission::live_in(object);
    auto const recallable = reader.recalls().recallable(object);
    if (!recallable) return std::unexpected(recallable.error());
    found->logged = found->logged || recallable->logged;
    for (auto const row : recallable->suppressed_in)
      if (std::ranges::find(collections, row) == collections.end()) collections.push_back(row);
  }
  return found;
}

// What is not shown to the credential is not there for it; what it does not reach it does not recall.
core::Result<void> check_reach(access::Directory const& directory, http::Request const& request, Asked const& asked,
                               Found const& found) {
  if (asked.as_administrator) return {};
  auto const& object = found.published.front().object;
  if (!is_shown(object, asked.asserter, view_of(request)) || !is_within(directory, request, object))
    return std::unexpected(absent());
  for (auto const& one : found.published)
    for (auto const row : one.collections)
      if (!reaches(directory, request, row))
        return core::fail(Code::forbidden, "Your credential does not reach every collection in which the object is.",
                          "", "Ask an administrator for a credential that does.");
  return {};
}

store::RecallOrder order_of(Asked const& asked, Found const& found, std::int64_t now_us) {
  return {
      asked.asserter, std::string(asked.object.type()), asked.object.uuid(), found.objects, asked.action, asked.reason,
      now_us,         now_us + asked.within_us};
}

core::Result<Found> found_for(Context& context, store::ReadStore& reader, http::Request const& request,
                              Asked const& asked) {
  auto found = find(reader, asked);
  if (!found) return found;
  if (auto may = check_reach(*context.registry.current(), request, asked, *found); !may)
    return std::unexpected(may.error());
  auto const last = reader.recalls().latest(asked.asserter, std::string(asked.object.type()), asked.object.uuid());
  if (!last) return std::unexpected(last.error());
  if (auto may = store::check_order(order_of(asked, *found, context.clock.now_us()), *last); !may)
    return std::unexpected(may.error());
  if (asked.action == log::RecallAction::withdraw && !found->logged) return std::unexpected(store::nothing_logged());
  return found;
}

// Readers are told before anything ends, so that whoever is interrupted withdraws once more. An administrator makes no
// versions of what others assert.
Later<Done> revoke(Context& context, http::Request const& request, Asked const& asked, Found const& found) {
  using Revisions = std::vector<admission::Revision>;
  if (asked.as_administrator || !store::leaves_revocations(order_of(asked, found, 0))) co_return Done{};
  std::vector<admission::Withdrawn> withdrawn;
  for (auto const& one : found.published)
    if (std::ranges::find(found.objects, std::pair(one.object.type, one.object.uuid)) != found.objects.end())
      withdrawn.push_back(one);
  admission::Sender const sender{context.registry.current(), &context.registry.statements(),
                                 &view_of(request),          asked.asserter,
                                 context.clock.now_us(),     context.settings.identity};
  auto const revisions = co_await judge<Revisions>(
      context, asked.asserter, [&] { return admission::revocations(context.door, sender, withdrawn); });
  if (!revisions) co_return std::unexpected(revisions.error());
  if (revisions->empty()) co_return Done{};
  co_return co_await store_revisions(context, request, sender, *revisions, log::name(asked.reason));
}

core::Result<json> told(Context& context, store::ReadStore& reader, access::Directory const& directory,
                        store::MadeRecall const& made) {
  auto receipts = reader.recalls().receipts(made.position);
  if (!receipts) return std::unexpected(receipts.error());
  auto of_dependents = reader.recalls().said_of_dependents();
  if (!of_dependents) return std::unexpected(of_dependents.error());
  auto const peers =
      peers_of(context.peering.peers(), directory, {*std::move(receipts), *std::move(of_dependents)}, made.position);
  if (!peers) return std::unexpected(peers.error());
  auto const* organisation = directory.organisation(made.asserter);
  return core::Result<json>(std::in_place, recall_json(made, organisation != nullptr ? organisation->name : "", *peers,
                                                       context.clock.now_us()));
}

store::RowId lane_of(http::Request const& request) { return request.principal ? request.principal->organisation : 0; }

}  // namespace

Answer make_recall(Context& context, http::Request& request) {
  auto const asked = co_await asked_of(context, request);
  if (!asked) co_return error_answer(request, asked.error());
  auto const directory = context.registry.current();
  auto const found = co_await context.bridge.run<Found>(
      lane_of(request), [&](store::ReadStore& reader) { return found_for(context, reader, request, *asked); });
  if (!found) co_return error_answer(request, found.error());
  if (auto const told = co_await revoke(context, request, *asked, *found); !told)
    co_return error_answer(request, told.error());
  auto const made = co_await context.bridge.run<store::MadeRecall>(lane_of(request), [&](store::ReadStore&) {
    return context.recall({order_of(*asked, *found, context.clock.now_us()), actor_of(request),
                           [&] { return still_may(context, request); }});
  });
  if (!made) co_return error_answer(request, made.error());
  auto const answer = co_await context.bridge.run<json>(
      lane_of(request), [&](store::ReadStore& reader) { return told(context, reader, *directory, *made); });
  if (!answer) co_return error_answer(request, answer.error());
  co_return json_answer(201, *answer);
}

Answer list_recalls(Context& context, http::Request& request) {
  auto const directory = context.registry.current();
  auto const asserter = is_administrator(request) ? std::nullopt : std::optional(request.principal->organisation);
  auto const listed =
      co_await context.bridge.run<json>(lane_of(request), [&](store::ReadStore& reader) -> core::Result<json> {
        auto const all = reader.recalls().recalls(asserter, kMostListed);
        if (!all) return std::unexpected(all.error());
        json out = json::array();
        for (auto const& made : *all) {
          auto const shown = is_told(reader, *directory, request, made);
          if (!shown) return std::unexpected(shown.error());
          if (!*shown) continue;
          auto one = told(context, reader, *directory, made);
          if (!one) return one;
          out.push_back(*std::move(one));
        }
        return core::Result<json>(std::in_place, std::move(out));
      });
  if (!listed) co_return error_answer(request, listed.error());
  co_return json_answer(200, {{"recalls", *listed}});
}

Answer show_recall(Context& context, http::Request& request) {
  auto const directory = context.registry.current();
  auto const answer =
      co_await context.bridge.run<json>(lane_of(request), [&](store::ReadStore& reader) -> core::Result<json> {
        auto const made = told_recall(reader, *directory, request);
        if (!made) return std::unexpected(made.error());
        return told(context, reader, *directory, *made);
      });
  if (!answer) co_return error_answer(request, answer.error());
  co_return json_answer(200, *answer);
}

}  // namespace tocsin::endpoints
