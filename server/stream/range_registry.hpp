// The own ranges of every organisation, in memory and in the store. Nobody but the organisation itself is told them.
// Owned by app.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/store/range_store.hpp"
#include "server/stream/own_ranges.hpp"

namespace tocsin::stream {

inline constexpr std::size_t kMostRanges = 10'000;  // of one organisation

class RangeRegistry {
 public:
  // `documentation`: whether ranges that are reserved for documentation may be registered.
  RangeRegistry(store::RangeStore& store, bool documentation) : store_(store), documentation_(documentation) {}

  // As they are now, never null. Any thread.
  [[nodiscard]] std::shared_ptr<OwnRanges const> of(store::RowId organisation) const;

  // What the other organisations own, one after the other. Any thread.
  [[nodiscard]] std::vector<std::shared_ptr<access::Coverage const>> of_others(store::RowId organisation) const;

  // The canonical texts of what is to be added or removed, each once. Pure; any thread. Errors: bad_parameter, with the
  // place in a list at /ranges; what is removed may also be what could not be added now.
  enum class For : std::uint8_t { adding, removing };
  [[nodiscard]] core::Result<std::vector<std::string>> parse(std::vector<std::string> const& given, For what) const;

  // What a change did. The rest is for the commit thread, with texts that `parse` made; a change is in force when they
  // return. Errors: those of the store.
  struct Changed {
    std::size_t ranges = 0;  // that were added or removed: those that were there, or not, are not counted
    std::size_t total = 0;   // after it
  };
  [[nodiscard]] core::Result<void> load();
  [[nodiscard]] core::Result<Changed> add(store::RowId organisation, std::vector<std::string> const& texts,
                                          std::string const& credential, std::int64_t now_us);
  [[nodiscard]] core::Result<Changed> remove(store::RowId organisation, std::vector<std::string> const& texts);

 private:
  [[nodiscard]] core::Result<Changed> changed(store::RowId organisation, core::Result<std::size_t> ranges);

  store::RangeStore& store_;
  bool const documentation_;
  mutable std::mutex mutex_;
  std::map<store::RowId, std::shared_ptr<OwnRanges const>> ranges_;  // guarded by mutex_
};

}  // namespace tocsin::stream
