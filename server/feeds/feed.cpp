#include "server/feeds/feed.hpp"

#include <algorithm>
#include <array>

namespace tocsin::feeds {
namespace {

using enum match::Action;
using enum Family;

constexpr std::array kFeeds{Feed{"block-v4", block, v4},           Feed{"block-v6", block, v6},
                            Feed{"block-asn", block, asn},         Feed{"rate-limit-v4", rate_limit, v4},
                            Feed{"rate-limit-v6", rate_limit, v6}, Feed{"rate-limit-asn", rate_limit, asn},
                            Feed{"challenge-v4", challenge, v4},   Feed{"challenge-v6", challenge, v6},
                            Feed{"challenge-asn", challenge, asn}, Feed{"observe-v4", observe, v4},
                            Feed{"observe-v6", observe, v6},       Feed{"observe-asn", observe, asn}};

}  // namespace

std::span<Feed const> feeds() { return kFeeds; }

Feed const* find_feed(std::string_view name) {
  auto const* found = std::ranges::find(kFeeds, name, &Feed::name);
  return found == kFeeds.end() ? nullptr : found;
}

std::string_view name(Family family) {
  if (family == asn) return "asn";
  return family == v4 ? "ipv4" : "ipv6";
}

}  // namespace tocsin::feeds
