// Invitations: how somebody gets a token that nobody else has seen.
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

Answer admin_invite(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto given = credential_of(*members);
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto invited = co_await change<access::Invitation>(
      context, request, [&] { return context.administration.invite(given, context.clock.now_us()); });
  if (!invited) co_return error_answer(request, invited.error());
  nlohmann::json document{{"invitation", invited->token},
                          {"until", stix::Timestamp::from_microseconds(invited->until_us).text()}};
  if (auto remarks = context.administration.remarks_on(given, context.settings.identity); !remarks.empty())
    document["remarks"] = remarks;
  co_return json_answer(201, document);
}

// The invitation is the credential that asks.
Answer login(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto token = co_await change<std::string>(context, request, [&] {
    return context.administration.redeem(request.principal->credential_id, context.clock.now_us());
  });
  if (!token) co_return error_answer(request, token.error());
  co_return json_answer(201, {{"token", *token}, {"organisation", request.principal->organisation_name}});
}

}  // namespace tocsin::endpoints
