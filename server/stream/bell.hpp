// Tells open streams that something was published, so that none of them asks the database in vain. The commit thread
// rings and goes on; a thread of the bell's own wakes the listeners, at most every `pause`. Owned by app, outlives
// every Ear; `ring` from any thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace tocsin::stream {

class Ear;

class Bell {
 public:
  explicit Bell(std::chrono::milliseconds pause = std::chrono::milliseconds(100));
  ~Bell();

  void ring();

 private:
  friend class Ear;
  void enter(Ear* ear);
  void leave(Ear* ear);
  void loop();

  std::chrono::milliseconds const pause_;
  std::mutex listening_;  // taken before no other
  std::set<Ear*> ears_;   // guarded by listening_

  std::mutex mutex_;
  std::condition_variable wake_;
  bool rung_ = false, stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

// One listener's. Owned by it; made, used and destroyed on its executor's thread.
class Ear {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  Ear(Bell& bell, boost::asio::any_io_executor const& executor);
  ~Ear();
  Ear(Ear const&) = delete;
  Ear& operator=(Ear const&) = delete;

  // Until then, or until the bell has rung since the latest wait, or wake() was called.
  [[nodiscard]] boost::asio::awaitable<void> wait_until(Moment moment);
  void wake();

 private:
  friend class Bell;
  struct State;
  void hear();  // the bell's thread

  Bell& bell_;
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::stream
