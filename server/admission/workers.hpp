// The threads that judge submissions: apart from those that read the database, so that no read waits behind validation.
// Owned by app; `submit` from any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "server/store/rows.hpp"

namespace tocsin::admission {

class Workers {
 public:
  using Job = std::function<void()>;
  // Submissions that wait for a thread, in all and of one organisation.
  static constexpr std::size_t kMostWaiting = 1'024, kMostOfOne = 256;

  explicit Workers(unsigned threads);
  ~Workers();  // after what waits was done
  Workers(Workers const&) = delete;
  Workers& operator=(Workers const&) = delete;

  // Runs `job`, which throws nothing, on a thread of this pool; organisations take turns. False, and nothing is run:
  // too much waits already.
  [[nodiscard]] bool submit(store::RowId organisation, Job job);

 private:
  Job next();
  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  std::map<store::RowId, std::deque<Job>> lanes_;  // of organisations for which something waits
  std::size_t waiting_ = 0;
  store::RowId latest_ = 0;  // whose turn it was
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace tocsin::admission
