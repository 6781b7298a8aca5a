#include "server/match/pattern/text_match.hpp"

#include <re2/re2.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "server/match/pattern/operand.hpp"

namespace tocsin::match::pattern {
namespace {

constexpr std::int64_t kLargest = 4 * 1024 * 1024;  // bytes of a compiled expression with its cache of states

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// NFC; ASCII is left as it is by its callers. Bytes that are no UTF-8 stay what they are.
std::string normalised(std::string_view text) {
  utf8proc_uint8_t* composed = nullptr;
  auto const size =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) return std::string(text);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owned(composed, &std::free);
  return {reinterpret_cast<char const*>(composed), static_cast<std::size_t>(size)};
}

re2::RE2::Options options(bool octets) {
  re2::RE2::Options out;
  out.set_encoding(octets ? re2::RE2::Options::EncodingLatin1 : re2::RE2::Options::EncodingUTF8);
  out.set_dot_nl(true);
  out.set_never_capture(true);
  out.set_log_errors(false);
  out.set_max_mem(kLargest);
  return out;
}

std::string expression_of_like(std::string_view constant) {
  std::string out;
  std::size_t literal = 0;
  for (std::size_t at = 0; at <= constant.size(); ++at) {
    if (at < constant.size() && constant[at] != '%' && constant[at] != '_') continue;
    out += re2::RE2::QuoteMeta(re2::StringPiece(constant.data() + literal, at - literal));
    if (at < constant.size()) out += constant[at] == '%' ? ".*" : ".";
    literal = at + 1;
  }
  return out;
}

// The constant as the expression is written: octets for octets, else NFC.
std::optional<std::string> constant_text(std::string_view constant, ObjectPath::Form form) {
  if (form != ObjectPath::Form::text) return octets_of_code_points(constant);
  return normal_text(constant);
}

}  // namespace

std::string normal_text(std::string_view text) { return is_ascii(text) ? std::string(text) : normalised(text); }

std::expected<TextMatch, Unsupported> TextMatch::make(std::string_view expression, ObjectPath::Form form, bool whole) {
  TextMatch out(form);
  out.whole_ = whole;
  out.expression_ = std::make_shared<re2::RE2 const>(re2::StringPiece(expression.data(), expression.size()),
                                                     options(form != ObjectPath::Form::text));
  if (out.expression_->ok()) return out;
  if (out.expression_->error_code() == re2::RE2::ErrorPatternTooLarge)
    return std::unexpected(Unsupported{Unsupported::Reason::too_large, "The expression is too large when compiled."});
  return std::unexpected(Unsupported{Unsupported::Reason::expression,
                                     "The expression is none of RE2: it has no references back, does not look around, "
                                     "and repeats at most 1,000 times."});
}

std::expected<TextMatch, Unsupported> TextMatch::like(std::string_view constant, ObjectPath::Form form) {
  auto const text = constant_text(constant, form);
  return text ? make(expression_of_like(*text), form, true) : TextMatch(form);
}

std::expected<TextMatch, Unsupported> TextMatch::regex(std::string_view constant, ObjectPath::Form form) {
  auto const text = constant_text(constant, form);
  return text ? make(*text, form, false) : TextMatch(form);
}

std::size_t TextMatch::bytes() const {
  constexpr std::size_t kInstruction = 16;
  return expression_ ? static_cast<std::size_t>(expression_->ProgramSize()) * kInstruction : 0;
}

bool TextMatch::holds(std::string_view value) const {
  if (!expression_) return false;
  auto const anchor = whole_ ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
  auto const matches = [&](std::string_view text) {
    return expression_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), anchor, nullptr, 0);
  };
  if (form_ != ObjectPath::Form::text) {
    auto const octets = octets_of(value, form_);
    return octets && matches(*octets);
  }
  return is_ascii(value) ? matches(value) : matches(normalised(value));
}

}  // namespace tocsin::match::pattern
