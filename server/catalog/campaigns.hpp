// What a reader is told of campaigns: what each asserter that it sees says, never added up over asserters, and how many
// indicators that it sees indicate one. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "server/access/directory.hpp"
#include "server/catalog/tallies.hpp"
#include "server/store/read_store.hpp"

namespace tocsin::catalog {

// The most that tell of one campaign and are looked at for one answer.
inline constexpr std::size_t kMostIndicating = 20'000;

struct CampaignView {
  std::vector<store::PublishedCampaign> said;  // by one asserter each; never empty
  store::Indicated indicated;
  DailySightings sightings;  // of it, and of what is counted as indicating it
};

// Error: not_found, when the reader sees nothing of it; those of the store. Reader threads.
[[nodiscard]] core::Result<CampaignView> campaign_view(store::ReadStore& reader, store::Sight const& sight,
                                                       access::Directory const& directory, core::Uuid const& campaign);

// What one asserter says: schema/openapi.yaml, CampaignStatement. Who that is it says itself or nobody does; at which
// peer, the directory tells. Levels are written as the reader's dialect has them.
[[nodiscard]] nlohmann::json campaign_statement(store::PublishedCampaign const& one, access::Directory const& directory,
                                                stix::MarkingDialect dialect);

// schema/openapi.yaml, Campaign.
[[nodiscard]] nlohmann::json to_json(CampaignView const& view, access::Directory const& directory,
                                     stix::MarkingDialect dialect);

}  // namespace tocsin::catalog
