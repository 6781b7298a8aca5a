#include "server/base/toml_text.hpp"

#include <algorithm>

namespace tocsin::base {
namespace {

constexpr auto kUnclosed = std::string_view::npos;

// Length of the string at the front of `text`, quotes included (TOML 1.0, Strings), or kUnclosed.
std::size_t string_length(std::string_view text) {
  char quote = text.front();
  bool escapes = quote == '"';
  char const triple[] = {quote, quote, quote};
  bool many_lines = text.starts_with(std::string_view(triple, 3));
  for (std::size_t at = many_lines ? 3 : 1; at < text.size(); ++at) {
    if (escapes && text[at] == '\\') {
      ++at;
    } else if (!many_lines) {
      if (text[at] == quote) return at + 1;
      if (text[at] == '\n') return kUnclosed;
    } else if (text.substr(at).starts_with(std::string_view(triple, 3))) {
      auto end = at + 3;  // up to two more quotes are the last of the content
      while (end < text.size() && end < at + 5 && text[end] == quote) ++end;
      return end;
    }
  }
  return kUnclosed;
}

// True where TOML lets a string begin: as a key, after a key's dot, as a value. A quote anywhere else is a mistake that
// the parser may read on from, so it must not hide what follows.
bool may_begin_string(std::string_view before) {
  auto last = before.find_last_not_of(" \t");
  return last == before.npos || std::string_view("\n=[{,.").contains(before[last]);
}

}  // namespace

std::optional<std::size_t> stray_non_ascii_line(std::string_view toml) {
  for (std::size_t at = 0; at < toml.size();) {
    char c = toml[at];
    auto length = std::size_t{1};
    if (static_cast<unsigned char>(c) >= 0x80) return 1 + std::ranges::count(toml.substr(0, at), '\n');
    if (c == '#') length = std::min(toml.find('\n', at), toml.size()) - at;
    if ((c == '"' || c == '\'') && may_begin_string(toml.substr(0, at))) length = string_length(toml.substr(at));
    if (length == kUnclosed) return std::nullopt;
    at += length;
  }
  return std::nullopt;
}

}  // namespace tocsin::base
