// When requests came: how many a minute, and at which hours of the day. Memory grows with the minutes of the log. Owned
// by a meter; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "clients/cpp/usage/window.hpp"

namespace tocsin::client {

class Pace {
 public:
  static constexpr std::size_t kLeastMinutes = 60;      // of the window
  static constexpr std::uint64_t kLeastRequests = 240;  // ten for each hour of the day

  void add(std::int64_t minute) { ++minutes_[minute]; }

  struct Minutely {
    double p50 = 0, p95 = 0, max = 0;
  };
  // Over all minutes of the window, those without a request too; of n values the p-th percentile is the ⌈np/100⌉-th.
  // nullopt: the window is shorter than an hour.
  [[nodiscard]] std::optional<Minutely> minutely(Window const& window) const;

  // Shannon's, in bits, of the share of each hour of the day in UTC. nullopt: fewer than 240 requests, or the window is
  // shorter than a day.
  [[nodiscard]] std::optional<double> hours_entropy(Window const& window) const;

 private:
  std::unordered_map<std::int64_t, std::uint64_t> minutes_;
};

}  // namespace tocsin::client
