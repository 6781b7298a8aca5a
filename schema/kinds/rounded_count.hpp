// Counts as they may be shared: what is above a thousand and not known exactly has two digits. Pure; any thread.
#pragma once

#include <cstdint>

namespace tocsin::kinds {

// `down`: a bound from below stays one.
[[nodiscard]] constexpr std::uint64_t rounded_count(std::uint64_t count, bool down) {
  if (count <= 1'000) return count;
  std::uint64_t unit = 1;
  while (count / unit >= 100) unit *= 10;
  return (count + (down ? 0 : unit / 2)) / unit * unit;
}

}  // namespace tocsin::kinds
