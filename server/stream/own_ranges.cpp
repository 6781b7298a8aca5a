#include "server/stream/own_ranges.hpp"

#include <algorithm>

namespace tocsin::stream {

OwnRanges::OwnRanges(std::vector<store::OwnRange> rows) : rows_(std::move(rows)) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    auto range = parse_range(rows_[row].text, "");
    if (!range) continue;
    if (auto const* network = std::get_if<access::Network>(&*range))
      (network->is_v4() ? v4_ : v6_).push_back({*network, row, kNone});
    else
      numbers_.emplace_back(std::get<AsNumber>(*range), row);
  }
  link(v4_);
  link(v6_);
  std::ranges::sort(numbers_);
}

void OwnRanges::link(std::vector<Node>& nodes) {
  std::ranges::sort(nodes, {}, &Node::network);
  std::size_t around = kNone;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    while (around != kNone && !nodes[around].network.contains(nodes[i].network)) around = nodes[around].around;
    nodes[i].around = around;
    around = i;
  }
}

void OwnRanges::overlapping(std::vector<Node> const& nodes, access::Network const& network,
                            std::vector<std::size_t>& found) {
  auto const from = std::ranges::lower_bound(nodes, network, {}, &Node::network);
  auto const begin = static_cast<std::size_t>(from - nodes.begin());
  // What holds the network stands before it, around the one just before.
  auto const first = static_cast<std::ptrdiff_t>(found.size());
  for (std::size_t i = begin == 0 ? kNone : begin - 1; i != kNone; i = nodes[i].around)
    if (nodes[i].network.contains(network)) found.push_back(nodes[i].row);
  std::reverse(found.begin() + first, found.end());
  for (std::size_t i = begin; i < nodes.size() && network.contains(nodes[i].network); ++i)
    found.push_back(nodes[i].row);
}

std::vector<std::string_view> OwnRanges::touched_by(std::string_view type, std::string_view bytes) const {
  if (empty()) return {};
  return touched_by(subjects_of(type, bytes));
}

std::vector<std::string_view> OwnRanges::touched_by(Subjects const& subjects) const {
  std::vector<std::size_t> found;
  for (bool v4 : {true, false})
    for (access::Network const& network : subjects.networks)
      if (network.is_v4() == v4) overlapping(v4 ? v4_ : v6_, network, found);
  for (AsNumber number : subjects.numbers) {
    auto at = std::ranges::lower_bound(numbers_, number, {}, &std::pair<AsNumber, std::size_t>::first);
    if (at != numbers_.end() && at->first == number) found.push_back(at->second);
  }
  if (found.empty()) return {};
  // Networks that lie in one range find it each.
  std::vector<bool> seen(rows_.size());
  std::vector<std::string_view> out;
  for (std::size_t row : found) {
    if (seen[row]) continue;
    seen[row] = true;
    out.push_back(rows_[row].text);
  }
  return out;
}

}  // namespace tocsin::stream
