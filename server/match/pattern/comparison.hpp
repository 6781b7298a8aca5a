// One comparison of a pattern, compiled: an object path, an operator, its constants (STIX 2.1 section 9.6). Owned by
// its pattern; immutable; any thread.
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "schema/kinds/network.hpp"
#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/object_path.hpp"
#include "server/match/pattern/operand.hpp"
#include "server/match/pattern/text_match.hpp"

namespace tocsin::match::pattern {

class Comparison {
 public:
  [[nodiscard]] static std::expected<Comparison, Unsupported> compile(stix::pattern::Comparison const& comparison);

  // What its expression takes, where it has one.
  [[nodiscard]] std::size_t bytes() const { return text_ ? text_->bytes() : 0; }

  // Whether it holds for this object: it is of the type, and a value at the path stands in the relation to the constant
  // or, with NOT, one does not. Without a value nothing holds but NOT EXISTS. Values of types that cannot be compared
  // stand in no relation but !=.
  [[nodiscard]] bool holds(Object const& object, Observation const& around) const;

 private:
  explicit Comparison(stix::pattern::Comparison const& comparison);
  [[nodiscard]] bool relates(stix::Json const& value) const;
  [[nodiscard]] bool relates_networks(std::string_view value) const;

  ObjectPath path_;
  stix::pattern::Operator operator_;
  bool negated_;
  std::vector<Operand> operands_;
  std::optional<TextMatch> text_;
  std::optional<kinds::Network> network_;
};

}  // namespace tocsin::match::pattern
