#include "server/match/view.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace tocsin::match {
namespace {

constexpr std::span<IndicatorNumber const> kNone;
// Items that are looked at together: all that they hit is held at once.
constexpr std::size_t kTogether = 64;

bool holds(Facts const& facts, Item const& item, Filter const& filter) {
  auto const at = item.at_us.value_or(filter.now_us);
  return facts.valid_from_us <= at && at < facts.valid_until_us && filter.now_us < facts.share_until_us &&
         (filter.min_confidence <= 0 || facts.confidence >= filter.min_confidence);
}

// What one snapshot says to items, as far as the asker may know.
class Asked {
 public:
  // `postings` may still be looked at.
  Asked(Snapshot const& snapshot, std::span<IndicatorNumber const> replaced, Filter const& filter,
        std::size_t& postings)
      : snapshot_(snapshot), replaced_(replaced), filter_(filter), postings_(postings) {}

  void addresses_of(std::span<Item const> items, std::vector<Hit>& out) {
    std::vector<IpAddress> addresses;
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < items.size(); ++at) {
      if (!items[at].address) continue;
      addresses.push_back(*items[at].address);
      places.push_back(at);
    }
    std::vector<SetId> sets(addresses.size());
    snapshot_.find(addresses, sets);
    for (std::size_t at = 0; at < places.size(); ++at)
      take({sets[at], Field::address, 1}, items[places[at]], places[at], out);
  }

  // False: not all of the prompt, or of what has wildcards, was looked up.
  bool rest_of(Item const& item, std::size_t place, AsnDatabase const* asns, std::vector<Hit>& out) {
    auto asn = item.asn;
    if (!asn && item.address && asns != nullptr && snapshot_.has_asns()) asn = asns->find(*item.address);
    found_.clear();
    snapshot_.find(item, asn, found_);
    bool const alike = snapshot_.find_alike(item, filter_, postings_, found_);
    bool const complete = snapshot_.find_templates(item.prints, filter_, postings_, found_) && alike;
    for (auto const& one : found_) take(one, item, place, out);
    return complete;
  }

 private:
  // First who may see it, and only then anything else about it.
  void take(Snapshot::Found const& found, Item const& item, std::size_t place, std::vector<Hit>& out) const {
    for (auto const number : snapshot_.members(found.set)) {
      if (out.size() > filter_.most) return;
      if (!snapshot_.is_visible(number, filter_) || std::ranges::binary_search(replaced_, number)) continue;
      auto const& facts = snapshot_.facts(number);
      if (holds(facts, item, filter_)) out.push_back({place, found.field, found.score, facts});
    }
  }

  Snapshot const& snapshot_;
  std::span<IndicatorNumber const> replaced_;
  Filter const& filter_;
  std::size_t& postings_;
  std::vector<Snapshot::Found> found_;
};

// By item and id; of several hits of one indicator the best stays.
void tidy(std::vector<Hit>& hits) {
  std::ranges::sort(hits, [](Hit const& one, Hit const& other) {
    return std::tie(one.item, one.indicator.id, other.score, one.field) <
           std::tie(other.item, other.indicator.id, one.score, other.field);
  });
  auto const same = [](Hit const& one, Hit const& other) {
    return one.item == other.item && one.indicator.id == other.indicator.id;
  };
  hits.erase(std::ranges::unique(hits, same).begin(), hits.end());
}

}  // namespace

Answer View::match(std::span<Item const> items, Filter const& filter, AsnDatabase const* asns) const {
  Answer out{{}, sequence, true};
  auto postings = filter.most_postings;
  bool looked_up = true;  // every prompt and every text, against all
  for (std::size_t from = 0; from < items.size() && out.complete; from += kTogether) {
    auto const some = items.subspan(from, std::min(kTogether, items.size() - from));
    std::vector<Hit> hits;
    auto const ask = [&](Snapshot const& snapshot, std::span<IndicatorNumber const> gone) {
      if (snapshot.size() == 0) return;
      Asked asked(snapshot, gone, filter, postings);
      asked.addresses_of(some, hits);
      for (std::size_t at = 0; at < some.size(); ++at) looked_up = asked.rest_of(some[at], at, asns, hits) && looked_up;
    };
    ask(*base, replaced);
    ask(*overlay, kNone);
    out.complete = hits.size() <= filter.most;
    tidy(hits);
    for (auto& hit : hits) hit.item += from;
    std::ranges::move(hits, std::back_inserter(out.hits));
    out.complete = out.complete && out.hits.size() <= filter.most;
  }
  if (out.hits.size() > filter.most) out.hits.resize(filter.most);
  out.complete = out.complete && looked_up;
  return out;
}

std::size_t View::unindexed(Filter const& filter) const {
  std::size_t out = 0;
  auto const count = [&](Snapshot const& snapshot, std::span<IndicatorNumber const> gone) {
    for (auto const number : snapshot.unindexed())
      if (snapshot.is_visible(number, filter) && !std::ranges::binary_search(gone, number) &&
          holds(snapshot.facts(number), Item{}, filter))
        ++out;
  };
  count(*base, replaced);
  count(*overlay, kNone);
  return out;
}

std::shared_ptr<Snapshot const> View::folded() const {
  Snapshot::Builder builder;
  builder.add(*base, replaced);
  builder.add(*overlay);
  return std::move(builder).build();
}

}  // namespace tocsin::match
