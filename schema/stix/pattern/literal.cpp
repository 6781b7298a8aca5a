// Constants of the pattern grammar: from the text of a token to its value (STIX 2.1 section 9.3).
#include <charconv>
#include <utility>

#include "schema/core/bytes.hpp"
#include "schema/stix/pattern/parser.hpp"

namespace tocsin::stix::pattern {
namespace {

// from_chars takes a minus but no plus.
std::string_view without_plus(std::string_view number) { return number.starts_with('+') ? number.substr(1) : number; }

// What stands between the quotes; `prefix` is what precedes the first of them.
std::string_view quoted(std::string_view token, std::size_t prefix) {
  return token.substr(prefix + 1, token.size() - prefix - 2);
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;  // the lexer lets a backslash stand only before \ and '
    out += text[at];
  }
  return out;
}

template <class T>
std::optional<Literal> widen(std::optional<T> value) {
  if (!value) return std::nullopt;
  return Literal(std::move(*value));
}

}  // namespace

std::optional<Literal> Parser::literal(bool ordered) {
  switch (token_.kind) {
    case TokenKind::integer:
      return widen(integer("a constant"));
    case TokenKind::decimal:
      return widen(decimal());
    case TokenKind::string:
      return widen(string("a constant"));
    case TokenKind::timestamp:
      return widen(timestamp("a constant"));
    case TokenKind::hex: {
      auto bytes = hex();
      return bytes ? std::optional<Literal>(Hex{std::move(*bytes)}) : std::nullopt;
    }
    case TokenKind::binary: {
      auto bytes = binary();
      return bytes ? std::optional<Literal>(Binary{std::move(*bytes)}) : std::nullopt;
    }
    case TokenKind::word_true:
    case TokenKind::word_false: {
      if (ordered) break;
      bool const value = token_.kind == TokenKind::word_true;
      advance();
      return Literal(value);
    }
    default:
      break;
  }
  unexpected(ordered ? "a constant that has an order" : "a constant");
  return std::nullopt;
}

std::optional<std::string> Parser::string(std::string_view expectation) {
  if (token_.kind != TokenKind::string) {
    unexpected(expectation);
    return std::nullopt;
  }
  std::string_view const text = quoted(token_.text, 0);
  advance();
  return text.contains('\\') ? unescape(text) : std::string(text);
}

std::optional<std::int64_t> Parser::integer(std::string_view expectation) {
  if (token_.kind != TokenKind::integer) {
    unexpected(expectation);
    return std::nullopt;
  }
  std::string_view const digits = without_plus(token_.text);
  std::int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
    refuse(token_, "expected an integer of 64 bits, found a larger one");
    return std::nullopt;
  }
  advance();
  return value;
}

std::optional<double> Parser::decimal() {
  std::string_view const digits = without_plus(token_.text);
  double value = 0;
  auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (read.ec != std::errc()) {
    refuse(token_, "expected a number within the range of IEEE 754 doubles, found one outside");
    return std::nullopt;
  }
  advance();
  return value;
}

std::optional<std::string> Parser::hex() {
  auto bytes = core::from_hex(quoted(token_.text, 1));
  if (!bytes) {
    refuse(token_, "expected an even number of hex digits in h'…', found something else");
    return std::nullopt;
  }
  advance();
  return bytes;
}

std::optional<std::string> Parser::binary() {
  auto bytes = core::from_base64(quoted(token_.text, 1));
  if (!bytes || bytes->empty()) {  // the grammar has no empty b''
    refuse(token_, "expected padded base64 of at least one byte in b'…', found something else");
    return std::nullopt;
  }
  advance();
  return bytes;
}

std::optional<Timestamp> Parser::timestamp(std::string_view expectation) {
  if (token_.kind != TokenKind::timestamp) {
    unexpected(expectation);
    return std::nullopt;
  }
  auto const value = Timestamp::parse(quoted(token_.text, 1));
  if (!value) {
    refuse(token_, "expected YYYY-MM-DDTHH:MM:SS[.f]Z in t'…', found something else", value.error().detail);
    return std::nullopt;
  }
  advance();
  return *value;
}

}  // namespace tocsin::stix::pattern
