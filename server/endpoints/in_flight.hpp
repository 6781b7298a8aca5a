// Requests that are worked on at the same time. Owned by app; any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "server/base/live.hpp"

namespace tocsin::endpoints {

class InFlight {
 public:
  explicit InFlight(std::size_t most) : most_(most) {}
  void set_most(std::size_t most) { most_ = most; }
  // A ticket that gives its place back when it is destroyed; null when there is no place.
  [[nodiscard]] std::shared_ptr<void const> enter();

 private:
  base::Live<std::size_t> most_;
  std::atomic<std::size_t> now_{0};
};

}  // namespace tocsin::endpoints
