#include "server/admission/routing.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace tocsin::admission {
namespace {

using stix::Json;

struct Objects {
  std::vector<Parsed> parsed;

  void add(Json const& document, std::string kind = {}) {
    auto object = stix::parse_object(document, {1 << 20, 16});
    INFO(document.dump());
    REQUIRE(object.has_value());
    if (kind.empty()) kind = object->id.type();
    parsed.push_back({*std::move(object), std::move(kind)});
  }
  [[nodiscard]] std::vector<std::string_view> routed() const {
    std::vector<Parsed const*> all;
    for (auto const& one : parsed) all.push_back(&one);
    return collections_of(all);
  }
};

std::string id(char const* type, int number) {
  return std::string(type) + "--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd0" + std::to_string(number);
}

Json object(char const* type, int number, Json const& more = Json::object()) {
  Json out{{"type", type},
           {"spec_version", "2.1"},
           {"id", id(type, number)},
           {"created", "2026-01-02T03:04:05.000Z"},
           {"modified", "2026-01-02T03:04:05.000Z"}};
  out.update(more);
  return out;
}

Json indicator(int number, char const* pattern) {
  return object("indicator", number,
                {{"pattern", pattern}, {"pattern_type", "stix"}, {"valid_from", "2026-01-02T03:04:05Z"}});
}

Json link(int number, std::string const& from, std::string const& to) {
  return object("relationship", number, {{"relationship_type", "indicates"}, {"source_ref", from}, {"target_ref", to}});
}

}  // namespace

TEST_CASE("objects of a bundle go where the native forms of their kinds go", "[admission][routing]") {
  Objects objects;
  objects.add(indicator(1, "[url:value = 'x']"), "tls-fingerprint");
  objects.add(indicator(2, "[ipv4-addr:value = '192.0.2.1']"));
  objects.add(object("campaign", 3, {{"name", "Grey Heron"}}));
  objects.add(object("infrastructure", 4, {{"name", "Proxies"}}));
  objects.add(link(5, id("indicator", 2), id("campaign", 3)));
  objects.add(link(6, id("indicator", 9), id("campaign", 3)));
  objects.add(object("identity", 7, {{"name", "somebody"}, {"identity_class", "organization"}}));
  CHECK(objects.routed() == std::vector<std::string_view>{"accounts-and-behaviour", "network", "campaigns", "campaigns",
                                                          "network", "campaigns", "accounts-and-behaviour"});
}

TEST_CASE("what refers to several objects goes where the first of them goes that is there", "[admission][routing]") {
  Objects objects;
  objects.add(indicator(1, "[ipv4-addr:value = '192.0.2.1']"));
  objects.add(object("campaign", 2, {{"name", "Grey Heron"}}));
  objects.add(object("note", 3,
                     {{"content", "x"}, {"object_refs", {id("malware", 9), id("campaign", 2), id("indicator", 1)}}}));
  objects.add(object("sighting", 4, {{"sighting_of_ref", id("campaign", 2)}}));
  objects.add(indicator(5, "[(domain-name:value = 'a.net')]"));
  CHECK(objects.routed() == std::vector<std::string_view>{"network", "campaigns", "campaigns", "campaigns", "network"});
}

TEST_CASE("what refers to nothing in the bundle goes nowhere", "[admission][routing]") {
  Objects objects;
  objects.add(indicator(1, "[ipv4-addr:value = '192.0.2.1']"));
  objects.add(link(2, id("indicator", 8), id("campaign", 9)));
  CHECK(objects.routed() == std::vector<std::string_view>{"network", ""});
}

TEST_CASE("a bundle without an object of a kind goes nowhere", "[admission][routing]") {
  Objects objects;
  objects.add(object("identity", 1, {{"name", "somebody"}, {"identity_class", "organization"}}));
  objects.add(indicator(2, "[url:value = 'x']"));
  auto other = indicator(3, "[(");
  other["pattern_type"] = "snort";
  objects.add(other);
  CHECK(objects.routed() == std::vector<std::string_view>{"", "", ""});
}

}  // namespace tocsin::admission
