#include "schema/log/decimal.hpp"

#include <charconv>

#include "schema/log/hash.hpp"

namespace tocsin::log {

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > kMaxTreeSize) return std::nullopt;
  return value;
}

}  // namespace tocsin::log
