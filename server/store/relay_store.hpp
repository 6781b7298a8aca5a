// What is kept so that logs of other instances can be handed on, to whom they are, and what shows that somebody handed
// on what he may not. Commit thread only, on the one writing connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/openings.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

// An entry of an origin's data log that a relay opened and may not hand on.
struct Misrelayed {
  std::string relay;   // the peer's name
  std::string origin;  // of the data log
  std::uint64_t index = 0;
  std::string text;  // what shows it
  std::int64_t found_us = 0;
};

// Of a relay. An entry is as large as an object may be anywhere, and the relay chooses which it opens.
inline constexpr std::size_t kMostMisrelayed = 10;

// Who reads a log of another instance through this one.
struct Dependent {
  std::string log;            // the origin of its own data log
  std::uint64_t applied = 0;  // entries of the origin's control log, as its receipt says; 0: none yet
  std::string said;           // what it says of those behind it (schema/log/dependents.hpp); "": nothing
};

class RelayStore {
 public:
  virtual ~RelayStore() = default;

  // Entries of the control log of an origin, as they reproduced their leaves; those that are kept stay. Errors:
  // storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> keep_control(RowId origin, std::span<log::OpenedEntry const> entries) = 0;

  // With the audit trail's entry, in one transaction. False: it is kept already, enough
  // is, or its origin erased it. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<bool> keep(Misrelayed const& entry) = 0;

  // Of what is kept of it the larger `applied` stays, and what it said, unless it says something. Errors: storage_full,
  // storage_failed.
  [[nodiscard]] virtual core::Result<void> keep(RowId origin, Dependent const& dependent) = 0;
  // By `log`. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<std::vector<Dependent>> dependents(RowId origin) = 0;
};

}  // namespace tocsin::store
