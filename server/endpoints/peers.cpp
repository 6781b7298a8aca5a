// Peers: how they are made, what is agreed with them, and how they are stopped.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/stix/timestamp.hpp"
#include "server/access/names.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/peer_statuses.hpp"

namespace tocsin::endpoints {
namespace {

using federation::Peering;
using nlohmann::json;

constexpr std::array<std::string_view, 4> kStates{"active", "paused", "removed", "quarantined"};

std::string_view name_of(store::PeerState state) { return kStates[static_cast<std::size_t>(state)]; }

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

std::string seconds_text(std::uint64_t seconds) {
  constexpr std::uint64_t kYear9999 = 253'402'300'799;
  return time_text(static_cast<std::int64_t>(std::min(seconds, kYear9999)) * 1'000'000);
}

json manifest_json(log::Manifest const& manifest) {
  json pins = json::array();
  for (auto const& pin : manifest.tls_pins) pins.push_back(core::to_hex(core::view(pin)));
  return {{"version", manifest.version},
          {"expires", seconds_text(manifest.expires_s)},
          {"url", manifest.url},
          {"log_key", manifest.log.text()},
          {"witness_key", manifest.witness.text()},
          {"applied_key", manifest.applied.text()},
          {"tls_pins", pins},
          {"identities", manifest.identities}};
}

json agreement_json(federation::Agreement const& agreement) {
  json witnesses = json::array();
  for (auto const& key : agreement.witnesses) witnesses.push_back(key.text());
  return {{"direction", federation::name_of(agreement.direction)},
          {"identities", agreement.identities},
          {"collections", agreement.collections},
          {"max_tlp", stix::name(agreement.max_tlp)},
          {"audiences", agreement.audiences},
          {"peer_audiences", json(agreement.peer_audiences)},
          {"entries_per_hour", agreement.entries_per_hour},
          {"mib_per_hour", agreement.mib_per_hour},
          {"witnesses", witnesses},
          {"party", agreement.party},
          {"via", agreement.via},
          {"relayed", agreement.relayed},
          {"relays", agreement.relays}};
}

// What shows that it handed on too much is another text than two statements of its own log.
char const* kind_of(store::KeptEvidence const& evidence) {
  if (evidence.text.starts_with("tocsin/misrelayed/")) return "misrelayed";
  return evidence.one_size ? "forked" : "rewritten";
}

// Of identities that were agreed: those by whom nothing is published here. Nobody at the peer may be called so.
json unheard(Peering::Shown const& shown, access::Directory const& directory) {
  json out = json::array();
  if (!shown.agreement || shown.agreement->direction == federation::Direction::out) return out;
  for (auto const& identity : shown.agreement->identities) {
    auto const* speaker = directory.owner_of_identity(identity);
    bool const heard = speaker != nullptr && std::ranges::any_of(directory.tables().corners, [&](auto const& corner) {
                         return corner.asserter == speaker->row;
                       });
    if (!heard) out.push_back(identity);
  }
  return out;
}

json peer_json(Peering::Shown const& shown, json following) {
  json mistakes = json::array();
  for (auto const& mistake : shown.mistakes) mistakes.push_back(mistake.detail + " " + mistake.remedy);
  auto const& peer = shown.peer;
  return {{"name", peer.name},
          {"state", name_of(peer.state)},
          {"reason", peer.reason},
          {"since", time_text(peer.since_us)},
          {"origin", peer.origin},
          {"root", peer.root},
          {"fingerprint", peer.fingerprint},
          {"added", time_text(peer.added_us)},
          {"manifest", manifest_json(shown.manifest)},
          {"agreement", shown.agreement ? agreement_json(*shown.agreement) : json()},
          {"following", std::move(following)},
          {"mistakes", mistakes}};
}

// Of the peer of that name; null: it was removed.
json following_json(std::vector<federation::PeerStatus> const& all, std::string const& name, KnownOfPeers const& known,
                    std::int64_t now_us) {
  auto const found = std::ranges::find(all, name, &federation::PeerStatus::name);
  return found == all.end() ? json() : status_json(*found, known, now_us);
}

// Reads the agreements' files, or that of one peer, and puts them in force. The mistakes of each that has some.
http::Awaitable<core::Result<json>> reload(Context& context, http::Request const& request,
                                           std::optional<std::string> peer = std::nullopt) {
  using Read = std::vector<Peering::ReadAgreement>;
  auto read =
      co_await context.bridge.run<Read>(0, [&](store::ReadStore&) { return Read(context.peering.read_agreements()); });
  if (!read) co_return std::unexpected(read.error());
  std::erase_if(*read, [&](Peering::ReadAgreement const& one) { return peer && one.peer != *peer; });
  auto done = co_await change<Done>(context, request, without_value([&] { return context.peering.take(*read); }));
  if (!done) co_return std::unexpected(done.error());
  json list = json::array();
  for (auto const& one : *read) {
    json mistakes = json::array();
    for (auto const& mistake : one.mistakes) mistakes.push_back(mistake.detail + " " + mistake.remedy);
    list.push_back({{"peer", one.peer}, {"agreed", one.agreement != nullptr}, {"mistakes", mistakes}});
  }
  co_return list;
}

using Kept = std::vector<store::KeptEvidence>;
http::Awaitable<core::Result<Kept>> evidence_against(Context& context, std::string const& peer) {
  co_return co_await context.bridge.run<Kept>(0, [&](store::ReadStore&) {
    core::Result<Kept> out;
    context.ledger.perform([&] { out = context.witnesses.evidence(peer); });
    return out;
  });
}

}  // namespace

Answer admin_list_peers(Context& context, http::Request& request) {
  auto const now_us = context.clock.now_us();
  auto const known = co_await context.bridge.run<KnownOfPeers>(
      0, [&](store::ReadStore& reader) { return known_of_peers(context, reader, now_us); });
  if (!known) co_return error_answer(request, known.error());
  json list = json::array();
  auto const followed = context.followed();
  auto const directory = context.registry.current();
  for (auto const& shown : context.peering.peers()) {
    auto const evidence = co_await evidence_against(context, shown.peer.name);
    if (!evidence) co_return error_answer(request, evidence.error());
    auto one = peer_json(shown, following_json(followed, shown.peer.name, *known, now_us));
    one["contradictions"] = evidence->size();
    one["unheard"] = unheard(shown, *directory);
    list.push_back(std::move(one));
  }
  co_return json_answer(200, {{"peers", list}});
}

Answer admin_invite_peer(Context& context, http::Request& request) {
  auto invited = co_await context.bridge.run<Peering::Invited>(
      0, [&](store::ReadStore&) { return context.peering.invitation(context.clock.now_us()); });
  if (!invited) co_return error_answer(request, invited.error());
  auto kept = co_await change<Done>(
      context, request, without_value([&] { return context.peering.keep(*invited, context.clock.now_us()); }));
  if (!kept) co_return error_answer(request, kept.error());
  co_return json_answer(201, {{"line", invited->line}, {"until", time_text(invited->row.until_us)}});
}

Answer admin_accept_peer(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto const line = members->text("line"), name = members->text("name");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto received = co_await context.bridge.run<Peering::Received>(
      0, [&](store::ReadStore&) { return context.peering.receive(line, name, context.clock.now_us()); });
  if (!received) co_return error_answer(request, received.error());
  // The file first: once the invitation is used, there is no second answer that has the reply.
  auto written = co_await context.bridge.run<Done>(0, [&](store::ReadStore&) -> core::Result<Done> {
    if (auto done = context.peering.write_template(received->peer.name); !done) return std::unexpected(done.error());
    return Done{};
  });
  if (!written) co_return error_answer(request, written.error());
  auto taken = co_await change<Done>(
      context, request, without_value([&] { return context.peering.take(*received, context.clock.now_us()); }));
  if (!taken) co_return error_answer(request, taken.error());
  auto loaded = co_await reload(context, request, received->peer.name);
  if (!loaded) co_return error_answer(request, loaded.error());
  auto const& peer = received->peer;
  co_return json_answer(200, {{"name", peer.name},
                              {"state", name_of(peer.state)},
                              {"version", peer.version},
                              {"fingerprint", peer.fingerprint},
                              {"reply", received->reply.empty() ? json() : json(received->reply)}});
}

Answer admin_set_peer_state(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto const wanted = members->text("state"), reason = members->text("reason");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto const given = std::ranges::find(kStates.begin(), kStates.begin() + 3, wanted);
  if (given == kStates.begin() + 3)
    co_return error_answer(request, {core::Code::bad_parameter, "The state is none that an administrator gives.",
                                     "/state", "Use active, paused or removed."});
  if (!reason.empty() && !access::is_name(reason))
    co_return error_answer(request, {core::Code::bad_parameter,
                                     "The reason is longer than 100 bytes or holds a slash or control characters.",
                                     "/reason", "Say it shorter."});
  auto const state = static_cast<store::PeerState>(given - kStates.begin());
  auto const lifted =
      state == store::PeerState::active ? context.peering.quarantined(request.parameters.at(0)) : std::nullopt;
  auto done = co_await change<Done>(context, request, without_value([&] {
                                      return context.peering.set_state(request.parameters.at(0), state, reason,
                                                                       context.clock.now_us());
                                    }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(
      200, {{"name", request.parameters.at(0)}, {"state", wanted}, {"lifted", lifted ? json(*lifted) : json()}});
}

// What was kept against a peer, the oldest first.
Answer admin_peer_evidence(Context& context, http::Request& request) {
  auto const kept = co_await evidence_against(context, request.parameters.at(0));
  if (!kept) co_return error_answer(request, kept.error());
  json list = json::array();
  for (auto const& one : *kept)
    list.push_back(
        {{"log", one.origin}, {"kind", kind_of(one)}, {"found", time_text(one.found_us)}, {"text", one.text}});
  co_return json_answer(200, {{"evidence", list}});
}

Answer admin_reload_agreements(Context& context, http::Request& request) {
  auto list = co_await reload(context, request);
  if (!list) co_return error_answer(request, list.error());
  co_return json_answer(200, {{"agreements", *list}});
}

}  // namespace tocsin::endpoints
