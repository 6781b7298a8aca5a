#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/identifier.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/taxii_status.hpp"

namespace tocsin::endpoints {
namespace {

namespace asio = boost::asio;
using Committed = std::shared_ptr<core::Result<ledger::Receipt>>;

// Waits for the group commit without holding the thread.
http::Awaitable<Committed> commit(Context& context, ledger::Submission submission) {
  auto initiate = [&context](auto handler, ledger::Submission work) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    context.ledger.submit(std::move(work), [shared](core::Result<ledger::Receipt> result) {
      auto carried = std::make_shared<core::Result<ledger::Receipt>>(std::move(result));
      asio::post(asio::get_associated_executor(*shared), [shared, carried] { std::move (*shared)(carried); });
    });
  };
  co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Committed)>(std::move(initiate), asio::use_awaitable,
                                                                                          std::move(submission));
}

store::ReadStore::Status status_of(ledger::Receipt const& receipt) {
  store::ReadStore::Status status;
  status.requested_us = receipt.record.requested_us;
  status.refused = receipt.record.refused;
  for (std::size_t i = 0; i < receipt.fates.size(); ++i) {
    if (receipt.fates[i].kind == store::Verdict::Kind::refuse) continue;
    store::Candidate const& candidate = receipt.candidates[i];
    std::string version = candidate.version_text;
    // Neither modified nor created: TAXII's version is the date added, which the status resource gives later.
    if (version.empty()) version = stix::Timestamp::from_microseconds(receipt.record.requested_us).text_microseconds();
    status.accepted.push_back({candidate.type + "--" + core::to_text(candidate.uuid), std::move(version), candidate.note});
  }
  return status;
}

core::Error unsupported_type() {
  return {core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
          "Use application/taxii+json;version=2.1 with an envelope, or application/stix+json;version=2.1 with a bundle."};
}

}  // namespace

// TAXII 2.1 section 5.5. Each object is accepted or refused on its own; when this answers, what is accepted is on disk.
Answer taxii_add_objects(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  if (collection == nullptr) co_return error_answer(request, {core::Code::not_found, "There is no such collection.", "", ""});
  if (!is_taxii_body(request.headers.find("Content-Type"))) co_return error_answer(request, unsupported_type());
  auto body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());

  std::int64_t now = context.clock.now_us();
  admission::Visit visit{directory, &context.registry.statements(), request.principal->organisation, *collection, now};
  auto admitted = co_await context.bridge.run<admission::Admitted>(
      [&](store::ReadStore&) { return context.door.admit(*body, visit); });
  if (!admitted) co_return error_answer(request, admitted.error());
  body->clear();
  body->shrink_to_fit();

  ledger::Submission submission{request.principal->organisation, collection->row, std::move(admitted->candidates), {}};
  submission.record.id = core::time_ordered_uuid(now);
  submission.record.organisation = request.principal->organisation;
  submission.record.collection = collection->row;
  submission.record.requested_us = now;
  submission.record.refused = std::move(admitted->refused);
  Committed committed = co_await commit(context, std::move(submission));
  if (!*committed) co_return error_answer(request, committed->error());
  ledger::Receipt const& receipt = **committed;
  co_return json_answer(202, status_resource(receipt.record.id, status_of(receipt)), kTaxii);
}

// TAXII 2.1 section 5.7: ends what the caller's organisation published (an administrator: what anybody did) in this collection.
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
    co_return error_answer(request, {core::Code::bad_parameter, "DELETE takes `all` or timestamps for match[version].", "",
                                     "Name the versions to withdraw by their timestamps."});
  if (filters->no_spec_version) co_return error_answer(request, absent);
  bool admin = request.principal->roles.has(base::Role::admin);
  store::RowId asserter = admin ? 0 : request.principal->organisation;
  std::vector<std::optional<std::int64_t>> versions{std::nullopt};
  if (!filters->versions.exact_ns.empty()) versions.assign(filters->versions.exact_ns.begin(), filters->versions.exact_ns.end());
  core::Result<void> done;
  std::size_t ended = 0;
  using Nothing = std::monostate;
  auto finished = co_await context.bridge.run<Nothing>([&](store::ReadStore&) -> core::Result<Nothing> {
    context.ledger.perform([&] {
      for (auto const& version : versions) {
        auto touched = context.commits.end_publications(collection->row, asserter, std::string(id->type()), id->uuid(), version);
        if (!touched) {
          done = std::unexpected(touched.error());
          return;
        }
        ended += touched->size();
        for (std::int64_t sequence : *touched) context.generations.touch(sequence);
        context.generations.grow(collection->row);
      }
    });
    return Nothing{};
  });
  if (!finished) co_return error_answer(request, finished.error());
  if (!done) co_return error_answer(request, done.error());
  if (ended == 0) co_return error_answer(request, absent);
  http::Response response;
  response.content_type = kTaxii;
  co_return response;
}

}  // namespace tocsin::endpoints
