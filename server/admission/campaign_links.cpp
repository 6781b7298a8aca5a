#include "server/admission/campaign_links.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/kinds/shared_rows.hpp"
#include "schema/stix/identifier.hpp"

namespace tocsin::admission {
namespace {

std::optional<core::Uuid> uuid_of(stix::Json const& reference, std::string_view type) {
  if (!reference.is_string()) return std::nullopt;
  auto const id = stix::Identifier::parse(reference.get_ref<std::string const&>());
  return id && id->type() == type ? std::optional(id->uuid()) : std::nullopt;
}

CampaignLinks of_indicator(stix::Json const& document) {
  CampaignLinks out;
  auto const extensions = document.find("extensions");
  if (extensions == document.end() || !extensions->is_object()) return out;
  auto const ours = extensions->find(kinds::kIndicatorExtension);
  if (ours == extensions->end() || !ours->is_object()) return out;
  auto const named = ours->find("campaign_refs");
  if (named == ours->end() || !named->is_array()) return out;
  for (auto const& reference : *named) {
    auto const uuid = uuid_of(reference, "campaign");
    if (uuid && out.campaigns.size() < kMostCampaigns && std::ranges::find(out.campaigns, *uuid) == out.campaigns.end())
      out.campaigns.push_back(*uuid);
  }
  return out;
}

CampaignLinks of_relationship(stix::Json const& document) {
  if (document.value("relationship_type", std::string()) != "indicates") return {};
  auto const source = document.find("source_ref"), target = document.find("target_ref");
  if (source == document.end() || target == document.end()) return {};
  auto const indicator = uuid_of(*source, "indicator"), campaign = uuid_of(*target, "campaign");
  if (!indicator || !campaign) return {};
  return {{*campaign}, indicator};
}

}  // namespace

CampaignLinks campaign_links(stix::Json const& document) {
  auto const type = document.value("type", std::string());
  if (type == "indicator") return of_indicator(document);
  if (type == "relationship") return of_relationship(document);
  return {};
}

}  // namespace tocsin::admission
