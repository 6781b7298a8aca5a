// Texts of lines, as C2SP has them: taking them apart. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace tocsin::log {

// Cuts a line off, without its end; nullopt when there is no whole one.
[[nodiscard]] inline std::optional<std::string_view> next_line(std::string_view& text) {
  auto const end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto const line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace tocsin::log
