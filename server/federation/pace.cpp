#include "server/federation/pace.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;

constexpr double kMinute = 60, kHour = 3'600, kMib = 1'048'576, kEnoughEntries = 100;
constexpr std::chrono::milliseconds kFirst = 1s;
constexpr std::chrono::milliseconds kLong = 50ms, kMoment = 20ms;  // of a transaction
constexpr std::size_t kFewest = 4;                                 // objects in it

double seconds_until(double least, double left, double per_second) {
  if (left >= least) return 0;
  return per_second > 0 ? std::min((least - left) / per_second, kHour) : kHour;
}

}  // namespace

Quota::Quota(std::int64_t entries_per_hour, std::int64_t mib_per_hour, std::int64_t now_us)
    : entries_per_s_(static_cast<double>(entries_per_hour) / kHour),
      bytes_per_s_(static_cast<double>(mib_per_hour) * kMib / kHour),
      least_entries_(std::clamp(entries_per_s_ * kMinute, 1.0, kEnoughEntries)),
      least_bytes_(std::max(bytes_per_s_ * kMinute, 1.0)),
      entries_(static_cast<double>(entries_per_hour)),
      bytes_(static_cast<double>(mib_per_hour) * kMib),
      filled_us_(now_us) {}

void Quota::fill(std::int64_t now_us) {
  double const seconds = static_cast<double>(std::max<std::int64_t>(now_us - filled_us_, 0)) / 1e6;
  filled_us_ = now_us;
  entries_ = std::min(entries_ + seconds * entries_per_s_, entries_per_s_ * kHour);
  bytes_ = std::min(bytes_ + seconds * bytes_per_s_, bytes_per_s_ * kHour);
}

std::uint64_t Quota::entries(std::int64_t now_us) {
  fill(now_us);
  return wait().count() > 0 ? 0 : static_cast<std::uint64_t>(entries_);
}

void Quota::take(std::uint64_t entries, std::size_t bytes) {
  entries_ -= static_cast<double>(entries);
  bytes_ -= static_cast<double>(bytes);
}

std::chrono::milliseconds Quota::wait() const {
  double const seconds = std::max(seconds_until(least_entries_, entries_, entries_per_s_),
                                  seconds_until(least_bytes_, bytes_, bytes_per_s_));
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1e3)));
}

// One that was cut short for another reason and took a moment says nothing of more.
void Turn::took(std::chrono::steady_clock::duration time, std::size_t objects) {
  if (time > kLong)
    objects_ = std::max(objects_ / 2, kFewest);
  else if (time < kMoment && objects + 1 >= objects_)
    objects_ = std::min(objects_ * 2, most_);
}

std::chrono::milliseconds BackOff::failed() {
  auto const longest = std::min(longest_, kFirst * (std::int64_t{1} << std::min(failures_, 20)));
  ++failures_;
  auto const half = static_cast<double>(longest.count()) / 2;
  return std::chrono::milliseconds(static_cast<std::int64_t>(half + half * random_()));
}

}  // namespace tocsin::federation
