#include "clients/cpp/day_bars.hpp"

#include "tests/support/catch.hpp"

using namespace tocsin::client;

TEST_CASE("days of a month have a bar each, as long as their part of the greatest", "[client][bars]") {
  std::vector<DayCount> const days{{"2026-02-27", 40}, {"2026-03-01", 20}, {"2026-03-30", 1}, {"2026-03-30", 0}};
  auto const bars = day_bars(days, 4);
  CHECK_FALSE(bars.by_week);
  CHECK(bars.lines == std::vector<std::string>{"2026-02-27  ####  40", "2026-03-01  ##    20", "2026-03-30  #     1"});
}

TEST_CASE("what lies further apart is added up by week, which begins on a Monday", "[client][bars]") {
  std::vector<DayCount> const days{{"2026-01-05", 1}, {"2026-01-11", 2}, {"2026-01-12", 3}, {"2026-02-06", 4}};
  auto const bars = day_bars(days, 2);
  CHECK(bars.by_week);
  CHECK(bars.lines == std::vector<std::string>{"2026-01-05  #   3", "2026-01-12  #   3", "2026-02-02  ##  4"});
}

TEST_CASE("nothing has no mark, and what is no day no line", "[client][bars]") {
  std::vector<DayCount> const days{{"2026-02-27", 0}, {"2026-02-30", 5}, {"tomorrow", 5}, {"2026-2-271", 5}};
  CHECK(day_bars(days, 2).lines == std::vector<std::string>{"2026-02-27      0"});
  CHECK(day_bars({}, 2).lines.empty());
}
