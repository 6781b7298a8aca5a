// Exports checkpoints of the audit trail while a server runs, and once more when it stops. Made and destroyed on the
// main thread, inside the instance's life; has a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/app/instance.hpp"

namespace tocsin::app {

class AuditTimer {
 public:
  AuditTimer(Instance& instance, std::chrono::seconds interval);
  ~AuditTimer();
  AuditTimer(AuditTimer const&) = delete;
  AuditTimer& operator=(AuditTimer const&) = delete;

 private:
  void loop();
  void note(std::string_view action);
  void publish();

  Instance& instance_;
  std::chrono::seconds const interval_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::app
