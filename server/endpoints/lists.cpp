#include "server/endpoints/lists.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace tocsin::endpoints {
core::Result<std::size_t> limit_of(http::Query const& query, PortionLimits const& limits) {
  auto text = query.find("limit");
  if (!text) return limits.standard;
  std::size_t limit = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  bool number = end == text->data() + text->size() && !text->empty();
  if (number && error == std::errc::result_out_of_range) return limits.most;
  if (!number || error != std::errc() || limit == 0)
    return core::fail(core::Code::bad_parameter, "The parameter limit is not a positive number.", "",
                      "Send a number from 1 up.");
  return std::min(limit, limits.most);
}

namespace {

core::Result<std::int64_t> place_of(http::Query const& query, catalog::CursorCodec const& cursors,
                                    std::string_view list) {
  auto text = query.find("after");
  if (!text) return 0;
  auto cursor = cursors.open(*text);
  if (!cursor || cursor->collection != 0 || cursor->filters != list)
    return core::fail(core::Code::bad_parameter, "The parameter after was not made for " + std::string(list) + ".", "",
                      "Send `after` as the answer before gave it, or leave it out.");
  return cursor->after_sequence;
}

}  // namespace

core::Result<Portion> portion_of(http::Query const& query, catalog::CursorCodec const& cursors, std::string_view list,
                                 PortionLimits const& limits) {
  for (std::string_view name : {"limit", "after"})
    if (query.count(name) > 1)
      return core::fail(core::Code::bad_parameter, "The parameter " + std::string(name) + " occurs more than once.", "",
                        "Send it once.");
  auto limit = limit_of(query, limits);
  if (!limit) return std::unexpected(limit.error());
  auto after = place_of(query, cursors, list);
  if (!after) return std::unexpected(after.error());
  return Portion{*limit, *after};
}

}  // namespace tocsin::endpoints
