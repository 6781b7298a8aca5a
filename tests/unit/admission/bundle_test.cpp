// A bundle on the native way: where its objects go, in which order, and what becomes of those that are refused.
#include "server/admission/bundle.hpp"

#include <nlohmann/json.hpp>

#include "server/admission/weighing.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/lobby.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using admission::Bundle;
using admission::Item;
using nlohmann::json;
using Outcome = Item::Outcome;
using Codes = std::vector<core::Code>;

namespace {

constexpr char kStatement[] = "marking-definition--11111111-2222-4333-8444-555555555555";

struct World : Lobby {
  World() { add_collection(9, "campaigns"); }

  [[nodiscard]] core::Result<Bundle> read(std::string const& body, bool overriding = false) const {
    return admission::read_bundle(body, admission::Door(limits), sender(), {}, overriding);
  }
  [[nodiscard]] Bundle read(std::vector<json> const& objects, bool overriding = false) const {
    return read(json{{"type", "bundle"}, {"objects", objects}}.dump(), overriding).value();
  }
};

json object(char const* type, int number, json const& more) {
  auto out = indicator(number);
  for (auto const* name : {"indicator_types", "pattern", "pattern_type", "valid_from"}) out.erase(name);
  auto const id = text(out, "id");
  out["type"] = type;
  out["id"] = type + id.substr(id.find("--"));
  out.update(more);
  return out;
}

json campaign(int number) { return object("campaign", number, {{"name", "Grey Heron"}}); }
json report(int number, json const& members) {
  return object("report", number, {{"name", "r"}, {"published", "2026-01-01T10:00:00Z"}, {"object_refs", members}});
}

Codes codes(Item const& item) {
  Codes out;
  for (auto const& finding : item.findings) out.push_back(finding.code);
  return out;
}

}  // namespace

TEST_CASE("what is no envelope is no bundle", "[admission][bundle]") {
  World const world;
  CHECK(world.read("[]").error().code == core::Code::envelope_invalid);
}

TEST_CASE("a bundle has as many objects as a body has items, and not one more", "[admission][bundle]") {
  World const world;
  auto const body = [](std::size_t count) { return json{{"objects", json(count, 0)}}.dump(); };
  CHECK(world.read(body(admission::kMostItems)).value().items.size() == admission::kMostItems);
  CHECK(world.read(body(admission::kMostItems + 1)).error().code == core::Code::content_too_large);
}

TEST_CASE("each object of a bundle is an item with its place, its id and its collection", "[admission][bundle]") {
  World const world;
  auto const bundle = world.read({indicator(1), json(5), campaign(2), indicator(3)});
  REQUIRE(bundle.items.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(bundle.items[i].place.pointer == "/objects/" + std::to_string(i));
  CHECK(bundle.items[0].id == text(indicator(1), "id"));
  CHECK(bundle.items[0].collection == "network");
  CHECK(bundle.items[0].classes.size() == 1);
  CHECK(bundle.items[1].outcome == Outcome::refused);
  CHECK_FALSE(bundle.items[1].findings.empty());
  CHECK(bundle.items[1].collection.empty());
  CHECK(bundle.items[2].collection == "campaigns");
  REQUIRE(bundle.drafts.size() == 2);
  CHECK(bundle.drafts[0].collection.row == 9);
  CHECK(bundle.drafts[0].items == std::vector<std::size_t>{2});
  CHECK(bundle.drafts[1].collection.row == 7);
  CHECK(bundle.drafts[1].items == std::vector<std::size_t>{0, 3});
  CHECK(bundle.drafts[1].candidates.size() == 2);
}

TEST_CASE("an object that goes nowhere, or where the credential does not reach, is refused by itself",
          "[admission][bundle]") {
  World world;
  world.tables.collections.pop_back();
  auto const link = object("relationship", 4,
                           {{"relationship_type", "related-to"},
                            {"source_ref", text(indicator(8), "id")},
                            {"target_ref", text(indicator(9), "id")}});
  auto const bundle = world.read({indicator(1), campaign(2), link});
  CHECK(bundle.items[0].outcome == Outcome::accepted);
  CHECK(codes(bundle.items[1]) == Codes{core::Code::forbidden});
  CHECK(codes(bundle.items[2]) == Codes{core::Code::reference_unknown});
  CHECK(bundle.drafts.size() == 1);
}

TEST_CASE("definitions of statements go before what is marked with them, whatever their collection is called",
          "[admission][bundle]") {
  World const world;
  auto marked = indicator(1);
  marked["object_marking_refs"].push_back(kStatement);
  auto const bundle = world.read({campaign(2), marked, statement_marking(kStatement)});
  for (auto const& item : bundle.items) CHECK(item.outcome == Outcome::accepted);
  std::vector<std::size_t> order;
  for (auto const& draft : bundle.drafts) order.insert(order.end(), draft.items.begin(), draft.items.end());
  REQUIRE(order.size() == 3);
  CHECK(order.front() == 2);
}

TEST_CASE("an id that is a statement here and something else there defines nothing", "[admission][bundle]") {
  World const world;
  json const other{{"type", "marking-definition"},
                   {"spec_version", "2.1"},
                   {"id", kStatement},
                   {"created", "2026-01-01T10:00:00.000Z"},
                   {"extensions",
                    {{"extension-definition--43394b7b-7562-4b10-bd6a-4bccba96da7d",
                      {{"extension_type", "property-extension"},
                       {"purpose", "audience"},
                       {"group", std::string(kStatement).substr(20)}}}}}};
  auto const bundle = world.read({indicator(1), statement_marking(kStatement), other});
  for (auto const& item : bundle.items)
    for (auto const& finding : item.findings) FAIL(finding.detail);
  REQUIRE(bundle.drafts.size() == 1);
  CHECK(bundle.drafts[0].items == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("a container above a member is refused in its item, or taken with what was overridden",
          "[admission][bundle]") {
  World const world;
  auto strict = indicator(1);
  strict["object_marking_refs"] = {stix::tlp2_id(stix::Tlp::amber)};
  std::vector<json> const objects{campaign(3), strict, report(2, {text(strict, "id")})};
  auto refused = world.read(objects);
  CHECK(refused.referring.size() == 1);
  admission::weigh_references(refused, {}, false, false);
  CHECK(codes(refused.items[2]) == Codes{core::Code::marking_below_member});
  CHECK(refused.items[1].outcome == Outcome::accepted);
  CHECK(refused.referring.empty());

  for (bool dry : {false, true}) {
    auto taken = world.read(objects);
    admission::weigh_references(taken, {}, true, dry);
    CHECK(taken.items[2].outcome == Outcome::accepted);
    CHECK(taken.items[2].overridden == Codes{core::Code::marking_below_member});
    CHECK(taken.items[2].notes.size() == (dry ? 1 : 0));
    CHECK(taken.items[1].notes.empty());
  }
}

TEST_CASE("a warning of the harm checks that is overridden is told in its item", "[admission][bundle]") {
  World const world;
  auto object = indicator(1);
  object["description"] = "Ask joe@mail.example.";
  object["extensions"] = {{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa",
                           {{"extension_type", "property-extension"}, {"indicator_kind", "ip-range"}}}};
  object["pattern"] = "[ipv4-addr:value = '9.9.9.9']";
  CHECK(codes(world.read({object}).items[0]) == Codes{core::Code::personal_data_in_text});
  auto const taken = world.read({object}, true);
  CHECK(taken.items[0].outcome == Outcome::accepted);
  CHECK(taken.items[0].overridden == Codes{core::Code::personal_data_in_text});
}
