// Who may have read an object, as the audit trail knows it: organisations to which an answer was sent that covers the
// place of one of its versions. Reader threads.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/bridge.hpp"

namespace tocsin::endpoints {

// Where versions of an object stand in the order of publication of a collection.
struct ReadPlace {
  std::string collection;               // its id
  std::vector<std::int64_t> sequences;  // ascending
};

struct TrailReaders {
  std::set<std::string> organisations;  // names
  bool complete = true;                 // false: the trail has a gap since then
};

// `since_us`: when the object was published first. Errors: storage_failed.
[[nodiscard]] core::Result<TrailReaders> readers_in_trail(store::AuditReader& trail,
                                                          std::vector<ReadPlace> const& places, std::int64_t since_us);

}  // namespace tocsin::endpoints
