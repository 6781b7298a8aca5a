// Token buckets, one a key, with a cost for each taking. Time is an argument. Owned by whoever limits; any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "server/base/live.hpp"

namespace tocsin::base {

class Limiter {
 public:
  // A bucket holds `burst` tokens and is refilled with `per_second`. Either ≤ 0: no limit, no memory.
  // At most about `max_keys` buckets are kept; beyond that the fullest is forgotten, which forgives its owner the
  // least.
  Limiter(double per_second, double burst, std::size_t max_keys = 65'536);

  // What was taken stays taken, and comes back at the old pace.
  void set_rate(double per_second, double burst);

  // Takes `cost` tokens from the bucket of `key`; or takes none and returns how long until they are there. A cost above
  // the burst asks for a full bucket. `now` is of a clock that never goes back; an older one counts as the newest seen
  // for that key.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> take(std::uint64_t key, double cost,
                                                             std::chrono::steady_clock::time_point now);

  [[nodiscard]] std::size_t keys() const;  // buckets kept now

 private:
  // A bucket is one number: the moment at which it will be full. Absent means full.
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint64_t, std::int64_t> full_at;
  };
  static constexpr std::size_t kShards = 64;

  void make_room(Shard& shard, std::int64_t now) const;  // under the shard's mutex

  Live<double> nanoseconds_per_token_;  // 0: no limit
  Live<std::int64_t> depth_;            // nanoseconds in which an empty bucket fills
  std::size_t const max_keys_;          // of a shard
  std::array<Shard, kShards> shards_;
};

}  // namespace tocsin::base
