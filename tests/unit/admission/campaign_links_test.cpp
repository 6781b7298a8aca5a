#include "server/admission/campaign_links.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using admission::campaign_links;
using stix::Json;

namespace {

core::Uuid uuid(int number) {
  return core::parse_uuid("8e2e2d2b-17d4-4cbf-938f-" + std::to_string(100'000'000'000 + number)).value();
}
std::string id(char const* type, int number) { return std::string(type) + "--" + core::to_text(uuid(number)); }

Json indicator(Json const& campaigns) {
  return {{"type", "indicator"}, {"extensions", {{kinds::kIndicatorExtension, {{"campaign_refs", campaigns}}}}}};
}

Json link(Json const& from, Json const& to, Json const& type = "indicates") {
  return {{"type", "relationship"}, {"relationship_type", type}, {"source_ref", from}, {"target_ref", to}};
}

using Uuids = std::vector<core::Uuid>;

}  // namespace

TEST_CASE("an indicator is found by the campaigns that its extension names, each once", "[admission][campaigns]") {
  auto const links = campaign_links(indicator(
      {id("campaign", 1), id("campaign", 2), id("campaign", 1), id("intrusion-set", 3), 4, "campaign--nonsense"}));
  CHECK(links.campaigns == Uuids{uuid(1), uuid(2)});
  CHECK_FALSE(links.indicator.has_value());
}

TEST_CASE("an indicator is found by sixteen campaigns at most", "[admission][campaigns]") {
  Json many = Json::array();
  for (int i = 1; i <= 20; ++i) many.push_back(id("campaign", i));
  auto const links = campaign_links(indicator(many));
  REQUIRE(links.campaigns.size() == admission::kMostCampaigns);
  CHECK(links.campaigns.back() == uuid(16));
}

TEST_CASE("an indicator whose extension has another form names no campaign", "[admission][campaigns]") {
  for (Json const& extensions : {Json("x"), Json::object(), Json{{kinds::kIndicatorExtension, "x"}},
                                 Json{{kinds::kIndicatorExtension, Json::object()}},
                                 Json{{kinds::kIndicatorExtension, {{"campaign_refs", id("campaign", 1)}}}}}) {
    INFO(extensions.dump());
    CHECK(campaign_links({{"type", "indicator"}, {"extensions", extensions}}).campaigns.empty());
  }
  CHECK(campaign_links({{"type", "indicator"}}).campaigns.empty());
  auto other = indicator({id("campaign", 1)});
  other["type"] = "x-indicator";
  CHECK(campaign_links(other).campaigns.empty());
}

TEST_CASE("a relationship `indicates` leads from an indicator to a campaign", "[admission][campaigns]") {
  auto const links = campaign_links(link(id("indicator", 1), id("campaign", 2)));
  CHECK(links.campaigns == Uuids{uuid(2)});
  CHECK(links.indicator == uuid(1));
}

TEST_CASE("a relationship with another type or another end leads to no campaign", "[admission][campaigns]") {
  auto const from = id("indicator", 1), to = id("campaign", 2);
  for (Json const& one : {link(from, to, "related-to"), link(id("malware", 1), to), link(from, id("malware", 2)),
                          link(to, from), link(5, to), link(from, 5), link("indicator--x", to)}) {
    INFO(one.dump());
    auto const links = campaign_links(one);
    CHECK(links.campaigns.empty());
    CHECK_FALSE(links.indicator.has_value());
  }
  for (char const* end : {"source_ref", "target_ref"}) {
    auto without = link(from, to);
    without.erase(end);
    CHECK(campaign_links(without).campaigns.empty());
  }
}
