// Lists of byte strings in a column: each with its length before it, in two bytes. Only for this folder; any thread.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::store::sqlite {

// None is longer than 65,535 bytes.
[[nodiscard]] inline std::string joined(std::span<std::string const> list) {
  std::string out;
  for (auto const& one : list) {
    out += static_cast<char>(one.size() >> 8 & 0xFF);
    out += static_cast<char>(one.size() & 0xFF);
    out += one;
  }
  return out;
}

// Of what joined() made.
[[nodiscard]] inline std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (text.size() >= 2) {
    std::size_t const size = static_cast<unsigned char>(text[0]) * 256u + static_cast<unsigned char>(text[1]);
    out.emplace_back(text.substr(2, size));
    text.remove_prefix(std::min(text.size(), 2 + size));
  }
  return out;
}

}  // namespace tocsin::store::sqlite
