#include "server/base/limiter.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::base {
namespace {

constexpr double kLongest = 1e15;  // nanoseconds, eleven days: keeps every sum far from the ends of int64

std::int64_t whole(double nanoseconds) { return std::llround(std::clamp(nanoseconds, 0.0, kLongest)); }

// Keys are row numbers: neighbours belong in different shards (the finaliser of SplitMix64).
std::size_t spread(std::uint64_t key) {
  key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9u;
  key = (key ^ (key >> 27)) * 0x94D049BB133111EBu;
  return key ^ (key >> 31);
}

}  // namespace

Limiter::Limiter(double per_second, double burst, std::size_t max_keys)
    : max_keys_(std::max<std::size_t>(1, max_keys / kShards)) {
  set_rate(per_second, burst);
}

void Limiter::set_rate(double per_second, double burst) {
  double per_token = per_second > 0 && burst > 0 ? 1e9 / per_second : 0;
  nanoseconds_per_token_ = per_token;
  depth_ = whole(burst * per_token);
}

std::optional<std::chrono::nanoseconds> Limiter::take(std::uint64_t key, double cost,
                                                      std::chrono::steady_clock::time_point now) {
  double const per_token = nanoseconds_per_token_;
  std::int64_t const depth = depth_;
  if (per_token == 0 || !(cost > 0)) return std::nullopt;
  auto at = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  auto wanted = std::min(whole(cost * per_token), depth);
  Shard& shard = shards_[spread(key) % kShards];
  std::lock_guard lock(shard.mutex);
  auto found = shard.full_at.find(key);
  auto full_at = found == shard.full_at.end() ? at : std::max(found->second, at);
  if (auto wait = full_at + wanted - depth - at; wait > 0) return std::chrono::nanoseconds(wait);
  if (found != shard.full_at.end()) {
    found->second = full_at + wanted;
    return std::nullopt;
  }
  if (shard.full_at.size() >= max_keys_) make_room(shard, at);
  shard.full_at.emplace(key, full_at + wanted);
  return std::nullopt;
}

void Limiter::make_room(Shard& shard, std::int64_t now) const {
  std::erase_if(shard.full_at, [now](auto const& bucket) { return bucket.second <= now; });
  if (shard.full_at.size() < max_keys_) return;
  shard.full_at.erase(std::ranges::min_element(shard.full_at, {}, [](auto const& bucket) { return bucket.second; }));
}

std::size_t Limiter::keys() const {
  std::size_t total = 0;
  for (auto const& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    total += shard.full_at.size();
  }
  return total;
}

}  // namespace tocsin::base
