// Campaigns and networks of proxies: the kinds that become no indicator.
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/kinds/kinds.hpp"
#include "schema/kinds/local_names.hpp"
#include "schema/kinds/to_stix.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/kinds/native_cases.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::int64_t kNow = 1'900'000'000'123'456;
constexpr char kCreator[] = "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff";
constexpr char kCampaignId[] = "campaign--83422c77-904c-4dc1-aff5-5c38f3a2c55c";
constexpr char kAddressId[] = "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4";

using Stored = std::shared_ptr<Json const>;

Reading read(Json document) {
  auto reading = read_native(std::move(document));
  INFO((reading ? "" : test::described(reading.error())));
  REQUIRE(reading.has_value());
  REQUIRE(reading->items.size() == 1);
  return *std::move(reading);
}

Json json_of(stix::Object const& object) { return *stix::parse_json(object.bytes); }

Context context(Earlier earlier = {}) { return {kNow, kCreator, core::random_uuid, std::move(earlier)}; }

std::vector<stix::Object> related(Native const& native, stix::Object const& subject, std::vector<Stored> stored = {}) {
  auto const links = links_of(native, subject);
  stored.resize(links.size());
  return to_relationships(native, subject, links, stored, context());
}

}  // namespace

TEST_CASE("a campaign is a STIX campaign with our extension, and infrastructure anonymises", "[kinds]") {
  auto const campaign =
      read({{"kind", "campaign"}, {"name", "Grey Heron"}, {"disclosed_publicly", true}}).items.front();
  auto const made = json_of(*to_stix(campaign, context())->subject);
  CHECK(made.at("type") == "campaign");
  CHECK(made.at("object_marking_refs") == Json::array({stix::tlp2_id(stix::Tlp::amber)}));
  CHECK(made.at("extensions") == Json{{"extension-definition--d5bc1dbe-9168-41c0-bffa-8dd6d4616ecc",
                                       {{"disclosed_publicly", true}, {"extension_type", "property-extension"}}}});
  auto const network = read({{"kind", "proxy-network"}, {"name", "Example"}}).items.front();
  auto const infrastructure = json_of(*to_stix(network, context())->subject);
  CHECK(infrastructure.at("infrastructure_types") == Json::array({"anonymization"}));
  CHECK_FALSE(infrastructure.contains("extensions"));
}

TEST_CASE("a name in another spelling is the same campaign in a later version", "[kinds]") {
  auto const one = read({{"kind", "campaign"}, {"name", "Grey Heron"}}).items.front();
  auto const other = read({{"kind", "campaign"}, {"name", " GREY  heron"}}).items.front();
  CHECK(one.pattern() == other.pattern());
  auto const first = to_stix(one, context());
  auto const second = to_stix(other, context({std::make_shared<Json const>(json_of(*first->subject)), {}, {}, {}}));
  CHECK(second->subject->id == first->subject->id);
  CHECK(*second->subject->modified > *first->subject->modified);
  CHECK(second->changed);
}

TEST_CASE("counts that are not exact have two digits, and a bound from below stays one", "[kinds]") {
  auto const count = [](std::int64_t amount, char const* basis) {
    auto const reading =
        read({{"kind", "campaign"}, {"name", "x"}, {"account_count", amount}, {"account_count_basis", basis}});
    auto const shared = reading.items.front().document().at("account_count").get<std::int64_t>();
    CHECK(reading.notes.size() == (shared == amount ? 0U : 1U));
    return shared;
  };
  CHECK(count(24'123, "exact") == 24'123);
  CHECK(count(24'999, "lower-bound") == 24'000);
  CHECK(count(24'499, "estimate") == 24'000);
  CHECK(count(24'500, "estimate") == 25'000);
  CHECK(count(999'999, "estimate") == 1'000'000);
  CHECK(count(1'000, "estimate") == 1'000);
  CHECK(count(1'001, "estimate") == 1'000);
  CHECK(count(13'000'000, "lower-bound") == 13'000'000);
}

TEST_CASE("an indicator indicates its campaign, and never tells of it more widely than campaigns are", "[kinds]") {
  auto const native = read({{"kind", "proxy-asn"}, {"value", 64500}, {"campaign", kCampaignId}}).items.front();
  auto const made = to_stix(native, context());
  auto const all = related(native, *made->subject);
  REQUIRE(all.size() == 1);
  auto const link = json_of(all.front());
  CHECK(link.at("relationship_type") == "indicates");
  CHECK(link.at("source_ref") == made->subject->id.text());
  CHECK(link.at("target_ref") == kCampaignId);
  CHECK(link.at("object_marking_refs") == Json::array({stix::tlp2_id(stix::Tlp::amber)}));
  CHECK(link.at("created_by_ref") == kCreator);
}

TEST_CASE("a network consists of what it names, and its campaign uses it", "[kinds]") {
  auto const native = read({{"kind", "proxy-network"},
                            {"name", "Example"},
                            {"campaign", kCampaignId},
                            {"consists_of", Json::array({kAddressId})}})
                          .items.front();
  auto const made = to_stix(native, context());
  auto const all = related(native, *made->subject);
  REQUIRE(all.size() == 2);
  auto const part = json_of(all[0]), use = json_of(all[1]);
  CHECK(part.at("relationship_type") == "consists-of");
  CHECK(part.at("target_ref") == kAddressId);
  CHECK(part.at("object_marking_refs") == Json::array({stix::tlp2_id(stix::Tlp::green)}));
  CHECK(use.at("relationship_type") == "uses");
  CHECK(use.at("source_ref") == kCampaignId);
  CHECK(use.at("target_ref") == made->subject->id.text());
}

TEST_CASE("a relationship that is stored is that one again, and one that says otherwise is new", "[kinds]") {
  auto const native = read({{"kind", "proxy-asn"}, {"value", 64500}, {"campaign", kCampaignId}}).items.front();
  auto const made = to_stix(native, context());
  auto const first = related(native, *made->subject);
  auto const stored = std::make_shared<Json const>(json_of(first.front()));
  CHECK(related(native, *made->subject, {stored}).front().bytes == first.front().bytes);
  auto revoked = *stored;
  revoked["revoked"] = true;
  CHECK(related(native, *made->subject, {std::make_shared<Json const>(revoked)}).front().id != first.front().id);
}

TEST_CASE("local names become identifiers, of a range as many as it has parts", "[kinds]") {
  auto const native = read({{"kind", "proxy-network"},
                            {"name", "Example"},
                            {"campaign", "local:gang"},
                            {"consists_of", Json::array({"local:range", kAddressId, "local:again"})}})
                          .items.front();
  auto const references = local_references(native);
  REQUIRE(references.size() == 3);
  CHECK(references[0].name == "gang");
  CHECK(references[0].pointer == "/campaign");
  CHECK(references[2].pointer == "/consists_of/2");
  std::string const other = "ipv6-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4";
  auto const made =
      with_identifiers(native, [&](LocalReference const& reference) -> core::Result<std::vector<std::string>> {
        if (reference.name == "gang") return std::vector<std::string>{kCampaignId};
        return std::vector<std::string>{other, kAddressId};
      });
  REQUIRE(made.has_value());
  CHECK(made->document().at("campaign") == kCampaignId);
  CHECK(made->document().at("consists_of") == Json::array({other, kAddressId}));
  CHECK(local_references(*made).empty());
}

TEST_CASE("where one object is meant, a name of several is refused", "[kinds]") {
  auto const native = read({{"kind", "proxy-asn"}, {"value", 1}, {"campaign", "local:gang"}}).items.front();
  auto const made = with_identifiers(native, [](LocalReference const&) {
    return std::vector<std::string>{kCampaignId, "campaign--93422c77-904c-4dc1-aff5-5c38f3a2c55c"};
  });
  REQUIRE_FALSE(made.has_value());
  CHECK(test::places(made.error()) == std::vector<test::Place>{{"property-conflict", "/campaign"}});
}

TEST_CASE("the name of an item is no part of what it says", "[kinds]") {
  auto const reading = read({{"kind", "proxy-asn"}, {"value", 64500}, {"ref", "as"}});
  CHECK(reading.ref == "as");
  CHECK_FALSE(reading.items.front().document().contains("ref"));
}

TEST_CASE("a campaign that says more than the native form can is not made less of", "[kinds]") {
  auto const native = read({{"kind", "campaign"}, {"name", "x"}}).items.front();
  auto const made = json_of(*to_stix(native, context())->subject);
  CHECK(object_from_stix(made, {}).has_value());
  auto other = made;
  other["external_references"] = Json::array({{{"source_name", "a"}}});
  CHECK_FALSE(object_from_stix(other, {}).has_value());
  auto const link = Json{{"type", "relationship"},
                         {"relationship_type", "attributed-to"},
                         {"source_ref", made.at("id")},
                         {"target_ref", kCreator}};
  CHECK_FALSE(object_from_stix(made, std::array{link}).has_value());
  CHECK_FALSE(object_from_stix({{"type", "tool"}, {"name", "x"}}, {}).has_value());
}

}  // namespace tocsin::kinds
