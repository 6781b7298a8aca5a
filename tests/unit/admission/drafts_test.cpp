// Items that name each other, what they name besides, and what is left of a draft when some of it is refused.
#include "server/admission/drafts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/admission/lobby.hpp"
#include "tests/unit/admission/submission.hpp"

using namespace tocsin;
using namespace tocsin::test;
using admission::Form;
using admission::Item;
using nlohmann::json;
using Outcome = Item::Outcome;
using Role = store::ClaimPart::Role;

namespace {

constexpr char kElsewhere[] = "campaign--83422c77-904c-4dc1-aff5-5c38f3a2c55c";

struct World : Lobby {
  World() { add_collection(9, "campaigns"); }

  // Of all drafts, those that items are linked by.
  [[nodiscard]] std::vector<json> linked() const {
    std::vector<json> out;
    for (auto const& draft : drafts)
      for (auto const& candidate : draft.candidates)
        if (candidate.claim->role == Role::link) out.push_back(json::parse(candidate.bytes));
    return out;
  }
  // Under what the first object of the item was drafted.
  [[nodiscard]] std::string bytes_of(std::size_t item) const {
    for (auto const& draft : drafts)
      for (std::size_t i = 0; i < draft.items.size(); ++i)
        if (draft.items[i] == item) return draft.candidates[i].bytes;
    return {};
  }
};

json network(std::string const& name, std::vector<std::string> const& parts) {
  return {{"kind", "proxy-network"}, {"name", name}, {"consists_of", parts}};
}

json address(std::string const& value, json more = json::object()) {
  json out{{"kind", "ip-range"}, {"value", value}};
  out.update(more);
  return out;
}

json const kGang{{"kind", "campaign"}, {"name", "Grey Heron"}, {"ref", "gang"}};

}  // namespace

TEST_CASE("a local name stands for the object of the item that the reference may mean", "[admission][drafts]") {
  World world;
  world.draft(json{network("n", {"local:a"}), address("203.0.113.1", {{"ref", "a"}})}.dump());
  for (auto const& item : world.items) CHECK(item.outcome == Outcome::accepted);
  auto const links = world.linked();
  REQUIRE(links.size() == 1);
  CHECK(links[0].at("source_ref") == world.items[0].id);
  CHECK(text(links[0], "target_ref").starts_with("ipv4-addr--"));
}

TEST_CASE("a local name of an item that becomes nothing the reference may mean is refused", "[admission][drafts]") {
  World world;
  world.draft(json{network("n", {"local:gang"}), kGang}.dump());
  REQUIRE(world.items[0].findings.size() == 1);
  CHECK(world.items[0].findings[0].code == core::Code::reference_type);
  CHECK(world.items[0].findings[0].pointer == "/consists_of/0");
  CHECK(world.items[1].outcome == Outcome::accepted);
}

TEST_CASE("the store is asked of what items name and none of them becomes", "[admission][drafts]") {
  World world;
  world.draft(json{address("203.0.113.1", {{"campaign", "local:gang"}}), kGang}.dump());
  CHECK(world.referring.empty());
  world.draft(json{address("203.0.113.1"), address("203.0.113.2", {{"campaign", kElsewhere}}), kGang}.dump());
  REQUIRE(world.referring.size() == 1);
  auto const& one = world.referring[0];
  CHECK(one.candidate == 1);
  CHECK(one.asked == std::vector{stix::Identifier::parse(kElsewhere).value()});
  CHECK(one.members == 1);
}

TEST_CASE("nothing is asked of what an item names that is refused", "[admission][drafts]") {
  World world;
  world.limits.object_bytes = 1'000;
  world.draft(json{address("203.0.113.2", {{"campaign", kElsewhere}, {"description", std::string(2'000, 'x')}}),
                   address("203.0.113.3", {{"campaign", kElsewhere}})}
                  .dump());
  CHECK(world.items[0].outcome == Outcome::refused);
  REQUIRE(world.referring.size() == 1);
  CHECK(world.referring[0].candidate == 1);
}

TEST_CASE("an item is told what it names and its sender does not see", "[admission][drafts]") {
  World world;
  world.draft(json{address("203.0.113.1"), address("203.0.113.2", {{"campaign", kElsewhere}})}.dump());
  auto const campaign = stix::Identifier::parse(kElsewhere).value();
  admission::note_unseen(world.items, world.referring, {{campaign, {access::ClassFacts{stix::Tlp::green}}}});
  CHECK(world.items[1].notes.empty());
  admission::note_unseen(world.items, world.referring, {});
  CHECK(world.items[0].notes.empty());
  REQUIRE(world.items[1].notes.size() == 1);
  CHECK(world.items[1].notes[0].starts_with("reference-unseen: 1 of the 1 object"));
}

TEST_CASE("a link that is stored already changes nothing, and a new one does", "[admission][drafts]") {
  World world;
  auto const body = json::array({network("n", {"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"})}).dump();
  world.draft(body);
  store::StoredClaim stored, link;
  stored.indicator = world.bytes_of(0);
  link.indicator = world.linked().at(0).dump();
  world.links = {link};
  world.draft(body, {stored});
  CHECK(world.items[0].outcome == Outcome::unchanged);
  CHECK(world.linked().at(0).at("id") == json::parse(link.indicator).at("id"));
  world.links.clear();
  world.draft(body, {stored});
  CHECK(world.items[0].outcome == Outcome::accepted);
}

TEST_CASE("an item with a link that is stored and another that is new is accepted", "[admission][drafts]") {
  World world;
  auto const body = json::array({network("n", {"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
                                               "ipv4-addr--38bb3599-77cd-5a82-a950-b5bc3caf07c4"})})
                        .dump();
  world.draft(body);
  auto const linked = world.linked();
  REQUIRE(linked.size() == 2);
  store::StoredClaim stored, first, second;
  stored.indicator = world.bytes_of(0);
  first.indicator = linked[0].dump();
  second.indicator = linked[1].dump();
  world.links = {first, second};
  world.draft(body, {stored});
  CHECK(world.items[0].outcome == Outcome::unchanged);
  world.links = {first};
  world.draft(body, {stored});
  CHECK(world.items[0].outcome == Outcome::accepted);
}

TEST_CASE("the items of a body have a bounded number of links", "[admission][drafts]") {
  constexpr int kNetworks = 200, kEach = 100;  // kMostLinks
  static_assert(kNetworks * kEach == static_cast<int>(admission::kMostLinks));
  json body = json::array();
  for (int n = 0; n < kNetworks; ++n) {
    std::vector<std::string> parts;
    for (int i = 0; i < kEach; ++i)
      parts.push_back("ipv4-addr--28bb3599-77cd-5a82-a950-" + std::to_string(100'000'000'000 + n * kEach + i));
    body.push_back(network(std::to_string(n), parts));
  }
  World world;
  auto const refused = [&] {
    world.batch = admission::read_items(Form::json, body.dump(), {}).value();
    auto const sender = world.sender();
    admission::Door const door(world.limits);
    admission::Drafting drafting(world.batch, door, sender);
    std::vector<store::StoredClaim> const nothing(world.items.size());
    CHECK(drafting.expand(nothing, world.items.size()));
    return std::ranges::count(world.items, Outcome::refused, &Item::outcome);
  };
  CHECK(refused() == 0);
  body.push_back(network("one more", {"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"}));
  CHECK(refused() == 1);
  CHECK(world.items.back().findings.at(0).code == core::Code::content_too_large);
}

TEST_CASE("what refers to an item that the commit refused leaves the draft, and the rest stays in order",
          "[admission][drafts]") {
  World world;
  world.draft(json{address("203.0.113.1", {{"campaign", "local:gang"}}), address("203.0.113.2"),
                   address("203.0.113.3", {{"campaign", "local:gang"}}), address("203.0.113.4"), kGang}
                  .dump());
  auto const at = [&](std::size_t item) {
    return std::ranges::find_if(world.drafts,
                                [&](auto const& one) { return std::ranges::find(one.items, item) != one.items.end(); });
  };
  auto& gang = *at(4);
  auto& dependent = *at(0);
  auto& plain = *at(1);
  REQUIRE(&gang != &dependent);
  auto const kept = plain.candidates.size();
  admission::refuse(world.items[4], {{core::Code::forbidden, "No.", "", ""}});
  admission::drop_dependents(world.items, plain);
  CHECK(plain.candidates.size() == kept);
  CHECK(plain.items == std::vector<std::size_t>{1, 1, 1, 3, 3, 3});
  admission::refuse(world.items[1], {{core::Code::forbidden, "No.", "", ""}});
  admission::drop_dependents(world.items, plain);
  CHECK(plain.items == std::vector<std::size_t>{3, 3, 3});
  REQUIRE(plain.candidates.size() == 3);
  CHECK("indicator--" + core::to_text(plain.candidates[0].uuid) == world.items[3].id);
  admission::drop_dependents(world.items, dependent);
  CHECK(dependent.items.empty());
  CHECK(dependent.candidates.empty());
  CHECK(world.items[2].findings.at(0).code == core::Code::reference_refused);
}

TEST_CASE("a dry run says under which classes the objects would be, and a real one does not", "[admission][drafts]") {
  World world;
  auto const body = json::array({address("203.0.113.1")}).dump();
  world.draft(body, {}, Form::json, true);
  CHECK(world.items[0].classes.size() == 1);
  world.draft(body);
  CHECK(world.items[0].classes.empty());
}

TEST_CASE("a candidate of a link says which objects it joins", "[admission][drafts]") {
  World world;
  world.draft(json{address("203.0.113.1", {{"campaign", "local:gang"}}), kGang}.dump());
  std::size_t joined = 0;
  for (auto const& draft : world.drafts)
    for (auto const& candidate : draft.candidates) {
      bool const joins = candidate.claim->role == Role::link;
      CHECK(candidate.claim->ends.size() == (joins ? 2 : 0));
      CHECK(candidate.claim->link.has_value() == joins);
      joined += joins ? 1 : 0;
    }
  CHECK(joined == 1);
}
