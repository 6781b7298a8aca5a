// Prompt templates by their fingerprints (schema/kinds/template_prints.hpp): a prompt meets a template of which it has
// enough, however much stands in its slots. Owned by a Snapshot; constant, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "schema/kinds/template_prints.hpp"
#include "server/match/set_table.hpp"

namespace tocsin::match {

// What an index is made from. One thread.
class Prints {
 public:
  void add(std::span<kinds::Print const> prints, IndicatorNumber indicator) {
    for (auto const print : prints) all_.emplace_back(print, indicator);
  }

 private:
  friend class PrintIndex;
  std::vector<std::pair<kinds::Print, IndicatorNumber>> all_;
};

class PrintIndex {
 public:
  // A fingerprint that more than this many templates have, and more than one in a hundred, is common.
  static constexpr std::size_t kCommon = 64;
  // Places of an index that one prompt is looked up in at most: whoever shares copies of a template, or asks for all
  // fingerprints that are popular, costs no more.
  static constexpr std::size_t kMostPostings = 1u << 20;

  PrintIndex(Prints prints, SetTable& sets);

  struct Met {
    SetId set;    // of one indicator
    float score;  // the share of its fingerprints that the prompt has
  };
  // `prompt` ascends, each once. In no order. `left`: how many postings may be looked at; those that were are taken
  // off. False: there were more, and the rarest fingerprints were looked up. Then not all is met, and a score may be
  // lower.
  [[nodiscard]] bool find(std::span<kinds::Print const> prompt, std::size_t& left, std::vector<Met>& out) const;

  // Each fingerprint of each indicator: each(Print, IndicatorNumber), in no order.
  void each(SetTable const& sets, auto const& each) const {
    for (auto const& slot : slots_)
      for (std::uint32_t at = slot.first; at < slot.first + slot.count; ++at)
        each(slot.print, sets.newest(templates_[postings_[at]].set));
    for (auto const& [print, indicator] : silent_) each(print, indicator);
  }

  [[nodiscard]] std::size_t size() const { return templates_.size(); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Template {
    SetId set;
    std::uint32_t weight;  // how many fingerprints count
  };
  struct Slot {
    kinds::Print print = 0;
    std::uint32_t first = 0, count = 0;  // of postings_; none: free
  };
  using Run = std::span<std::pair<kinds::Print, IndicatorNumber> const>;  // of one fingerprint

  [[nodiscard]] std::size_t first_place(kinds::Print print) const;
  [[nodiscard]] Slot const& slot_of(kinds::Print print) const;
  [[nodiscard]] std::vector<Slot const*> slots_of(std::span<kinds::Print const> prompt) const;
  void tell(std::vector<std::uint32_t>& met, std::vector<Met>& out) const;
  void put(kinds::Print print, std::vector<std::uint32_t> const& templates);

  std::uint64_t seed_;       // producers choose fingerprints
  std::vector<Slot> slots_;  // a power of two, at most two thirds of them taken
  std::vector<std::uint32_t> postings_;
  std::vector<Template> templates_;
  std::vector<std::pair<kinds::Print, IndicatorNumber>> silent_;  // what does not count: it is kept for the next index
};

}  // namespace tocsin::match
