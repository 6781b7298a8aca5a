// A pattern as it is run: its tests, and for each alternative at its top what has to be counted or swept. Made once by
// compile(); immutable; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <variant>
#include <vector>

#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/counter.hpp"
#include "server/match/pattern/obligation.hpp"
#include "server/match/pattern/test.hpp"

namespace tocsin::match::pattern {

// A test and the instants between which it counts: START (included) and STOP (excluded).
struct Leaf {
  std::size_t test;
  std::int64_t start;
  std::int64_t stop;

  [[nodiscard]] bool covers(std::int64_t first, std::int64_t last) const { return first >= start && last < stop; }
  bool operator==(Leaf const&) const = default;
};

using Alternative = std::variant<Count, Rest>;

struct Plan {
  std::vector<Test> tests;
  std::vector<Leaf> leaves;
  std::vector<Alternative> alternatives;  // of OR: the pattern matches when one does
  bool ordered = false;                   // there is a FOLLOWEDBY
  bool single = true;                     // one occurrence of one test suffices in every alternative
};

[[nodiscard]] std::expected<Plan, Unsupported> plan(stix::pattern::Pattern const& pattern);

}  // namespace tocsin::match::pattern
