#include "server/endpoints/peer_statuses.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/recall_status.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr std::size_t kMostRecalls = 1'000;

json moment(std::int64_t us) { return us == 0 ? json() : json(stix::Timestamp::from_microseconds(us).text()); }

}  // namespace

core::Result<KnownOfPeers> known_of_peers(Context const& context, store::ReadStore& reader, std::int64_t now_us) {
  auto recalled = reader.recalls().recalled_lately(now_us);
  if (!recalled) return std::unexpected(recalled.error());
  auto const made = reader.recalls().recalls(std::nullopt, kMostRecalls);
  if (!made) return std::unexpected(made.error());
  auto const receipts = reader.recalls().newest_receipts(0);
  if (!receipts) return std::unexpected(receipts.error());
  KnownOfPeers out{*std::move(recalled), {}};
  auto const directory = context.registry.current();
  for (auto const& peer : context.peering.peers()) {
    if (!has_entries(peer)) continue;
    auto const* organisation = directory->organisation(std::string_view(peer.peer.name));
    auto const receipt =
        std::ranges::find(*receipts, organisation == nullptr ? 0 : organisation->row, &store::Receipt::organisation);
    auto const size = receipt == receipts->end() ? 0 : receipt->size;
    out.outstanding[peer.peer.name] = static_cast<std::size_t>(
        std::ranges::count_if(*made, [&](store::MadeRecall const& one) { return one.position >= size; }));
  }
  return out;
}

json status_json(federation::PeerStatus const& status, KnownOfPeers const& known, std::int64_t now_us) {
  bool const failed = !status.error.empty();
  auto const& recalled = known.recalled;
  auto const lately = std::ranges::find(recalled, status.origin, &store::RecalledLately::name);
  bool const recalls = lately != recalled.end();
  auto const outstanding = known.outstanding.find(status.name);
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
          {"outstanding", outstanding == known.outstanding.end() ? json() : json(outstanding->second)},
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
  auto const now_us = context.clock.now_us();
  auto const lane = request.principal ? request.principal->organisation : 0;
  auto const known = co_await context.bridge.run<KnownOfPeers>(
      lane, [&](store::ReadStore& reader) { return known_of_peers(context, reader, now_us); });
  if (!known) co_return error_answer(request, known.error());
  json list = json::array();
  for (auto const& status : context.followed()) list.push_back(status_json(status, *known, now_us));
  co_return json_answer(200, {{"peers", list}});
}

}  // namespace tocsin::endpoints
