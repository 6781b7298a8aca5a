#include "clients/logs/line_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "schema/kinds/network.hpp"
#include "schema/stix/timestamp.hpp"

namespace tocsin::logs {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

std::optional<int> parse_digits(std::string_view text) {
  int out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  bool const digits = !text.empty() && text.front() >= '0' && text.front() <= '9';
  return digits && error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

// Seconds that +hhmm or -hhmm is ahead of UTC.
std::optional<std::int64_t> parse_offset(char sign, std::string_view hours, std::string_view minutes) {
  constexpr int kMostHours = 23, kMostMinutes = 59, kHour = 3'600, kMinute = 60;
  auto const h = parse_digits(hours), m = parse_digits(minutes);
  if ((sign != '+' && sign != '-') || !h || !m || *h > kMostHours || *m > kMostMinutes) return std::nullopt;
  return (sign == '-' ? -1 : 1) * (std::int64_t{*h} * kHour + std::int64_t{*m} * kMinute);
}

std::optional<std::int64_t> parse_utc(std::string const& text, std::int64_t ahead) {
  auto const at = stix::Timestamp::parse(text);
  return at ? std::optional(at->microseconds() - ahead * kSecond) : std::nullopt;
}

// 2026-10-10T13:55:36-07:00
std::optional<std::int64_t> parse_iso(std::string_view text) {
  if (text.ends_with('Z')) return parse_utc(std::string(text), 0);
  constexpr std::size_t kTail = 6;
  if (text.size() <= kTail) return std::nullopt;
  auto const tail = text.substr(text.size() - kTail);
  auto const ahead = tail[3] == ':' ? parse_offset(tail[0], tail.substr(1, 2), tail.substr(4)) : std::nullopt;
  return ahead ? parse_utc(std::string(text.substr(0, text.size() - kTail)) + "Z", *ahead) : std::nullopt;
}

// 10/Oct/2026:13:55:36 -0700
std::optional<std::int64_t> parse_local(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::size_t kLength = 26;
  if (text.size() != kLength || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' ')
    return std::nullopt;
  auto const month = std::ranges::find(kMonths, text.substr(3, 3));
  auto const ahead = parse_offset(text[21], text.substr(22, 2), text.substr(24));
  if (month == kMonths.end() || !ahead) return std::nullopt;
  auto const number = std::to_string(month - kMonths.begin() + 1);
  return parse_utc(std::string(text.substr(7, 4)) + "-" + (number.size() == 1 ? "0" : "") + number + "-" +
                       std::string(text.substr(0, 2)) + "T" + std::string(text.substr(12, 8)) + "Z",
                   *ahead);
}

// Of this century's times none is both more than the first in seconds and less than it in milliseconds.
std::optional<std::int64_t> parse_number(std::string_view text) {
  constexpr double kMostSeconds = 1e11, kMostMilliseconds = 1e14, kMost = 1e17;
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0) || value >= kMost) return std::nullopt;
  double const scale = value < kMostSeconds ? 1e6 : value < kMostMilliseconds ? 1e3 : 1;
  return static_cast<std::int64_t>(value * scale + 0.5);
}

std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    return end == text.npos ? std::string_view() : text.substr(1, end - 1);
  }
  auto const colon = text.find(':');
  return colon != text.npos && text.find(':', colon + 1) == text.npos ? text.substr(0, colon) : text;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  constexpr std::int64_t kYear10000 = 253'402'300'800 * kSecond;
  auto const at = text.contains('T') ? parse_iso(text) : text.contains('/') ? parse_local(text) : parse_number(text);
  return at && *at >= 0 && *at < kYear10000 ? at : std::nullopt;  // an offset may lead beyond
}

std::optional<match::IpAddress> parse_address(std::string_view text) {
  auto const address = without_port(text);
  if (address.contains('/')) return std::nullopt;
  auto const parsed = kinds::parse_networks(address);
  if (!parsed || parsed->all.size() != 1 || !parsed->all.front().single()) return std::nullopt;
  return match::address_of(parsed->all.front());
}

}  // namespace tocsin::logs
