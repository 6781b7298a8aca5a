#include "server/app/heads.hpp"

#include <algorithm>
#include <chrono>

namespace tocsin::app {
namespace {

constexpr std::chrono::seconds kInterval{10};

// Whether anybody may be shown anything of the data log.
bool is_shared_with_peers(federation::Peering const& peering) {
  return std::ranges::any_of(peering.peers(), [](federation::Peering::Shown const& peer) {
    return peer.agreement && peer.agreement->direction != federation::Direction::in &&
           !peer.agreement->collections.empty();
  });
}

}  // namespace

core::Result<std::size_t> Instance::log_heads() {
  if (!is_shared_with_peers(peering_)) return std::size_t{0};
  core::Result<std::size_t> logged;
  ledger_.perform([&] {
    auto const room = ledger_.room_to_write();
    logged = room ? database_->commits().log_heads(rules_) : std::unexpected(room.error());
  });
  if (logged && *logged > 0 && logs_.data) logs_.data->grown();
  return logged;
}

HeadTimer::HeadTimer(Instance& instance) : instance_(instance) {
  look();
  thread_ = std::thread([this] { loop(); });
}

HeadTimer::~HeadTimer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void HeadTimer::loop() {
  while (!stops()) look();
}

// What cannot be logged now is at the next look.
void HeadTimer::look() {
  if (auto const logged = instance_.log_heads(); !logged)
    instance_.log().error("heads.failed",
                          {{"code", core::row(logged.error().code).code}, {"mistake", logged.error().detail}});
}

bool HeadTimer::stops() {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, kInterval, [this] { return stopping_; });
}

}  // namespace tocsin::app
