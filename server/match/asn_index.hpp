// Indicators by the number of the autonomous system that they are about: open addressing, spread by a multiplier that
// is drawn anew for each index, so that nobody can choose numbers that collide. Owned by a Snapshot; written while that
// is made, then constant, any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "server/match/set_table.hpp"

namespace tocsin::match {

class AsnIndex {
 public:
  void add(std::uint32_t asn, IndicatorNumber indicator, SetTable& sets) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    auto& slot = slots_[place_of(asn)];
    if (slot.set == kNobody) ++count_, slot.asn = asn;
    slot.set = sets.add(indicator, slot.set);
  }

  [[nodiscard]] SetId find(std::uint32_t asn) const { return slots_[place_of(asn)].set; }

  // Each number and the set of its indicators: each(asn, SetId), in no order.
  void each(auto const& each) const {
    for (auto const& slot : slots_)
      if (slot.set != kNobody) each(slot.asn, slot.set);
  }

  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t asn = 0;
    SetId set = kNobody;  // nobody: free
  };

  // The slot of this number, or the free one that it would take.
  [[nodiscard]] std::size_t place_of(std::uint32_t asn) const {
    auto const mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>(asn * multiplier_ >> (64 - std::countr_zero(slots_.size())));
    while (slots_[at].set != kNobody && slots_[at].asn != asn) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    auto const before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (auto const& slot : before)
      if (slot.set != kNobody) slots_[place_of(slot.asn)] = slot;
  }

  static std::uint64_t random_odd() {
    std::random_device random;
    return std::uint64_t{random()} << 32 | random() | 1;
  }

  std::uint64_t multiplier_ = random_odd();
  std::vector<Slot> slots_ = std::vector<Slot>(16);  // a power of two, at most half of them taken
  std::size_t count_ = 0;
};

}  // namespace tocsin::match
