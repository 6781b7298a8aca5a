// Address ranges and autonomous systems that organisations registered as their own. Each change stands in the audit
// trail by its number, never by its ranges, in the same transaction. Commit thread only, on the one writing connection.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

struct OwnRange {
  std::string text;        // canonical
  std::string credential;  // id of that which added it
  std::int64_t added_us = 0;
};

class RangeStore {
 public:
  virtual ~RangeStore() = default;

  // Of every organisation that has any, by text.
  [[nodiscard]] virtual core::Result<std::map<RowId, std::vector<OwnRange>>> ranges() = 0;

  [[nodiscard]] virtual core::Result<std::vector<OwnRange>> ranges_of(RowId organisation) = 0;

  // Adds those of an organisation that are not there yet, all or none, and returns how many that were. Errors: conflict
  // when it would then have more than `most`; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<std::size_t> add(RowId organisation, std::span<OwnRange const> ranges,
                                                      std::size_t most) = 0;
  // Returns how many of them were there. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<std::size_t> remove(RowId organisation, std::span<std::string const> texts) = 0;
};

}  // namespace tocsin::store
