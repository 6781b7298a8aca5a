// The thread that asks every followed peer, every ten seconds, what it saw of the logs of others. Owned by app; it ends
// before the ledger.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "server/federation/peering.hpp"
#include "server/federation/witness_exchange.hpp"

namespace tocsin::federation {

class WitnessRounds {
 public:
  // How a peer is reached: a connection of this thread's own.
  using Connect = std::function<std::unique_ptr<Transport>(log::Manifest const&)>;

  WitnessRounds(Peering const& peering, WitnessExchange& exchange, Connect connect);
  ~WitnessRounds();  // waits for the thread, and for nothing that a peer does
  WitnessRounds(WitnessRounds const&) = delete;
  WitnessRounds& operator=(WitnessRounds const&) = delete;

 private:
  void loop();
  void round();
  std::shared_ptr<Transport> reach(log::Manifest const& manifest);  // null: it is to end

  Peering const& peering_;
  WitnessExchange& exchange_;
  Connect const connect_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;              // guarded by mutex_
  std::shared_ptr<Transport> asking_;  // likewise
  std::thread thread_;
};

}  // namespace tocsin::federation
