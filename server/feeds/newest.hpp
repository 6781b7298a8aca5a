// Of what several collections show the newest version of each indicator. One thread.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "server/feeds/known.hpp"

namespace tocsin::feeds {

struct Newest {
  KnownIndicator const* known = nullptr;  // owned by the collection that it was found in
  store::RowId collection = 0;
};
using KnownIn = std::pair<store::RowId, std::shared_ptr<KnownCollection const>>;

// Of the kind of a feed of numbers, or of one of networks, those that last beyond a moment; what begins later is one
// of them, and so is what was revoked. In no order.
[[nodiscard]] std::vector<Newest> newest_of(std::span<KnownIn const> collections, bool of_numbers, std::int64_t us);

}  // namespace tocsin::feeds
