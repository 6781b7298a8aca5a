// All peers that are followed, each on a thread of its own: whoever comes, goes, pauses or is agreed with anew is taken
// up at once. Owned by app; ends before the ledger. Any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/federation/peer_follower.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {

class FollowingThread;

class Puller {
 public:
  using Peers = std::function<std::vector<Peering::Shown>()>;  // from any thread
  using Connect = std::function<std::unique_ptr<Transport>(log::Manifest const&)>;

  Puller(Peers peers, Connect connect, Surroundings around);
  ~Puller();
  Puller(Puller const&) = delete;
  Puller& operator=(Puller const&) = delete;

  // Peers may be others than before. It waits for nothing: whoever changes them may hold up those who follow.
  void changed();
  // Everybody is followed over connections of this kind from now on.
  void reconnect(Connect connect);

  // Every peer but those removed, by name.
  [[nodiscard]] std::vector<PeerStatus> status() const;

 private:
  void keep();
  void adjust(bool anew);
  [[nodiscard]] std::unique_ptr<Transport> transport_to(Peering::Shown const& shown, Peering::Shown const* relay,
                                                        Connect const& connect) const;

  Peers const peers_;
  Surroundings const around_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  Connect connect_;
  bool changed_ = true, anew_ = false, stopping_ = false;
  std::map<std::string, std::unique_ptr<FollowingThread>> following_;  // by name; changed by the keeper alone
  std::map<std::string, PeerStatus> latest_;                           // of those who are followed no more

  std::thread keeper_;  // it ends and begins the others, so that nobody else waits for them
};

}  // namespace tocsin::federation
