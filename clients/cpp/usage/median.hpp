// The median of whole numbers, exactly, in memory that grows with the greatest of them: above 1,048,576 they count as
// that. Owned by a meter; one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tocsin::client {

class Median {
 public:
  static constexpr std::uint64_t kGreatest = 1u << 20, kLeast = 100;

  void add(std::uint64_t value) {
    auto const place = static_cast<std::size_t>(std::min(value, kGreatest));
    if (counts_.size() <= place) counts_.resize(place + 1);
    ++counts_[place];
    ++all_;
  }

  // Of n numbers the ⌈n/2⌉-th. nullopt: there are fewer than 100.
  [[nodiscard]] std::optional<std::uint64_t> value() const {
    if (all_ < kLeast) return std::nullopt;
    std::uint64_t place = 0;
    for (std::uint64_t below = counts_[0]; 2 * below < all_; below += counts_[place]) ++place;
    return place;
  }

 private:
  std::vector<std::uint64_t> counts_;  // by value
  std::uint64_t all_ = 0;
};

}  // namespace tocsin::client
