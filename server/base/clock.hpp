// Time as an argument: nothing outside this room asks the system clock. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace tocsin::base {

// Wall-clock time in microseconds since 1970 (UTC).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_us() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_us() const override;
};

}  // namespace tocsin::base
