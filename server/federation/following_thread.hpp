// The thread that follows one peer, from its beginning to its end. Owned by the puller.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "server/federation/peer_follower.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {

class FollowingThread {
 public:
  // What the peer was when it began: when anything of it is different, somebody else is to be followed.
  struct Plan {
    std::string manifest;
    store::PeerState state = store::PeerState::paused;
    std::int64_t since_us = 0;
    std::shared_ptr<Agreement const> agreement;  // the very one: another digest may be stored before it is in force
    std::string relay{};                         // the manifest of who hands its log on

    friend bool operator==(Plan const&, Plan const&) = default;
  };
  // `relay`: who hands its log on; null: nobody.
  [[nodiscard]] static Plan plan_of(Peering::Shown const& shown, Peering::Shown const* relay = nullptr);

  FollowingThread(Peering::Shown const& shown, Plan plan, std::unique_ptr<Transport> transport,
                  Surroundings const& around);
  ~FollowingThread();  // waits for its end
  FollowingThread(FollowingThread const&) = delete;
  FollowingThread& operator=(FollowingThread const&) = delete;

  void stop();  // waits for nothing
  [[nodiscard]] Plan const& plan() const { return plan_; }
  [[nodiscard]] PeerStatus status() const { return follower_.status(); }

 private:
  void loop();

  Plan const plan_;
  std::unique_ptr<Transport> const transport_;
  PeerFollower follower_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::federation
