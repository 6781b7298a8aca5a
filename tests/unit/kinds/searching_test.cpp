#include "schema/kinds/searching.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/kinds/kinds.hpp"
#include "schema/kinds/native.hpp"
#include "schema/kinds/shared_rows.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/kinds/native_cases.hpp"

using namespace tocsin;
using nlohmann::json;

namespace {

json indicator(std::string const& kind, std::string const& pattern, json more = json::object()) {
  json out{{"type", "indicator"},
           {"pattern", pattern},
           {"pattern_type", "stix"},
           {"valid_from", "2026-01-01T00:00:00Z"},
           {"extensions", {{std::string(kinds::kIndicatorExtension), {{"indicator_kind", kind}}}}}};
  out.update(more);
  return out;
}

std::vector<std::string> keys(std::string const& kind, std::string const& pattern) {
  return kinds::searchable(indicator(kind, pattern)).value().keys;
}

std::string network(std::string const& value) {
  bool const six = value.find(':') != value.npos;
  return keys("ip-range", std::string("[") + (six ? "ipv6" : "ipv4") + "-addr:value = '" + value + "']").front();
}

std::ptrdiff_t labels_and_campaigns(std::vector<std::string> const& facets) {
  return std::ranges::count_if(facets, [](auto const& one) { return one.front() == 'l' || one.front() == 'c'; });
}

bool among(std::vector<kinds::KeyRange> const& ranges, std::string const& key) {
  for (auto const& range : ranges)
    if (range.first <= key && key < range.end) return true;
  return false;
}

void check_order(std::vector<kinds::KeyRange> const& ranges) {
  for (std::size_t i = 1; i < ranges.size(); ++i) CHECK(ranges[i - 1].end <= ranges[i].first);
}

}  // namespace

TEST_CASE("what lies within a network is one stretch of keys", "[kinds][searching]") {
  auto const within = kinds::keys_within("203.0.113.0/24").value();
  CHECK(within.size() == 1);
  for (auto const* inside : {"203.0.113.0/24", "203.0.113.0/25", "203.0.113.128/25", "203.0.113.0", "203.0.113.255"})
    CHECK(among(within, network(inside)));
  for (auto const* outside :
       {"203.0.112.0/23", "203.0.0.0/16", "203.0.112.255", "203.0.114.0", "0.0.0.0/0", "cb00:7100::/24"})
    CHECK_FALSE(among(within, network(outside)));
  CHECK(among(kinds::keys_within("0.0.0.0/0").value(), network("255.255.255.255")));
  CHECK_FALSE(among(kinds::keys_within("0.0.0.0/0").value(), network("::/0")));
}

TEST_CASE("what contains an address has one key a length", "[kinds][searching]") {
  auto const four = kinds::keys_containing("203.0.113.7").value(), six = kinds::keys_containing("2001:db8::7").value();
  CHECK(four.size() == 33);
  CHECK(six.size() == 129);
  check_order(four);
  check_order(six);
  for (auto const* wide : {"0.0.0.0/0", "203.0.113.0/24", "203.0.113.6/31", "203.0.113.7"})
    CHECK(among(four, network(wide)));
  for (auto const* other : {"203.0.113.6", "203.0.113.8/29", "203.0.112.0/24", "::/0"})
    CHECK_FALSE(among(four, network(other)));
  CHECK(among(six, network("2001:db8::/32")));
  auto const net = kinds::keys_containing("203.0.113.0/25").value();
  CHECK(among(net, network("203.0.113.0/25")));
  CHECK_FALSE(among(net, network("203.0.113.0/26")));
}

TEST_CASE("an address of IPv4 is one however it is written", "[kinds][searching]") {
  CHECK(network("::ffff:203.0.113.7") == network("203.0.113.7"));
  CHECK(network("203.0.113.9/24") == network("203.0.113.0/24"));
  CHECK(among(kinds::keys_containing("::ffff:203.0.113.7").value(), network("203.0.113.0/24")));
}

TEST_CASE("every value of a pattern is a key, and what is denied is none", "[kinds][searching]") {
  auto const several =
      keys("ip-range", "[ipv4-addr:value IN ('203.0.113.7', '198.51.100.0/24') OR ipv6-addr:value = '2001:db8::1']");
  CHECK(several.size() == 3);
  CHECK(std::ranges::is_sorted(several));
  auto const denied = keys("ip-range", "[ipv4-addr:value NOT = '203.0.113.7']");
  CHECK(denied.size() == 1);
  CHECK_FALSE(among(kinds::keys_of_value("ip-range", "203.0.113.7").value(), denied.front()));
}

TEST_CASE("a pattern without a value is found by its kind alone", "[kinds][searching]") {
  auto const key = keys("ip-range", "[file:name = 'x']").front();
  auto const of_kind = kinds::keys_of_kind("ip-range");
  CHECK(among({of_kind}, key));
  CHECK(kinds::kind_of_key(key) == "ip-range");
  CHECK_FALSE(among(kinds::keys_within("0.0.0.0/0").value(), key));
  CHECK_FALSE(among(kinds::keys_within("::/0").value(), key));
}

TEST_CASE("what is no indicator with our extension is not searched", "[kinds][searching]") {
  auto plain = indicator("ip-range", "[ipv4-addr:value = '203.0.113.7']");
  plain.erase("extensions");
  CHECK_FALSE(kinds::searchable(plain));
  auto other = indicator("ip-range", "[ipv4-addr:value = '203.0.113.7']");
  other["type"] = "campaign";
  CHECK_FALSE(kinds::searchable(other));
}

TEST_CASE("labels and campaigns are facets, each once and of bounded number", "[kinds][searching]") {
  core::Uuid const campaign = core::parse_uuid("83422c77-904c-4dc1-aff5-5c38f3a2c55c").value();
  json facts{{"indicator_kind", "ip-range"}, {"campaign_refs", {"campaign--" + core::to_text(campaign)}}};
  json more{{"labels", {"b", "a", "b", std::string(100, 'x')}},
            {"confidence", 70},
            {"valid_until", "2026-01-02T00:00:00Z"},
            {"extensions", {{std::string(kinds::kIndicatorExtension), facts}}}};
  auto const found = kinds::searchable(indicator("ip-range", "[ipv4-addr:value = '203.0.113.7']", more)).value();
  CHECK(labels_and_campaigns(found.facets) == 4);
  for (auto const& one : {kinds::label_facet("a"), kinds::label_facet("b"), kinds::label_facet(std::string(100, 'x')),
                          kinds::campaign_facet(campaign)})
    CHECK(std::ranges::find(found.facets, one) != found.facets.end());
  CHECK(found.confidence == 70);
  CHECK(found.valid_until_us.value() - found.valid_from_us == 86'400'000'000);
  more["labels"] = json::array();
  for (int i = 0; i < 1'000; ++i) more["labels"].push_back("label-" + std::to_string(i));
  auto const many = kinds::searchable(indicator("ip-range", "[file:name = 'x']", more)).value();
  CHECK(labels_and_campaigns(many.facets) == kinds::kMostFacets);
}

TEST_CASE("a value without a kind is looked for among all that have such values", "[kinds][searching]") {
  auto const address = kinds::keys_of_value("", "203.0.113.7").value();
  CHECK(among(address, network("203.0.113.7")));
  CHECK(among(
      address,
      keys("user-agent", "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = '203.0.113.7']")
          .front()));
  check_order(address);
  CHECK(kinds::keys_of_value("proxy-asn", "as64500").value().front().first ==
        keys("proxy-asn", "[autonomous-system:number = 64500]").front());
  CHECK(kinds::keys_of_value("proxy-domain", "Proxy.Example.").value().front().first ==
        keys("proxy-domain", "[domain-name:value = 'proxy.example']").front());
  CHECK(kinds::keys_of_value("ip-range", "no address").error().code == core::Code::property_value);
  CHECK(kinds::keys_within("203.0.113.7-203.0.113.9").error().code == core::Code::property_value);
}

TEST_CASE("an item of any kind is found by the values of its pattern", "[kinds][searching]") {
  std::set<std::string_view> seen;
  for (auto const& one : kinds::test::all_cases()) {
    auto const reading = kinds::read_native(one.at("native"));
    if (!reading) continue;
    for (auto const& native : reading->items) {
      if (!native.kind().makes_indicator()) continue;
      CAPTURE(one.at("name").get<std::string>());
      auto const kind = std::string(native.kind().name);
      auto const object = indicator(kind, native.pattern());
      auto const found = kinds::searchable(object).value();
      auto const values = kinds::values_of(object);
      REQUIRE_FALSE(values.empty());
      for (auto const& value : values) {
        auto const asked = kinds::keys_of_value(kind, value).value();
        CHECK(std::ranges::any_of(found.keys, [&](auto const& key) { return among(asked, key); }));
      }
      auto const said = kinds::native_part(object);
      CHECK(said.at("kind") == kind);
      if (native.document().contains("value")) {
        auto const value = native.document().at("value").get<std::string>();
        CHECK(std::ranges::find(values, value) != values.end());
        if (said.contains("value")) CHECK(said.at("value") == value);
      }
      seen.insert(native.kind().name);
    }
  }
  for (auto const* kind : kinds::kinds()) CHECK(seen.contains(kind->name) == kind->makes_indicator());
}

TEST_CASE("a value is covered by itself, by networks that contain it, and by domains above it", "[kinds][searching]") {
  auto const domain = [](std::string const& name) {
    return keys("proxy-domain", "[domain-name:value = '" + name + "']").front();
  };
  auto const address = kinds::keys_covering("", "203.0.113.7").value();
  check_order(address);
  for (auto const* around : {"203.0.113.7", "203.0.113.0/24", "0.0.0.0/0"}) CHECK(among(address, network(around)));
  for (auto const* apart : {"203.0.113.6", "203.0.113.8/29"}) CHECK_FALSE(among(address, network(apart)));
  CHECK_FALSE(among(address, domain("113.7")));
  auto const name = kinds::keys_covering("", "Exit.Proxy.Example.").value();
  check_order(name);
  for (auto const* above : {"exit.proxy.example", "proxy.example", "example"}) CHECK(among(name, domain(above)));
  for (auto const* other : {"a.exit.proxy.example", "other.example", "y.example"})
    CHECK_FALSE(among(name, domain(other)));
  CHECK_FALSE(among(kinds::keys_covering("user-agent", "exit.proxy.example").value(), domain("proxy.example")));
  CHECK(kinds::keys_covering("ip-range", "exit.proxy.example").error().code == core::Code::property_value);
}

TEST_CASE("a key tells the number of an autonomous system, whichever octet comes first", "[kinds][searching]") {
  for (auto const* number : {"64500", "4261412864", "4278190080", "4294967294"}) {
    CAPTURE(number);
    auto const key = keys("proxy-asn", "[autonomous-system:number = " + std::string(number) + "]").front();
    CHECK(kinds::value_of_key(key) == "AS" + std::string(number));
  }
}
