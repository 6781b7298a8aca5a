#include "server/federation/witness_rounds.hpp"

#include <chrono>
#include <utility>

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetween = 10s;

bool is_asked(Peering::Shown const& shown) {
  return shown.peer.state == store::PeerState::active && shown.agreement &&
         shown.agreement->direction != Direction::out;
}

}  // namespace

WitnessRounds::WitnessRounds(Peering const& peering, WitnessExchange& exchange, Connect connect)
    : peering_(peering), exchange_(exchange), connect_(std::move(connect)), thread_([this] { loop(); }) {}

WitnessRounds::~WitnessRounds() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (asking_) asking_->stop();
  }
  wake_.notify_all();
  thread_.join();
}

void WitnessRounds::loop() {
  for (;;) {
    round();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kBetween, [this] { return stopping_; })) return;
  }
}

std::shared_ptr<Transport> WitnessRounds::reach(log::Manifest const& manifest) {
  std::shared_ptr<Transport> transport = connect_(manifest);
  std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  asking_ = transport;
  return transport;
}

void WitnessRounds::round() {
  for (auto const& shown : peering_.peers()) {
    if (!is_asked(shown)) continue;
    auto const transport = reach(shown.manifest);
    if (!transport) return;
    exchange_.exchange(shown.peer.name, *transport);
    std::lock_guard lock(mutex_);
    asking_.reset();
  }
}

}  // namespace tocsin::federation
