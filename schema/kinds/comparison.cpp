#include "schema/kinds/comparison.hpp"

#include <utility>

#include "schema/stix/pattern/print.hpp"

namespace tocsin::kinds {

namespace pattern = stix::pattern;

pattern::Comparison comparison(std::string_view type, std::vector<std::string> steps, Operator op,
                               pattern::Literal value) {
  pattern::Path path{std::string(type), {}};
  for (auto& step : steps) path.steps.emplace_back(std::move(step));
  return {std::move(path), op, false, {std::move(value)}};
}

std::string pattern_of(std::vector<pattern::Comparison> comparisons) {
  pattern::Test test;
  if (comparisons.size() == 1) {
    test.node = std::move(comparisons.front());
  } else {
    pattern::Junction all{pattern::Junction::Kind::all, {}};
    for (auto& one : comparisons) all.operands.push_back({std::move(one)});
    test.node = std::move(all);
  }
  return pattern::print({{std::move(test), {}}});
}

}  // namespace tocsin::kinds
