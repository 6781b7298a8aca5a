#include "server/endpoints/peer_statuses.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

json moment(std::int64_t us) { return us == 0 ? json() : json(stix::Timestamp::from_microseconds(us).text()); }

}  // namespace

json status_json(federation::PeerStatus const& status, std::vector<store::RecalledLately> const& recalled,
                 std::int64_t now_us) {
  bool const failed = !status.error.empty();
  auto const lately = std::ranges::find(recalled, status.origin, &store::RecalledLately::name);
  bool const recalls = lately != recalled.end();
  return {{"name", status.name},
          {"origin", status.origin},
          {"state", federation::name_of(status.state)},
          {"verified", status.verified},
          {"applied", status.applied},
          {"lag", status.lag()},
          {"control_verified", status.control_verified},
          {"control_applied", status.control_applied},
          {"refused", status.refused},
          {"recalled", recalls ? lately->ended : 0},
          {"recall_alarm", recalls && lately->alarming},
          {"witnessed", status.witnessed ? json(*status.witnessed) : json()},
          {"verified_at", moment(status.verified_us)},
          {"fresh_at", moment(status.fresh_us)},
          {"stale", status.is_stale(now_us)},
          {"numberings", status.completeness.numberings},
          {"withheld", status.withheld().empty() ? json() : json(status.withheld())},
          {"unacknowledged", status.unacknowledged.empty() ? json() : json(status.unacknowledged)},
          {"error", failed ? json(status.error) : json()},
          {"error_since", failed ? moment(status.error_since_us) : json()}};
}

Answer list_peer_statuses(Context& context, http::Request& request) {
  using Recalled = std::vector<store::RecalledLately>;
  auto const now_us = context.clock.now_us();
  auto const lane = request.principal ? request.principal->organisation : 0;
  auto const recalled = co_await context.bridge.run<Recalled>(
      lane, [&](store::ReadStore& reader) { return reader.recalls().recalled_lately(now_us); });
  if (!recalled) co_return error_answer(request, recalled.error());
  json list = json::array();
  for (auto const& status : context.followed()) list.push_back(status_json(status, *recalled, now_us));
  co_return json_answer(200, {{"peers", list}});
}

}  // namespace tocsin::endpoints
