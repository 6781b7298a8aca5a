// The part of the index of indicators that indexes in memory are made from, and asked about before they tell anything.
#include <set>

#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/key_lists.hpp"
#include "server/store/sqlite/shown.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {

core::Result<std::vector<ListedIndicator>> IndicatorReads::listed(RowId collection, std::int64_t after,
                                                                  std::size_t most) {
  try {
    std::vector<ListedIndicator> out;
    listed_.start().bind(kLongIndicator).bind(collection).bind(after).bind(static_cast<std::int64_t>(most));
    while (listed_.step()) {
      out.push_back({listed_.integer(0), listed_.integer(1), listed_.integer(2), listed_.integer(3),
                     core::to_array<16>(listed_.text(4)).value(), split(listed_.text(5)), listed_.optional_integer(6),
                     listed_.integer(7), listed_.optional_integer(8), listed_.integer(9) != 0, listed_.integer(10)});
      if (auto const pattern = listed_.text(11); !pattern.empty()) out.back().pattern = pattern;
    }
    listed_.reset();
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::string> IndicatorReads::bytes_of(RowId version) {
  try {
    std::string out;
    if (bytes_.start().bind(version).step()) out = bytes_.text(0);
    bytes_.reset();
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<PublishedTemplate>> IndicatorReads::templates(RowId collection, std::int64_t after,
                                                                       std::int64_t until, std::size_t most) {
  try {
    std::vector<PublishedTemplate> out;
    templates_.start().bind(collection).bind(after).bind(until).bind(static_cast<std::int64_t>(most));
    while (templates_.step())
      out.push_back(
          {templates_.integer(0), templates_.integer(1), templates_.integer(2), std::string(templates_.text(3))});
    templates_.reset();
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

// Of their indicators, each once.
std::vector<core::Uuid> IndicatorReads::uuids_of(std::span<RowId const> versions) {
  Snapshot const snapshot(connection_, begin_, end_);
  std::set<core::Uuid> out;
  for (auto const version : versions) {
    if (uuid_.start().bind(version).step()) out.insert(core::to_array<16>(uuid_.text(0)).value());
    uuid_.reset();
  }
  return {out.begin(), out.end()};
}

core::Result<std::vector<Published>> IndicatorReads::newest_among(Sight const& sight, std::span<RowId const> versions) {
  try {
    auto found = newest_shown(reader_, sight, "indicator", uuids_of(versions), true);
    if (!found) return std::unexpected(found.error());
    auto newest = newest_of_each(*found);
    std::vector<Published> out;
    for (auto const version : std::set(versions.begin(), versions.end()))
      if (auto const at = newest.find(version); at != newest.end()) out.push_back(std::move(*at->second));
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
