#include "server/federation/following_thread.hpp"

#include <utility>

namespace tocsin::federation {

FollowingThread::Plan FollowingThread::plan_of(Peering::Shown const& shown, Peering::Shown const* relay) {
  return {shown.peer.manifest, shown.peer.state, shown.peer.since_us, shown.agreement,
          relay == nullptr ? std::string() : relay->peer.manifest};
}

FollowingThread::FollowingThread(Peering::Shown const& shown, Plan plan, std::unique_ptr<Transport> transport,
                                 Surroundings const& around)
    : plan_(std::move(plan)),
      transport_(std::move(transport)),
      follower_({shown.peer.name, shown.manifest, shown.agreement}, *transport_, around),
      thread_([this] { loop(); }) {}

FollowingThread::~FollowingThread() {
  stop();
  thread_.join();
}

void FollowingThread::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  follower_.stop();
}

void FollowingThread::loop() {
  while (auto const wait = follower_.turn()) {
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, *wait, [this] { return stopping_; })) return;
  }
}

}  // namespace tocsin::federation
