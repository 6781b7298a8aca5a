// Indicators by what their patterns compare with LIKE and a wildcard: the rarest text between the wildcards is looked
// for by Vectorscan, all texts in one pass, and what has it is held against the whole LIKE. Owned by a Snapshot;
// written and compiled while that is made, then constant, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "server/match/indicator.hpp"
#include "server/match/pattern/text_match.hpp"
#include "server/match/set_table.hpp"

struct hs_database;

namespace tocsin::match {

class Literals {
 public:
  // Compiled of one snapshot: of each asserter as many as of another (fair_share), those that came first. Each costs
  // memory and time that whoever publishes decides on.
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kLongest = 256;  // bytes

  Literals();
  ~Literals();
  Literals(Literals&&) noexcept;
  Literals& operator=(Literals&&) noexcept;

  void add(Like const& like, IndicatorNumber indicator, SetTable& sets);
  // Some tenths of a second for all that may be: never while a question waits. Until then nothing is found.
  using AsserterOf = std::function<std::int64_t(IndicatorNumber)>;
  void compile(SetTable const& sets, AsserterOf const& asserter_of);

  // The sets of those that hold of a text: of a user agent as it is, of a name or of one above it. `shown`: whether the
  // asker sees anybody in a set; what is hidden is not held against anything, so that it shows in nothing. Whoever
  // publishes decides how much of a text is met: each that is held against it takes kCost of what is `left`. False:
  // that was too little.
  static constexpr std::size_t kCost = 16;
  using Shown = std::function<bool(SetId)>;
  [[nodiscard]] bool find(Field field, std::string_view text, Shown const& shown, std::size_t& left,
                          std::vector<SetId>& out) const;

  // Each, in the order in which they were added: each(Like, SetId).
  void each(auto const& each) const {
    for (auto const& row : rows_) each(row.like, row.set);
  }
  // The sets of those that are not looked up: without a text between wildcards, too long, too many, or not compiled.
  void each_left_out(auto const& each) const {
    for (auto const& row : rows_)
      if (!is_compiled() || !row.whole) each(row.set);
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Row {
    Like like;
    SetId set = kNobody;
    std::optional<pattern::TextMatch> whole = {};  // of those that are looked up
  };
  struct Freed {
    void operator()(hs_database* database) const;
  };

  [[nodiscard]] std::vector<std::size_t> chosen(SetTable const& sets, AsserterOf const& asserter_of) const;
  [[nodiscard]] bool is_compiled() const { return database_ != nullptr; }

  std::vector<Row> rows_;
  std::map<Like, std::size_t> places_;
  std::unique_ptr<hs_database, Freed> database_;
  std::uint64_t number_ = 0;  // of the database: no other of the process has it
};

}  // namespace tocsin::match
