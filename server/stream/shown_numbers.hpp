// Numbers for a collection, a class and a kind together, by which the engine that matches knows who may see what. Owned
// by Matching; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "server/match/item.hpp"
#include "server/store/campaign_store.hpp"

namespace tocsin::stream {

class ShownNumbers {
 public:
  // Given out when it is new.
  [[nodiscard]] std::uint32_t number(store::RowId collection, store::RowId class_row, std::string_view kind);
  // What somebody is shown; nothing else of the filter is set.
  [[nodiscard]] match::Filter filter(store::Sight const& sight) const;

 private:
  struct What {
    store::RowId collection, class_row;
    std::string kind;
    auto operator<=>(What const&) const = default;
  };
  mutable std::mutex mutex_;
  std::map<What, std::uint32_t> numbers_;  // guarded by mutex_
};

}  // namespace tocsin::stream
