// The time of a log that counts: that of all its requests, or what of it the user named. Owned by a command; one
// thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "clients/cpp/outcome.hpp"
#include "clients/cpp/usage/window.hpp"

namespace tocsin::client {

class LogWindow {
 public:
  static constexpr std::int64_t kMostMinutes = std::int64_t{400} * 24 * 60;

  // Timestamps of STIX or dates; `until` is the first time that does not count. Failure: Exit::local.
  [[nodiscard]] static Outcome<LogWindow> parse(std::optional<std::string> const& from,
                                                std::optional<std::string> const& until);

  // Whether a request of this time counts. Never when that would make the window longer than 400 days.
  [[nodiscard]] bool take(std::int64_t at_us);

  // From the minute of the first request that was taken to that of the last one; a bound that was named stands instead.
  [[nodiscard]] Window window() const;
  [[nodiscard]] std::size_t outside() const { return outside_; }
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  std::optional<std::int64_t> from_us_, until_us_;
  std::int64_t first_ = std::numeric_limits<std::int64_t>::max();  // minutes
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();
  std::size_t outside_ = 0;
  bool too_long_ = false;
};

}  // namespace tocsin::client
