// Sightings and opinions, looked up by what they are about, for a reader who is told of what a window shows and of
// nothing else.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/campaign_store.hpp"
#include "server/store/stretch.hpp"

namespace tocsin::store {

struct ResponseQuery {
  Sight sight;
  std::span<std::string const> subjects;  // TYPE--UUID in lower case
  bool opinions = true;                   // false: sightings only
  std::size_t most = 0;                   // of which so many are looked at
};

struct Responses {
  std::vector<Published> rows;  // newest versions, each once; some of an earlier version may be about another object
  bool complete = true;         // false: there are more than were looked at
};

class ResponseReader {
 public:
  virtual ~ResponseReader() = default;

  // The latest first, where not all are looked at. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<Responses> about(ResponseQuery const& query) = 0;
};

}  // namespace tocsin::store
