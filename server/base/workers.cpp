#include "server/base/workers.hpp"

#include <utility>

namespace tocsin::base {

Workers::Workers(unsigned threads, Most most) : most_(most) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
}

Workers::~Workers() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Workers::submit(std::int64_t organisation, Job job) {
  {
    std::lock_guard lock(mutex_);
    auto lane = lanes_.find(organisation);
    if (waiting_ == most_.waiting || (lane != lanes_.end() && lane->second.size() == most_.of_one)) return false;
    lanes_[organisation].push_back(std::move(job));
    ++waiting_;
  }
  wake_.notify_one();
  return true;
}

// Of the organisation after the one whose turn it was. Under mutex_, when something waits.
Workers::Job Workers::next() {
  auto lane = lanes_.upper_bound(latest_);
  if (lane == lanes_.end()) lane = lanes_.begin();
  latest_ = lane->first;
  Job job = std::move(lane->second.front());
  lane->second.pop_front();
  if (lane->second.empty()) lanes_.erase(lane);
  --waiting_;
  return job;
}

void Workers::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || waiting_ > 0; });
    if (waiting_ == 0) return;
    {
      Job job = next();
      lock.unlock();
      job();
    }
    lock.lock();
  }
}

}  // namespace tocsin::base
