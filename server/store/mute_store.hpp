// What organisations muted for themselves. Each change stands in the audit trail by its kind, never by its value or
// reason, in the same transaction. Commit thread only, on the one writing connection.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

struct Mute {
  std::string subject;  // "indicator--UUID", or the key that a search finds the value by
  std::string kind;     // of the value; "" of an indicator
  std::string value;    // as it was given, or the indicator's id
  std::string because;
  std::optional<std::int64_t> until_us;  // absent: for good
  std::string credential;                // id of that which muted it
  std::int64_t added_us = 0;
};

class MuteStore {
 public:
  virtual ~MuteStore() = default;

  // Of every organisation that has any.
  [[nodiscard]] virtual core::Result<std::map<RowId, std::vector<Mute>>> mutes() = 0;

  // Takes the place of one with the same subject; those that ended before it was added go. Errors: conflict when there
  // would then be more than `most`; storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> add(RowId organisation, Mute const& mute, std::size_t most) = 0;
  // Whether it was there. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<bool> remove(RowId organisation, std::string const& subject) = 0;
  [[nodiscard]] virtual core::Result<std::vector<Mute>> mutes_of(RowId organisation) = 0;
};

}  // namespace tocsin::store
