// An item as STIX sees it: the observables that a pattern is held against. An index finds by one value of an indicator;
// whether all of its pattern holds is decided here. Owned by who asks; one thread.
#pragma once

#include <vector>

#include "schema/stix/json.hpp"
#include "server/match/item.hpp"
#include "server/match/pattern/observation.hpp"

namespace tocsin::match {

class ItemObservation {
 public:
  // `now_us`: when it happened, unless it says so.
  ItemObservation(Item const& item, std::int64_t now_us);

  // Whether the pattern of an indicator, which was found by this field, holds of the item. What cannot be decided does
  // not. By its prompt an item shows the template that the indicator names: how much of it is there, the score says.
  [[nodiscard]] bool meets(stix::Json const& indicator, Field by) const;

 private:
  std::int64_t const at_ns_;
  std::vector<stix::Json> observables_;
};

}  // namespace tocsin::match
