// Feeds for platforms: byte for byte what a naive writer of the same indicators makes.
#include "server/feeds/formats/documents.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/network.hpp"
#include "schema/stix/identifier.hpp"
#include "schema/stix/timestamp.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using feeds::Entry;
using feeds::Family;
using match::Action;
using nlohmann::json;

namespace {

feeds::Publisher const kPublisher{"Hub", "identity--00000000-0000-4000-8000-000000000009"};
constexpr std::int64_t kSecond = 1'000'000;

Entry entry(std::string_view value, Action action, stix::Tlp level, std::int64_t modified_s) {
  Entry out;
  out.network = match::folded(kinds::parse_networks(value)->all.at(0));
  out.action = action;
  out.uuid = stix::Identifier::parse("indicator--00000000-0000-4000-8000-000000000000")->uuid();
  out.uuid[15] = static_cast<std::uint8_t>(modified_s % 10);
  out.level = level;
  out.modified_us = modified_s * kSecond;
  return out;
}

std::vector<Entry> two() {
  std::vector out{entry("198.51.100.0/24", Action::block, stix::Tlp::amber, 1'770'000'002),
                  entry("203.0.113.7", Action::observe, stix::Tlp::green, 1'770'000'001)};
  out.front().confidence = 80;
  out.front().valid_until_us = stix::Timestamp::parse("2026-03-01T00:00:00.000Z")->microseconds();
  return out;
}

}  // namespace

TEST_CASE("a bundle has the stored bytes, and the same objects are the same bundle", "[feeds][formats]") {
  std::vector<std::string> const objects{R"({"id":"a","x":1.0})", R"({"id":"b"})"};
  auto const made = feeds::as_stix_bundle(objects);
  CHECK(made.count == 2);
  CHECK(made.body.contains("\"objects\":[" + objects[0] + "," + objects[1] + "]}\n"));
  auto const id = json::parse(made.body).at("id").get<std::string>();
  CHECK(stix::Identifier::parse(id)->type() == "bundle");
  CHECK(feeds::as_stix_bundle(objects).body == made.body);
  CHECK(json::parse(feeds::as_stix_bundle(std::vector{objects[0]}).body).at("id") != id);
  auto const none = json::parse(feeds::as_stix_bundle({}).body);
  CHECK((none.at("type") == "bundle" && !none.contains("objects")));  // STIX 2.1 has no empty list
}

TEST_CASE("an event of MISP has an attribute for each indicator, and nobody else is meant to read it",
          "[feeds][formats]") {
  auto const all = two();
  auto const made = feeds::as_misp_event(kPublisher, "block-v4", Family::v4, all);
  CHECK(made.count == 2);
  auto const event = json::parse(made.body).at("Event");
  auto const uuid = core::to_text(stix::uuid_v5(stix::Identifier::parse(kPublisher.identity)->uuid(), "misp/block-v4"));
  json const expected{{"uuid", uuid},
                      {"info", "Tocsin block-v4"},
                      {"date", "2026-02-02"},
                      {"timestamp", "1770000002"},
                      {"publish_timestamp", "1770000002"},
                      {"published", true},
                      {"distribution", "0"},
                      {"analysis", "2"},
                      {"threat_level_id", "2"},
                      {"Tag", {{{"name", "tlp:amber"}}}},
                      {"Orgc", {{"name", "Hub"}, {"uuid", "00000000-0000-4000-8000-000000000009"}}},
                      {"Attribute",
                       {{{"uuid", "00000000-0000-4000-8000-000000000002"},
                         {"type", "ip-src"},
                         {"category", "Network activity"},
                         {"value", "198.51.100.0/24"},
                         {"to_ids", true},
                         {"timestamp", "1770000002"},
                         {"comment", "action: block, confidence: 80, until: 2026-03-01T00:00:00.000Z"},
                         {"Tag", {{{"name", "tlp:amber"}}}}},
                        {{"uuid", "00000000-0000-4000-8000-000000000001"},
                         {"type", "ip-src"},
                         {"category", "Network activity"},
                         {"value", "203.0.113.7"},
                         {"to_ids", false},
                         {"timestamp", "1770000001"},
                         {"comment", "action: observe"},
                         {"Tag", {{{"name", "tlp:green"}}}}}}}};
  CHECK(event == expected);
}

TEST_CASE("the manifest of a feed of MISP names its event, and the hashes are those of its values",
          "[feeds][formats]") {
  auto const all = two();
  auto const manifest = json::parse(feeds::as_misp_manifest(kPublisher, "block-v4", Family::v4, all).body);
  REQUIRE(manifest.size() == 1);
  auto const uuid = manifest.begin().key();
  auto const event = json::parse(feeds::as_misp_event(kPublisher, "block-v4", Family::v4, all).body).at("Event");
  CHECK(event.at("uuid") == uuid);
  for (auto const& [name, value] : manifest.begin()->items()) CHECK(event.at(name) == value);
  CHECK(feeds::as_misp_hashes(kPublisher, "block-v4", Family::v4, all).body ==
        "c778b09455404c87bb4d3ba66367ca89," + uuid + "\n" + "68fecd3b63b272e813f600f1a4885e0c," + uuid + "\n");
  CHECK(feeds::misp_file(kPublisher, "block-v4", "manifest.json") == feeds::find_format("misp-manifest"));
  CHECK(feeds::misp_file(kPublisher, "block-v4", "hashes.csv") == feeds::find_format("misp-hashes"));
  CHECK(feeds::misp_file(kPublisher, "block-v4", uuid + ".json") == feeds::find_format("misp"));
  for (auto const& name : {uuid, "../" + uuid + ".json", std::string("events.json"), std::string()})
    CHECK(feeds::misp_file(kPublisher, "block-v4", name) == nullptr);
  CHECK(feeds::misp_file(kPublisher, "block-v6", uuid + ".json") == nullptr);
}

TEST_CASE("a feed of MISP without indicators is a feed all the same", "[feeds][formats]") {
  auto const event = json::parse(feeds::as_misp_event(kPublisher, "block-asn", Family::asn, {}).body).at("Event");
  CHECK((event.at("Attribute").empty() && event.at("Tag").empty() && event.at("timestamp") == "0"));
  CHECK(feeds::as_misp_hashes(kPublisher, "block-asn", Family::asn, {}).body.empty());
  Entry number;
  number.number = 64'496;
  auto const attribute = json::parse(feeds::as_misp_event(kPublisher, "block-asn", Family::asn, {&number, 1}).body)
                             .at("Event")
                             .at("Attribute")
                             .at(0);
  CHECK((attribute.at("type") == "AS" && attribute.at("value") == "AS64496"));
}
