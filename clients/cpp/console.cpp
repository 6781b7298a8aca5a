#include "clients/cpp/console.hpp"

#include "schema/core/bytes.hpp"

namespace tocsin::client {

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  bool const utf8 = core::is_utf8(text);
  bool const cut = text.size() > kLongest;
  if (cut) text = text.substr(0, kLongest);
  // A cut may not leave half a character behind.
  while (cut && !text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
  if (cut && !text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    // U+0080–U+009F are control characters as well: C2 80 … C2 9F.
    bool const high_control = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (high_control) ++i;
    out += byte < 0x20 || byte == 0x7F || high_control || (byte >= 0x80 && !utf8) ? '?' : text[i];
  }
  return cut ? out + "…" : out;
}

}  // namespace tocsin::client
