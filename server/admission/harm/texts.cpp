#include "server/admission/harm/texts.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::admission::harm {
namespace {

using View = std::string_view;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
bool is_key_character(char c) { return is_alnum(c) || View("-_.~+/=").find(c) != View::npos; }

bool stands_alone(View text, std::size_t at) { return at == 0 || !is_alnum(text[at - 1]); }

// A prefix, and how many characters of a key follow it at least.
struct KeyForm {
  View prefix;
  std::size_t least;
};
constexpr KeyForm kKeyForms[] = {{"sk-", 20},  {"Bearer ", 20}, {"bearer ", 20},     {"AKIA", 16},    {"ASIA", 16},
                                 {"ghp_", 20}, {"gho_", 20},    {"github_pat_", 20}, {"xoxb-", 20},   {"xoxp-", 20},
                                 {"AIza", 30}, {"hf_", 30},     {"glpat-", 20},      {"tocsin_", 32}, {"eyJ", 40}};

// Digits among them tell a key from a sentence.
bool is_key(View rest, std::size_t least) {
  if (rest.size() < least) return false;
  auto const part = rest.substr(0, least);
  return std::ranges::all_of(part, is_key_character) && std::ranges::any_of(part, is_digit);
}

bool has_key(View text) {
  for (auto const& form : kKeyForms)
    for (auto at = text.find(form.prefix); at != text.npos; at = text.find(form.prefix, at + 1))
      if (stands_alone(text, at) && is_key(text.substr(at + form.prefix.size()), form.least)) return true;
  auto const begin = text.find("-----BEGIN ");
  return begin != text.npos && text.find("PRIVATE KEY-----", begin) != text.npos;
}

// ISO/IEC 7812-1 annex B.
bool passes_luhn(View digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int const digit = digits[digits.size() - 1 - i] - '0';
    int const weighed = i % 2 == 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 == 0;
}

// Those of the large schemes begin with 2 to 6.
bool is_card(View digits) {
  return digits.size() >= 13 && digits.size() <= 19 && digits[0] >= '2' && digits[0] <= '6' &&
         digits.find_first_not_of(digits[0]) != digits.npos && passes_luhn(digits);
}

// Groups of digits with one blank or hyphen between them, as people write long numbers.
struct Groups {
  std::vector<View> groups;
  std::size_t end = 0;
};
Groups groups_at(View text, std::size_t at) {
  Groups out{{}, at};
  while (at < text.size() && is_digit(text[at])) {
    auto const begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    out.groups.push_back(text.substr(begin, at - begin));
    out.end = at;
    if (auto const rest = text.substr(at); rest.starts_with(' ') || rest.starts_with('-')) ++at;
  }
  return out;
}

bool holds_card(std::vector<View> const& groups) {
  constexpr std::size_t kLongest = 19;
  for (std::size_t first = 0; first < groups.size(); ++first) {
    std::string digits;
    for (std::size_t i = first; i < groups.size() && digits.size() + groups[i].size() <= kLongest; ++i) {
      digits += groups[i];
      if (is_card(digits)) return true;
    }
  }
  return false;
}

bool has_card(View text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    auto const found = groups_at(text, at);
    bool const alone = stands_alone(text, at) && (found.end == text.size() || !is_letter(text[found.end]));
    if (alone && holds_card(found.groups)) return true;
    at = found.end;
  }
  return false;
}

bool is_local_character(char c) { return is_alnum(c) || View("._%+-").find(c) != View::npos; }

// A name with a dot, its last label of letters.
bool begins_with_domain(View text) {
  auto const end = std::ranges::find_if_not(text, [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
  auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (name.ends_with('.') || name.ends_with('-')) name.remove_suffix(1);
  auto const dot = name.rfind('.');
  if (dot == name.npos || dot == 0) return false;
  auto const last = name.substr(dot + 1);
  return last.size() >= 2 && std::ranges::all_of(last, is_letter);
}

bool has_email(View text) {
  constexpr std::size_t kLongestName = 256;
  for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + 1))
    if (at > 0 && is_local_character(text[at - 1]) && begins_with_domain(text.substr(at + 1, kLongestName)))
      return true;
  return false;
}

bool has_phone(View text) {
  constexpr std::size_t kLeast = 8, kMost = 15;
  for (auto at = text.find('+'); at != text.npos; at = text.find('+', at + 1)) {
    if (!stands_alone(text, at)) continue;
    std::size_t digits = 0, end = at + 1;
    while (end < text.size() && digits <= kMost && (is_digit(text[end]) || View(" -().").find(text[end]) != View::npos))
      digits += is_digit(text[end++]) ? 1 : 0;
    if (digits >= kLeast && digits <= kMost && is_digit(text[at + 1])) return true;
  }
  return false;
}

}  // namespace

Signs signs_in(View text) { return {has_key(text), has_card(text), has_email(text), has_phone(text)}; }

}  // namespace tocsin::admission::harm
