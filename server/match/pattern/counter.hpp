// `[…] REPEATS n TIMES WITHIN x SECONDS`, and what is less than that: counts in a sliding window, O(1) for each
// occurrence at one instant. Belongs to one run and one thread.
#pragma once

#include <cstdint>
#include <deque>

#include "server/match/pattern/verdict.hpp"

namespace tocsin::match::pattern {

inline constexpr std::uint64_t kUnbounded = ~std::uint64_t{0};  // the width of a window where there is none

struct Count {
  std::size_t leaf;
  std::uint64_t times;
  std::uint64_t width;  // nanoseconds
};

class Counter {
 public:
  // Instants at which a window may have begun that are held at most; with more, undecided.
  static constexpr std::size_t kMostStarts = 1u << 20;

  explicit Counter(Count count) : count_(count) {}

  [[nodiscard]] std::size_t leaf() const { return count_.leaf; }

  // Something that meets the leaf was seen `times` times. In the order of `first`.
  [[nodiscard]] Verdict take(std::int64_t first, std::int64_t last, std::uint64_t times);

 private:
  struct Start {
    std::int64_t at;
    std::uint64_t before;  // what was counted before it
    std::uint64_t missed;  // what was counted since, but ends after its window
  };
  void begin(std::int64_t first);
  [[nodiscard]] bool enough() const;

  Count count_;
  std::uint64_t total_ = 0;
  bool missed_ = false;  // by any start
  std::deque<Start> starts_;
};

}  // namespace tocsin::match::pattern
