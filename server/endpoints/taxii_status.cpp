#include "server/endpoints/taxii_status.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

nlohmann::json status_resource(core::Uuid const& id, store::ReadStore::Status const& status) {
  nlohmann::json successes = nlohmann::json::array(), failures = nlohmann::json::array();
  for (auto const& accepted : status.accepted) {
    nlohmann::json one{{"id", accepted.id}, {"version", accepted.version}};
    if (!accepted.note.empty()) one["message"] = accepted.note;
    successes.push_back(std::move(one));
  }
  for (auto const& refused : status.refused)
    failures.push_back({{"id", refused.id.empty() ? "unknown" : refused.id}, {"version", refused.version}, {"message", refused.message}});
  return {{"id", core::to_text(id)},
          {"status", "complete"},
          {"request_timestamp", stix::Timestamp::from_microseconds(status.requested_us).text_microseconds()},
          {"total_count", successes.size() + failures.size()},
          {"success_count", successes.size()},
          {"successes", successes},
          {"failure_count", failures.size()},
          {"failures", failures},
          {"pending_count", 0},
          {"pendings", nlohmann::json::array()}};
}

// TAXII 2.1 section 4.3. A status belongs to the organisation that submitted; for everyone else there is none.
Answer taxii_status(Context& context, http::Request& request) {
  core::Error absent{core::Code::not_found, "There is no such submission.", "", ""};
  auto id = core::parse_uuid(request.parameters.at(0));
  if (!id) co_return error_answer(request, absent);
  using Found = std::optional<store::ReadStore::Status>;
  auto found = co_await context.bridge.run<Found>(
      [&](store::ReadStore& reader) { return reader.status(*id, request.principal->organisation); });
  if (!found) co_return error_answer(request, found.error());
  if (!*found) co_return error_answer(request, absent);
  co_return json_answer(200, status_resource(*id, **found), kTaxii);
}

}  // namespace tocsin::endpoints
