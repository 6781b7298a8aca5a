#include "server/app/heads.hpp"

#include <chrono>

namespace tocsin::app {
namespace {

constexpr std::chrono::seconds kInterval{10};

}  // namespace

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
