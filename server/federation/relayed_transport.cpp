#include "server/federation/relayed_transport.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "schema/log/checkpoint.hpp"

namespace tocsin::federation {
namespace {

constexpr std::string_view kLogs = "/log/";

// An answer, whatever it says, is one: who refuses this instance is not gone round.
bool is_unreachable(core::Error const& error) {
  return error.code == core::Code::io_failed || error.code == core::Code::tls_failed ||
         error.code == core::Code::request_timeout;
}

std::string at_relay(std::string const& prefix, std::string const& target) {
  return prefix + target.substr(kLogs.size());
}

}  // namespace

RelayedTransport::RelayedTransport(Ways ways, base::Clock const& clock, base::Log& log)
    : ways_(std::move(ways)),
      prefix_(std::string(kLogs) + "of/" + log::origin_hash(ways_.origin) + "/"),
      clock_(clock),
      log_(log) {}

core::Result<PeerAnswer> RelayedTransport::get(std::string const& target, std::size_t most_bytes,
                                               std::chrono::milliseconds timeout) {
  return ask(target, [&](Transport& line, std::string const& at) { return line.get(at, most_bytes, timeout); });
}

core::Result<PeerAnswer> RelayedTransport::post(std::string const& target, std::string const& content_type,
                                                std::string const& body, std::size_t most_bytes,
                                                std::chrono::milliseconds timeout) {
  return ask(target, [&](Transport& line, std::string const& at) {
    return line.post(at, content_type, body, most_bytes, timeout);
  });
}

void RelayedTransport::stop() {
  stopped_ = true;
  ways_.to_peer->stop();
  ways_.to_relay->stop();
}

core::Result<PeerAnswer> RelayedTransport::ask(std::string const& target, Ask const& how) {
  if (clock_.now_us() >= direct_again_us_) {
    auto answer = how(*ways_.to_peer, target);
    if (answer || stopped_ || !is_unreachable(answer.error())) {
      if (std::exchange(relayed_, false)) log_.info("peer.direct", {{"peer", ways_.peer}});
      direct_again_us_ = 0;
      return answer;
    }
    if (!std::exchange(relayed_, true))
      log_.info("peer.relayed", {{"peer", ways_.peer}, {"relay", ways_.relay}, {"because", answer.error().detail}});
    direct_again_us_ = clock_.now_us() + kDirectAgainUs;
  }
  auto answer = how(*ways_.to_relay, at_relay(prefix_, target));
  if (!answer && is_unreachable(answer.error())) direct_again_us_ = 0;
  return answer;
}

Peering::Shown const* relay_of(Peering::Shown const& peer, std::vector<Peering::Shown> const& all) {
  if (!peer.agreement || peer.agreement->via.empty() || peer.agreement->via == peer.peer.name) return nullptr;
  auto const found = std::ranges::find(all, peer.agreement->via, [](auto const& one) { return one.peer.name; });
  return found != all.end() && found->peer.state == store::PeerState::active ? &*found : nullptr;
}

}  // namespace tocsin::federation
