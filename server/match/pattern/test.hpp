// What stands between [ and ], compiled: comparisons joined by AND and OR. Owned by its pattern; immutable; any thread.
#pragma once

#include <expected>
#include <vector>

#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/comparison.hpp"

namespace tocsin::match::pattern {

class Test {
 public:
  // Its expressions may take `left` bytes, which become less.
  [[nodiscard]] static std::expected<Test, Unsupported> compile(stix::pattern::Test const& test, std::size_t& left);

  // Whether one object of the observation meets the whole test: comparisons that AND joins are about one object, and
  // only what they reach by references may be others (STIX 2.1 section 9.5).
  [[nodiscard]] bool holds(Observation const& observation) const;

 private:
  struct Node {
    std::optional<Comparison> comparison;  // else a junction of the operands
    stix::pattern::Junction::Kind kind{};
    std::vector<Node> operands;
  };

  explicit Test(Node root) : root_(std::move(root)) {}
  [[nodiscard]] static std::expected<Node, Unsupported> node(stix::pattern::Test const& test, std::size_t& left);
  [[nodiscard]] static bool holds(Node const& node, Object const& object, Observation const& around);

  Node root_;
};

}  // namespace tocsin::match::pattern
