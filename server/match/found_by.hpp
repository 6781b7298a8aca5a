// Whether all that a pattern holds of is found by some of its comparisons. An item is one observation: what wants more
// than one is found by nothing. Pure; any thread.
#pragma once

#include <algorithm>
#include <variant>

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::match {

// `find` is given every comparison once, in the order of the text, and says whether it finds all that this one holds
// of.
template <class Find>
bool is_found_by(stix::pattern::Test const& test, Find& find) {
  auto const* junction = std::get_if<stix::pattern::Junction>(&test.node);
  if (junction == nullptr) return find(std::get<stix::pattern::Comparison>(test.node));
  auto const& operands = junction->operands;
  auto const found = std::ranges::count_if(operands, [&](auto const& one) { return is_found_by(one, find); });
  return junction->kind == stix::pattern::Junction::Kind::any ? found == std::ssize(operands) : found > 0;
}

template <class Find>
bool is_found_by(stix::pattern::Observation const& observation, Find& find) {
  auto const repeats = [](stix::pattern::Qualifier const& one) {
    auto const* times = std::get_if<stix::pattern::Repeats>(&one);
    return times != nullptr && times->times > 1;
  };
  bool const more_than_one = std::ranges::any_of(observation.qualifiers, repeats);
  auto const* combination = std::get_if<stix::pattern::Combination>(&observation.node);
  if (combination == nullptr)
    return is_found_by(std::get<stix::pattern::Test>(observation.node), find) && !more_than_one;
  auto const& operands = combination->operands;
  auto const found = std::ranges::count_if(operands, [&](auto const& one) { return is_found_by(one, find); });
  return combination->kind == stix::pattern::Combination::Kind::any && found == std::ssize(operands) && !more_than_one;
}

template <class Find>
bool is_found_by(stix::pattern::Pattern const& pattern, Find&& find) {
  return is_found_by(pattern.root, find);
}

}  // namespace tocsin::match
