#include "server/feeds/wanted_classes.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/network.hpp"
#include "server/feeds/networks.hpp"
#include "server/feeds/proxy_facts.hpp"

namespace tocsin::feeds {

void WantedClasses::learn(nlohmann::json const& observable) {
  auto const* const facts = proxy_facts(observable);
  if (facts == nullptr || !wanted_.contains(facts->value("proxy_class", std::string()))) return;
  if (observable.at("type") == "autonomous-system") {
    auto const number = observable.at("number").get<std::int64_t>();
    if (number >= 0 && number <= UINT32_MAX) numbers_.insert(static_cast<std::uint32_t>(number));
    return;
  }
  auto const networks = kinds::parse_networks(observable.at("value").get_ref<std::string const&>());
  if (!networks) return;  // STIX takes texts there that are no addresses
  for (auto const& one : networks->all) {
    auto const network = match::folded(one);
    (network.six ? v6_ : v4_).emplace(network.first, network.length);
  }
}

bool WantedClasses::has(Family family, Entry const& entry) const {
  if (family == Family::asn) return numbers_.contains(entry.number);
  auto const& networks = family == Family::v4 ? v4_ : v6_;
  for (unsigned length = 0; length <= entry.network.length; ++length)
    if (networks.contains({around(entry.network, length).first, length})) return true;
  return false;
}

}  // namespace tocsin::feeds
