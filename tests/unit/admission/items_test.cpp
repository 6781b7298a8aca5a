// The native way through the door, without a store: what the items of a body become, and what is said of each.
#include "server/admission/drafts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/stix/json.hpp"
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

std::string native(json more = json::object()) {
  json item{{"kind", "ip-range"}, {"value", "203.0.113.0/24"}};
  item.update(more);
  return item.dump();
}

std::vector<Role> roles(std::vector<store::Candidate> const& candidates) {
  std::vector<Role> out;
  for (auto const& candidate : candidates) out.push_back(candidate.claim->role);
  return out;
}

}  // namespace

TEST_CASE("an item becomes an indicator, its observable and their relationship, of one claim", "[admission][items]") {
  Lobby lobby;
  lobby.draft(native());
  REQUIRE(lobby.items.size() == 1);
  auto const& item = lobby.items.front();
  CHECK(item.outcome == Outcome::accepted);
  CHECK(item.objects.empty());
  CHECK(item.valid_until == "2026-03-04T02:40:00.000Z");
  auto const& candidates = lobby.candidates();
  CHECK(lobby.drafts.front().collection.row == 7);
  CHECK(lobby.drafts.front().items == std::vector<std::size_t>{0, 0, 0});
  CHECK(roles(candidates) == std::vector{Role::indicator, Role::observable, Role::relationship});
  CHECK("indicator--" + core::to_text(candidates[0].uuid) == item.id);
  CHECK(json::parse(candidates[0].bytes).at("created_by_ref") == kOwnIdentity);
  for (auto const& candidate : candidates) {
    CHECK(candidate.claim->key.kind == "ip-range");
    CHECK(candidate.claim->key.value == core::sha256("[ipv4-addr:value ISSUBSET '203.0.113.0/24']"));
    CHECK(candidate.claim->indicator == candidates[0].uuid);
    CHECK(candidate.claim->modified_ns == candidates[0].modified_ns);
    CHECK_FALSE(candidate.claim->replaces.has_value());
  }
}

TEST_CASE("a batch is drafted a slice at a time, and comes to one draft", "[admission][items]") {
  Lobby lobby;
  lobby.draft("[" + native() + "," + native({{"value", "203.0.113.1"}}) + "," + native({{"value", "198.51.100.1"}}) +
              "]");
  CHECK(lobby.slices == 6);  // each item is expanded, then drafted
  CHECK(lobby.candidates().size() == 9);
}

TEST_CASE("what is stored to the byte is unchanged, and submitted all the same", "[admission][items]") {
  Lobby lobby;
  lobby.draft(native());
  auto const stored = lobby.as_stored();
  lobby.draft(native(), {stored});
  CHECK(lobby.items.front().outcome == Outcome::unchanged);
  CHECK(lobby.as_stored().indicator == stored.indicator);
  lobby.draft(native({{"confidence", 5}}), {stored});
  CHECK(lobby.items.front().outcome == Outcome::accepted);
  CHECK(lobby.items.front().id == text(json::parse(stored.indicator), "id"));
}

TEST_CASE("after a revocation the value gets a new indicator that names the old one", "[admission][items]") {
  Lobby lobby;
  lobby.draft(native());
  auto stored = lobby.as_stored();
  auto revoked = json::parse(stored.indicator);
  revoked["revoked"] = true;
  stored.indicator = stix::canonical_json(revoked);
  auto const before = lobby.candidates().front().uuid;
  lobby.draft(native(), {stored});
  auto const& candidates = lobby.candidates();
  CHECK(roles(candidates) == std::vector{Role::indicator, Role::observable, Role::relationship, Role::succession});
  for (auto const& candidate : candidates) CHECK(candidate.claim->replaces == before);
  CHECK(candidates.front().uuid != before);
  CHECK(json::parse(candidates.back().bytes).at("target_ref") == revoked.at("id"));
}

TEST_CASE("a dry run keeps the objects that would be stored", "[admission][items]") {
  Lobby lobby;
  lobby.draft(native(), {}, Form::json, true);
  REQUIRE(lobby.items.front().objects.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(lobby.items.front().objects[i] == lobby.candidates()[i].bytes);
}

TEST_CASE("items go to the collections of their kinds, and each keeps its place", "[admission][items]") {
  Lobby lobby;
  lobby.draft(R"([{"kind":"tls-fingerprint","algorithm":"ja4","value":"t13d1516h2_8daaf6152771_b186095e22b6"},)"
              R"({"kind":"nothing"},{"kind":"proxy-asn","value":64500}])");
  REQUIRE(lobby.items.size() == 3);
  CHECK(lobby.items[1].outcome == Outcome::refused);
  CHECK_FALSE(lobby.items[1].findings.empty());
  CHECK(lobby.items[2].place.pointer == "/2");
  REQUIRE(lobby.drafts.size() == 2);
  CHECK(lobby.drafts[0].collection.row == 7);
  CHECK(std::ranges::all_of(lobby.drafts[0].items, [](std::size_t item) { return item == 2; }));
  CHECK(lobby.drafts[1].collection.row == 8);
  CHECK(std::ranges::all_of(lobby.drafts[1].items, [](std::size_t item) { return item == 0; }));
}

TEST_CASE("a kind whose collection the credential does not reach is refused, and the others are not",
          "[admission][items]") {
  Lobby lobby;
  lobby.tables.collections.pop_back();
  lobby.draft(R"([{"kind":"tls-fingerprint","algorithm":"ja4","value":"t13d1516h2_8daaf6152771_b186095e22b6"},)"
              R"({"kind":"proxy-asn","value":64500}])");
  CHECK(lobby.items[0].outcome == Outcome::refused);
  REQUIRE(lobby.items[0].findings.size() == 1);
  CHECK(lobby.items[0].findings[0].code == core::Code::forbidden);
  CHECK(lobby.items[1].outcome == Outcome::accepted);
}

TEST_CASE("what is said twice is one item, and what is said otherwise the second time is refused",
          "[admission][items]") {
  Lobby lobby;
  lobby.draft("[" + native() + "," + native() + "," + native({{"confidence", 1}}) + "]");
  REQUIRE(lobby.items.size() == 2);
  CHECK(lobby.items[0].outcome == Outcome::accepted);
  CHECK(lobby.items[1].outcome == Outcome::refused);
  CHECK(lobby.items[1].findings.at(0).code == core::Code::item_repeated);
  CHECK(lobby.items[1].place.pointer == "/2");
  CHECK(lobby.candidates().size() == 3);
}

TEST_CASE("a refusal of the door spoils its item alone and speaks of its properties", "[admission][items]") {
  Lobby lobby;
  lobby.limits.object_bytes = 1'000;
  json const long_one{{"kind", "ip-range"}, {"value", "198.51.100.0/24"}, {"description", std::string(2'000, 'x')}};
  lobby.draft("[" + long_one.dump() + "," + native() + "]");
  CHECK(lobby.items[0].outcome == Outcome::refused);
  CHECK(lobby.items[1].outcome == Outcome::accepted);
  CHECK(lobby.drafts.front().items == std::vector<std::size_t>{1, 1, 1});
}

TEST_CASE("a range that is split is several items of one place", "[admission][items]") {
  Lobby lobby;
  lobby.draft(R"({"kind":"ip-range","value":"203.0.113.1-203.0.113.2"})");
  REQUIRE(lobby.items.size() == 2);
  CHECK(lobby.items[0].place.pointer == lobby.items[1].place.pointer);
  CHECK(lobby.candidates().size() == 6);
}

TEST_CASE("one question is asked for each item that is not refused", "[admission][items]") {
  auto const body = "[" + native() + R"(,{"kind":"x"},{"kind":"user-agent","value":"probe/1"}])";
  auto const questions = admission::questions_of(admission::read_items(Form::json, body, {})->items);
  REQUIRE(questions.size() == 2);
  CHECK(questions[0].key.kind == "ip-range");
  REQUIRE(questions[0].namesake.has_value());
  CHECK(questions[0].namesake->first == "ipv4-addr");
  CHECK(questions[1].key.kind == "user-agent");
  CHECK_FALSE(questions[1].namesake.has_value());  // it has no observable
}

TEST_CASE("what the commit decides is noted in its item", "[admission][items]") {
  Lobby lobby;
  lobby.draft("[" + native() + R"(,{"kind":"proxy-asn","value":64500}])");
  auto const& draft = lobby.drafts.front();
  ledger::Receipt receipt;
  receipt.candidates = draft.candidates;
  receipt.fates.resize(6);
  for (auto& fate : receipt.fates) fate.kind = store::Verdict::Kind::store;
  SECTION("all stored") {
    receipt.candidates[0].note = "Of the indicator.";
    receipt.candidates[1].note = "Of the observable.";
    admission::note_fates(lobby.items, draft, receipt);
    CHECK(lobby.items[0].outcome == Outcome::accepted);
    CHECK(lobby.items[0].notes == std::vector<std::string>{"Of the indicator."});
    CHECK(lobby.items[1].notes.empty());
  }
  SECTION("the first was contended: every part says so, and it is said once") {
    for (std::size_t i = 0; i < 3; ++i) {
      receipt.fates[i].kind = store::Verdict::Kind::refuse;
      receipt.fates[i].error = {core::Code::claim_contended, "Another was faster.", "", ""};
    }
    admission::note_fates(lobby.items, draft, receipt);
    CHECK(lobby.items[0].outcome == Outcome::refused);
    CHECK(lobby.items[0].findings.size() == 1);
    CHECK(lobby.items[1].outcome == Outcome::accepted);
  }
  SECTION("the indicator was refused for a reason: that one is told, at its property") {
    for (std::size_t i = 3; i < 6; ++i) {
      receipt.fates[i].kind = store::Verdict::Kind::refuse;
      receipt.fates[i].error = {core::Code::claim_contended, "Without its indicator.", "", ""};
    }
    receipt.fates[3].error = {core::Code::visibility_narrowed, "Narrower.", "/object_marking_refs", ""};
    admission::note_fates(lobby.items, draft, receipt);
    REQUIRE(lobby.items[1].findings.size() == 1);
    CHECK(lobby.items[1].findings[0].code == core::Code::visibility_narrowed);
    CHECK(lobby.items[1].findings[0].pointer == "/tlp");
    CHECK(lobby.items[0].outcome == Outcome::accepted);
  }
  SECTION("what waits is told once, whichever part of an item it is") {
    for (std::size_t const part : {0u, 1u, 2u, 4u}) receipt.fates[part].kind = store::Verdict::Kind::waits;
    admission::note_fates(lobby.items, draft, receipt);
    for (auto const& item : lobby.items) {
      CHECK(item.outcome == Outcome::waiting);
      CHECK(item.notes.size() == 1);
    }
  }
  SECTION("what is there already is unchanged, but that of a claim may have changed in other parts") {
    for (std::size_t const part : {0u, 3u}) {
      receipt.fates[part].kind = store::Verdict::Kind::unchanged;
      receipt.fates[part].there = true;
    }
    receipt.candidates[3].claim.reset();
    admission::note_fates(lobby.items, draft, receipt);
    CHECK(lobby.items[0].outcome == Outcome::accepted);
    CHECK(lobby.items[1].outcome == Outcome::unchanged);
  }
}
