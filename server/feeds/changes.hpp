// What turns one list into another, line by line. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tocsin::feeds {

// Behind the first `line` lines of the older list, these lines go and those come in their place. A line is without the
// LF that ends it.
struct Change {
  std::size_t line = 0;
  std::vector<std::string_view> removed, added;
};

// Ascending and apart from each other; applied to `older`, they give `newer` byte for byte. Each of the two is empty or
// ends with LF. What is in both in the same order stays, if no line occurs twice. The changes are of the texts given.
[[nodiscard]] std::vector<Change> changes(std::string_view older, std::string_view newer);

}  // namespace tocsin::feeds
