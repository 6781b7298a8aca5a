// What every store keeps of what waits for an analyst, whatever the database.
#include <algorithm>
#include <array>
#include <chrono>

#include "tests/contract/waiting_world.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;
using test::make_candidate;
using Kind = store::Verdict::Kind;
using State = store::WaitingEntry::State;
using World = test::WaitingWorld;

namespace {

constexpr auto const& kGreen = World::kGreen;
constexpr auto kNow = World::kNow;

using Texts = std::vector<std::string>;

// A claim of a value with the objects that belong to it.
std::vector<store::Candidate> item(store::RowId asserter, char value) {
  core::Uuid const indicator = core::random_uuid();
  store::ClaimKey key{"ip-range", {}};
  key.value.fill(static_cast<std::uint8_t>(value));
  std::vector<store::Candidate> out{make_candidate(asserter, indicator, 10, kGreen),
                                    make_candidate(asserter, core::random_uuid(), 0, kGreen, "ipv4-addr"),
                                    make_candidate(asserter, core::random_uuid(), 10, kGreen, "relationship")};
  using Role = store::ClaimPart::Role;
  constexpr Role kRoles[] = {Role::indicator, Role::observable, Role::relationship};
  for (std::size_t i = 0; i < out.size(); ++i) out[i].claim = store::ClaimPart{kRoles[i], key, indicator, 10, {}};
  out[1].unversioned = true;
  return out;
}

}  // namespace

TEST_CASE("What waits is no version, no publication and no leaf, and what is published of it is all three") {
  World world;
  auto const before = world.reader()->last_sequence().value();
  auto const fate = world.commit(world.version(10), true);
  CHECK(fate.kind == Kind::waits);
  CHECK(world.published() == Texts{});
  CHECK(world.reader()->last_sequence().value() == before);
  auto const list = world.list();
  REQUIRE(list.size() == 1);
  CHECK(list.front().uuid == world.uuid);
  CHECK(world.publish(list.front()).front().kind == Kind::store);
  CHECK(world.published() == Texts{"10"});
  CHECK(world.list(true).empty());
}

TEST_CASE("What is published is byte for byte what was submitted, with all that the door found out") {
  World world;
  auto one = world.version(10);
  one.creator = "identity--0c5c6d5e-0000-4000-8000-000000000009";
  one.version_text = "2024-01-01T00:00:00.000Z";
  one.note = "a warning";
  one.note_without = "another";
  one.class_key_without = one.class_key;
  one.value_key = core::random_uuid();
  one.campaigns = {core::random_uuid(), core::random_uuid()};
  one.indicates = core::random_uuid();
  one.searchable = kinds::Searchable{{std::string("\x01\xff\x00k", 4)}, {"label"}, 70, 5, 6, 7, false, true};
  one.said_of = {"indicator--" + core::to_text(core::random_uuid())};
  one.header_salt = core::random_salt();
  one.body_salt = core::random_salt();
  one.relied_statements = {core::random_uuid()};
  REQUIRE(world.commit(one, true).kind == Kind::waits);
  auto const kept = world.reader()->waiting().objects(world.list().front().row).value().front();
  CHECK(kept.bytes == one.bytes);
  CHECK(kept.digest == one.digest);
  CHECK(kept.asserter == one.asserter);
  CHECK(kept.creator == one.creator);
  CHECK(kept.version_text == one.version_text);
  CHECK(kept.note == one.note);
  CHECK(kept.note_without == one.note_without);
  CHECK(kept.class_key_without == one.class_key_without);
  CHECK(kept.value_key == one.value_key);
  CHECK(kept.campaigns == one.campaigns);
  CHECK(kept.said_of == one.said_of);
  CHECK(kept.indicates == one.indicates);
  CHECK(kept.header_salt == one.header_salt);
  CHECK(kept.body_salt == one.body_salt);
  CHECK(kept.relied_statements == one.relied_statements);
  REQUIRE(kept.searchable.has_value());
  CHECK(kept.searchable->keys == one.searchable->keys);
  CHECK(kept.searchable->facets == one.searchable->facets);
  CHECK(kept.searchable->confidence == one.searchable->confidence);
  CHECK(kept.searchable->valid_until_us == one.searchable->valid_until_us);
  CHECK(kept.searchable->share_until_us == one.searchable->share_until_us);
  CHECK_FALSE(kept.searchable->revoked);
  CHECK(kept.searchable->relayed);
}

TEST_CASE("It is published once, and not when it was withdrawn or refused meanwhile") {
  World world;
  REQUIRE(world.commit(world.version(10), true).kind == Kind::waits);
  auto const entry = world.list().front();
  auto objects = world.reader()->waiting().objects(entry.row).value();
  objects.front().waiting = entry.row;
  SECTION("published") { CHECK(world.publish(entry).front().kind == Kind::store); }
  SECTION("refused") { CHECK(world.database->waiting().refuse(entry.id, "not this", kNow).has_value()); }
  SECTION("withdrawn") { CHECK(world.database->waiting().withdraw(entry.id, world.aurora, kNow).has_value()); }
  auto const published = world.published();
  CHECK(world.commit(objects, false).front().error.code == core::Code::not_found);
  CHECK(world.published() == published);
  CHECK(world.database->waiting().refuse(entry.id, "again", kNow).error().code == core::Code::not_found);
  CHECK(world.reader()->waiting().objects(entry.row).value().empty());
}

TEST_CASE("Nobody withdraws what another organisation has waiting") {
  World world;
  REQUIRE(world.commit(world.version(10), true).kind == Kind::waits);
  auto const entry = world.list().front();
  CHECK(world.database->waiting().withdraw(entry.id, world.borealis, kNow).error().code == core::Code::not_found);
  CHECK(world.list().size() == 1);
}

TEST_CASE("What waits is found by the id of its first object, and by the claim that it says anew") {
  World world;
  auto const first = item(world.aurora, 'a'), second = item(world.aurora, 'b'), theirs = item(world.borealis, 'a');
  for (auto const* one : {&first, &second, &theirs}) world.commit(*one, true);
  auto const found = [&](store::WaitingQuery query) {
    query.organisation = world.aurora;
    query.limit = 10;
    std::vector<core::Uuid> out;
    for (auto const& entry : world.reader()->waiting().list(query).value()) out.push_back(entry.uuid);
    return out;
  };
  using Uuids = std::vector<core::Uuid>;
  store::WaitingQuery by_id, by_claim, by_type;
  by_id.uuid = second.front().uuid;
  by_claim.claim = first.front().claim->key;
  by_type.type = "indicator";
  CHECK(found(by_id) == Uuids{second.front().uuid});
  CHECK(found(by_claim) == Uuids{first.front().uuid});
  CHECK(found(by_type) == Uuids{first.front().uuid, second.front().uuid});
  by_id.type = by_claim.type = by_type.type = "opinion";
  for (auto const& query : {by_id, by_claim, by_type}) CHECK(found(query).empty());
  by_id.type.clear();
  by_id.ended = true;
  CHECK(found(by_id) == Uuids{second.front().uuid});
  // Another organisation's is not found, and what does not wait is not.
  by_id.uuid = theirs.front().uuid;
  CHECK(found(by_id).empty());
  by_claim.type.clear();
  REQUIRE(world.publish(world.list().front()).front().kind == Kind::store);
  CHECK(found(by_claim).empty());
}

TEST_CASE("The same version waits once, and another content of it is refused") {
  World world;
  REQUIRE(world.commit(world.version(10), true).kind == Kind::waits);
  auto const again = world.commit(world.version(10), true);
  CHECK(again.kind == Kind::waits);
  CHECK(again.there);
  auto const other = make_candidate(world.aurora, world.uuid, 10, kGreen, "indicator", "other");
  CHECK(world.commit(other, true).error.code == core::Code::version_conflict);
  CHECK(world.commit(world.version(20), true).kind == Kind::waits);
  CHECK(world.list().size() == 2);
}

TEST_CASE("The objects of an item wait together, and what is said again of its value takes their place") {
  World world;
  for (auto const& fate : world.commit(item(world.aurora, 'a'), true)) CHECK(fate.kind == Kind::waits);
  REQUIRE(world.list().size() == 1);
  auto const first = world.list().front();
  CHECK(first.objects == 3);
  auto read = world.reader()->waiting().objects(first.row).value();  // a moment before something takes their place
  read.front().waiting = first.row;
  auto const again = item(world.aurora, 'a');
  (void)world.commit(again, true);
  REQUIRE(world.list().size() == 1);
  CHECK(world.list().front().row == first.row);
  CHECK(world.list().front().id != first.id);
  CHECK(world.commit(read, false).front().error.code == core::Code::not_found);
  CHECK(world.published() == Texts{});
  CHECK(world.list().front().uuid == again.front().uuid);
  CHECK(world.list().front().objects == 3);
  for (auto const& fate : world.publish(world.list().front())) CHECK(fate.kind == Kind::store);
  CHECK(world.published().size() == 3);
}

TEST_CASE("A revocation of what is published does not wait, and one of what never was does") {
  World world;
  REQUIRE(world.commit(world.version(10), false).kind == Kind::store);
  auto revoked = world.version(20);
  revoked.revoked = true;
  CHECK(world.commit(revoked, true).kind == Kind::store);
  auto unknown = make_candidate(world.aurora, core::random_uuid(), 20, kGreen);
  unknown.revoked = true;
  CHECK(world.commit(unknown, true).kind == Kind::waits);
}

TEST_CASE("What is stored for readers of another collection waits, revoked or an older version of what is published") {
  World world;
  world.store_elsewhere(world.version(10));
  SECTION("revoked") {
    auto revoked = world.version(20);
    revoked.revoked = true;
    CHECK(world.commit(revoked, true).kind == Kind::waits);
    CHECK(world.published() == Texts{});
  }
  SECTION("an older version") {
    CHECK(world.commit(world.version(20), true).kind == Kind::waits);
    CHECK(world.publish(world.list().front()).front().kind == Kind::store);
    CHECK(world.commit(world.version(10), true).kind == Kind::waits);
    CHECK(world.published() == Texts{"20"});
    CHECK(world.publish(world.list().front()).front().error.code == core::Code::version_outdated);
    CHECK(world.published() == Texts{"20"});
  }
}

TEST_CASE("What was overtaken while it waited is published no more, and goes on waiting until it is refused") {
  World world;
  REQUIRE(world.commit(world.version(10), false).kind == Kind::store);
  REQUIRE(world.commit(world.version(20), true).kind == Kind::waits);
  auto later = world.version(30);
  auto expected = core::Code::version_outdated;
  SECTION("by a later version") {}
  SECTION("by a revocation") {
    later.revoked = true;
    expected = core::Code::chain_revoked;
  }
  REQUIRE(world.commit(later, false).kind == Kind::store);
  auto const entry = world.list().front();
  CHECK(world.publish(entry).front().error.code == expected);
  CHECK(world.published() == Texts{"10", "30"});
  REQUIRE(world.list().size() == 1);
  CHECK(world.list().front().id == entry.id);
}

TEST_CASE("The value of what was recalled while a version waited is a new indicator when it is shared again") {
  World world;
  auto const claim = [&](store::Candidate one) {
    store::ClaimKey key{"ip-range", {}};
    key.value.fill('v');
    one.claim = store::ClaimPart{store::ClaimPart::Role::indicator, key, one.uuid, one.modified_ns, {}};
    return one;
  };
  REQUIRE(world.commit(claim(world.version(10)), false).kind == Kind::store);
  REQUIRE(world.commit(claim(world.version(20)), true).kind == Kind::waits);
  auto revoked = world.version(30);
  revoked.revoked = true;
  REQUIRE(world.commit(revoked, true).kind == Kind::store);
  CHECK(world.publish(world.list().front()).front().error.code == core::Code::chain_revoked);
  auto anew = claim(make_candidate(world.aurora, core::random_uuid(), 40, kGreen));
  anew.claim->replaces = world.uuid;
  CHECK(world.commit(anew, false).kind == Kind::store);
  CHECK(world.published() == Texts{"10", "30", "40"});
}

TEST_CASE("A new version of what is published waits, and the one before stays") {
  World world;
  REQUIRE(world.commit(world.version(10), false).kind == Kind::store);
  CHECK(world.commit(world.version(10), true).kind == Kind::unchanged);
  CHECK(world.commit(world.version(20), true).kind == Kind::waits);
  CHECK(world.published() == Texts{"10"});
  CHECK(world.publish(world.list().front()).front().kind == Kind::store);
  CHECK(world.published() == Texts{"10", "20"});
}

TEST_CASE("A status tells what became of what waits") {
  World world;
  store::SubmissionRecord record;
  record.id = core::random_uuid();
  record.organisation = world.aurora;
  record.collection = world.collection;
  (void)world.commit({world.version(10)}, true, &record);
  CHECK(world.status(record.id).waiting.size() == 1);
  auto const entry = world.list().front();
  SECTION("published") {
    (void)world.publish(entry);
    auto const status = world.status(record.id);
    CHECK(status.waiting.empty());
    REQUIRE(status.accepted.size() == 1);
    CHECK(status.accepted.front().id == "indicator--" + core::to_text(world.uuid));
  }
  SECTION("refused") {
    REQUIRE(world.database->waiting().refuse(entry.id, "not this", kNow).has_value());
    auto const status = world.status(record.id);
    REQUIRE(status.refused.size() == 1);
    CHECK(status.refused.front().message.ends_with("not this"));
    CHECK(world.list(true).front().state == State::refused);
  }
}

TEST_CASE("What is marked with a statement that waits is published after it") {
  World world;
  auto statement = make_candidate(world.aurora, core::random_uuid(), 0, kGreen, "marking-definition");
  statement.unversioned = statement.statement_marking = true;
  auto marked = world.version(10);
  marked.relied_statements = {statement.uuid};
  marked.class_key_without = access::class_key({stix::Tlp::green, true});
  (void)world.commit({marked, statement}, true);
  auto const list = world.list();
  REQUIRE(list.size() == 2);
  CHECK(world.publish(list.front()).front().error.code == core::Code::reference_unknown);
  CHECK(world.list().size() == 2);
  CHECK(world.publish(list.back()).front().kind == Kind::store);
  auto const fates = world.publish(list.front());
  CHECK(fates.front().kind == Kind::store);
  CHECK_FALSE(fates.front().without_statements);
}

TEST_CASE("An erasure leaves nothing of what waits") {
  World world;
  REQUIRE(world.commit(world.version(10), true).kind == Kind::waits);
  auto const erased = world.database->control().erase({world.aurora, "indicator", world.uuid}, [](auto const&) {
    return core::Result<store::ControlEntry>(core::fail(core::Code::internal, "nothing of it was logged"));
  });
  REQUIRE(erased.has_value());
  CHECK(erased->versions == 1);
  CHECK(world.list(true).empty());
}

TEST_CASE("What waits is destroyed when it was shared until then, and what was published of it leaves nothing either") {
  World world;
  std::array const due{store::RetentionRule{"", 5}};
  auto one = world.version(10);
  one.searchable = kinds::Searchable{{"key"}, {}, {}, 0, {}, 5};
  store::SubmissionRecord record;
  record.id = core::random_uuid();
  record.organisation = world.aurora;
  record.collection = world.collection;
  REQUIRE(world.commit({one}, true, &record).front().kind == Kind::waits);
  CHECK(world.reader()->retention().due(due).value().front().versions == 1);
  auto const entry = world.list().front();
  std::size_t versions = 1;
  SECTION("it waits") {}
  SECTION("it was published") { CHECK(world.publish(entry).front().kind == Kind::store); }
  SECTION("it was published, and a version that says nothing of it waits") {
    CHECK(world.publish(entry).front().kind == Kind::store);
    CHECK(world.commit(world.version(20), true).kind == Kind::waits);
    versions = 2;
  }
  SECTION("it was refused") {
    REQUIRE(world.database->waiting().refuse(entry.id, "not this", kNow).has_value());
    versions = 0;
  }
  CHECK(world.reader()->retention().due(due).value().front().versions == (versions == 0 ? 0 : 1));
  auto const destroyed = world.database->control().destroy(
      due, {64, std::chrono::steady_clock::now() + std::chrono::hours(1)},
      [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); });
  CHECK(destroyed->erased.versions == versions);
  CHECK(world.list().empty());
  CHECK(world.published() == Texts{});
  CHECK(world.status(record.id).accepted.empty());
  CHECK(world.reader()->retention().due(due).value().front().versions == 0);
}

TEST_CASE("A retraction forgets what waits of the indicator, and of no other organisation's") {
  World world;
  REQUIRE(world.commit(world.version(10), false).kind == Kind::store);
  REQUIRE(world.commit(world.version(20), true).kind == Kind::waits);
  auto const entry = world.list().front();
  std::array retractions{store::Retraction{world.borealis, world.uuid, {{"indicator", world.uuid}}, "overshared"}};
  REQUIRE(world.database->commits().retract(retractions).has_value());
  CHECK(world.list().size() == 1);
  retractions.front().asserter = world.aurora;
  REQUIRE(world.database->commits().retract(retractions).has_value());
  CHECK(world.list(true).empty());
  CHECK(world.reader()->waiting().objects(entry.row).value().empty());
}

TEST_CASE("An organisation that has too much waiting waits with the rest") {
  World world;
  std::vector<store::Candidate> many;
  for (std::int64_t i = 0; i < store::kMostWaitingObjects; ++i)
    many.push_back(make_candidate(world.aurora, core::random_uuid(), 10, kGreen));
  auto const fates = world.commit(many, true);
  CHECK(std::ranges::all_of(fates, [](auto const& fate) { return fate.kind == Kind::waits; }));
  CHECK(world.commit(world.version(10), true).error.code == core::Code::conflict);
  auto const other = make_candidate(world.borealis, world.uuid, 10, kGreen);
  CHECK(world.commit(other, true).kind == Kind::waits);
  REQUIRE(world.database->waiting().withdraw(world.list().front().id, world.aurora, kNow).has_value());
  CHECK(world.commit(world.version(10), true).kind == Kind::waits);
}
