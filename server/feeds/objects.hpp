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

struct FoundObjects {
  std::vector<std::string> objects;  // by id
  std::vector<Place> places;         // theirs, in no order
};

class Objects {
 public:
  Objects(store::Sight const& sight, std::vector<Place> const& places);

  // Reads on; false: all was read. Errors: bad_parameter, they are more than kMostObjectBytes; storage_failed.
  [[nodiscard]] core::Result<bool> step(store::IndicatorReader& indicators);

  // Without what is not shown any more, or not as the newest: its place, too, since nobody was shown it. Once.
  [[nodiscard]] FoundObjects finish();

 private:
  struct Object {
    core::Uuid uuid{};
    store::RowId version = 0;
    std::string bytes;
  };

  store::Sight const& sight_;
  std::vector<Place> places_;
  std::size_t read_ = 0, bytes_ = 0;
  std::vector<Object> objects_;
};

}  // namespace tocsin::feeds
