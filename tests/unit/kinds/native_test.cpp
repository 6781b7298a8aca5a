#include "schema/kinds/native.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/kinds/kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/kinds/native_cases.hpp"

namespace tocsin::kinds {
namespace {

std::vector<test::Place> expected(Json const& list) {
  std::vector<test::Place> out;
  for (auto const& place : list)
    out.emplace_back(place.at("code").get<std::string>(), place.at("pointer").get<std::string>());
  std::ranges::sort(out);
  return out;
}

core::Error refused(Json document) {
  auto const reading = read_native(std::move(document));
  REQUIRE_FALSE(reading.has_value());
  return reading.error().front();
}

}  // namespace

TEST_CASE("every case of tests/cases/kinds is read or refused as it says", "[kinds]") {
  auto const cases = test::all_cases();
  REQUIRE(cases.size() > 90);
  for (auto const& one : cases) {
    INFO(one.at("file").get<std::string>() << ": " << one.at("name").get<std::string>());
    auto const reading = read_native(one.at("native"));
    INFO((reading ? "" : test::described(reading.error())));
    CHECK((reading ? std::vector<test::Place>{} : test::places(reading.error())) == expected(one.at("findings")));
    if (!reading) continue;
    std::vector<std::string> patterns, values;
    for (auto const& item : reading->items) {
      patterns.push_back(item.pattern());
      values.push_back(item.document().value("value", std::string()));
    }
    CHECK(Json(patterns) == one.at("patterns"));
    if (one.contains("canonical")) CHECK(Json(values) == one.at("canonical"));
  }
}

TEST_CASE("every kind has a case with every property of its native form", "[kinds]") {
  std::map<std::string, std::set<std::string>> seen;
  for (auto const& one : test::all_cases())
    if (one.at("findings").empty())
      for (auto const& [name, value] : one.at("native").items())
        seen[one.at("native").at("kind").get<std::string>()].insert(name);
  for (auto const* kind : kinds())
    for (auto const& row : native_type(*kind).shape.properties) {
      INFO(kind->name << ": " << row.name);
      CHECK(seen[std::string(kind->name)].contains(std::string(row.name)));
    }
}

TEST_CASE("what was read is read again as itself, without a note on what was changed", "[kinds]") {
  for (auto const& one : test::all_cases()) {
    auto const reading = read_native(one.at("native"));
    if (!reading) continue;
    for (auto const& item : reading->items) {
      INFO(item.document().dump());
      auto const again = read_native(item.document());
      REQUIRE(again.has_value());
      REQUIRE(again->items.size() == 1);
      CHECK(again->items[0].document() == item.document());
      for (auto const& note : again->notes) CHECK(note.code == core::Code::vocabulary);
    }
  }
}

TEST_CASE("a word that is close to a known one is told the known one", "[kinds]") {
  CHECK(refused({{"kind", "ip-range"}, {"value", "192.0.2.1"}, {"confidance", 1}}).remedy ==
        "Remove or rename it. Did you mean `confidence`?");
  CHECK(refused({{"kind", "ip-range"}, {"value", "192.0.2.1"}, {"TLP", "red"}}).remedy ==
        "Remove or rename it. Did you mean `tlp`?");
  CHECK(refused({{"kind", "ip-range"}, {"value", "192.0.2.1"}, {"proxy-class", "vpn"}}).remedy ==
        "Remove or rename it. Did you mean `proxy_class`?");
  CHECK(refused({{"kind", "ip-range"}, {"value", "192.0.2.1"}, {"zzzzzzzz", 1}}).remedy == "Remove or rename it.");
  CHECK(refused({{"kind", "proxy_asn"}, {"value", 1}}).remedy.ends_with("Did you mean `proxy-asn`?"));
}

TEST_CASE("a level that is not said is the usual one of the kind, mostly the floor", "[kinds]") {
  auto const reading = read_native({{"kind", "proxy-asn"}, {"value", 64500}});
  REQUIRE(reading.has_value());
  CHECK(reading->items[0].document().at("tlp") == "green");
  Json canary{{"kind", "canary"},
              {"canary_type", "honeytoken"},
              {"scheme", "salted-sha256"},
              {"commitment", std::string(64, 'a')}};
  CHECK(read_native(canary).value().items[0].document().at("tlp") == "red");
  for (auto const* level : {"green", "amber", "amber+strict"}) {
    canary["tlp"] = level;
    CHECK(read_native(canary).value().items[0].document().at("tlp") == level);
  }
  // What a program said once it says again: it is told what to say instead.
  canary["tlp"] = "clear";
  CHECK(refused(canary).remedy == "Use green, or a stricter level.");
}

TEST_CASE("host bits are cleared with a note", "[kinds]") {
  auto const reading = read_native({{"kind", "ip-range"}, {"value", "198.51.100.7/24"}});
  REQUIRE(reading.has_value());
  REQUIRE(reading->notes.size() == 1);
  CHECK(reading->notes[0].pointer == "/value");
}

TEST_CASE("no finding holds a value", "[kinds]") {
  for (auto const& one : test::all_cases()) {
    auto const reading = read_native(one.at("native"));
    if (reading || !one.at("native").contains("value") || !one.at("native").at("value").is_string()) continue;
    auto const value = one.at("native").at("value").get<std::string>();
    if (value.size() < 4) continue;
    for (auto const& error : reading.error()) {
      INFO(value);
      CHECK(error.detail.find(value) == std::string::npos);
      if (error.remedy.find("Write it as") == std::string::npos) CHECK(error.remedy.find(value) == std::string::npos);
    }
  }
}

}  // namespace tocsin::kinds
