// What a search of indicators asks for: its parameters, and where it goes on. Pure; any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "server/catalog/cursor.hpp"
#include "server/store/indicator_store.hpp"

namespace tocsin::catalog {

struct IndicatorSearch {
  std::string text;             // the filters, in one way to write them
  store::IndicatorQuery query;  // without `sight` and `limit`
};

// Name and value, as a request has them.
using SearchParameters = std::span<std::pair<std::string, std::string> const>;

// The identity of a member by its name, in lower case, or "".
using IdentityOf = std::function<std::string(std::string_view name)>;

// `kind`, `value`, `contains`, `within`, `covers`, `campaign`, `organisation`, `label`, `q`, `min_confidence`,
// `active_at`; `limit` is passed over. Or `next` alone, which has all the others in it. Error bad_parameter.
[[nodiscard]] core::Result<IndicatorSearch> parse_indicator_search(SearchParameters parameters,
                                                                   CursorCodec const& cursors,
                                                                   IdentityOf const& identity_of);

// `next` of an answer that ends at a place.
[[nodiscard]] std::string next_of(IndicatorSearch const& search, store::IndicatorPlace const& place,
                                  CursorCodec const& cursors);

// Leaves of the keys that are asked for those of kinds that a window is limited to.
void keep_to_kinds(store::IndicatorQuery& query, std::vector<std::string> const& allowed);

}  // namespace tocsin::catalog
