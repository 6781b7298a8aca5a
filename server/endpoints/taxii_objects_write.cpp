#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "server/admission/weighing.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/guarding.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/moderated.hpp"
#include "server/endpoints/referred.hpp"
#include "server/endpoints/taxii_status.hpp"
#include "server/endpoints/waiting.hpp"

namespace tocsin::endpoints {
namespace {

// Objects; more are stored after the answer (TAXII 2.1 section 4.3: pending).
constexpr std::size_t kLarge = 10'000;
// Objects; a status of more is rendered on a reader thread.
constexpr std::size_t kRenderedHere = 1'000;

store::ReadStore::Status status_of(ledger::Receipt const& receipt) {
  store::ReadStore::Status status;
  status.requested_us = receipt.record.requested_us;
  status.refused = receipt.record.refused;
  for (std::size_t i = 0; i < receipt.fates.size(); ++i) {
    if (receipt.fates[i].kind == store::Verdict::Kind::refuse) continue;
    store::Candidate const& candidate = receipt.candidates[i];
    auto& list = receipt.fates[i].kind == store::Verdict::Kind::waits ? status.waiting : status.accepted;
    list.push_back({candidate.type + "--" + core::to_text(candidate.uuid), candidate.version_text,
                    store::note_of(candidate, receipt.fates[i])});
  }
  return status;
}

// The status resource as it will be from now on: from the receipt, or from the store when it is long, or when the
// version of an object is the date it was added.
Answer stored_answer(Context& context, core::Uuid const& id, store::RowId organisation,
                     ledger::Receipt const& receipt) {
  auto dated = [](store::Candidate const& candidate) { return !candidate.version_text.empty(); };
  if (receipt.candidates.size() > kRenderedHere || !std::ranges::all_of(receipt.candidates, dated)) {
    auto status = co_await status_now(context, id, organisation);
    if (status && *status) co_return text_answer(202, std::move(**status), kTaxii);
    // Everything is stored; only what is told of it could not be read.
  }
  co_return json_answer(202, status_resource(id, status_of(receipt)), kTaxii);
}

// TAXII 2.1 section 5.5: a large submission is answered at once; its status says when it is stored.
Answer large_answer(Context& context, http::Request const& request, ledger::Submission submission) {
  core::Uuid id = submission.record.id;
  store::RowId organisation = submission.record.organisation;
  context.pending.submit(context.ledger, std::move(submission));
  if (auto failed = context.pending.take_failed(id)) co_return error_answer(request, *failed);
  auto status = co_await status_now(context, id, organisation);
  if (!status) co_return error_answer(request, status.error());
  if (!*status)
    co_return error_answer(request, {core::Code::unavailable, "The submission's status cannot be told now.", "",
                                     "Send the same submission again; what is stored already is unchanged by it."});
  co_return text_answer(202, std::move(**status), kTaxii);
}

core::Error unsupported_type() {
  return {
      core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
      "Use application/taxii+json;version=2.1 with an envelope, or application/stix+json;version=2.1 with a bundle."};
}

// Holds what was admitted against what it refers to.
http::Awaitable<core::Result<void>> weigh(Context& context, http::Request const& request, admission::Admitted& admitted,
                                          bool overriding) {
  if (admitted.referring.empty()) co_return core::Result<void>();
  auto const shown = co_await shown_of(context, request, admission::asked_of(admitted.referring));
  if (!shown) co_return std::unexpected(shown.error());
  co_return co_await judge<void>(context, request.principal->organisation,
                                 [&] { return admission::weigh_references(admitted, *shown, overriding); });
}

}  // namespace

// TAXII 2.1 section 5.5. Each object is accepted or refused on its own; unless the answer says pending, what is
// accepted is on disk.
Answer taxii_add_objects(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  if (collection == nullptr)
    co_return error_answer(request, {core::Code::not_found, "There is no such collection.", "", ""});
  if (!is_taxii_body(request.headers.find("Content-Type"))) co_return error_answer(request, unsupported_type());
  auto const guard = guarding(context, request);
  if (!guard) co_return error_answer(request, guard.error());
  auto body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());

  std::int64_t now = context.clock.now_us();
  admission::Visit visit{directory,
                         &context.registry.statements(),
                         request.principal->organisation,
                         *collection,
                         now,
                         context.settings.identity,
                         &guard->around,
                         guard->overriding()};
  auto admitted =
      co_await judge<admission::Admitted>(context, visit.asserter, [&] { return context.door.admit(*body, visit); });
  if (!admitted) co_return error_answer(request, admitted.error());
  body->clear();
  body->shrink_to_fit();
  if (auto weighed = co_await weigh(context, request, *admitted, guard->overriding()); !weighed)
    co_return error_answer(request, weighed.error());

  ledger::Submission submission{
      request.principal->organisation, collection->row, std::move(admitted->candidates), {}, actor_of(request)};
  submission.record.id = core::time_ordered_uuid(now);
  submission.record.organisation = request.principal->organisation;
  submission.record.collection = collection->row;
  submission.record.requested_us = now;
  submission.record.refused = std::move(admitted->refused);
  submission.record.overriding = overriding(*guard, admitted->overridden);
  submission.moderated = waits(context, request, *collection);
  if (submission.candidates.size() > kLarge) co_return co_await large_answer(context, request, std::move(submission));
  core::Uuid id = submission.record.id;
  auto committed = co_await commit(context, std::move(submission));
  if (!committed) co_return error_answer(request, committed.error());
  co_return co_await stored_answer(context, id, request.principal->organisation, *committed);
}

// TAXII 2.1 section 5.7: ends what the caller's organisation published (an administrator: what anybody did) in this
// collection.
Answer taxii_delete_object(Context& context, http::Request& request) {
  core::Error absent{core::Code::not_found, "There is no such object.", "", ""};
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  auto id = stix::Identifier::parse(request.parameters.at(1));
  if (collection == nullptr || !id) co_return error_answer(request, absent);
  auto filters = catalog::Filters::parse(request.query.parameters());
  if (!filters) co_return error_answer(request, filters.error());
  bool named = request.query.find("match[version]").has_value();
  if (named && (filters->versions.first || filters->versions.last))
    co_return error_answer(request, {core::Code::bad_parameter, "DELETE takes `all` or timestamps for match[version].",
                                     "", "Name the versions to withdraw by their timestamps."});
  if (filters->no_spec_version) co_return error_answer(request, absent);
  store::Withdrawal withdrawal{collection->row, std::string(id->type()), id->uuid(), filters->versions.exact_ns,
                               std::nullopt};
  if (!request.principal->roles.has(base::Role::admin)) withdrawal.own = view_of(request).window;
  using Touched = std::vector<std::int64_t>;
  auto touched = co_await context.bridge.run<Touched>(request.principal->organisation, [&](store::ReadStore&) {
    core::Result<Touched> result;
    context.ledger.perform([&] {
      store::ActingFor acting(context.audit, actor_of(request));
      result = context.commits.withdraw(withdrawal);
      if (!result || result->empty()) return;
      for (std::int64_t sequence : *result) context.generations.touch(sequence);
      context.generations.grow(collection->row);
    });
    return result;
  });
  if (!touched) co_return error_answer(request, touched.error());
  if (touched->empty()) co_return error_answer(request, absent);
  context.matching.begin_again();  // versions before it may stand again
  http::Response response;
  response.content_type = kTaxii;
  co_return response;
}

}  // namespace tocsin::endpoints
