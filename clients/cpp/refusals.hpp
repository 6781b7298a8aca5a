// What was refused of the lines of one file, so that a sentence about thousands of them is said once. Owned by a
// command; one thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::client {

class Refusals {
 public:
  // Whether this is to be said now; if not, `repeated` will say that it holds of the line, too. Lines ascend.
  [[nodiscard]] bool is_news(std::string const& code, std::string const& sentence, std::size_t line);
  // "As line 1, 3 more lines are refused: value-too-broad: 2-4", for each sentence that holds of several, by their
  // first lines.
  [[nodiscard]] std::vector<std::string> repeated() const;

 private:
  struct Lines {
    std::string code{};
    std::size_t first = 0;
    std::size_t more = 0;
    std::vector<std::pair<std::size_t, std::size_t>> ranges{};  // of those after the first, both ends within
  };

  std::map<std::string, Lines, std::less<>> lines_;  // by sentence
};

}  // namespace tocsin::client
