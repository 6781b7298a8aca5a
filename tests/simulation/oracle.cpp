#include "tests/simulation/oracle.hpp"

#include <algorithm>
#include <map>

namespace tocsin::simulation {

void Oracle::recalled(core::Uuid const& uuid) {
  for (auto& one : said_)
    if (one.uuid == uuid) one.recalled = true;
}

Said const* Oracle::find(std::string const& id, std::string const& modified) const {
  auto const found = std::ranges::find_if(said_, [&](Said const& one) {
    return core::to_text(one.uuid) == id && (modified.empty() || one.modified == modified);
  });
  return found == said_.end() ? nullptr : &*found;
}

bool Oracle::may_have(std::size_t receiver, Said const& one) const {
  if (!founding_.are_peers(receiver, one.origin)) return false;
  auto const relays = ways_.relays(receiver, one.origin);
  return relays && (relays->empty() ? may_have_of(receiver, one) : may_be_handed_on(*relays, receiver, one));
}

// What the last relay has of the origin goes from each to the next, if the next takes it of the origin and the one
// before shares the collection with it.
bool Oracle::may_be_handed_on(std::vector<std::size_t> const& relays, std::size_t receiver, Said const& one) const {
  bool const campaigns = one.collection == kCollections[1];
  auto const takes = [&](std::size_t who) {
    auto const agreed = founding_.agreed(who, one.origin);
    return (!campaigns || agreed.campaigns) && (one.member == 0 || agreed.second_member);
  };
  if (one.in_anothers_name || one.level > stix::Tlp::green || one.collection == kInternal || !takes(receiver))
    return false;
  if (!ways_.is_honest(receiver, one.origin)) return true;
  auto to = receiver;
  for (auto const relay : relays) {
    if (!takes(relay) || (campaigns && !founding_.agreed(relay, to).campaigns)) return false;
    to = relay;
  }
  return may_have_of(relays.back(), one);
}

bool Oracle::may_have_of(std::size_t receiver, Said const& one) const {
  if (one.in_anothers_name) return false;
  auto const here = founding_.agreed(receiver, one.origin), there = founding_.agreed(one.origin, receiver);
  auto const most = liar_ == one.origin ? here.max_tlp : std::min(here.max_tlp, there.max_tlp);
  bool const exchanged = one.collection == kCollections[0] || (here.campaigns && there.campaigns);
  return exchanged && one.level <= most && (one.member == 0 || here.second_member);
}

Oracle::Versions Oracle::to_be_shown(std::size_t receiver, std::size_t origin) const {
  std::map<core::Uuid, Said const*> newest;
  for (auto const& one : said_) {
    if (one.origin != origin || one.recalled || !may_have(receiver, one)) continue;
    auto& found = newest[one.uuid];
    if (found == nullptr || found->modified_ms < one.modified_ms) found = &one;
  }
  Versions out;
  for (auto const& [uuid, one] : newest) out.emplace(core::to_text(uuid), one->modified_ms);
  return out;
}

}  // namespace tocsin::simulation
