// Has the heads of numberings logged while they grow: every ten seconds, so that whoever is shown a class can tell soon
// that he has all of it. Made and destroyed on the main thread, inside the instance's life; has a thread of its own.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/app/instance.hpp"

namespace tocsin::app {

class HeadTimer {
 public:
  explicit HeadTimer(Instance& instance);  // logs what is due at once
  ~HeadTimer();
  HeadTimer(HeadTimer const&) = delete;
  HeadTimer& operator=(HeadTimer const&) = delete;

 private:
  void loop();
  void look();
  bool stops();  // within the interval

  Instance& instance_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::app
