#include "server/endpoints/taxii_status.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/finding_text.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

namespace {

nlohmann::json failure(store::SubmissionRecord::Refusal const& refused) {
  return {
      {"id", refused.id.empty() ? "unknown" : refused.id}, {"version", refused.version}, {"message", refused.message}};
}

// Counts are those of the lists.
nlohmann::json resource(core::Uuid const& id, std::int64_t requested_us, nlohmann::json successes,
                        nlohmann::json failures, nlohmann::json pendings) {
  return {{"id", core::to_text(id)},
          {"status", pendings.empty() ? "complete" : "pending"},
          {"request_timestamp", stix::Timestamp::from_microseconds(requested_us).text_microseconds()},
          {"total_count", successes.size() + failures.size() + pendings.size()},
          {"success_count", successes.size()},
          {"successes", std::move(successes)},
          {"failure_count", failures.size()},
          {"failures", std::move(failures)},
          {"pending_count", pendings.size()},
          {"pendings", std::move(pendings)}};
}

}  // namespace

nlohmann::json status_resource(core::Uuid const& id, store::ReadStore::Status const& status) {
  nlohmann::json successes = nlohmann::json::array(), failures = nlohmann::json::array(),
                 pendings = nlohmann::json::array();
  for (auto const& accepted : status.accepted) {
    nlohmann::json one{{"id", accepted.id}, {"version", accepted.version}};
    if (!accepted.note.empty()) one["message"] = accepted.note;
    successes.push_back(std::move(one));
  }
  for (auto const& waiting : status.waiting)
    pendings.push_back({{"id", waiting.id}, {"version", waiting.version}, {"message", waiting.note}});
  for (auto const& refused : status.refused) failures.push_back(failure(refused));
  return resource(id, status.requested_us, std::move(successes), std::move(failures), std::move(pendings));
}

nlohmann::json status_resource(core::Uuid const& id, ledger::PendingSubmissions::Status const& status) {
  nlohmann::json failures = nlohmann::json::array(), pendings = nlohmann::json::array();
  std::string requested = stix::Timestamp::from_microseconds(status.requested_us).text_microseconds();
  for (auto const& object : *status.objects) {
    std::string const& version = object.version.empty() ? requested : object.version;
    if (status.failed)
      failures.push_back({{"id", object.id}, {"version", version}, {"message", core::finding_text(*status.failed)}});
    else
      pendings.push_back({{"id", object.id}, {"version", version}});
  }
  for (auto const& refused : status.refused) failures.push_back(failure(refused));
  return resource(id, status.requested_us, nlohmann::json::array(), std::move(failures), std::move(pendings));
}

http::Awaitable<core::Result<std::optional<std::string>>> status_now(Context& context, core::Uuid const& id,
                                                                     store::RowId organisation) {
  using Text = std::optional<std::string>;
  co_return co_await context.bridge.run<Text>(organisation, [&](store::ReadStore& reader) -> core::Result<Text> {
    // Looked for first: what is no longer pending is in the store by then.
    if (auto pending = context.pending.find(id, organisation)) return Text(rendered(status_resource(id, *pending)));
    auto found = reader.status(id, organisation);
    if (!found) return std::unexpected(found.error());
    return *found ? Text(rendered(status_resource(id, **found))) : Text();
  });
}

// TAXII 2.1 section 4.3. A status belongs to the organisation that submitted; for everyone else there is none.
Answer taxii_status(Context& context, http::Request& request) {
  core::Error absent{core::Code::not_found, "There is no such submission.", "", ""};
  auto id = core::parse_uuid(request.parameters.at(0));
  if (!id) co_return error_answer(request, absent);
  auto status = co_await status_now(context, *id, request.principal->organisation);
  if (!status) co_return error_answer(request, status.error());
  if (!*status) co_return error_answer(request, absent);
  co_return text_answer(200, std::move(**status), kTaxii);
}

}  // namespace tocsin::endpoints
