// An item as STIX sees it: the observables that a pattern is held against. An index finds by one value of an indicator;
// whether all of its pattern holds is decided here. Owned by who asks; one thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "schema/stix/json.hpp"
#include "server/match/item.hpp"
#include "server/match/pattern/observation.hpp"
#include "server/match/pattern/pattern.hpp"

namespace tocsin::match {

// The pattern of an indicator, once for all the items that it is held against; nullopt: it has none that can be
// evaluated here.
[[nodiscard]] std::optional<pattern::Pattern> pattern_of(stix::Json const& indicator);

// What a prompt shows of the templates that an indicator names, when the indicator was found by it: how much of them is
// there, the score says.
[[nodiscard]] std::vector<stix::Json> templates_of(stix::Json const& indicator);

class ItemObservation {
 public:
  // `now_us`: when it happened, unless it says so.
  ItemObservation(Item const& item, std::int64_t now_us);

  ItemObservation(ItemObservation const&) = delete;
  ItemObservation& operator=(ItemObservation const&) = delete;

  // Whether the pattern holds of the item. What cannot be decided does not.
  [[nodiscard]] bool meets(pattern::Pattern const& pattern) const;
  // The same when the item shows these observables besides.
  [[nodiscard]] bool meets(pattern::Pattern const& pattern, std::span<stix::Json const> more) const;

 private:
  std::vector<stix::Json> const observables_;
  pattern::Observation const observation_;  // of these
};

}  // namespace tocsin::match
