// The objects of what entered a feed, as they are stored: read a portion at a time. Owned by the making of one feed;
// the thread of the reader.
#pragma once

#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/feeds/selection.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::feeds {

inline constexpr std::size_t kMostObjectBytes = 64u << 20;  // of one document

class Objects {
 public:
  Objects(store::Sight const& sight, std::vector<Place> const& places);

  // Reads on; false: all was read. Errors: bad_parameter, they are more than kMostObjectBytes; storage_failed.
  [[nodiscard]] core::Result<bool> step(store::ReadStore& reader);

  // By id. What is not shown any more, or not as the newest, is not among them. Once.
  [[nodiscard]] std::vector<std::string> finish();

 private:
  struct Object {
    core::Uuid uuid{};
    store::RowId version = 0;
    std::string bytes;
  };

  store::Sight const& sight_;
  std::vector<store::RowId> versions_;
  std::size_t read_ = 0, bytes_ = 0;
  std::vector<Object> objects_;
};

}  // namespace tocsin::feeds
