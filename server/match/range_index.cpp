#include "server/match/range_index.hpp"

#include <array>

namespace tocsin::match {
namespace {

// Addresses of one family on their way to be looked for abreast.
template <class Word>
class Abreast {
 public:
  // `at` is where the answer goes.
  void add(Word address, std::size_t at, auto const& intervals, std::span<SetId> out) {
    addresses_[count_] = address;
    places_[count_] = at;
    if (++count_ == kAbreast) find(intervals, out);
  }

  void find(auto const& intervals, std::span<SetId> out) {
    std::array<SetId, kAbreast> found;
    intervals.find(std::span(addresses_).first(count_), found.data());
    for (std::size_t i = 0; i < count_; ++i) out[places_[i]] = found[i];
    count_ = 0;
  }

 private:
  std::array<Word, kAbreast> addresses_;
  std::array<std::size_t, kAbreast> places_;
  std::size_t count_ = 0;
};

}  // namespace

void Ranges::add(IpNetwork const& network, IndicatorNumber indicator) {
  if (network.six)
    six_.push_back({network.first, indicator, network.length});
  else
    four_.push_back({static_cast<FourBits>(network.first), indicator, network.length});
}

RangeIndex::RangeIndex(Ranges ranges, SetTable& sets)
    : four_(std::move(ranges.four_), sets), six_(std::move(ranges.six_), sets) {}

void RangeIndex::find(std::span<IpAddress const> addresses, std::span<SetId> out) const {
  Abreast<FourBits> four;
  Abreast<SixBits> six;
  for (std::size_t at = 0; at < addresses.size(); ++at) {
    if (addresses[at].six)
      six.add(addresses[at].value, at, six_, out);
    else
      four.add(static_cast<FourBits>(addresses[at].value), at, four_, out);
  }
  four.find(four_, out);
  six.find(six_, out);
}

}  // namespace tocsin::match
