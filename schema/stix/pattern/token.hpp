// Tokens of the STIX pattern language, as views into the text. A lexer belongs to one parse and one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::stix::pattern {

enum class TokenKind : std::uint8_t {
  end,
  invalid,
  name,         // [A-Za-z_][A-Za-z0-9_]*
  hyphen_name,  // the same with at least one hyphen
  integer,
  decimal,
  string,  // '…' with its quotes; escapes are well formed
  hex,     // h'…'
  binary,  // b'…'
  timestamp,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  colon,
  dot,
  comma,
  asterisk,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  word_and,  // the first of the keywords, which end the list
  word_or,
  word_not,
  word_followedby,
  word_like,
  word_matches,
  word_issuperset,
  word_issubset,
  word_exists,
  word_last,  // reserved, used by no rule
  word_in,
  word_start,
  word_stop,
  word_seconds,
  word_within,
  word_repeats,
  word_times,
  word_true,
  word_false,
};

struct Token {
  TokenKind kind;
  std::string_view text;
  std::string_view problem;  // for invalid: "expected …, found …", or "" when the character belongs to no token
};

// What a token is called in an error: its text where that is short and no value of the author, else its kind.
[[nodiscard]] std::string describe(Token const& token);

// True when `name` needs quotes neither for its characters nor for being a keyword.
[[nodiscard]] bool is_plain_name(std::string_view name);

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  // The longest token at the current place after whitespace and comments. After `end` or `invalid` there is no next.
  [[nodiscard]] Token next();

 private:
  [[nodiscard]] bool skip_blank(Token& failure);
  [[nodiscard]] Token take(TokenKind kind, std::size_t length);
  [[nodiscard]] Token invalid(std::size_t at, std::string_view problem) const;
  [[nodiscard]] Token take_name();
  [[nodiscard]] Token take_number();
  [[nodiscard]] Token take_string();
  [[nodiscard]] Token take_prefixed(TokenKind kind);
  [[nodiscard]] Token take_symbol();

  std::string_view rest_;
};

}  // namespace tocsin::stix::pattern
