// The transport to a peer whose log another peer hands on: the peer itself is asked first, and the other one as long as
// it cannot be reached (decision 0032). Owned by who asks, one thread at a time; `stop` from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::federation {

// After the peer could not be reached it is tried again so much later, or when the relay cannot be reached either.
inline constexpr std::int64_t kDirectAgainUs = 300'000'000;

class RelayedTransport final : public Transport {
 public:
  struct Ways {
    std::string peer, origin, relay;  // names of both, and of the peer's data log
    std::unique_ptr<Transport> to_peer, to_relay;
  };
  RelayedTransport(Ways ways, base::Clock const& clock, base::Log& log);

  core::Result<PeerAnswer> get(std::string const& target, std::size_t most_bytes,
                               std::chrono::milliseconds timeout) override;
  core::Result<PeerAnswer> post(std::string const& target, std::string const& content_type, std::string const& body,
                                std::size_t most_bytes, std::chrono::milliseconds timeout) override;
  void stop() override;
  std::string relay() const override { return relayed_ ? ways_.relay : std::string(); }

 private:
  using Ask = std::function<core::Result<PeerAnswer>(Transport&, std::string const& target)>;
  [[nodiscard]] core::Result<PeerAnswer> ask(std::string const& target, Ask const& how);

  Ways const ways_;
  std::string const prefix_;  // of the peer's log at the relay
  base::Clock const& clock_;
  base::Log& log_;
  std::atomic<bool> stopped_ = false;
  bool relayed_ = false;
  std::int64_t direct_again_us_ = 0;
};

// By whom the log of this peer is handed on, as its agreement says; null: nobody does who is let in now.
[[nodiscard]] Peering::Shown const* relay_of(Peering::Shown const& peer, std::vector<Peering::Shown> const& all);

}  // namespace tocsin::federation
