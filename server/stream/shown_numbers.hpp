// Numbers for a collection and a class together, by which the engine that matches knows who may see what. Owned by
// Matching; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "server/match/item.hpp"
#include "server/store/campaign_store.hpp"

namespace tocsin::stream {

class ShownNumbers {
 public:
  // Given out when it is new.
  [[nodiscard]] std::uint32_t number(store::RowId collection, store::RowId class_row);
  // What somebody is shown; nothing else of the filter is set.
  [[nodiscard]] match::Filter filter(store::Sight const& sight) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<store::RowId, store::RowId>, std::uint32_t> numbers_;  // guarded by mutex_
};

}  // namespace tocsin::stream
