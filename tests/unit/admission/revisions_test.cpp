// The versions that take an indicator back, and what its readers are told beside them.
#include <nlohmann/json.hpp>

#include "server/admission/retraction.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/lobby.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using admission::Because;
using admission::Deed;
using nlohmann::json;
using List = std::vector<std::string>;

namespace {

store::StoredObject stored(json const& document) {
  auto const id = stix::Identifier::parse(text(document, "id")).value();
  store::StoredObject out;
  out.type = id.type();
  out.uuid = id.uuid();
  out.kind = "ip-range";
  out.revoked = document.value("revoked", false);
  out.bytes = stix::canonical_json(document);
  out.publications = {{7, 1, 0, false, 0}};
  return out;
}

json link(int number, std::string const& from, std::string const& to) {
  auto out = indicator(number);
  for (auto const* name : {"indicator_types", "pattern", "pattern_type", "valid_from"}) out.erase(name);
  auto const id = text(out, "id");
  out["id"] = "relationship" + id.substr(id.find("--"));
  out.update({{"type", "relationship"}, {"relationship_type", "related-to"}, {"source_ref", from}, {"target_ref", to}});
  return out;
}

struct World : Lobby {
  json document = indicator(1);
  admission::Telling telling;
  std::vector<json> relationships;

  [[nodiscard]] core::Result<std::vector<admission::Revision>> revisions(Because because) const {
    store::Retractable of;
    of.asserter = 1;
    of.indicator = stored(document);
    for (auto const& one : relationships) of.relationships.push_back(stored(one));
    return admission::revisions(admission::Door(limits), sender(), of, because, telling);
  }
  // The deeds, each with the type of its object.
  [[nodiscard]] List deeds(Because because) const {
    List out;
    auto const made = revisions(because).value();
    for (auto const& one : made) {
      CHECK(one.deed.collections == std::vector<store::RowId>{7});
      out.push_back(std::string(name(one.deed.kind)) + " " + one.candidate.type);
    }
    return out;
  }
};

std::string id_of(int number) { return text(indicator(number), "id"); }

}  // namespace

TEST_CASE("an indicator is revoked with the relationships that lead from it", "[admission][retraction]") {
  World world;
  world.relationships = {link(2, id_of(1), id_of(9)), link(3, id_of(9), id_of(1))};
  CHECK(world.deeds(Because::wrong) == List{"revoked indicator", "revoked relationship"});
  auto const made = world.revisions(Because::wrong).value();
  auto const version = json::parse(made[0].candidate.bytes);
  CHECK(version.at("revoked") == true);
  CHECK(version.at("modified") == "2026-02-02T02:40:00.000Z");
  CHECK(made[1].deed.id == text(world.relationships[0], "id"));
}

TEST_CASE("an indicator that ends is valid until now, and what leads from it stays", "[admission][retraction]") {
  World world;
  world.relationships = {link(2, id_of(1), id_of(9))};
  CHECK(world.deeds(Because::ended) == List{"ended indicator"});
  CHECK(json::parse(world.revisions(Because::ended)->at(0).candidate.bytes).at("valid_until") ==
        "2026-02-02T02:40:00.000Z");
  world.document["valid_from"] = world.document["created"] = "2026-02-02T02:40:00.000Z";  // this very moment
  CHECK(json::parse(world.revisions(Because::ended)->at(0).candidate.bytes).at("valid_until") ==
        "2026-02-02T02:40:00.001Z");
}

TEST_CASE("an indicator that has ended is not ended again, and one that lies ahead cannot end",
          "[admission][retraction]") {
  World world;
  world.telling.note = "It was ours.";
  world.document["valid_until"] = "2026-02-02T02:40:00Z";
  CHECK(world.deeds(Because::ended).empty());
  world.document["valid_until"] = "2026-02-02T02:40:00.001Z";
  CHECK(world.deeds(Because::ended) == List{"ended indicator", "added note"});
  world.document["valid_until"] = "2026-03-02T00:00:00Z";
  world.document["valid_from"] = "2026-02-02T02:40:00.001Z";
  auto const ahead = world.revisions(Because::ended);
  REQUIRE_FALSE(ahead.has_value());
  CHECK(ahead.error().code == core::Code::unprocessable);
}

TEST_CASE("what was taken back already is not taken back again", "[admission][retraction]") {
  World world;
  world.document["revoked"] = true;
  CHECK(world.deeds(Because::wrong).empty());
  world.relationships = {link(2, id_of(1), id_of(9))};
  world.relationships[0]["revoked"] = true;
  world.document["revoked"] = false;
  CHECK(world.deeds(Because::wrong) == List{"revoked indicator"});
}

TEST_CASE("readers are told of the other one where both have the same markings and author", "[admission][retraction]") {
  World world;
  auto const told = [&](json const& other, store::RowId class_row = 0) {
    auto object = stored(other);
    object.class_row = class_row;
    world.telling.duplicate_of = &object;
    return world.deeds(Because::duplicate).size() > 1;
  };
  auto const other = indicator(5);
  CHECK(told(other));
  CHECK_FALSE(told(other, 3));
  auto changed = other;
  changed["revoked"] = true;
  CHECK_FALSE(told(changed));
  changed = other;
  changed["object_marking_refs"] = {stix::tlp2_id(stix::Tlp::clear)};
  CHECK_FALSE(told(changed));
  changed = other;
  changed["created_by_ref"] = kOwnIdentity;
  CHECK_FALSE(told(changed));
}

TEST_CASE("what is told has the markings and the author of the indicator", "[admission][retraction]") {
  World world;
  auto const other = stored(indicator(5));
  world.telling = {&other, "It was ours."};
  CHECK(world.deeds(Because::duplicate) == List{"revoked indicator", "added relationship", "added note"});
  auto made = world.revisions(Because::duplicate).value();
  auto const relationship = json::parse(made[1].candidate.bytes), note = json::parse(made[2].candidate.bytes);
  CHECK(relationship.at("relationship_type") == "duplicate-of");
  CHECK(relationship.at("source_ref") == id_of(1));
  CHECK(relationship.at("target_ref") == id_of(5));
  CHECK(note.at("content") == "It was ours.");
  CHECK(note.at("object_marking_refs") == world.document.at("object_marking_refs"));
  CHECK_FALSE(note.contains("created_by_ref"));
  world.document["created_by_ref"] = kOwnIdentity;
  world.document.erase("object_marking_refs");
  world.telling.duplicate_of = nullptr;
  made = world.revisions(Because::duplicate).value();
  REQUIRE(made.size() == 2);
  auto const own = json::parse(made[1].candidate.bytes);
  CHECK(own.at("created_by_ref") == kOwnIdentity);
  CHECK_FALSE(own.contains("object_marking_refs"));
}

TEST_CASE("what the door finds in a version, or in what is told, refuses the retraction", "[admission][retraction]") {
  World world;
  world.telling.note = std::string(3'000, 'x');
  world.limits.object_bytes = 1'000;
  CHECK_FALSE(world.revisions(Because::wrong).has_value());
  world.telling.note.clear();
  CHECK(world.revisions(Because::wrong).has_value());
  world.relationships = {link(2, id_of(1), id_of(9))};
  world.relationships[0]["description"] = std::string(3'000, 'x');
  CHECK_FALSE(world.revisions(Because::wrong).has_value());
}

TEST_CASE("what is withdrawn gets a revoked version where it has versions, readers, and none yet",
          "[admission][retraction]") {
  World const world;
  auto revoked = indicator(2), without_versions = indicator(3);
  revoked["revoked"] = true;
  without_versions.erase("modified");
  std::vector<admission::Withdrawn> const objects{{stored(revoked), {7}},
                                                  {stored(without_versions), {7}},
                                                  {stored(indicator(4)), {}},
                                                  {stored(indicator(5)), {8, 9}}};
  auto const made = admission::revocations(admission::Door(world.limits), world.sender(), objects).value();
  REQUIRE(made.size() == 1);
  CHECK(made[0].deed.id == id_of(5));
  CHECK(made[0].deed.collections == std::vector<store::RowId>{8, 9});
  CHECK(made[0].candidate.revoked);
}
