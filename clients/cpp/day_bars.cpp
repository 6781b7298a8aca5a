#include "clients/cpp/day_bars.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>

namespace tocsin::client {
namespace {

using std::chrono::sys_days;

constexpr std::chrono::days kMonth{31};

std::optional<int> number_in(std::string_view text) {
  int out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

std::optional<sys_days> day_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto const year = number_in(text.substr(0, 4)), month = number_in(text.substr(5, 2)),
             day = number_in(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

std::string padded(unsigned number, std::size_t width) {
  auto const digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string text_of(sys_days day) {
  std::chrono::year_month_day const date(day);
  return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" + padded(static_cast<unsigned>(date.day()), 2);
}

sys_days monday_of(sys_days day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

std::string bar(std::size_t count, std::size_t most, std::size_t width) {
  if (count == 0) return {};
  return std::string(std::max<std::size_t>(1, count * width / most), '#');
}

}  // namespace

DayBars day_bars(std::span<DayCount const> days, std::size_t width) {
  std::map<sys_days, std::size_t> by_day, counts;
  for (auto const& one : days)
    if (auto const day = day_of(one.day)) by_day[*day] += one.count;
  DayBars out;
  out.by_week = !by_day.empty() && by_day.rbegin()->first - by_day.begin()->first > kMonth;
  for (auto const& [day, count] : by_day) counts[out.by_week ? monday_of(day) : day] += count;
  std::size_t most = 0;
  for (auto const& [day, count] : counts) most = std::max(most, count);
  for (auto const& [day, count] : counts) {
    auto marks = bar(count, most, width);
    marks.append(width - marks.size(), ' ');
    out.lines.push_back(text_of(day) + "  " + marks + "  " + std::to_string(count));
  }
  return out;
}

}  // namespace tocsin::client
