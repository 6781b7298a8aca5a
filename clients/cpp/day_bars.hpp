// Counts by day as bars of a terminal: by day while they lie within a month, else by week. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tocsin::client {

struct DayCount {
  std::string day;  // YYYY-MM-DD; of another form it is left out
  std::size_t count = 0;
};

struct DayBars {
  bool by_week = false;
  std::vector<std::string> lines;  // day, or the Monday of the week; a bar of up to `width` marks; the count
};

// `days` ascend. What is more than nothing has a mark.
[[nodiscard]] DayBars day_bars(std::span<DayCount const> days, std::size_t width);

}  // namespace tocsin::client
