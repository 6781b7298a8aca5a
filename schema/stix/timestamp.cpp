#include "schema/stix/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <limits>

namespace tocsin::stix {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;        // nanoseconds
constexpr std::int64_t kEndOfYears = 253'402'300'800;  // 10000-01-01T00:00:00Z, the first second that has no text
constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
constexpr std::size_t kFractionDigits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::unexpected<core::Error> invalid(std::string rule) {
  return core::fail(core::Code::timestamp_invalid, "The timestamp is invalid: " + std::move(rule) + ".", {},
                    "Write UTC as YYYY-MM-DDTHH:MM:SS.sssZ.");
}

// Digits that are known to be digits.
int number(std::string_view digits) {
  int out = 0;
  for (char c : digits) out = out * 10 + (c - '0');
  return out;
}

// How many characters have the shape of a date and time of day.
std::size_t shape_length(std::string_view text) {
  std::size_t i = 0;
  while (i < kShape.size() && i < text.size() && (kShape[i] == 'd' ? is_digit(text[i]) : text[i] == kShape[i])) ++i;
  return i;
}

// Nanoseconds of ".f…Z" or "Z".
core::Result<std::int32_t> parse_fraction(std::string_view rest) {
  if (rest == "Z") return 0;
  if (!rest.starts_with('.')) {
    return invalid(rest == "z" ? "the Z must be upper case" : "after the seconds comes a fraction or the letter Z");
  }
  rest.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (rest.substr(digits) != "Z") return invalid("it must end with the letter Z, which means UTC");
  if (digits == 0) return invalid("the decimal point needs digits after it");
  if (digits > kFractionDigits) return invalid("the seconds have more than nine decimals");
  int out = number(rest.substr(0, digits));
  for (std::size_t i = digits; i < kFractionDigits; ++i) out *= 10;
  return out;
}

struct Floored {
  std::int64_t quotient;
  std::int64_t rest;  // never negative
};

Floored floor_divide(std::int64_t value, std::int64_t divisor) {
  Floored out{value / divisor, value % divisor};
  return out.rest < 0 ? Floored{out.quotient - 1, out.rest + divisor} : out;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  char buffer[20];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  auto length = static_cast<std::size_t>(end - buffer);
  if (length < width) out.append(width - length, '0');
  out.append(buffer, end);
}

// YYYY-MM-DDTHH:MM:SS.fffffffff
std::string full_text(std::int64_t seconds, std::int32_t nanoseconds) {
  std::chrono::sys_seconds instant{std::chrono::seconds(seconds)};
  auto day = std::chrono::floor<std::chrono::days>(instant);
  std::chrono::year_month_day date(day);
  std::chrono::hh_mm_ss time(instant - day);
  std::string out;
  out.reserve(kShape.size() + 1 + kFractionDigits + 1);
  append_padded(out, int{date.year()}, 4);
  append_padded(out += '-', unsigned{date.month()}, 2);
  append_padded(out += '-', unsigned{date.day()}, 2);
  append_padded(out += 'T', time.hours().count(), 2);
  append_padded(out += ':', time.minutes().count(), 2);
  append_padded(out += ':', time.seconds().count(), 2);
  append_padded(out += '.', nanoseconds, kFractionDigits);
  return out;
}

}  // namespace

core::Result<Timestamp> Timestamp::parse(std::string_view text) {
  namespace chrono = std::chrono;
  if (auto good = shape_length(text); good < kShape.size()) {
    return invalid("character " + std::to_string(good + 1) + " is not that of YYYY-MM-DDTHH:MM:SS");
  }
  auto const field = [&](std::size_t at, std::size_t length) { return number(text.substr(at, length)); };
  chrono::year_month_day const date(chrono::year(field(0, 4)), chrono::month(static_cast<unsigned>(field(5, 2))),
                                    chrono::day(static_cast<unsigned>(field(8, 2))));
  int const hour = field(11, 2), minute = field(14, 2), second = field(17, 2);
  if (!date.month().ok()) return invalid("months go from 01 to 12");
  if (!date.ok()) return invalid("the month has no such day");
  if (hour > 23) return invalid("hours go from 00 to 23");
  if (minute > 59) return invalid("minutes go from 00 to 59");
  // Leap seconds are inserted at the end of a month of UTC and nowhere else (RFC 3339 section 5.7).
  bool const may_leap = hour == 23 && minute == 59 && date == date.year() / date.month() / chrono::last;
  if (second > (may_leap ? 60 : 59)) return invalid("there is no such second in that minute");
  auto fraction = parse_fraction(text.substr(kShape.size()));
  if (!fraction) return std::unexpected(std::move(fraction.error()));
  std::int64_t const days = chrono::sys_days(date).time_since_epoch().count();
  std::int64_t const seconds = days * 86'400 + hour * 3'600 + minute * 60 + second;
  if (seconds >= kEndOfYears) return invalid("it is after the year 9999");
  return Timestamp(seconds, *fraction);
}

Timestamp Timestamp::from_nanoseconds(std::int64_t since_epoch) {
  auto const [seconds, rest] = floor_divide(since_epoch, kSecond);
  return {seconds, static_cast<std::int32_t>(rest)};
}

Timestamp Timestamp::from_microseconds(std::int64_t since_epoch) {
  auto const [seconds, rest] = floor_divide(since_epoch, 1'000'000);
  return {seconds, static_cast<std::int32_t>(rest * 1'000)};
}

bool Timestamp::has_key() const {
  static Timestamp const first = from_nanoseconds(std::numeric_limits<std::int64_t>::min());
  static Timestamp const last = from_nanoseconds(std::numeric_limits<std::int64_t>::max());
  return first <= *this && *this <= last;
}

std::int64_t Timestamp::key() const {
  // Before 1970 the whole seconds alone may lie outside the range that the sum is in.
  if (seconds_ < 0) return (seconds_ + 1) * kSecond + (nanoseconds_ - kSecond);
  return seconds_ * kSecond + nanoseconds_;
}

std::string Timestamp::text_microseconds() const {
  std::string out = full_text(seconds_, nanoseconds_);
  out.resize(out.size() - 3);
  return out += 'Z';
}

std::string Timestamp::text() const {
  std::string out = full_text(seconds_, nanoseconds_);
  for (int dropped = 0; dropped < 6 && out.back() == '0'; ++dropped) out.pop_back();
  return out += 'Z';
}

}  // namespace tocsin::stix
