// The two items of a draft that the others hang together by: the campaign, and the network of proxies that its accounts
// came through. Pure; any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "clients/cpp/draft/gathering.hpp"

namespace tocsin::client {

// By which other items of the same file refer to the campaign.
inline constexpr auto kCampaignReference = "local:campaign";

// A count as it may be shared: up to 1,000 exactly, above that its first two digits and zeros, so that it says "at
// least".
[[nodiscard]] std::size_t shareable(std::size_t count);

// The extension of a campaign (schema/json/extensions/campaign.schema.json) in the native form.
[[nodiscard]] nlohmann::ordered_json campaign_item(std::string const& name, Common const& common);

// `ranges` are the references of the items it consists of; one at least.
[[nodiscard]] nlohmann::ordered_json network_item(std::string const& campaign, Common const& common,
                                                  std::vector<std::string> const& ranges);

}  // namespace tocsin::client
