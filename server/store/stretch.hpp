// What several collections show behind a place in the order of publication: for those who look at objects one by one
// instead of sending them. Value types.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/rows.hpp"

namespace tocsin::store {

struct StretchQuery {
  std::vector<RowId> collections;
  Window window;
  std::int64_t after_sequence = 0;
  // Of newest versions that are looked at, of whatever type, shared out among the collections; of each at least one is.
  std::size_t limit = 0;
  std::vector<std::string> types{};  // whose bytes are wanted
  std::size_t bytes = 16u << 20;     // beyond so many no further object is added
};

struct Published {
  RowId collection = 0;
  PageRow row;
  std::string bytes;  // "": its type is not wanted
};

struct Stretch {
  std::vector<Published> rows;  // in order of sequence, without a gap
  bool more = false;            // there are others behind the last one
};

}  // namespace tocsin::store
