// Lists of AWS WAF and Cloudflare.
#include <nlohmann/json.hpp>

#include "server/feeds/formats/formats.hpp"
#include "server/feeds/formats/networks_of.hpp"

namespace tocsin::feeds {

Rendered as_aws_waf(std::string_view, Family family, std::span<Entry const> entries) {
  auto addresses = nlohmann::json::array();
  for (auto const& network : networks_of(entries)) addresses.push_back(text_with_length(network));
  auto const count = addresses.size();
  nlohmann::json const set{{"IPAddressVersion", family == Family::v6 ? "IPV6" : "IPV4"},
                           {"Addresses", std::move(addresses)}};
  return {set.dump() + "\n", count};
}

Rendered as_cloudflare(std::string_view feed, Family, std::span<Entry const> entries) {
  auto items = nlohmann::json::array();
  for (auto const& network : networks_of(entries))
    items.push_back({{"ip", text_of(network)}, {"comment", "tocsin " + std::string(feed)}});
  auto const count = items.size();
  return {items.dump() + "\n", count};
}

}  // namespace tocsin::feeds
