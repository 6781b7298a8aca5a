// Time that passes only when the mesh says so. Owned by the mesh; one thread.
#pragma once

#include <cstdint>

#include "server/base/clock.hpp"

namespace tocsin::simulation {

constexpr std::int64_t kMillisecond = 1'000, kSecond = 1'000'000;
constexpr std::int64_t kBeginning = 1'790'000'000 * kSecond;

struct VirtualTime {
  std::int64_t now_us = kBeginning;
};

// As one instance reads it: wrong by the same amount for as long as it runs.
class SkewedClock final : public base::Clock {
 public:
  explicit SkewedClock(VirtualTime const& time) : time_(time) {}
  [[nodiscard]] std::int64_t now_us() const override { return time_.now_us + skew_us; }
  std::int64_t skew_us = 0;

 private:
  VirtualTime const& time_;
};

}  // namespace tocsin::simulation
