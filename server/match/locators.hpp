// Where a number lies in an ascending row of numbers that begins with zero: the last entry that is not above it. The
// two ways of the index of ranges. Owned by an Intervals; constant, any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/match/ip_address.hpp"

namespace tocsin::match {

// How many numbers are looked for side by side, so that memory is waited for once for all of them.
inline constexpr std::size_t kAbreast = 16;

// For IPv4: an entry for each value of the upper 16 bits leads to the few starts that share them.
class FirstLevel {
 public:
  explicit FirstLevel(std::vector<FourBits> starts) : starts_(std::move(starts)), level_(kBlocks + 1) {
    starts_.shrink_to_fit();
    std::size_t at = 0;
    for (std::size_t block = 0; block < kBlocks; ++block) {
      auto const first = static_cast<FourBits>(block << 16);
      while (at + 1 < starts_.size() && starts_[at + 1] <= first) ++at;
      level_[block] = static_cast<std::uint32_t>(at);
    }
    level_[kBlocks] = static_cast<std::uint32_t>(starts_.size() - 1);
  }

  [[nodiscard]] FourBits start(std::size_t at) const { return starts_[at]; }

  [[nodiscard]] std::size_t find(FourBits value) const {
    auto const* at = &level_[value >> 16];
    auto const* first = &starts_[at[0]];
    for (std::size_t count = at[1] - at[0] + 1; count > 1;) {
      auto const half = count / 2;
      first += first[half] <= value ? half : 0;  // no branch, which would be guessed wrong half of the time
      count -= half;
    }
    return static_cast<std::size_t>(first - starts_.data());
  }

  // At most kAbreast values.
  void find(std::span<FourBits const> values, std::size_t* out) const {
    for (auto const value : values) __builtin_prefetch(&level_[value >> 16]);
    for (auto const value : values) {
      constexpr std::size_t kLine = 64 / sizeof(FourBits), kMostLines = 4;
      auto const* at = &level_[value >> 16];
      auto const end = std::min<std::size_t>(at[1] + 1, at[0] + kMostLines * kLine);
      for (std::size_t line = at[0]; line < end; line += kLine) __builtin_prefetch(&starts_[line]);
    }
    for (auto const value : values) *out++ = find(value);
  }

  [[nodiscard]] std::size_t bytes() const {
    return starts_.capacity() * sizeof(FourBits) + level_.capacity() * sizeof(level_[0]);
  }

 private:
  static constexpr std::size_t kBlocks = 1u << 16;

  std::vector<FourBits> starts_;
  std::vector<std::uint32_t> level_;  // of the block's first address
};

// For IPv6, whose upper bits are much alike: rungs, each with every eighth start of the one below.
class Ladder {
 public:
  explicit Ladder(std::vector<SixBits> starts) {
    rungs_.emplace_back(std::move(starts));
    while (rungs_.back().last >= kStep) rungs_.emplace_back(every_eighth(rungs_.back()));
  }

  [[nodiscard]] SixBits start(std::size_t at) const { return rungs_[0].row[at]; }

  [[nodiscard]] std::size_t find(SixBits value) const {
    std::size_t at = 0;
    for (auto rung = rungs_.size(); rung-- > 1;) at = rungs_[rung].step(at, value) * kStep;
    return rungs_[0].step(at, value);
  }

  // At most kAbreast values.
  void find(std::span<SixBits const> values, std::size_t* out) const {
    std::fill_n(out, values.size(), 0);
    for (auto rung = rungs_.size(); rung-- > 1;)
      for (std::size_t i = 0; i < values.size(); ++i) {
        out[i] = rungs_[rung].step(out[i], values[i]) * kStep;
        __builtin_prefetch(&rungs_[rung - 1].row[out[i]]);
        __builtin_prefetch(&rungs_[rung - 1].row[out[i] + kStep - 1]);
      }
    for (std::size_t i = 0; i < values.size(); ++i) out[i] = rungs_[0].step(out[i], values[i]);
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t out = 0;
    for (auto const& rung : rungs_) out += rung.row.capacity() * sizeof(SixBits);
    return out;
  }

 private:
  static constexpr std::size_t kStep = 8;

  struct Rung {
    std::vector<SixBits> row;  // filled up, so that a step always compares as many
    std::size_t last;          // before what fills it up

    explicit Rung(std::vector<SixBits> starts) : row(std::move(starts)), last(row.size() - 1) {
      row.resize((row.size() + kStep - 1) / kStep * kStep, ~SixBits{0});
      row.shrink_to_fit();
    }

    // Of eight entries from `at` on the last that is not above the value; the first is not. What fills up is not above
    // the last address of all.
    [[nodiscard]] std::size_t step(std::size_t at, SixBits value) const {
      std::size_t out = at;
      for (std::size_t next = at + 1; next < at + kStep; ++next) out += row[next] <= value ? 1u : 0u;
      return std::min(out, last);
    }
  };

  static std::vector<SixBits> every_eighth(Rung const& below) {
    std::vector<SixBits> out;
    out.reserve(below.row.size() / kStep);
    for (std::size_t at = 0; at <= below.last; at += kStep) out.push_back(below.row[at]);
    return out;
  }

  std::vector<Rung> rungs_;  // the lowest, which has every start, first
};

}  // namespace tocsin::match
