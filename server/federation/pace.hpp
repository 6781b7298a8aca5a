// How fast a peer is followed: what was agreed to be taken in an hour, and how long to wait after errors. Owned by the
// follower of the peer; its thread. Time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tocsin::federation {

// What may be taken in an hour flows in evenly, and an hour's worth is saved up. It begins full. A minute's worth is
// waited for, so that a drained one asks seldom.
class Quota {
 public:
  Quota(std::int64_t entries_per_hour, std::int64_t mib_per_hour, std::int64_t now_us);

  // How many entries may be asked for now; 0: none.
  [[nodiscard]] std::uint64_t entries(std::int64_t now_us);
  // What was taken. An answer may be larger than what was left: what follows waits for it.
  void take(std::uint64_t entries, std::size_t bytes);
  // Until something may be asked for. Nothing ever is when nothing was agreed: an hour.
  [[nodiscard]] std::chrono::milliseconds wait() const;

 private:
  void fill(std::int64_t now_us);

  double const entries_per_s_, bytes_per_s_, least_entries_, least_bytes_;
  double entries_, bytes_;  // left
  std::int64_t filled_us_;
};

// How many objects, or entries that are named, are handed in together: members' commits wait for the transaction that
// takes them, and what one costs is for the peer to choose. Fewer after one that took long, more after one that took a
// moment.
class Turn {
 public:
  Turn(std::size_t first, std::size_t most) : objects_(first), most_(most) {}

  [[nodiscard]] std::size_t objects() const { return objects_; }
  void took(std::chrono::steady_clock::duration time, std::size_t objects);

 private:
  std::size_t objects_, most_;
};

// After one error a second, then twice as long each time, up to the longest; half of it by chance, so that those who
// follow one peer do not come back together.
class BackOff {
 public:
  // `random`: from [0, 1).
  explicit BackOff(std::function<double()> random, std::chrono::milliseconds longest = std::chrono::minutes(5))
      : random_(std::move(random)), longest_(longest) {}

  [[nodiscard]] std::chrono::milliseconds failed();
  void succeeded() { failures_ = 0; }

 private:
  std::function<double()> random_;
  std::chrono::milliseconds longest_;
  int failures_ = 0;
};

}  // namespace tocsin::federation
