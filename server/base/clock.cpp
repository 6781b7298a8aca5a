#include "server/base/clock.hpp"

#include <chrono>

namespace tocsin::base {

std::int64_t SystemClock::now_us() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace tocsin::base
