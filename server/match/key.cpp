#include "server/match/key.hpp"

#include <algorithm>

#include "schema/kinds/letters.hpp"

namespace tocsin::match {
namespace {

constexpr std::size_t kLongestDomain = 253, kLongestLabel = 63, kLongestIdentifier = 256;
constexpr std::size_t kJa3Digits = 32, kJa4First = 10, kJa4Rest = 12, kJa4 = kJa4First + 2 * (1 + kJa4Rest);

std::unexpected<core::Error> wrong(std::string detail, std::string remedy) {
  return core::fail(core::Code::property_value, std::move(detail), {}, std::move(remedy));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == text.npos; }

bool is_label(std::string_view label) {
  auto const plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLongestLabel && std::ranges::all_of(label, plain);
}

core::Result<Key> domain_key(Field field, std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  auto name = kinds::lower_case(std::string(text));
  bool good = name.size() <= kLongestDomain;
  for (std::size_t at = 0, dot = 0; good && dot != name.npos; at = dot + 1) {
    dot = name.find('.', at);
    good = is_label(std::string_view(name).substr(at, dot == name.npos ? dot : dot - at));
  }
  if (!good)
    return wrong("The name is not a domain name in ASCII.", "Write an internationalised name in its xn-- form.");
  return Key{field, std::move(name)};
}

core::Result<Key> ja4_key(std::string text) {
  bool const first_only = text.size() == kJa4First;
  if (first_only) text += "_*_*";
  auto const second = std::string_view(text).substr(std::min(text.size(), kJa4First));
  bool const first_good = std::ranges::all_of(text.substr(0, kJa4First),
                                              [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  auto const part_good = [](std::string_view part) { return part.size() == kJa4Rest && is_hex(part); };
  bool const full = text.size() == kJa4 && second[0] == '_' && second[kJa4Rest + 1] == '_' &&
                    part_good(second.substr(1, kJa4Rest)) && part_good(second.substr(kJa4Rest + 2));
  bool const ends = second.starts_with("_*_") && (second == "_*_*" || part_good(second.substr(3)));
  if (!first_good || !(full || ends))
    return wrong("The fingerprint is not a JA4.", "Write it as a_b_c, or in part as a or a_*_c.");
  return Key{Field::ja4, std::move(text)};
}

}  // namespace

std::string_view name(Field field) {
  constexpr std::array<std::string_view, 10> kNames{"address", "asn",  "domain",     "email_domain", "ja3",
                                                    "ja4",     "ja4h", "user_agent", "identifier",   "prompt"};
  return kNames[static_cast<std::size_t>(field)];
}

core::Result<Key> parse_key(Field field, std::string_view text) {
  text = trimmed(text);
  switch (field) {
    case Field::email_domain:
      return domain_key(field, text.substr(text.rfind('@') + 1));  // npos + 1: from the beginning
    case Field::domain:
      return domain_key(field, text);
    case Field::ja3: {
      auto digits = kinds::lower_case(std::string(text));
      if (digits.size() != kJa3Digits || !is_hex(digits))
        return wrong("The fingerprint is not a JA3.", "Write its 32 hexadecimal digits.");
      return Key{field, std::move(digits)};
    }
    case Field::ja4:
      return ja4_key(kinds::lower_case(std::string(text)));
    case Field::ja4h:
      if (text.empty() || text.size() > kLongestIdentifier)
        return wrong("The fingerprint is not a JA4H.", "Write it as a_b_c_d.");
      return Key{field, kinds::lower_case(std::string(text))};
    case Field::user_agent:
      if (text.empty() || text.size() > kLongestUserAgent)
        return wrong("The user agent is empty or longer than 4,096 bytes.", "Leave it out.");
      return Key{field, std::string(text)};
    case Field::address:
    case Field::asn:
    case Field::identifier:
    case Field::prompt:
      break;
  }
  return wrong("The field has no values that are compared as a whole.", "Name another field.");
}

core::Result<Key> parse_identifier(std::string_view kind, std::string_view value) {
  value = trimmed(value);
  constexpr std::string_view kBetween{"\0", 1};
  if (kind.empty() || value.empty() || kind.size() + value.size() > kLongestIdentifier ||
      kind.find('\0') != kind.npos || value.find('\0') != value.npos)
    return wrong("A keyed identifier is a kind and a hash, both not empty.", "Write the hash in hexadecimal digits.");
  return Key{Field::identifier, std::string(kind).append(kBetween).append(kinds::lower_case(std::string(value)))};
}

std::array<Ja4Form, 3> forms_of_ja4(std::string_view normalised) {
  constexpr float kFirstAndLast = 0.7F, kFirst = 0.3F;
  std::string const first(normalised.substr(0, kJa4First)), all(normalised);
  if (all.size() != kJa4) return {Ja4Form{all, 1}, {}, {}};
  return {Ja4Form{all, 1}, {first + "_*" + all.substr(kJa4 - kJa4Rest - 1), kFirstAndLast}, {first + "_*_*", kFirst}};
}

}  // namespace tocsin::match
