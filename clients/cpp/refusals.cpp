#include "clients/cpp/refusals.hpp"

#include <algorithm>

#include "clients/cpp/console.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostSentences = 1'000;  // what differs so much is said line by line

std::string text_of(std::pair<std::size_t, std::size_t> const& range) {
  auto const [first, last] = range;
  return std::to_string(first) + (first == last ? "" : "-" + std::to_string(last));
}

}  // namespace

bool Refusals::is_news(std::string const& code, std::string const& sentence, std::size_t line) {
  auto const found = lines_.find(sentence);
  if (found == lines_.end()) {
    if (lines_.size() < kMostSentences) lines_.emplace(sentence, Lines{.code = code, .first = line});
    return true;
  }
  auto& [of, first, more, ranges] = found->second;
  auto const last = ranges.empty() ? first : ranges.back().second;
  if (line <= last) return true;  // another column of the same line
  if (!ranges.empty() && line == last + 1)
    ranges.back().second = line;
  else
    ranges.emplace_back(line, line);
  ++more;
  return false;
}

std::vector<std::string> Refusals::repeated() const {
  std::vector<std::pair<std::size_t, std::string>> said;
  for (auto const& [sentence, of] : lines_) {
    if (of.more == 0) continue;
    auto text = "As line " + std::to_string(of.first) + ", " + counted(of.more, "more line is", "more lines are") +
                " refused: " + of.code + ": ";
    for (auto const& range : of.ranges) text += (&range == &of.ranges.front() ? "" : ", ") + text_of(range);
    said.emplace_back(of.first, std::move(text));
  }
  std::ranges::sort(said);
  std::vector<std::string> out;
  for (auto& [first, text] : said) out.push_back(std::move(text));
  return out;
}

}  // namespace tocsin::client
