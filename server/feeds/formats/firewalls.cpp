// nftables and nginx.
#include <algorithm>
#include <array>

#include "server/feeds/formats/formats.hpp"
#include "server/feeds/formats/networks_of.hpp"

namespace tocsin::feeds {
namespace {

using match::Action;
using match::IpNetwork;

// By weight, the heaviest first.
constexpr std::array kActions{Action::block,     Action::rate_limit, Action::verify,
                              Action::challenge, Action::observe,    Action::none};

struct Line {
  IpNetwork network;
  Action action;
};

bool is_within(std::span<IpNetwork const> networks, IpNetwork const& network) {
  auto const behind = std::ranges::upper_bound(networks, network.first, {}, &IpNetwork::first);
  return behind != networks.begin() && contains(*(behind - 1), network);
}

// nginx takes the narrowest network that an address is in. So what is in a network of a heavier action has no line of
// its own, and what is heavier than what is around it has one.
std::vector<Line> lines_of(std::span<Entry const> entries) {
  std::vector<Line> out;
  std::vector<IpNetwork> heavier;
  for (auto const action : kActions) {
    std::vector<IpNetwork> all;
    for (auto const& entry : entries)
      if (entry.action == action) all.push_back(entry.network);
    all = aggregated(std::move(all));
    for (auto const& network : all)
      if (!is_within(heavier, network)) out.push_back({network, action});
    heavier.insert(heavier.end(), all.begin(), all.end());
    heavier = aggregated(std::move(heavier));
  }
  std::ranges::sort(out, [](Line const& a, Line const& b) {
    return a.network.first != b.network.first ? a.network.first < b.network.first : a.network.length < b.network.length;
  });
  return out;
}

}  // namespace

Rendered as_nftables(std::string_view feed, Family family, std::span<Entry const> entries) {
  std::string name = "inet tocsin " + std::string(feed);
  std::ranges::replace(name, '-', '_');
  auto const* type = family == Family::v6 ? "ipv6_addr" : "ipv4_addr";
  auto const networks = networks_of(entries);
  Rendered out{
      "add table inet tocsin\nadd set " + name + " { type " + type + "; flags interval; }\nflush set " + name + "\n",
      networks.size()};
  if (networks.empty()) return out;  // nft takes no empty list of elements
  out.body += "add element " + name + " {\n";
  for (auto const& network : networks) out.body += "  " + text_of(network) + ",\n";
  out.body += "}\n";
  return out;
}

Rendered as_nginx(std::string_view, Family, std::span<Entry const> entries) {
  Rendered out;
  for (auto const& network : networks_of(entries)) {
    out.body += "deny " + text_of(network) + ";\n";
    ++out.count;
  }
  return out;
}

Rendered as_nginx_geo(std::string_view, Family, std::span<Entry const> entries) {
  Rendered out;
  for (auto const& [network, action] : lines_of(entries)) {
    out.body += text_of(network) + " " + std::string(match::name(action)) + ";\n";
    ++out.count;
  }
  return out;
}

}  // namespace tocsin::feeds
