// Threads for work that may take long, at which organisations take turns: however much one of them wants, the others'
// next piece is at most one piece of each away. Owned by app; `submit` from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace tocsin::base {

class Workers {
 public:
  using Job = std::function<void()>;
  // Jobs that wait for a thread, in all and of one organisation.
  struct Most {
    std::size_t waiting = 1'024, of_one = 256;
  };

  explicit Workers(unsigned threads) : Workers(threads, Most()) {}
  Workers(unsigned threads, Most most);
  ~Workers();  // after what waits was done
  Workers(Workers const&) = delete;
  Workers& operator=(Workers const&) = delete;

  // Runs `job`, which throws nothing, on a thread of this pool; organisations take turns. False, and nothing is run:
  // too much waits already.
  [[nodiscard]] bool submit(std::int64_t organisation, Job job);

 private:
  Job next();
  void loop();

  Most const most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  std::map<std::int64_t, std::deque<Job>> lanes_;  // of organisations for which something waits
  std::size_t waiting_ = 0;
  std::int64_t latest_ = 0;  // whose turn it was
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace tocsin::base
