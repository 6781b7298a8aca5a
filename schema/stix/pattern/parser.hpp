// The recursive descent behind parse(): one token of look-ahead, one method a rule of the grammar. Private to this
// folder; a parser lives for one text on one thread. A method that returns nullopt or false has put its finding into
// error_.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/stix/pattern/parse.hpp"
#include "schema/stix/pattern/token.hpp"

namespace tocsin::stix::pattern {

class Parser {
 public:
  Parser(std::string_view text, Limits const& limits);
  [[nodiscard]] core::Result<Pattern> run();

 private:
  // Observation expressions (parse.cpp)
  [[nodiscard]] std::optional<Observation> combination(Combination::Kind kind);
  [[nodiscard]] std::optional<Observation> qualified();
  [[nodiscard]] std::optional<Observation> bracketed();
  [[nodiscard]] bool at_qualifier() const;
  [[nodiscard]] std::optional<Qualifier> qualifier();
  [[nodiscard]] std::optional<Qualifier> within();
  [[nodiscard]] std::optional<Qualifier> repeats();
  [[nodiscard]] std::optional<Qualifier> start_stop();

  // Comparison expressions (comparison.cpp)
  [[nodiscard]] std::optional<Test> disjunction();
  [[nodiscard]] std::optional<Test> conjunction();
  [[nodiscard]] std::optional<Test> comparison();
  [[nodiscard]] std::optional<Test> existence();
  [[nodiscard]] std::optional<Operator> comparison_operator(bool negated);
  [[nodiscard]] bool operand(Operator op, std::vector<Literal>& values);
  [[nodiscard]] bool set(std::vector<Literal>& values);
  [[nodiscard]] std::optional<Path> path();
  [[nodiscard]] bool key(std::vector<Step>& steps);
  [[nodiscard]] bool element(std::vector<Step>& steps);
  [[nodiscard]] bool count_comparison();
  void sort_types(std::size_t from);
  [[nodiscard]] bool narrow_types(std::size_t left, std::size_t right);

  // Constants (literal.cpp); each takes the token it reads.
  [[nodiscard]] std::optional<Literal> literal(bool ordered);
  [[nodiscard]] std::optional<std::string> string(std::string_view expectation);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view expectation);
  [[nodiscard]] std::optional<double> decimal();
  [[nodiscard]] std::optional<std::string> hex();
  [[nodiscard]] std::optional<std::string> binary();
  [[nodiscard]] std::optional<Timestamp> timestamp(std::string_view expectation);

  void advance() { token_ = lexer_.next(); }
  [[nodiscard]] bool take(TokenKind kind, std::string_view expectation);
  [[nodiscard]] bool open_paren();
  [[nodiscard]] bool close_paren(std::string_view expectation);
  // Both set error_ and return false: the current token is not what the rule wants; `at` breaks a rule of meaning.
  bool unexpected(std::string_view expectation);
  bool refuse(Token const& at, std::string_view problem, std::string_view remedy = {});

  std::string_view text_;
  Limits limits_;
  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  std::size_t comparisons_ = 0;
  // Object types that can satisfy what was read of the current brackets: each rule leaves its own at the end.
  std::vector<std::string_view> types_;
  core::Error error_;
};

}  // namespace tocsin::stix::pattern
