// What was said at a peer's instance says so wherever it is told, and what was submitted here does not.
#include <nlohmann/json.hpp>

#include "server/catalog/campaigns.hpp"
#include "server/catalog/indicators.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

constexpr store::RowId kAurora = 1, kCurlew = 4, kGone = 5;
constexpr char kCurlewIdentity[] = "identity--3f0c2a4e-90d3-4c57-8d52-2a1f6f0d8b11";

access::Directory directory() {
  access::Directory::Tables tables;
  tables.organisations = {{kAurora, "aurora", "lab", 2, "identity--0b7e9c1c-2b6c-4b7e-8f0c-5a2b1d9f7c11", "", false, 0},
                          {kCurlew, "ibis/3f0c2a4e", "other", 0, kCurlewIdentity, "", true, 0},
                          {kGone, "egret", "other", 0, "identity--11111111-0000-4000-8000-000000000001", "", true, 0}};
  tables.organisations[1].origin = 1;
  tables.organisations[1].peer = "ibis";
  tables.organisations[2].origin = 2;
  store::Collection network;
  network.row = 7;
  network.alias = "network";
  tables.collections = {network};
  return {std::move(tables), 1};
}

std::string object(std::string const& type, char const* creator) {
  json out{{"type", type},
           {"id", type + "--83422c77-904c-4dc1-aff5-5c38f3a2c55c"},
           {"name", "x"},
           {"modified", "2026-01-02T10:00:00.000Z"}};
  if (creator != nullptr) out["created_by_ref"] = creator;
  return out.dump();
}

json history(store::RowId asserter, char const* creator) {
  store::Published one;
  one.row.type = "indicator";
  one.row.asserter = asserter;
  one.row.modified_ns = 1;
  one.collection = 7;
  one.bytes = object("indicator", creator);
  return catalog::indicator_history({&one, 1}, directory()).at("histories").at(0);
}

json campaign(store::RowId asserter) {
  store::PublishedCampaign one;
  one.bytes = object("campaign", nullptr);
  one.asserter = asserter;
  return catalog::campaign_statement(one, directory(), stix::MarkingDialect::tlp2);
}

}  // namespace

TEST_CASE("a history names who says it and the peer at whose instance that is", "[catalog][provenance]") {
  auto const said = history(kCurlew, kCurlewIdentity);
  CHECK(said.at("organisation") == "ibis/3f0c2a4e");
  CHECK(said.at("origin") == "ibis");
  CHECK(history(kCurlew, nullptr).at("origin") == "ibis");
  CHECK_FALSE(history(kAurora, nullptr).contains("origin"));
}

TEST_CASE("what a member here says in the name of who speaks at a peer is not said there", "[catalog][provenance]") {
  auto const said = history(kAurora, kCurlewIdentity);
  CHECK_FALSE(said.contains("organisation"));
  CHECK_FALSE(said.contains("origin"));
}

TEST_CASE("a campaign names the peer at whose instance it was said", "[catalog][provenance]") {
  CHECK(campaign(kCurlew).at("origin") == "ibis");
  CHECK_FALSE(campaign(kAurora).contains("origin"));
  CHECK_FALSE(campaign(kGone).contains("origin"));
}
