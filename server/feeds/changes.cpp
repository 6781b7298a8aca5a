#include "server/feeds/changes.hpp"

#include <unordered_map>

namespace tocsin::feeds {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines out;
  for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1))
    out.push_back(text.substr(0, end));
  return out;
}

Lines part(Lines const& lines, std::size_t first, std::size_t end) {
  using Offset = Lines::difference_type;
  return {lines.begin() + static_cast<Offset>(first), lines.begin() + static_cast<Offset>(end)};
}

}  // namespace

// Lists have each line once, and in one order: so the place of a line in the older one tells what is in both, in one
// pass, however much has changed.
std::vector<Change> changes(std::string_view older, std::string_view newer) {
  auto const before = lines_of(older), after = lines_of(newer);
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < before.size(); ++i) places.emplace(before[i], i);
  std::vector<Change> out;
  std::size_t from = 0, to = 0;  // up to which both are told
  auto const tell = [&](std::size_t from_end, std::size_t to_end) {
    if (from < from_end || to < to_end) out.push_back({from, part(before, from, from_end), part(after, to, to_end)});
  };
  for (std::size_t i = 0; i < after.size(); ++i) {
    auto const found = places.find(after[i]);
    if (found == places.end() || found->second < from) continue;
    tell(found->second, i);
    from = found->second + 1;
    to = i + 1;
  }
  tell(before.size(), after.size());
  return out;
}

}  // namespace tocsin::feeds
