#include <algorithm>
#include <array>

#include "clients/logs/line_mapper.hpp"

namespace tocsin::logs {

std::optional<Format> recognise(std::string_view line) {
  constexpr std::array<std::string_view, 6> kBalanced{"http", "https", "h2", "grpcs", "ws", "wss"};
  auto const begin = line.find_first_not_of(" \t");
  if (begin == line.npos) return std::nullopt;
  if (line[begin] == '{') {
    if (line.contains("\"downstream_remote_address\"")) return Format::envoy;
    return line.contains("\"remote_addr\"") ? Format::nginx_json : Format::gateway;
  }
  bool const balanced = std::ranges::find(kBalanced, line.substr(0, line.find(' '))) != kBalanced.end();
  return balanced ? std::optional(Format::alb) : std::nullopt;
}

}  // namespace tocsin::logs
