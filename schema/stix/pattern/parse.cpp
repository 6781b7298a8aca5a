#include "schema/stix/pattern/parse.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "schema/stix/pattern/parser.hpp"

namespace tocsin::stix::pattern {
namespace {

TokenKind word(Combination::Kind kind) {
  switch (kind) {
    case Combination::Kind::followed_by:
      return TokenKind::word_followedby;
    case Combination::Kind::any:
      return TokenKind::word_or;
    case Combination::Kind::all:
      break;
  }
  return TokenKind::word_and;
}

// Adds an operand and dissolves parentheses that mean nothing, so that equal meanings have one tree.
void append(Combination& combination, Observation operand) {
  auto* inner = std::get_if<Combination>(&operand.node);
  bool const associates = combination.kind != Combination::Kind::followed_by || combination.operands.empty();
  if (inner != nullptr && inner->kind == combination.kind && operand.qualifiers.empty() && associates) {
    if (combination.operands.empty()) {
      combination.operands = std::move(inner->operands);  // keeps deep left nesting linear
    } else {
      std::ranges::move(inner->operands, std::back_inserter(combination.operands));
    }
  } else {
    combination.operands.push_back(std::move(operand));
  }
}

std::string_view word(Qualifier const& qualifier) {
  if (std::holds_alternative<Within>(qualifier)) return "WITHIN";
  return std::holds_alternative<Repeats>(qualifier) ? "REPEATS" : "START";
}

}  // namespace

core::Result<Pattern> parse(std::string_view text, Limits limits) {
  if (text.size() > limits.bytes) {
    return core::fail(core::Code::pattern_invalid,
                      "column " + std::to_string(limits.bytes + 1) + ": expected at most " +
                          std::to_string(limits.bytes) + " bytes, found " + std::to_string(text.size()),
                      "", "Split the pattern into several indicators.");
  }
  return Parser(text, limits).run();
}

Parser::Parser(std::string_view text, Limits const& limits)
    : text_(text), limits_(limits), lexer_(text), token_(lexer_.next()) {}

core::Result<Pattern> Parser::run() {
  auto root = combination(Combination::Kind::followed_by);
  if (!root) return std::unexpected(std::move(error_));
  if (token_.kind != TokenKind::end) {
    unexpected("AND, OR, FOLLOWEDBY, a qualifier or the end of the pattern");
    return std::unexpected(std::move(error_));
  }
  return Pattern{std::move(*root)};
}

// observationExpressions, observationExpressionOr, observationExpressionAnd: one shape at three precedences.
std::optional<Observation> Parser::combination(Combination::Kind kind) {
  auto operand = [&] {
    return kind == Combination::Kind::all ? qualified()
                                          : combination(static_cast<Combination::Kind>(std::to_underlying(kind) + 1));
  };
  auto first = operand();
  if (!first || token_.kind != word(kind)) return first;
  Combination out{kind, {}};
  append(out, std::move(*first));
  while (token_.kind == word(kind)) {
    advance();
    auto next = operand();
    if (!next) return std::nullopt;
    append(out, std::move(*next));
  }
  return Observation{std::move(out), {}};
}

std::optional<Observation> Parser::qualified() {
  bool const bare = token_.kind == TokenKind::left_bracket;
  auto out = bracketed();
  if (!out) return std::nullopt;
  while (at_qualifier()) {
    Token const at = token_;
    auto added = qualifier();
    if (!added) return std::nullopt;
    auto const same = [&](Qualifier const& earlier) { return earlier.index() == added->index(); };
    if (bare && std::ranges::any_of(out->qualifiers, same)) {
      refuse(at, "expected at most one " + std::string(word(*added)) + " on an observation, found a second",
             "Put the observation and its first qualifier into parentheses.");
      return std::nullopt;
    }
    out->qualifiers.push_back(*added);
  }
  return out;
}

// observationExpressionSimple and observationExpressionCompound.
std::optional<Observation> Parser::bracketed() {
  if (token_.kind == TokenKind::left_paren) {
    if (!open_paren()) return std::nullopt;
    auto inner = combination(Combination::Kind::followed_by);
    if (!inner || !close_paren("AND, OR, FOLLOWEDBY, a qualifier or ')'")) return std::nullopt;
    return inner;
  }
  if (!take(TokenKind::left_bracket, "'[' or '('")) return std::nullopt;
  types_.clear();
  auto test = disjunction();
  if (!test || !take(TokenKind::right_bracket, "AND, OR or ']'")) return std::nullopt;
  return Observation{std::move(*test), {}};
}

bool Parser::at_qualifier() const {
  return token_.kind == TokenKind::word_within || token_.kind == TokenKind::word_repeats ||
         token_.kind == TokenKind::word_start;
}

std::optional<Qualifier> Parser::qualifier() {
  TokenKind const kind = token_.kind;
  advance();
  if (kind == TokenKind::word_within) return within();
  return kind == TokenKind::word_repeats ? repeats() : start_stop();
}

std::optional<Qualifier> Parser::within() {
  Token const at = token_;
  if (token_.kind != TokenKind::integer && token_.kind != TokenKind::decimal) {
    unexpected("a number of seconds");
    return std::nullopt;
  }
  auto const seconds = decimal();
  if (!seconds) return std::nullopt;
  if (*seconds <= 0) {
    refuse(at, "expected a number of seconds above 0, found another number");
    return std::nullopt;
  }
  if (!take(TokenKind::word_seconds, "SECONDS")) return std::nullopt;
  return Within{*seconds};
}

std::optional<Qualifier> Parser::repeats() {
  Token const at = token_;
  auto const times = integer("a whole number of times");
  if (!times) return std::nullopt;
  if (*times < 1) {
    refuse(at, "expected a number of times of at least 1, found a smaller one");
    return std::nullopt;
  }
  if (!take(TokenKind::word_times, "TIMES")) return std::nullopt;
  return Repeats{*times};
}

std::optional<Qualifier> Parser::start_stop() {
  auto const start = timestamp("a timestamp t'…' after START");
  if (!start || !take(TokenKind::word_stop, "STOP")) return std::nullopt;
  Token const at = token_;
  auto const stop = timestamp("a timestamp t'…' after STOP");
  if (!stop) return std::nullopt;
  if (*stop <= *start) {
    refuse(at, "expected a STOP after the START, found one that is not");
    return std::nullopt;
  }
  return StartStop{*start, *stop};
}

bool Parser::take(TokenKind kind, std::string_view expectation) {
  if (token_.kind != kind) return unexpected(expectation);
  advance();
  return true;
}

bool Parser::open_paren() {
  if (depth_ == limits_.depth) {
    return refuse(token_, "expected at most " + std::to_string(limits_.depth) + " nested parentheses, found more");
  }
  ++depth_;
  advance();
  return true;
}

bool Parser::close_paren(std::string_view expectation) {
  --depth_;
  return take(TokenKind::right_paren, expectation);
}

bool Parser::unexpected(std::string_view expectation) {
  if (!token_.problem.empty()) return refuse(token_, token_.problem);
  return refuse(token_, "expected " + std::string(expectation) + ", found " + describe(token_));
}

bool Parser::refuse(Token const& at, std::string_view problem, std::string_view remedy) {
  auto const column = at.text.data() - text_.data() + 1;
  error_ = core::Error{core::Code::pattern_invalid, "column " + std::to_string(column) + ": " + std::string(problem),
                       "", std::string(remedy)};
  return false;
}

}  // namespace tocsin::stix::pattern
