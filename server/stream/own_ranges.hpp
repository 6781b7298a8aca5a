// The ranges that one organisation registered, ready to be held against objects: a look at a stream of objects costs
// microseconds each, however many ranges there are. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/access/coverage.hpp"
#include "server/store/range_store.hpp"
#include "server/stream/subjects.hpp"

namespace tocsin::stream {

class OwnRanges {
 public:
  OwnRanges() = default;
  // Rows that no range can be read from, which no version of this program writes, touch nothing.
  explicit OwnRanges(std::vector<store::OwnRange> rows);

  [[nodiscard]] std::vector<store::OwnRange> const& rows() const { return rows_; }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] access::Coverage const& coverage() const { return coverage_; }

  // The ranges that the object is about, or a part of which, or which are a part of what it is about: IPv4, IPv6, then
  // numbers, each ascending. Their texts live as long as this does.
  [[nodiscard]] std::vector<std::string_view> touched_by(std::string_view type, std::string_view bytes) const;
  [[nodiscard]] std::vector<std::string_view> touched_by(Subjects const& subjects) const;

 private:
  // Networks in order, each with the narrowest other one that holds it: networks nest or are apart, so what overlaps
  // another is what holds it and what lies inside, and the latter stands together.
  struct Node {
    access::Network network;
    std::size_t row;
    std::size_t around;  // index, or kNone
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  static void link(std::vector<Node>& nodes);
  // Adds the rows that are not `seen` yet.
  static void overlapping(std::vector<Node> const& nodes, access::Network const& network, std::vector<bool>& seen,
                          std::vector<std::size_t>& found);

  std::vector<store::OwnRange> rows_;
  std::vector<Node> v4_, v6_;
  std::vector<std::pair<AsNumber, std::size_t>> numbers_;  // ascending, with the row
  access::Coverage coverage_;                              // of all of them
};

}  // namespace tocsin::stream
