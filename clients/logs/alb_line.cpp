#include <array>
#include <string>

#include "clients/logs/line_mapper.hpp"
#include "clients/logs/line_values.hpp"

namespace tocsin::logs {
namespace {

// Places of the documented fields of an entry, from 0; later versions append more.
constexpr std::size_t kTime = 1, kClient = 3, kUserAgent = 13, kCounted = 14;

// The field that a text begins with, taken off it: up to a blank, or between quotes, in which \" and \xHH stand for
// what cannot. nullopt: a quote is never closed.
std::optional<std::string_view> take_field(std::string_view& text) {
  auto const quoted = text.starts_with('"');
  auto at = quoted ? std::size_t{1} : 0;
  while (at < text.size() && text[at] != (quoted ? '"' : ' ')) at += quoted && text[at] == '\\' ? 2 : 1;
  if (quoted && at >= text.size()) return std::nullopt;
  auto const out = text.substr(quoted ? 1 : 0, at - (quoted ? 1 : 0));
  text.remove_prefix(std::min(text.size(), at + (quoted ? 2 : 1)));
  return out;
}

std::optional<std::array<std::string_view, kCounted>> fields_of(std::string_view line) {
  std::array<std::string_view, kCounted> out;
  for (auto& field : out) {
    auto const taken = take_field(line);
    if (!taken || taken->empty()) return std::nullopt;
    field = *taken;
  }
  return out;
}

int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  auto const lower = static_cast<char>(byte | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    ++at;
    auto const high = text[at] == 'x' && at + 2 < text.size() ? digit_of(text[at + 1]) : -1;
    auto const low = high >= 0 ? digit_of(text[at + 2]) : -1;
    if (low >= 0) at += 2;
    out += low >= 0 ? static_cast<char>(high * 16 + low) : text[at];
  }
  return out;
}

}  // namespace

core::Result<AccessRecord> map_alb_line(std::string_view line) {
  auto const fields = fields_of(line);
  if (!fields) return core::fail(core::Code::property_missing, "It has fewer fields than an entry of a load balancer.");
  AccessRecord out;
  auto const at = parse_time((*fields)[kTime]);
  if (!at) return core::fail(core::Code::property_value, "Its time cannot be read.");
  out.at_us = *at;
  out.address = parse_address((*fields)[kClient]);
  if (!out.address) return core::fail(core::Code::property_value, "Its address is none.");
  if ((*fields)[kUserAgent] != "-") out.user_agent = unescaped((*fields)[kUserAgent]);
  return out;
}

}  // namespace tocsin::logs
