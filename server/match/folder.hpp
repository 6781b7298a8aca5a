// Folds what an engine was told of late, on a thread of its own: when much of it waits, and now and then. Owned beside
// its engine; `apply` from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>

#include "server/match/engine.hpp"

namespace tocsin::match {

class Folder {
 public:
  // A fold costs as much as all indicators, an `apply` as much as what waits.
  struct When {
    std::size_t most = 4'096;
    std::chrono::milliseconds oldest{30'000};
  };

  explicit Folder(Engine& engine) : Folder(engine, When()) {}
  Folder(Engine& engine, When when);
  ~Folder();
  Folder(Folder const&) = delete;
  Folder& operator=(Folder const&) = delete;

  // Engine::apply, and a fold soon when it is time.
  void apply(std::span<Change const> changes, std::int64_t sequence);

 private:
  void loop();

  Engine& engine_;
  When const when_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool much_ = false, stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tocsin::match
