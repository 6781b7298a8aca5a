#include "clients/cpp/draft/campaign_items.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/rounded_count.hpp"

namespace tocsin::client {

std::size_t shareable(std::size_t count) { return kinds::rounded_count(count, true); }

nlohmann::ordered_json campaign_item(std::string const& name, Common const& common) {
  nlohmann::ordered_json out{{"kind", "campaign"},
                             {"ref", "campaign"},
                             {"name", name},
                             {"tlp", "amber"},
                             {"account_count", shareable(common.accounts)},
                             {"account_count_basis", "lower-bound"}};
  if (common.payments > 0) out["distinct_payment_count"] = shareable(common.payments);
  return out;
}

nlohmann::ordered_json network_item(std::string const& campaign, Common const& common,
                                    std::vector<std::string> const& ranges) {
  return {{"kind", "proxy-network"},          {"ref", "proxy-network"},
          {"name", "Proxies of " + campaign}, {"tlp", "amber"},
          {"proxy_class", "unknown"},         {"address_count", shareable(common.addresses)},
          {"campaign", kCampaignReference},   {"consists_of", ranges}};
}

}  // namespace tocsin::client
