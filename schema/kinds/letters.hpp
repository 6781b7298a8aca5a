// ASCII letters. Pure; any thread.
#pragma once

#include <algorithm>
#include <string>

namespace tocsin::kinds {

[[nodiscard]] inline std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace tocsin::kinds
