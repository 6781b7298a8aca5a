// A time in whole minutes since 1970, in UTC, as the figures of a usage profile are of one. A value type; any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tocsin::client {

struct Window {
  std::int64_t first = 0;   // minute
  std::size_t minutes = 0;  // 0: there was none

  friend bool operator==(Window const&, Window const&) = default;
};

inline constexpr std::int64_t kMinuteUs = 60'000'000;
inline constexpr std::int64_t kHourUs = 60 * kMinuteUs;
inline constexpr std::int64_t kDayUs = 24 * kHourUs;

[[nodiscard]] constexpr std::int64_t minute_of(std::int64_t at_us) {
  return at_us / kMinuteUs - (at_us % kMinuteUs < 0 ? 1 : 0);
}

}  // namespace tocsin::client
