#include "server/catalog/dialect.hpp"

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::catalog {
namespace {

using stix::Json;

constexpr std::string_view kPrefix = "marking-definition--";

struct Known {
  std::string_view uuid, tlp1;
};
constexpr std::string_view kWhite = "613f2e26-407d-48c7-9eca-b8e91df99dc9",
                           kGreen = "34098fce-860f-48ae-8e50-ebd3cc5e41da",
                           kAmber = "f88d31f6-486f-44da-b317-01333bde0b82",
                           kRed = "5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
constexpr std::array<Known, 10> kKnown{{
    {"94868c89-83c2-464b-929b-a1a8aa3c8487", kWhite},
    {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", kGreen},
    {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", kAmber},
    {"939a9414-2ddd-4d32-a0cd-375ea402b003", kRed},  // AMBER+STRICT
    {"e828b379-4e03-4974-9ac4-e53a884c97c1", kRed},
    {"826578e1-40ad-459f-bc73-ede076f81f37", kRed},  // OpenCTI's AMBER+STRICT
    {kWhite, kWhite},
    {kGreen, kGreen},
    {kAmber, kAmber},
    {kRed, kRed},
}};
constexpr std::string_view kStatement = "11111111-2222-4333-8444-555555555555";

std::string marking(std::string_view uuid) { return std::string(kPrefix) + std::string(uuid); }

std::string rendered(std::string text) {
  std::size_t size = text.size();
  render_tlp1(text);
  REQUIRE(text.size() == size);
  return text;
}

std::string rendered(Json const& document) { return rendered(stix::canonical_json(document)); }

Json indicator(Json refs, Json granular) {
  return {{"type", "indicator"},
          {"id", "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"},
          {"created", "2026-01-01T00:00:00.000Z"},
          {"object_marking_refs", std::move(refs)},
          {"granular_markings", std::move(granular)}};
}

// Any JSON value that can be a member of an object, with marking ids and what looks like them in all places.
class Source {
 public:
  explicit Source(std::uint64_t seed) : state_(seed) {}

  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % count;
  }

  std::string text() {
    static std::vector<std::string> const kTexts{
        "", "\"", "\\", "\\\"", "a\\", "],[", "}{", "\u00e9\"\\", "\n,\":[", ":", "object_marking_refs", "marking_ref"};
    return below(3) == 0 ? marking(kKnown[below(kKnown.size())].uuid)
                         : kTexts[below(kTexts.size())] + kTexts[below(kTexts.size())];
  }

  std::string name() {
    static std::vector<std::string> const kNames{"object_marking_refs", "granular_markings", "marking_ref",
                                                 "extensions", "lang"};
    return below(2) == 0 ? kNames[below(kNames.size())] : text();
  }

  Json value(int depth) {
    Json made;
    switch (below(depth > 0 ? 7 : 5)) {
      case 0:
        return -12.5;
      case 1:
        return below(2) == 0;
      case 2:
        return nullptr;
      case 3:
      case 4:
        return text();
      case 5:
        made = Json::array();
        for (std::size_t i = below(4); i > 0; --i) made.push_back(value(depth - 1));
        return made;
      default:
        return object(depth - 1);
    }
  }

  Json object(int depth) {
    Json made = Json::object();
    for (std::size_t i = below(5); i > 0; --i) {
      std::string of = name();
      made[of] = below(4) == 0 ? value(depth) : likely(of, depth);
    }
    return made;
  }

  // The shape that a member of this name has in an object that is well formed.
  Json likely(std::string const& name, int depth) {
    if (name == "marking_ref") return text();
    if (name == "object_marking_refs") return {text(), text()};
    if (name == "granular_markings" && depth > 0) return Json::array({object(depth - 1), object(depth - 1)});
    return value(depth);
  }

 private:
  std::uint64_t state_;
};

void translate(Json& value) {
  if (!value.is_string()) return;
  for (auto const& known : kKnown)
    if (value == marking(known.uuid)) {
      value = marking(known.tlp1);
      return;
    }
}

// What the rendering is, said of the document.
Json translated(Json object) {
  if (auto refs = object.find("object_marking_refs"); refs != object.end() && refs->is_array())
    for (auto& ref : *refs) translate(ref);
  if (auto granular = object.find("granular_markings"); granular != object.end() && granular->is_array())
    for (auto& one : *granular)
      if (one.is_object() && one.contains("marking_ref")) translate(one["marking_ref"]);
  return object;
}

TEST_CASE("each TLP id becomes the TLP 1 id of its level, and AMBER+STRICT becomes RED", "[catalog][dialect]") {
  for (auto const& [uuid, tlp1] : kKnown) {
    Json selector = Json::array({"name"});
    auto made = [&](std::string_view id) {
      return stix::canonical_json(indicator({marking(id)}, {{{"marking_ref", marking(id)}, {"selectors", selector}}}));
    };
    CHECK(rendered(made(uuid)) == made(tlp1));
  }
}

TEST_CASE("hexadecimal digits of either case name the same TLP marking", "[catalog][dialect]") {
  auto text = stix::canonical_json(indicator({marking("939A9414-2DDD-4D32-A0CD-375EA402B003")}, Json::array()));
  CHECK(rendered(text) == stix::canonical_json(indicator({marking(kRed)}, Json::array())));
}

TEST_CASE("the other markings of an object stay, in their order", "[catalog][dialect]") {
  auto refs = [](std::string_view tlp) { return Json{marking(kStatement), marking(tlp), marking(kStatement)}; };
  Json lang = {{"lang", "en"}, {"selectors", {"name"}}};
  CHECK(rendered(indicator(refs(kKnown[2].uuid), {lang})) == stix::canonical_json(indicator(refs(kAmber), {lang})));
}

TEST_CASE("equal text in names, descriptions, extensions and references is content and stays", "[catalog][dialect]") {
  auto id = marking(kKnown[0].uuid);
  Json made = indicator(Json::array(), Json::array());
  made["name"] = id;
  made["description"] = "\"object_marking_refs\":[\"" + id + "\"],\\";
  made["labels"] = {id, "\\"};
  made["extensions"] = {{"extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                         {{"object_marking_refs", {id}},
                          {"granular_markings", {{{"marking_ref", id}}}},
                          {"extension_type", "property-extension"}}}};
  made["object_refs"] = {id};
  made["objects"] = {{"0", {{"type", "artifact"}, {"object_marking_refs", {id}}}}};
  made["marking_ref"] = id;
  made["granular_markings"] = {{{"selectors", {id}}, {"object_marking_refs", {id}}, {"deeper", {{"marking_ref", id}}}}};
  CHECK(rendered(made) == stix::canonical_json(made));
}

TEST_CASE("the definition of a TLP 2.0 marking keeps its id", "[catalog][dialect]") {
  Json made = {{"type", "marking-definition"}, {"id", marking(kKnown[3].uuid)}, {"name", "TLP:AMBER+STRICT"}};
  CHECK(rendered(made) == stix::canonical_json(made));
}

TEST_CASE("every object of a page is rendered, and a page without objects stays empty", "[catalog][dialect]") {
  std::string page, expected;
  for (auto const& [uuid, tlp1] : kKnown) {
    page += (page.empty() ? "" : ",") + stix::canonical_json(indicator({marking(uuid)}, Json::array()));
    expected += (expected.empty() ? "" : ",") + stix::canonical_json(indicator({marking(tlp1)}, Json::array()));
  }
  CHECK(rendered(page) == expected);
  CHECK(rendered(std::string()).empty());
}

TEST_CASE("whatever an object holds, only its own markings change, its length never, and a second time nothing",
          "[catalog][dialect]") {
  std::size_t changed = 0;
  for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
    Source source(seed);
    Json document = source.object(4);
    std::string text = stix::canonical_json(document), once = rendered(text);
    INFO(text);
    REQUIRE(once == stix::canonical_json(translated(document)));
    REQUIRE(rendered(once) == once);
    if (once != text) ++changed;
  }
  CHECK(changed > 100);
}

TEST_CASE("text that breaks off anywhere is left within its bounds", "[catalog][dialect]") {
  auto whole =
      stix::canonical_json(indicator({marking(kKnown[0].uuid), "\\\""}, {{{"marking_ref", marking(kKnown[1].uuid)}}}));
  auto expected = rendered(whole);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::vector<char> part(whole.begin(),
                           whole.begin() + static_cast<std::ptrdiff_t>(size));  // so that a sanitizer knows its end
    render_tlp1(part);
    // A marking that was closed before the break may be rendered; nothing else may change.
    for (std::size_t i = 0; i < size; ++i) REQUIRE((part[i] == whole[i] || part[i] == expected[i]));
  }
  for (std::string_view text : {"[}", "{]", "{,", "{\"a\"", "{\"object_marking_refs\":[}",
                                "{\"granular_markings\":[{]}", "\"", ",,", "{\"a\":}"})
    CHECK(rendered(std::string(text)) == text);
}

}  // namespace
}  // namespace tocsin::catalog
