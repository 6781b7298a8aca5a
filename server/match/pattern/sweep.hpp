// Any pattern, matched in one sweep over what was observed: after each occurrence it holds what may still be to come,
// one obligation for each way in which the occurrences so far can have been taken, without those that are no easier
// than another. Belongs to one run and one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "server/match/pattern/obligation.hpp"
#include "server/match/pattern/verdict.hpp"

namespace tocsin::match::pattern {

class Sweep {
 public:
  // Nodes of a pattern's obligation; compile() refuses what has more.
  static constexpr std::size_t kMostNodes = 512;
  // Obligations held, and nodes made or compared for one occurrence; beyond either, undecided.
  static constexpr std::size_t kMostHeld = 2'048;
  static constexpr std::size_t kMostSteps = 1u << 20;

  // `ordered`: there is a FOLLOWEDBY, so that what was first seen at one instant may be taken in any order.
  Sweep(Rest root, bool ordered);

  // In the order of `first`, and not after yes. After undecided it says the same for good.
  [[nodiscard]] Verdict take(Occurrence occurrence, std::uint64_t times);

 private:
  struct Group {
    Occurrence occurrence;
    std::uint64_t times;
  };
  struct Reached {
    Rest rest;
    std::vector<std::uint64_t> used;  // of each group
  };

  bool join(Occurrence& occurrence, std::uint64_t times);
  void take_repeatedly(Occurrence const& occurrence, std::uint64_t times);
  bool take_once(Occurrence const& occurrence);
  void take_in_any_order();
  void reach(Reached const& from, std::vector<Reached>& out);
  void keep_easiest(std::vector<Rest>& held);
  void keep_easiest(std::vector<Reached>& reached);
  [[nodiscard]] bool as_easy(Rest const& better, Rest const& worse);
  bool spend(std::size_t obligations);

  bool ordered_;
  std::size_t nodes_;       // of the root
  std::uint64_t capacity_;  // as many occurrences as can be taken in all
  Verdict verdict_ = Verdict::no;
  std::size_t steps_ = 0;
  std::vector<Rest> before_;     // the present instant
  std::vector<Rest> held_;       // now
  std::vector<Group> together_;  // what was first seen at the present instant
};

}  // namespace tocsin::match::pattern
