// What requests for a list of our own say: how much of it, and behind which place. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "schema/core/result.hpp"
#include "server/catalog/cursor.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

struct Portion {
  std::size_t limit = 0;   // entries of one answer
  std::int64_t after = 0;  // 0: the beginning
};

struct PortionLimits {
  std::size_t standard = 0;  // without `limit`
  std::size_t most = 0;      // whatever it says
};

// From `limit`, which occurs once at most. Error bad_parameter.
[[nodiscard]] core::Result<std::size_t> limit_of(http::Query const& query, PortionLimits const& limits);

// From `limit` and `after`; `list` is what a place is sealed with, so that it is for no other list. Error
// bad_parameter.
[[nodiscard]] core::Result<Portion> portion_of(http::Query const& query, catalog::CursorCodec const& cursors,
                                               std::string_view list, PortionLimits const& limits);

}  // namespace tocsin::endpoints
