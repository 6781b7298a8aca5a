#include "server/access/names.hpp"

#include <algorithm>

#include "schema/core/bytes.hpp"

namespace tocsin::access {

bool is_name(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && text.size() <= 100 && text.front() != ' ' &&
         text.back() != ' ' && core::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/';
         });
}

bool is_title(std::string_view text) {
  return is_name(text) && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ' ';
         });
}

std::string in_quotes(std::string_view word) {
  auto shown = [](char c) { return c > 0x20 && c < 0x7F && c != '"'; };
  return !word.empty() && word.size() <= 40 && std::ranges::all_of(word, shown) ? " \"" + std::string(word) + "\"" : "";
}

}  // namespace tocsin::access
