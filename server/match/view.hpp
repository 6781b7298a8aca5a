// What a question is answered from: a snapshot, and a small one of what changed since, which takes the place of some of
// its rows. Shared by whoever reads; constant, any thread.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "server/match/asn_database.hpp"
#include "server/match/item.hpp"
#include "server/match/snapshot.hpp"

namespace tocsin::match {

struct View {
  std::shared_ptr<Snapshot const> base, overlay;
  std::vector<IndicatorNumber> replaced;  // rows of the base that no longer count, ascending
  std::int64_t sequence = 0;              // up to which changes are in it

  // `asns`, which may be null, tells the autonomous system of an address whose item names none.
  [[nodiscard]] Answer match(std::span<Item const> items, Filter const& filter, AsnDatabase const* asns) const;
  // How many indicators the asker may see that nothing here looks up.
  [[nodiscard]] std::size_t unindexed(Filter const& filter) const;
  // One snapshot of all of it.
  [[nodiscard]] std::shared_ptr<Snapshot const> folded() const;
};

}  // namespace tocsin::match
