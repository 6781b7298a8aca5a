#include "server/match/pattern/test.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::match::pattern {

using Kind = stix::pattern::Junction::Kind;

std::expected<Test, Unsupported> Test::compile(stix::pattern::Test const& test, std::size_t& left) {
  auto root = node(test, left);
  if (!root) return std::unexpected(std::move(root.error()));
  return Test(std::move(*root));
}

std::expected<Test::Node, Unsupported> Test::node(stix::pattern::Test const& test, std::size_t& left) {
  Node out;
  if (auto const* comparison = std::get_if<stix::pattern::Comparison>(&test.node)) {
    auto compiled = Comparison::compile(*comparison);
    if (!compiled) return std::unexpected(std::move(compiled.error()));
    if (compiled->bytes() > left)
      return std::unexpected(
          Unsupported{Unsupported::Reason::too_large, "The expressions are too large together when compiled."});
    left -= compiled->bytes();
    out.comparison = std::move(*compiled);
    return out;
  }
  auto const& junction = std::get<stix::pattern::Junction>(test.node);
  out.kind = junction.kind;
  for (auto const& operand : junction.operands) {
    auto inner = node(operand, left);
    if (!inner) return inner;
    out.operands.push_back(std::move(*inner));
  }
  return out;
}

bool Test::holds(Observation const& observation) const {
  return std::ranges::any_of(observation.objects(),
                             [&](Object const& object) { return holds(root_, object, observation); });
}

bool Test::holds(Node const& node, Object const& object, Observation const& around) {
  if (node.comparison) return node.comparison->holds(object, around);
  auto const each = [&](Node const& operand) { return holds(operand, object, around); };
  return node.kind == Kind::any ? std::ranges::any_of(node.operands, each) : std::ranges::all_of(node.operands, each);
}

}  // namespace tocsin::match::pattern
