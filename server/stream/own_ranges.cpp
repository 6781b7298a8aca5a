#include "server/stream/own_ranges.hpp"

#include <algorithm>

namespace tocsin::stream {

OwnRanges::OwnRanges(std::vector<store::OwnRange> rows) : rows_(std::move(rows)) {
  std::vector<access::Network> networks;
  std::vector<AsNumber> numbers;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    auto range = parse_range(rows_[row].text, "");
    if (!range) continue;
    if (auto const* network = std::get_if<access::Network>(&*range)) {
      (network->is_v4() ? v4_ : v6_).push_back({*network, row, kNone});
      networks.push_back(*network);
    } else {
      numbers_.emplace_back(std::get<AsNumber>(*range), row);
      numbers.push_back(numbers_.back().first);
    }
  }
  coverage_ = {std::move(networks), std::move(numbers)};
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

void OwnRanges::overlapping(std::vector<Node> const& nodes, access::Network const& network, std::vector<bool>& seen,
                            std::vector<std::size_t>& found) {
  auto const add = [&](std::size_t row) {
    seen[row] = true;
    found.push_back(row);
  };
  auto const from = std::ranges::lower_bound(nodes, network, {}, &Node::network);
  auto const begin = static_cast<std::size_t>(from - nodes.begin());
  // What holds the network stands before it, around the one just before. What is around one that was seen was seen with
  // it: an object that names thousands of addresses climbs to each range once.
  auto const first = static_cast<std::ptrdiff_t>(found.size());
  for (std::size_t i = begin == 0 ? kNone : begin - 1; i != kNone && !seen[nodes[i].row]; i = nodes[i].around)
    if (nodes[i].network.contains(network)) add(nodes[i].row);
  std::reverse(found.begin() + first, found.end());
  for (std::size_t i = begin; i < nodes.size() && network.contains(nodes[i].network); ++i)
    if (!seen[nodes[i].row]) add(nodes[i].row);
}

std::vector<std::string_view> OwnRanges::touched_by(std::string_view type, std::string_view bytes) const {
  if (empty()) return {};
  return touched_by(subjects_of(type, bytes));
}

std::vector<std::string_view> OwnRanges::touched_by(Subjects const& subjects) const {
  std::vector<std::size_t> found;
  std::vector<bool> seen(rows_.size());
  for (bool v4 : {true, false})
    for (access::Network const& network : subjects.networks)
      if (network.is_v4() == v4) overlapping(v4 ? v4_ : v6_, network, seen, found);
  for (AsNumber number : subjects.numbers) {
    auto at = std::ranges::lower_bound(numbers_, number, {}, &std::pair<AsNumber, std::size_t>::first);
    if (at != numbers_.end() && at->first == number) found.push_back(at->second);
  }
  std::vector<std::string_view> out;
  for (std::size_t row : found) out.push_back(rows_[row].text);
  return out;
}

}  // namespace tocsin::stream
