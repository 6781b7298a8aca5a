// Destroys what is due while a server runs: little at a time, so that commits do not wait. Made and destroyed on the
// main thread, inside the instance's life; has a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "server/app/instance.hpp"

namespace tocsin::app {

class RetentionTimer {
 public:
  RetentionTimer(Layout layout, Instance& instance, std::chrono::seconds interval);
  ~RetentionTimer();
  RetentionTimer(RetentionTimer const&) = delete;
  RetentionTimer& operator=(RetentionTimer const&) = delete;

 private:
  void loop();
  void look();
  core::Result<void> destroy_due();
  core::Result<bool> is_due(std::vector<store::RetentionRule> const& rules);
  bool stops_within(std::chrono::milliseconds time);

  Layout const layout_;
  Instance& instance_;
  std::chrono::seconds const interval_;
  base::Counter& destroyed_;
  base::Gauge& overdue_;
  // What was destroyed may still be in the write-ahead log: at the start too, for the server may have been killed.
  bool to_forget_ = true;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::app
