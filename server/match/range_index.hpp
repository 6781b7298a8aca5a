// Which networks an address lies in: all of them in one probe, of IPv4 and IPv6. Owned by a Snapshot; constant, any
// thread.
#pragma once

#include <span>
#include <vector>

#include "server/match/intervals.hpp"
#include "server/match/ip_address.hpp"

namespace tocsin::match {

// What an index of ranges is made from; each network with an indicator that is about it. One thread.
class Ranges {
 public:
  void add(IpNetwork const& network, IndicatorNumber indicator);

 private:
  friend class RangeIndex;
  std::vector<CoveringRow<FourBits>> four_;
  std::vector<CoveringRow<SixBits>> six_;
};

class RangeIndex {
 public:
  // Sets go to `sets`, which must be there when they are read.
  RangeIndex(Ranges ranges, SetTable& sets);

  // The indicators of all networks that the address lies in.
  [[nodiscard]] SetId find(IpAddress const& address) const {
    return address.six ? six_.find(address.value) : four_.find(static_cast<FourBits>(address.value));
  }
  // The same of many, which wait for memory together; `out` has as many places.
  void find(std::span<IpAddress const> addresses, std::span<SetId> out) const;

  // Each network and indicator that it was made from: each(IpNetwork, IndicatorNumber).
  void each(SetTable const& sets, auto const& each) const {
    four_.rows(sets, [&](auto const& row) { each(IpNetwork{row.first, false, row.length}, row.indicator); });
    six_.rows(sets, [&](auto const& row) { each(IpNetwork{row.first, true, row.length}, row.indicator); });
  }

  [[nodiscard]] std::size_t bytes() const { return four_.bytes() + six_.bytes(); }

 private:
  Intervals<FourBits, FirstLevel> four_;
  Intervals<SixBits, Ladder> six_;
};

}  // namespace tocsin::match
