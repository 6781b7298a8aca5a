#include "clients/cpp/console.hpp"

#include <algorithm>

#include "schema/core/bytes.hpp"

namespace tocsin::client {
namespace {

// Bytes of the character at the beginning that a terminal obeys instead of showing it, or 0: a control character (of
// U+0080 to U+009F too), a separator of lines (U+2028, U+2029), or one that turns the order of what is shown (U+202A to
// U+202E, U+2066 to U+2069).
std::size_t control_at(std::string_view text) {
  auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;
  bool const turns = (byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE) ||
                     (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9);
  return byte(0) == 0xE2 && turns ? 3 : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  bool const utf8 = core::is_utf8(text);
  bool const cut = text.size() > kLongest;
  if (cut) text = text.substr(0, kLongest);
  // A cut may not leave half a character behind.
  while (cut && !text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
  if (cut && !text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
  std::string out;
  while (!text.empty()) {
    auto const control = control_at(text);
    out += control > 0 || (static_cast<unsigned char>(text[0]) >= 0x80 && !utf8) ? '?' : text[0];
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return cut ? out + "…" : out;
}

bool is_printable(std::string_view text) {
  while (!text.empty() && control_at(text) == 0) text.remove_prefix(1);
  return text.empty();
}

std::string grouped(std::uint64_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view more) {
  return grouped(number) + " " + std::string(number == 1 ? one : more);
}

}  // namespace tocsin::client
