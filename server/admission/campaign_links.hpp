// What an object says of campaigns: an indicator with our extension names those that it indicates, and a relationship
// `indicates` leads from an indicator to one. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::admission {

// The most campaigns that one object is found by.
inline constexpr std::size_t kMostCampaigns = 16;

struct CampaignLinks {
  std::vector<core::Uuid> campaigns;    // each once
  std::optional<core::Uuid> indicator;  // of a relationship
};

// `document` is that of a valid object.
[[nodiscard]] CampaignLinks campaign_links(stix::Json const& document);

}  // namespace tocsin::admission
