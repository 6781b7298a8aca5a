#include "schema/kinds/proxy_network.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "schema/kinds/extension_ids.hpp"
#include "schema/kinds/folded_name.hpp"
#include "schema/stix/rules/cross.hpp"
#include "schema/stix/rules/own_extensions.hpp"

namespace tocsin::kinds {
namespace {

using namespace stix::rules;

constexpr auto kCampaignName = names("campaign");
constexpr Targets kNamedCampaign{.types = kCampaignName};
constexpr auto kPartNames = names("autonomous-system", "domain-name", "infrastructure", "ipv4-addr", "ipv6-addr");
constexpr Targets kParts{.types = kPartNames};

constexpr auto kRows =
    table(rows(must("name", text(kReadableName), "What you call it: said again, it is a version of the same network."),
               may("aliases", list(text()), "What else it is called."),
               may("campaign", reference(kNamedCampaign), "The campaign that used it."),
               may("consists_of", list(reference(kParts)), "Addresses, systems, domains and networks that it has."),
               may("first_seen", timestamp(), "When it was first seen."),
               may("last_seen", timestamp(), "When it was last seen.")));
constexpr std::array kRules{not_before("last_seen", "first_seen")};

// STIX 2.1 section 4.8: infrastructure consists of observables; a campaign uses infrastructure (section 4.2).
constexpr std::array kBonds{Bond{"consists_of", "consists-of"}, Bond{"campaign", "uses", true}};

Normalised normalise(Json native, std::vector<core::Error>&) {
  native["name"] = trimmed_name(native.at("name").get_ref<std::string const&>());
  if (auto const parts = native.find("consists_of"); parts != native.end()) {
    std::set<std::string> seen;
    Json each = Json::array();
    for (auto const& part : *parts)
      if (seen.insert(part.get<std::string>()).second) each.push_back(part);
    *parts = std::move(each);
  }
  return std::vector<Json>{std::move(native)};
}

std::string folded(Json const& native) { return folded_name(native.at("name").get_ref<std::string const&>()); }

}  // namespace

constinit Kind const kProxyNetwork{.name = "proxy-network",
                                   .meaning = "A network of proxies, as it is sold or run, and what it consists of.",
                                   .object = "infrastructure",
                                   .rows = kRows,
                                   .rules = kRules,
                                   .bonds = kBonds,
                                   .extension = kProxyExtension,
                                   .floor = stix::Tlp::green,
                                   .collection = "campaigns",
                                   .object_type = "anonymization",
                                   .normalise = normalise,
                                   .pattern = folded};

}  // namespace tocsin::kinds
