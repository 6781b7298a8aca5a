#include <algorithm>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

// What is known of peers by other parts than those that follow them, as it is when somebody asks.
void count_peers(Context& context) {
  auto const statuses = context.followed();
  for (auto const& [peer, manifest, agreement, mistakes] : context.peering.peers()) {
    auto const gauge = [&, label = "peer=\"" + peer.name + "\""](char const* name, char const* help) -> base::Gauge& {
      return context.metrics.gauge(name, help, label);
    };
    auto const found = std::ranges::find(statuses, peer.name, &federation::PeerStatus::name);
    auto const status = found == statuses.end() ? federation::PeerStatus{} : *found;
    gauge("tocsin_peer_quarantined", "1: the peer's log contradicts itself, and nothing of it is taken.")
        .set(peer.state == store::PeerState::quarantined ? 1 : 0);
    gauge("tocsin_peer_stalled_entries",
          "Entries of its log that a peer has not shown this instance for a minute, and another peer saw.")
        .set(status.stall ? static_cast<std::int64_t>(status.stall->seen - status.stall->shown) : 0);
    gauge("tocsin_peer_unshown_heads", "Heads that a peer opened to another peer, and not to this instance.")
        .set(static_cast<std::int64_t>(status.completeness.unshown));
  }
}

}  // namespace

// The process answers.
Answer healthz(Context&, http::Request&) {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::string("ok\n");
  co_return response;
}

// The database answers, a reader opens and reads, and what is appended to the logs is signed.
Answer readyz(Context& context, http::Request& request) {
  using Found = std::optional<store::ReadStore::Status>;
  auto read = co_await context.bridge.run<Found>(0, [](store::ReadStore& reader) { return reader.status({}, 0); });
  bool late = false;
  for (auto const* log : {context.logs.data.get(), context.logs.control.get()}) late = late || (log && log->is_late());
  if (!read || late) co_return error_answer(request, {core::Code::unavailable, "The server is not ready.", "", ""});
  co_return co_await healthz(context, request);
}

// What waits for an analyst is counted when somebody asks; a database that does not answer leaves it as it was.
Answer metrics(Context& context, http::Request&) {
  auto& waiting = context.metrics.gauge("tocsin_moderation_waiting", "Items that wait for an analyst.");
  auto& oldest = context.metrics.gauge("tocsin_moderation_oldest_seconds", "How long the oldest of them has waited.");
  using Load = store::WaitingReader::Load;
  auto const load =
      co_await context.bridge.run<Load>(0, [](store::ReadStore& reader) { return reader.waiting().load(); });
  if (load) {
    waiting.set(load->entries);
    oldest.set(load->oldest_us ? (context.clock.now_us() - *load->oldest_us) / 1'000'000 : 0);
  }
  count_peers(context);
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = context.metrics.render();
  co_return response;
}

}  // namespace tocsin::endpoints
