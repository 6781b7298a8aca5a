#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "schema/stix/json.hpp"

namespace tocsin::stix {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

template <class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, 24> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

// The order of UTF-16 code units differs from that of UTF-8 bytes in one thing only: characters beyond U+FFFF (leads F0
// to F4) are surrogates D800 to DFFF there, below U+E000 to U+FFFF (leads EE and EF).
std::uint8_t utf16_weight(char c) {
  auto byte = static_cast<std::uint8_t>(c);
  return byte == 0xEE || byte == 0xEF ? static_cast<std::uint8_t>(byte + 0x10) : byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
  auto [left, right] = std::ranges::mismatch(a, b);
  if (left == a.end() || right == b.end()) return a.size() < b.size();
  return utf16_weight(*left) < utf16_weight(*right);
}

bool beyond_basic_plane(std::string_view name) {
  return std::ranges::any_of(name, [](char c) { return static_cast<std::uint8_t>(c) >= 0xF0; });
}

void append_member(std::string& out, Json::object_t::value_type const& member) {
  append_canonical_string(out, member.first);
  out += ':';
  append_canonical_json(out, member.second);
  out += ',';
}

void append_object(std::string& out, Json::object_t const& object) {
  out += '{';
  bool const reorder = std::ranges::any_of(object, [](auto const& member) { return beyond_basic_plane(member.first); });
  if (reorder) {
    std::vector<Json::object_t::value_type const*> members;
    members.reserve(object.size());
    for (auto const& member : object) members.push_back(&member);
    std::ranges::sort(members, [](auto* a, auto* b) { return utf16_less(a->first, b->first); });
    for (auto const* member : members) append_member(out, *member);
  } else {
    for (auto const& member : object) append_member(out, member);  // the map's byte order is the order wanted
  }
  if (object.empty()) {
    out += '}';
  } else {
    out.back() = '}';
  }
}

void append_array(std::string& out, Json::array_t const& array) {
  out += '[';
  for (auto const& element : array) {
    append_canonical_json(out, element);
    out += ',';
  }
  if (array.empty()) {
    out += ']';
  } else {
    out.back() = ']';
  }
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += "\\u00";
      out += kHex[static_cast<std::uint8_t>(c) >> 4];
      out += kHex[static_cast<std::uint8_t>(c) & 15];
  }
}

// Shortest digits that read back as the same double: value = 0.d1d2… × 10^point.
struct Digits {
  std::array<char, 24> text;
  int count = 0;
  int point = 0;
};

Digits shortest_digits(double magnitude) {
  std::array<char, 32> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, std::chars_format::scientific).ptr;
  auto mark = std::find(buffer.data(), end, 'e');
  Digits out;
  for (auto at = buffer.data(); at != mark; ++at) {
    if (*at != '.') out.text[static_cast<std::size_t>(out.count++)] = *at;
  }
  int exponent = 0;
  std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, end, exponent);
  out.point = exponent + 1;
  return out;
}

}  // namespace

void append_canonical_string(std::string& out, std::string_view utf8) {
  out += '"';
  std::size_t plain = 0;  // start of the run not copied yet
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    char const c = utf8[i];
    if (static_cast<std::uint8_t>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(utf8.substr(plain, i - plain));
    append_escape(out, c);
    plain = i + 1;
  }
  out.append(utf8.substr(plain));
  out += '"';
}

void append_canonical_number(std::string& out, double value) {
  if (value == 0) {
    out += '0';  // also for negative zero
    return;
  }
  if (value < 0) out += '-';
  auto const [text, count, point] = shortest_digits(value < 0 ? -value : value);
  std::string_view digits(text.data(), static_cast<std::size_t>(count));
  constexpr int kFixedDigits = 21, kFixedZeros = -6;
  if (count <= point && point <= kFixedDigits) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= kFixedDigits) {
    auto whole = static_cast<std::size_t>(point);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  } else if (kFixedZeros < point && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out += digits[0];
    if (count > 1) out.append(1, '.').append(digits.substr(1));
    out += 'e';
    if (point - 1 > 0) out += '+';
    append_integer(out, point - 1);
  }
}

void append_canonical_json(std::string& out, Json const& document) {
  switch (document.type()) {
    case Json::value_t::object:
      return append_object(out, *document.get_ptr<Json::object_t const*>());
    case Json::value_t::array:
      return append_array(out, *document.get_ptr<Json::array_t const*>());
    case Json::value_t::string:
      return append_canonical_string(out, *document.get_ptr<Json::string_t const*>());
    case Json::value_t::boolean:
      out += *document.get_ptr<Json::boolean_t const*>() ? "true" : "false";
      return;
    case Json::value_t::number_integer:
      return append_integer(out, *document.get_ptr<Json::number_integer_t const*>());
    case Json::value_t::number_unsigned:
      return append_integer(out, *document.get_ptr<Json::number_unsigned_t const*>());
    case Json::value_t::number_float:
      return append_canonical_number(out, *document.get_ptr<Json::number_float_t const*>());
    default:
      out += "null";
  }
}

std::string canonical_json(Json const& document) {
  std::string out;
  out.reserve(512);  // most objects need one growth at most
  append_canonical_json(out, document);
  return out;
}

}  // namespace tocsin::stix
