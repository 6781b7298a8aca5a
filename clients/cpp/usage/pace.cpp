#include "clients/cpp/usage/pace.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace tocsin::client {
namespace {

constexpr std::int64_t kHours = 24, kMinutesAnHour = 60;

std::size_t hour_of(std::int64_t minute) {
  auto const in_day = minute % (kHours * kMinutesAnHour);
  return static_cast<std::size_t>((in_day < 0 ? in_day + kHours * kMinutesAnHour : in_day) / kMinutesAnHour);
}

}  // namespace

std::optional<Pace::Minutely> Pace::minutely(Window const& window) const {
  if (window.minutes < kLeastMinutes) return std::nullopt;
  std::vector<std::uint64_t> busy;
  for (auto const& [_, requests] : minutes_) busy.push_back(requests);
  std::ranges::sort(busy);
  auto const idle = window.minutes - busy.size();
  auto const percentile = [&](std::size_t p) {
    auto const place = (window.minutes * p + 99) / 100 - 1;
    return place < idle ? 0.0 : static_cast<double>(busy[place - idle]);
  };
  return Minutely{percentile(50), percentile(95), percentile(100)};
}

std::optional<double> Pace::hours_entropy(Window const& window) const {
  std::array<std::uint64_t, kHours> hours{};
  std::uint64_t all = 0;
  for (auto const& [minute, requests] : minutes_) {
    hours[hour_of(minute)] += requests;
    all += requests;
  }
  if (all < kLeastRequests || window.minutes < kHours * kMinutesAnHour) return std::nullopt;
  double out = 0;
  for (auto const requests : hours) {
    auto const share = static_cast<double>(requests) / static_cast<double>(all);
    if (requests > 0) out -= share * std::log2(share);
  }
  return std::max(out, 0.0);
}

}  // namespace tocsin::client
