// Walks over the comparisons of a pattern, in the order of the text. Pure; any thread.
#pragma once

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::stix::pattern {

template <class Visitor>
void for_each_comparison(Test const& test, Visitor&& visit) {
  if (auto const* junction = std::get_if<Junction>(&test.node))
    for (Test const& operand : junction->operands) for_each_comparison(operand, visit);
  else
    visit(std::get<Comparison>(test.node));
}

template <class Visitor>
void for_each_comparison(Observation const& observation, Visitor&& visit) {
  if (auto const* combination = std::get_if<Combination>(&observation.node))
    for (Observation const& operand : combination->operands) for_each_comparison(operand, visit);
  else
    for_each_comparison(std::get<Test>(observation.node), visit);
}

}  // namespace tocsin::stix::pattern
