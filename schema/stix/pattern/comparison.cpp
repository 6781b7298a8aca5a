// Comparison expressions of the pattern grammar: what stands between [ and ] (STIX 2.1 sections 9.5 to 9.7).
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "schema/stix/pattern/parser.hpp"

namespace tocsin::stix::pattern {
namespace {

// Adds an operand; parentheses around a junction of the same kind mean nothing and are dissolved.
void append(Junction& junction, Test operand) {
  auto* inner = std::get_if<Junction>(&operand.node);
  if (inner != nullptr && inner->kind == junction.kind) {
    if (junction.operands.empty()) {
      junction.operands = std::move(inner->operands);  // keeps deep left nesting linear
    } else {
      std::ranges::move(inner->operands, std::back_inserter(junction.operands));
    }
  } else {
    junction.operands.push_back(std::move(operand));
  }
}

std::optional<Operator> operator_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::equal:
      return Operator::equal;
    case TokenKind::not_equal:
      return Operator::not_equal;
    case TokenKind::less:
      return Operator::less;
    case TokenKind::less_equal:
      return Operator::less_equal;
    case TokenKind::greater:
      return Operator::greater;
    case TokenKind::greater_equal:
      return Operator::greater_equal;
    case TokenKind::word_in:
      return Operator::in;
    case TokenKind::word_like:
      return Operator::like;
    case TokenKind::word_matches:
      return Operator::matches;
    case TokenKind::word_issubset:
      return Operator::is_subset;
    case TokenKind::word_issuperset:
      return Operator::is_superset;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Test> Parser::disjunction() {
  auto first = conjunction();
  if (!first || token_.kind != TokenKind::word_or) return first;
  Junction any{Junction::Kind::any, {}};
  append(any, std::move(*first));
  while (token_.kind == TokenKind::word_or) {
    advance();
    auto next = conjunction();
    if (!next) return std::nullopt;
    append(any, std::move(*next));
  }
  return Test{std::move(any)};
}

std::optional<Test> Parser::conjunction() {
  std::size_t const left = types_.size();
  auto first = comparison();
  if (!first || token_.kind != TokenKind::word_and) return first;
  Junction all{Junction::Kind::all, {}};
  append(all, std::move(*first));
  sort_types(left);
  while (token_.kind == TokenKind::word_and) {
    advance();
    Token const at = token_;
    std::size_t const right = types_.size();
    auto next = comparison();
    if (!next) return std::nullopt;
    if (!narrow_types(left, right)) {
      refuse(at, "expected a comparison of the same object type as before AND, found one of another",
             "Comparisons joined by AND look at one object: use OR, or join two observations ([…] AND […]).");
      return std::nullopt;
    }
    append(all, std::move(*next));
  }
  return Test{std::move(all)};
}

// Makes the types from `from` on a sorted set. Only AND needs one, so OR just leaves its operands' types one after the
// other.
void Parser::sort_types(std::size_t from) {
  auto const first = types_.begin() + static_cast<std::ptrdiff_t>(from);
  std::sort(first, types_.end());
  types_.erase(std::unique(first, types_.end()), types_.end());
}

// Section 9.5: the operands of AND must be satisfiable with one type of object. Leaves the types common to the set
// [left, right) and to [right, end) as [left, end); false when there are none.
bool Parser::narrow_types(std::size_t left, std::size_t right) {
  sort_types(right);
  auto const middle = types_.begin() + static_cast<std::ptrdiff_t>(right);
  auto const foreign = [&](std::string_view type) { return !std::binary_search(middle, types_.end(), type); };
  auto const kept = std::remove_if(types_.begin() + static_cast<std::ptrdiff_t>(left), middle, foreign);
  types_.erase(kept, types_.end());
  return types_.size() > left;
}

std::optional<Test> Parser::comparison() {
  if (token_.kind == TokenKind::left_paren) {
    if (!open_paren()) return std::nullopt;
    auto inner = disjunction();
    if (!inner || !close_paren("AND, OR or ')'")) return std::nullopt;
    return inner;
  }
  if (!count_comparison()) return std::nullopt;
  if (token_.kind == TokenKind::word_not || token_.kind == TokenKind::word_exists) return existence();
  auto object_path = path();
  if (!object_path) return std::nullopt;
  bool const negated = token_.kind == TokenKind::word_not;
  if (negated) advance();
  auto const op = comparison_operator(negated);
  if (!op) return std::nullopt;
  std::vector<Literal> values;
  if (!operand(*op, values)) return std::nullopt;
  return Test{Comparison{std::move(*object_path), *op, negated, std::move(values)}};
}

std::optional<Test> Parser::existence() {
  bool const negated = token_.kind == TokenKind::word_not;
  if (negated) advance();
  if (!take(TokenKind::word_exists, "EXISTS")) return std::nullopt;
  auto object_path = path();
  if (!object_path) return std::nullopt;
  return Test{Comparison{std::move(*object_path), Operator::exists, negated, {}}};
}

std::optional<Operator> Parser::comparison_operator(bool negated) {
  auto const op = operator_of(token_.kind);
  if (!op) {
    unexpected(negated ? "a comparison operator after NOT" : "a comparison operator");
    return std::nullopt;
  }
  advance();
  return op;
}

bool Parser::operand(Operator op, std::vector<Literal>& values) {
  if (op == Operator::in) return set(values);
  bool const text =
      op == Operator::like || op == Operator::matches || op == Operator::is_subset || op == Operator::is_superset;
  if (text) {
    auto value = string("a string");
    if (value) values.emplace_back(std::move(*value));
    return value.has_value();
  }
  auto value = literal(op != Operator::equal && op != Operator::not_equal);
  if (value) values.push_back(std::move(*value));
  return value.has_value();
}

bool Parser::set(std::vector<Literal>& values) {
  if (!take(TokenKind::left_paren, "'(' and a list of constants")) return false;
  if (token_.kind == TokenKind::right_paren) {
    advance();
    return true;
  }
  while (true) {
    auto value = literal(false);
    if (!value) return false;
    values.push_back(std::move(*value));
    if (token_.kind != TokenKind::comma) break;
    advance();
  }
  return take(TokenKind::right_paren, "',' or ')'");
}

std::optional<Path> Parser::path() {
  Token const type = token_;
  if (type.kind != TokenKind::name && type.kind != TokenKind::hyphen_name) {
    unexpected("an object type");
    return std::nullopt;
  }
  advance();
  types_.push_back(type.text);
  Path out{std::string(type.text), {}};
  if (!take(TokenKind::colon, "':' after the object type") || !key(out.steps)) return std::nullopt;
  while (true) {
    if (token_.kind == TokenKind::dot) {
      advance();
      if (!key(out.steps)) return std::nullopt;
    } else if (token_.kind == TokenKind::left_bracket) {
      advance();
      if (!element(out.steps)) return std::nullopt;
    } else {
      return out;
    }
  }
}

bool Parser::key(std::vector<Step>& steps) {
  if (token_.kind == TokenKind::name) {
    steps.emplace_back(std::in_place_type<std::string>, token_.text);
    advance();
    return true;
  }
  if (token_.kind == TokenKind::hyphen_name) return unexpected("a property name, in quotes if it has a hyphen");
  if (token_.kind >= TokenKind::word_and) return unexpected("a property name, in quotes if it is a keyword");
  auto quoted = string("a property name");
  if (quoted) steps.emplace_back(std::move(*quoted));
  return quoted.has_value();
}

bool Parser::element(std::vector<Step>& steps) {
  if (token_.kind == TokenKind::asterisk) {
    steps.emplace_back(EveryElement{});
    advance();
  } else {
    auto const index = integer("a list index or '*'");
    if (!index) return false;
    steps.emplace_back(*index);
  }
  return take(TokenKind::right_bracket, "']'");
}

bool Parser::count_comparison() {
  if (comparisons_ == limits_.comparisons) {
    return refuse(token_, "expected at most " + std::to_string(limits_.comparisons) + " comparisons, found more",
                  "Split the pattern into several indicators.");
  }
  ++comparisons_;
  return true;
}

}  // namespace tocsin::stix::pattern
