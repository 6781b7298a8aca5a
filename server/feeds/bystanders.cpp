#include "server/feeds/bystanders.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/network.hpp"
#include "server/feeds/networks.hpp"
#include "server/feeds/proxy_facts.hpp"

namespace tocsin::feeds {
namespace {

using match::IpNetwork;
using nlohmann::json;

bool is_any(Shared const& shared) { return shared.egress || shared.cgnat || shared.mobile || shared.residential; }

void add(Shared& to, Shared const& more) {
  to.egress |= more.egress;
  to.cgnat |= more.cgnat;
  to.mobile |= more.mobile;
  to.residential |= more.residential;
}

Shared said_in(json const& observable) {
  auto const* const facts = proxy_facts(observable);
  if (facts == nullptr) return {};
  auto const proxy_class = facts->value("proxy_class", std::string());
  return {facts->value("shared_egress", false), proxy_class == "cgnat", proxy_class == "mobile",
          proxy_class == "residential"};
}

}  // namespace

void Bystanders::learn(json const& observable) {
  auto said = said_in(observable);
  if (!is_any(said)) return;
  if (observable.at("type") == "autonomous-system") {
    auto const number = observable.at("number").get<std::int64_t>();
    if (number >= 0 && number <= UINT32_MAX) add(numbers_[static_cast<std::uint32_t>(number)], said);
    return;
  }
  auto const networks = kinds::parse_networks(observable.at("value").get_ref<std::string const&>());
  if (!networks) return;  // STIX takes texts there that are no addresses
  for (auto const& one : networks->all) {
    auto const network = match::folded(one);
    said.residential = said.residential && network.length < width(network);
    if (is_any(said)) add((network.six ? v6_ : v4_)[{network.first, network.length}], said);
  }
}

Shared Bystanders::overlapping(Networks const& networks, IpNetwork const& network) {
  Shared out;
  for (unsigned length = 0; length <= network.length; ++length)
    if (auto const found = networks.find({around(network, length).first, length}); found != networks.end())
      add(out, found->second);
  auto const last = last_of(network);
  for (auto at = networks.lower_bound({network.first, 0}); at != networks.end() && at->first.first <= last; ++at)
    add(out, at->second);
  // One address of a residential network is no more than that address.
  out.residential = out.residential && network.length < width(network);
  return out;
}

Shared Bystanders::of(Family family, Entry const& entry) const {
  if (family != Family::asn) return overlapping(family == Family::v4 ? v4_ : v6_, entry.network);
  auto const found = numbers_.find(entry.number);
  return found == numbers_.end() ? Shared{} : found->second;
}

}  // namespace tocsin::feeds
