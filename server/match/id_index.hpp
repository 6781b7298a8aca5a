// Indicators by their id. Owned by a Snapshot; written while that is made, then constant, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "server/match/indicator.hpp"
#include "server/match/set_table.hpp"

namespace tocsin::match {

class IdIndex {
 public:
  // Of the rows of a snapshot; an id that stands there twice leads to either.
  explicit IdIndex(std::vector<Facts> const& rows);

  [[nodiscard]] std::optional<IndicatorNumber> find(core::Uuid const& id, std::vector<Facts> const& rows) const;
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(slots_[0]); }

 private:
  [[nodiscard]] std::size_t first_place(core::Uuid const& id) const;

  std::uint64_t seed_;                // of the hash: producers choose ids
  std::vector<std::uint32_t> slots_;  // a number and one; 0: free; a power of two, at most half of them taken
};

}  // namespace tocsin::match
