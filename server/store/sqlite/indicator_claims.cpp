// The part of the index of indicators that tells who else says the same.
#include <algorithm>
#include <map>
#include <tuple>

#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/shown.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {
namespace {

// The columns of a row of the index, as claims_ selects them.
enum Column : int { since, class_row, version, asserter, creator, valid_until, revoked, relayed, several };

}  // namespace

struct IndicatorReads::Claimed {
  RowId version = 0;
  std::optional<RowId> creator;
  ValueClaim claim;
};

core::Result<std::vector<ValueClaims>> IndicatorReads::claims(Sight const& sight,
                                                              std::span<std::vector<std::string> const> values,
                                                              std::size_t most) {
  if (values.empty()) return std::vector<ValueClaims>();
  try {
    Snapshot const snapshot(connection_, begin_, end_);
    auto const first_of = [](auto const& keys) -> std::string const& { return keys.front(); };
    auto const [first, last] = std::ranges::minmax(values, {}, first_of);
    auto const corners = corners_between(sight, first.front(), last.front());
    std::vector<ValueClaims> out;
    for (auto const& keys : values) out.push_back(claims_on(sight.window, corners, keys, most));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

// Those of the window in which there is anything from one key to another: values of one page lie near each other, and
// most corners hold other kinds.
std::vector<IndicatorReads::Corner> IndicatorReads::corners_between(Sight const& sight, std::string_view first,
                                                                    std::string_view last) {
  auto out = corners(sight);
  std::erase_if(out, [&](Corner const& corner) {
    holds_between_.start().bind(corner.collection).bind(corner.row).bind_blob(first).bind_blob(last);
    bool const holds = holds_between_.step();
    holds_between_.reset();
    return !holds;
  });
  return out;
}

ValueClaims IndicatorReads::claims_on(Window const& window, std::vector<Corner> const& corners,
                                      std::vector<std::string> const& keys, std::size_t most) {
  std::vector<Claimed> found;
  std::size_t looked_at = 0;
  for (auto const& corner : corners) {
    claims_.start().bind(corner.collection).bind(corner.row).bind_blob(keys.front());
    claims_.bind(static_cast<std::int64_t>(most + 1 - looked_at));
    while (claims_.step() && ++looked_at <= most) {
      RowId const own_class = claims_.integer(Column::class_row);
      // What its class shows comes from there.
      if (corner.row < 0 && (window.visible.contains(own_class) || !window.own.contains(own_class))) continue;
      if ((claims_.integer(Column::several) != 0) != (keys.size() > 1)) continue;
      if (keys.size() > 1 && keys_of(claims_.integer(Column::version)) != keys) continue;
      found.push_back({claims_.integer(Column::version), claims_.optional_integer(Column::creator),
                       ValueClaim{claims_.integer(Column::asserter), false, own_class, claims_.integer(Column::since),
                                  claims_.optional_integer(Column::valid_until), claims_.integer(Column::revoked) != 0,
                                  claims_.integer(Column::relayed) != 0}});
    }
    claims_.reset();
    if (looked_at > most) break;
  }
  keep_newest(found);
  ValueClaims out{{}, looked_at <= most};
  for (auto& one : found) {
    one.claim.named = is_named(one.claim.asserter, one.creator);
    out.all.push_back(one.claim);
  }
  return out;
}

// Of an indicator that several collections show, its newest version, and the earliest moment from which on one of them
// showed it. Only where an asserter is there more than once an object is looked up.
void IndicatorReads::keep_newest(std::vector<Claimed>& found) {
  std::map<RowId, std::size_t> rows;
  for (auto const& one : found) ++rows[one.claim.asserter];
  struct Chain {
    std::int64_t modified = 0;
    Claimed newest;
  };
  std::map<std::pair<RowId, std::string>, Chain> chains;
  std::vector<Claimed> out;
  for (auto& one : found) {
    if (rows[one.claim.asserter] == 1) {
      out.push_back(one);
      continue;
    }
    if (!chain_.start().bind(one.version).step()) throw SqliteError(0, 0, "an indicator without its version");
    std::int64_t const modified = chain_.integer(1);
    auto& chain = chains.try_emplace({one.claim.asserter, std::string(chain_.text(0))}, modified, one).first->second;
    chain_.reset();
    auto const since = std::min(chain.newest.claim.since, one.claim.since);
    if (chain.modified < modified) chain = {modified, one};
    chain.newest.claim.since = since;
  }
  for (auto& [id, chain] : chains) out.push_back(chain.newest);
  found = std::move(out);
}

bool IndicatorReads::is_named(RowId asserter, std::optional<RowId> creator) {
  if (!creator) return false;
  bool const named = is_named_.start().bind(asserter).bind(*creator).step();
  is_named_.reset();
  return named;
}

}  // namespace tocsin::store::sqlite
