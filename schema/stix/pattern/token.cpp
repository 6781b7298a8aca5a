#include "schema/stix/pattern/token.hpp"

#include <array>
#include <utility>

#include "schema/core/bytes.hpp"

namespace tocsin::stix::pattern {
namespace {

constexpr std::size_t kShownName = 24;

constexpr std::array kWords{
    std::pair{std::string_view("AND"), TokenKind::word_and},
    std::pair{std::string_view("OR"), TokenKind::word_or},
    std::pair{std::string_view("NOT"), TokenKind::word_not},
    std::pair{std::string_view("IN"), TokenKind::word_in},
    std::pair{std::string_view("LIKE"), TokenKind::word_like},
    std::pair{std::string_view("MATCHES"), TokenKind::word_matches},
    std::pair{std::string_view("ISSUBSET"), TokenKind::word_issubset},
    std::pair{std::string_view("ISSUPERSET"), TokenKind::word_issuperset},
    std::pair{std::string_view("EXISTS"), TokenKind::word_exists},
    std::pair{std::string_view("LAST"), TokenKind::word_last},
    std::pair{std::string_view("FOLLOWEDBY"), TokenKind::word_followedby},
    std::pair{std::string_view("START"), TokenKind::word_start},
    std::pair{std::string_view("STOP"), TokenKind::word_stop},
    std::pair{std::string_view("SECONDS"), TokenKind::word_seconds},
    std::pair{std::string_view("WITHIN"), TokenKind::word_within},
    std::pair{std::string_view("REPEATS"), TokenKind::word_repeats},
    std::pair{std::string_view("TIMES"), TokenKind::word_times},
    std::pair{std::string_view("true"), TokenKind::word_true},
    std::pair{std::string_view("false"), TokenKind::word_false},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

TokenKind name_kind(std::string_view name) {
  // Keywords are upper case but for true and false: most names are told apart by their first letter.
  bool const candidate = (name[0] >= 'A' && name[0] <= 'Z') || name[0] == 't' || name[0] == 'f';
  if (candidate) {
    for (auto const& [word, kind] : kWords) {
      if (word == name) return kind;
    }
  }
  return TokenKind::name;
}

// Length of the blank character at the start of `text`, 0 if there is none. The grammar names these characters one by
// one.
std::size_t blank_length(std::string_view text) {
  switch (text[0]) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '\v':
    case '\f':
      return 1;
    case '\xC2':
      return text.starts_with("\xC2\x85") || text.starts_with("\xC2\xA0") ? 2 : 0;
    case '\xE1':
      return text.starts_with("\xE1\x9A\x80") ? 3 : 0;
    case '\xE2': {
      if (text.starts_with("\xE2\x81\x9F")) return 3;
      if (!text.starts_with("\xE2\x80") || text.size() < 3) return 0;
      auto const last = static_cast<unsigned char>(text[2]);
      return (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0;
    }
    case '\xE3':
      return text.starts_with("\xE3\x80\x80") ? 3 : 0;
    default:
      return 0;
  }
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

std::string describe(Token const& token) {
  switch (token.kind) {
    case TokenKind::end:
      return "the end of the pattern";
    case TokenKind::integer:
    case TokenKind::decimal:
      return "a number";
    case TokenKind::string:
      return "a string";
    case TokenKind::hex:
      return "a hex constant";
    case TokenKind::binary:
      return "a base64 constant";
    case TokenKind::timestamp:
      return "a timestamp";
    case TokenKind::invalid: {
      auto const byte = static_cast<unsigned char>(token.text[0]);
      if (byte < 0x20 || byte > 0x7E) return "the byte 0x" + core::to_hex(token.text.substr(0, 1));
      return in_quotes(token.text.substr(0, 1));
    }
    default:
      return token.text.size() <= kShownName ? in_quotes(token.text) : "a long name";
  }
}

bool is_plain_name(std::string_view name) {
  if (name.empty() || !is_name_start(name[0])) return false;
  for (char const c : name) {
    if (!is_name_part(c)) return false;
  }
  return name_kind(name) == TokenKind::name;
}

Token Lexer::next() {
  Token failure{TokenKind::invalid, {}, {}};
  if (!skip_blank(failure)) return failure;
  if (rest_.empty()) return take(TokenKind::end, 0);
  char const c = rest_[0];
  char const following = rest_.size() > 1 ? rest_[1] : '\0';
  if (following == '\'') {
    if (c == 'h') return take_prefixed(TokenKind::hex);
    if (c == 'b') return take_prefixed(TokenKind::binary);
    if (c == 't') return take_prefixed(TokenKind::timestamp);
  }
  if (is_name_start(c)) return take_name();
  if (c == '\'') return take_string();
  if (is_digit(c) || c == '+' || c == '-' || (c == '.' && is_digit(following))) return take_number();
  return take_symbol();
}

// False with `failure` filled when a comment is not closed.
bool Lexer::skip_blank(Token& failure) {
  while (!rest_.empty()) {
    if (std::size_t const length = blank_length(rest_); length > 0) {
      rest_.remove_prefix(length);
    } else if (rest_.starts_with("/*")) {
      std::size_t const close = rest_.find("*/", 2);
      if (close == std::string_view::npos) {
        failure = invalid(0, "expected */ to close this comment, found the end of the pattern");
        return false;
      }
      rest_.remove_prefix(close + 2);
    } else if (rest_.starts_with("//")) {
      std::size_t const line_end = rest_.find_first_of("\r\n");
      rest_.remove_prefix(line_end == std::string_view::npos ? rest_.size() : line_end);
    } else {
      break;
    }
  }
  return true;
}

Token Lexer::take(TokenKind kind, std::size_t length) {
  Token const token{kind, rest_.substr(0, length), {}};
  rest_.remove_prefix(length);
  return token;
}

Token Lexer::invalid(std::size_t at, std::string_view problem) const {
  return Token{TokenKind::invalid, rest_.substr(at, 1), problem};
}

Token Lexer::take_name() {
  std::size_t length = 1;
  bool hyphen = false;
  while (length < rest_.size() && (is_name_part(rest_[length]) || rest_[length] == '-')) {
    hyphen = hyphen || rest_[length] == '-';
    ++length;
  }
  return take(hyphen ? TokenKind::hyphen_name : name_kind(rest_.substr(0, length)), length);
}

Token Lexer::take_number() {
  std::size_t const first = rest_[0] == '+' || rest_[0] == '-' ? 1 : 0;
  std::size_t at = first;
  while (at < rest_.size() && is_digit(rest_[at])) ++at;
  std::size_t const digits = at - first;
  if (at + 1 < rest_.size() && rest_[at] == '.' && is_digit(rest_[at + 1])) {
    ++at;
    while (at < rest_.size() && is_digit(rest_[at])) ++at;
    return take(TokenKind::decimal, at);
  }
  if (digits == 0) return invalid(0, "");  // a sign alone
  if (digits > 1 && rest_[first] == '0') {
    return invalid(0, "expected an integer without leading zeros, found one with them");
  }
  return take(TokenKind::integer, at);
}

Token Lexer::take_string() {
  for (std::size_t at = 1; at < rest_.size(); ++at) {
    if (rest_[at] == '\'') {
      if (!core::is_utf8(rest_.substr(0, at))) return invalid(0, "expected UTF-8 in this string, found other bytes");
      return take(TokenKind::string, at + 1);
    }
    if (rest_[at] != '\\') continue;
    ++at;
    if (at == rest_.size() || (rest_[at] != '\'' && rest_[at] != '\\')) {
      return invalid(at - 1, R"(expected \' or \\ in a string, found another use of \)");
    }
  }
  return invalid(0, "expected a quote to close this string, found the end of the pattern");
}

Token Lexer::take_prefixed(TokenKind kind) {
  std::size_t const close = rest_.find('\'', 2);
  if (close == std::string_view::npos) {
    return invalid(0, "expected a quote to close this constant, found the end of the pattern");
  }
  return take(kind, close + 1);
}

Token Lexer::take_symbol() {
  char const c = rest_[0];
  char const following = rest_.size() > 1 ? rest_[1] : '\0';
  switch (c) {
    case '[':
      return take(TokenKind::left_bracket, 1);
    case ']':
      return take(TokenKind::right_bracket, 1);
    case '(':
      return take(TokenKind::left_paren, 1);
    case ')':
      return take(TokenKind::right_paren, 1);
    case ':':
      return take(TokenKind::colon, 1);
    case '.':
      return take(TokenKind::dot, 1);
    case ',':
      return take(TokenKind::comma, 1);
    case '*':
      return take(TokenKind::asterisk, 1);
    case '=':
      return take(TokenKind::equal, following == '=' ? 2 : 1);
    case '<':
      if (following == '>') return take(TokenKind::not_equal, 2);
      return following == '=' ? take(TokenKind::less_equal, 2) : take(TokenKind::less, 1);
    case '>':
      return following == '=' ? take(TokenKind::greater_equal, 2) : take(TokenKind::greater, 1);
    case '!':
      return following == '=' ? take(TokenKind::not_equal, 2) : invalid(0, "");
    default:
      return invalid(0, "");
  }
}

}  // namespace tocsin::stix::pattern
