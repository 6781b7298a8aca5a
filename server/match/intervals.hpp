// Networks of one family as intervals that nothing cuts: of each the set of all that cover it, found in one probe.
// Made from rows of a network and an indicator, which may be nested, next to each other, or the same. Owned by a
// RangeIndex; constant, any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "server/match/locators.hpp"
#include "server/match/set_table.hpp"

namespace tocsin::match {

template <class Word>
struct CoveringRow {
  Word first;
  IndicatorNumber indicator;
  std::uint8_t length;  // of the prefix

  friend auto operator<=>(CoveringRow const& one, CoveringRow const& other) {
    return std::tie(one.first, one.length, one.indicator) <=> std::tie(other.first, other.length, other.indicator);
  }
  friend bool operator==(CoveringRow const&, CoveringRow const&) = default;
};

template <class Word, class Locator>
class Intervals {
 public:
  using Row = CoveringRow<Word>;

  Intervals(std::vector<Row> rows, SetTable& sets) : Intervals(cut(std::move(rows), sets)) {}

  [[nodiscard]] SetId find(Word address) const { return sets_[starts_.find(address)]; }

  // At most kAbreast addresses.
  void find(std::span<Word const> addresses, SetId* out) const {
    std::size_t at[kAbreast];
    starts_.find(addresses, at);
    for (std::size_t i = 0; i < addresses.size(); ++i) __builtin_prefetch(&sets_[at[i]]);
    for (std::size_t i = 0; i < addresses.size(); ++i) out[i] = sets_[at[i]];
  }

  // The rows that it was made from, in order. A row's set came when its interval did: an interval with a set that none
  // before it had is where that row begins, and all rows since the last such.
  void rows(SetTable const& sets, auto const& each) const {
    SetId next = first_set_;
    for (std::size_t i = 0; i < sets_.size(); ++i)
      for (; next <= sets_[i]; ++next) each(Row{starts_.start(i), sets.newest(next), lengths_[next - first_set_]});
  }

  [[nodiscard]] std::size_t bytes() const {
    return starts_.bytes() + sets_.capacity() * sizeof(SetId) + lengths_.capacity();
  }

 private:
  static constexpr unsigned kWidth = sizeof(Word) * 8;

  static Word last_of(Word first, unsigned length) {
    return length == 0 ? ~Word{0} : first | (length == kWidth ? Word{0} : ~Word{0} >> length);
  }

  // A network around the place that the sweep has reached.
  struct Open {
    Word last;
    SetId set;  // it and all around it
  };

  // What the sweep makes.
  struct Cuts {
    std::vector<Word> starts;
    std::vector<SetId> sets;
    std::vector<std::uint8_t> lengths;
    SetId first_set = kNobody;

    void cut(Word start, SetId set) {
      if (!starts.empty() && starts.back() == start) {
        starts.pop_back();
        sets.pop_back();
      }
      if (!sets.empty() && sets.back() == set) return;
      starts.push_back(start);
      sets.push_back(set);
    }

    // Closes what ends before `next`, the innermost first.
    void close(std::vector<Open>& open, Word next) {
      while (!open.empty() && open.back().last < next) close_last(open);
    }
    void close_last(std::vector<Open>& open) {
      auto const last = open.back().last;
      open.pop_back();
      if (last != ~Word{0}) cut(last + 1, open.empty() ? kNobody : open.back().set);
    }
  };

  static Cuts cut(std::vector<Row> rows, SetTable& sets) {
    if (!std::ranges::is_sorted(rows)) std::ranges::sort(rows);
    rows.erase(std::ranges::unique(rows).begin(), rows.end());
    Cuts out;
    out.first_set = sets.next();
    out.starts.reserve(2 * rows.size() + 1);
    out.sets.reserve(2 * rows.size() + 1);
    out.lengths.reserve(rows.size());
    sets.reserve(rows.size());
    out.cut(Word{0}, kNobody);
    std::vector<Open> open;
    for (auto const& row : rows) {
      out.close(open, row.first);
      auto const set = sets.add(row.indicator, open.empty() ? kNobody : open.back().set);
      open.push_back({last_of(row.first, row.length), set});
      out.cut(row.first, set);
      out.lengths.push_back(row.length);
    }
    while (!open.empty()) out.close_last(open);
    out.sets.shrink_to_fit();
    return out;
  }

  explicit Intervals(Cuts cuts)
      : starts_(std::move(cuts.starts)),
        sets_(std::move(cuts.sets)),
        lengths_(std::move(cuts.lengths)),
        first_set_(cuts.first_set) {}

  // Interval i goes from start i to before the next one; the first begins with zero.
  Locator starts_;
  std::vector<SetId> sets_;
  std::vector<std::uint8_t> lengths_;  // of row i, which came with the set first_set_ + i
  SetId first_set_;
};

}  // namespace tocsin::match
