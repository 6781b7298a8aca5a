// How many different things there were, in bounded memory: exactly up to 262,144, and above that within about a fifth
// of a percent (one standard deviation). Owned by a meter; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>

namespace tocsin::client {

class Distinct {
 public:
  static constexpr std::size_t kExact = 1u << 18;

  // By 64 bits that are spread evenly.
  void add(std::uint64_t digest) {
    if (least_.size() == kExact && digest >= *least_.rbegin()) {
      more_ = more_ || digest > *least_.rbegin();
      return;
    }
    least_.insert(digest);
    if (least_.size() <= kExact) return;
    least_.erase(std::prev(least_.end()));
    more_ = true;
  }

  // Of n different digests the k-th least is about k/n of the way up.
  [[nodiscard]] std::size_t count() const {
    if (!more_) return least_.size();
    constexpr double kAll = 18446744073709551616.0;
    return static_cast<std::size_t>((kExact - 1) * (kAll / static_cast<double>(*least_.rbegin())));
  }

 private:
  std::set<std::uint64_t> least_;
  bool more_ = false;  // than those that are kept
};

}  // namespace tocsin::client
