// Sets of indicators, as every index of a snapshot names them: a set is one member and the set of the others, so that
// sets share what they have in common, and the set of a network is what it adds to that of the network around it.
// Written while a snapshot is made, by one thread; then constant, and any thread may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace tocsin::match {

using IndicatorNumber = std::uint32_t;  // the row of an indicator in its snapshot
using SetId = std::uint32_t;
inline constexpr SetId kNobody = 0;  // the empty set

class SetTable {
 public:
  class Iterator;
  struct Members;

  // The set of `member` and the members of `others`.
  SetId add(IndicatorNumber member, SetId others) {
    nodes_.push_back({member, others});
    return static_cast<SetId>(nodes_.size() - 1);
  }
  // Gives back what was taken for sets to come.
  void shrink() { nodes_.shrink_to_fit(); }
  void reserve(std::size_t more) { nodes_.reserve(nodes_.size() + more); }

  // What was added last comes first. An indicator that was added twice is met twice.
  [[nodiscard]] Members members(SetId set) const;
  // The member that came with this set.
  [[nodiscard]] IndicatorNumber newest(SetId set) const { return nodes_[set].member; }
  // The set that the next `add` makes.
  [[nodiscard]] SetId next() const { return static_cast<SetId>(nodes_.size()); }
  [[nodiscard]] std::size_t bytes() const { return nodes_.capacity() * sizeof(Node); }

 private:
  struct Node {
    IndicatorNumber member;
    SetId others;
  };
  std::vector<Node> nodes_{{0, kNobody}};  // the first stands for the empty set
};

class SetTable::Iterator {
 public:
  using value_type = IndicatorNumber;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  Iterator(Node const* nodes, SetId at) : nodes_(nodes), at_(at) {}
  IndicatorNumber operator*() const { return nodes_[at_].member; }
  Iterator& operator++() {
    at_ = nodes_[at_].others;
    return *this;
  }
  Iterator operator++(int) {
    auto const before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(Iterator const& one, std::default_sentinel_t) { return one.at_ == kNobody; }

 private:
  Node const* nodes_ = nullptr;
  SetId at_ = kNobody;
};

struct SetTable::Members {
  Iterator first;
  [[nodiscard]] Iterator begin() const { return first; }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
};

inline SetTable::Members SetTable::members(SetId set) const { return {Iterator(nodes_.data(), set)}; }

}  // namespace tocsin::match
