// The ids of requests: 64 random bits each, so that nobody counts the requests of others by his own. Owned by a worker;
// its thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace tocsin::http {

class RequestIds {
 public:
  // 16 hexadecimal digits.
  [[nodiscard]] std::string next();

 private:
  static constexpr std::size_t kBytes = 8;
  std::array<std::uint8_t, 64 * kBytes> random_{};  // taken from the generator for many at once
  std::size_t used_ = sizeof random_;
};

}  // namespace tocsin::http
