// What every store keeps of claims, whatever the database.
#include <array>
#include <memory>
#include <set>

#include "server/store/control_store.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;
using Role = store::ClaimPart::Role;
using Kind = store::Verdict::Kind;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kRed{stix::Tlp::red, false};
constexpr std::size_t kUnindexed = 8;
constexpr store::RowId kAsserter = 1;

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, kUnindexed}).value();
  }

  std::vector<store::Fate> commit(std::vector<store::Candidate> const& candidates) {
    store::CommitPart part{1, candidates, nullptr, true};
    return database->commits().commit({&part, 1}, rules, 1'000'000'000'000).value().fates.front();
  }

  store::StoredClaim claim(std::string const& value, store::RowId asserter = kAsserter,
                           std::optional<std::pair<std::string, core::Uuid>> namesake = std::nullopt) {
    store::ClaimQuestion const question{{"ip-range", core::sha256(value)}, namesake};
    return database->open_reader().value()->claims().claims(asserter, {&question, 1}).value().front();
  }
};

// Of the version 10 of the indicator, unless another is named.
store::Candidate part_of(std::string const& value, Role role, core::Uuid const& indicator, store::Candidate candidate,
                         std::optional<core::Uuid> replaces = std::nullopt, std::int64_t modified_ns = 10) {
  candidate.claim = store::ClaimPart{role, {"ip-range", core::sha256(value)}, indicator, modified_ns, replaces};
  return candidate;
}

store::Candidate indicator_of(std::string const& value, core::Uuid const& uuid, std::int64_t modified_ns = 10,
                              store::RowId asserter = kAsserter) {
  return part_of(value, Role::indicator, uuid, make_candidate(asserter, uuid, modified_ns, kGreen));
}

store::Candidate observable(core::Uuid const& uuid, std::string const& text) {
  auto out = make_candidate(kAsserter, uuid, 0, kGreen, "ipv4-addr", text);
  out.unversioned = true;
  return out;
}

}  // namespace

TEST_CASE("a claim has the newest version of its indicator, however that came", "[store][claims]") {
  World world;
  auto const uuid = core::random_uuid();
  CHECK(world.claim("a").indicator.empty());
  auto const first = indicator_of("a", uuid, 10);
  world.commit({first});
  CHECK(world.claim("a").indicator == first.bytes);
  auto const second = indicator_of("a", uuid, 20);
  world.commit({second});
  CHECK(world.claim("a").indicator == second.bytes);
  auto const third = make_candidate(kAsserter, uuid, 30, kGreen);  // as a TAXII client would
  world.commit({third});
  CHECK(world.claim("a").indicator == third.bytes);
  world.commit({make_candidate(kAsserter, uuid, 25, kGreen)});  // late, and not the newest
  CHECK(world.claim("a").indicator == third.bytes);
}

TEST_CASE("a claim is its asserter's, and of its value alone", "[store][claims]") {
  World world;
  auto const mine = indicator_of("a", core::random_uuid()), theirs = indicator_of("a", core::random_uuid(), 10, 2);
  CHECK(world.commit({mine})[0].kind == Kind::store);
  CHECK(world.commit({theirs})[0].kind == Kind::store);
  CHECK(world.claim("a", 1).indicator == mine.bytes);
  CHECK(world.claim("a", 2).indicator == theirs.bytes);
  CHECK(world.claim("b", 1).indicator.empty());
}

TEST_CASE("of two new claims on one value the second is told so, and nothing of it is stored", "[store][claims]") {
  World world;
  auto const one = core::random_uuid(), other = core::random_uuid(), shared = core::random_uuid();
  world.commit({indicator_of("a", one), part_of("a", Role::observable, one, observable(shared, "x"))});
  auto const fates = world.commit(
      {part_of("a", Role::observable, other, observable(core::random_uuid(), "y")), indicator_of("a", other),
       part_of("a", Role::relationship, other,
               make_candidate(kAsserter, core::random_uuid(), 10, kGreen, "relationship"))});
  for (auto const& fate : fates) {
    CHECK(fate.kind == Kind::refuse);
    CHECK(fate.error.code == core::Code::claim_contended);
  }
  CHECK(world.claim("a").indicator == indicator_of("a", one).bytes);
}

TEST_CASE("what belongs to a version of the indicator that was refused is refused too", "[store][claims]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({indicator_of("a", uuid)});
  auto narrower = part_of("a", Role::indicator, uuid, make_candidate(kAsserter, uuid, 20, kRed));
  auto const fates = world.commit(
      {narrower, part_of("a", Role::observable, uuid, observable(core::random_uuid(), "x"), std::nullopt, 20),
       part_of("a", Role::succession, uuid, make_candidate(kAsserter, core::random_uuid(), 20, kRed, "relationship"),
               std::nullopt, 20)});
  CHECK(fates[0].error.code == core::Code::visibility_narrowed);
  CHECK(fates[1].error.code == core::Code::claim_contended);
  CHECK(fates[2].error.code == core::Code::claim_contended);
  CHECK(world.claim("a").observable.empty());
}

TEST_CASE("a claim passes to an indicator that follows the one it had", "[store][claims]") {
  World world;
  auto const old = core::random_uuid(), next = core::random_uuid();
  world.commit({indicator_of("a", old)});
  auto const made = make_candidate(kAsserter, next, 20, kGreen);
  CHECK(world.commit({part_of("a", Role::indicator, next, made, core::random_uuid())})[0].kind == Kind::refuse);
  CHECK(world.commit({part_of("a", Role::indicator, next, made, old)})[0].kind == Kind::store);
  CHECK(world.claim("a").indicator == made.bytes);
}

TEST_CASE("a claim has its observable and its relationship, and the newest of each", "[store][claims]") {
  World world;
  auto const uuid = core::random_uuid();
  auto const first = observable(core::random_uuid(), "x"), second = observable(core::random_uuid(), "y");
  auto const link = make_candidate(kAsserter, core::random_uuid(), 10, kGreen, "relationship");
  world.commit({indicator_of("a", uuid), part_of("a", Role::observable, uuid, first),
                part_of("a", Role::relationship, uuid, link)});
  CHECK(world.claim("a").observable == first.bytes);
  CHECK(world.claim("a").relationship == link.bytes);
  world.commit({part_of("a", Role::observable, uuid, second)});
  CHECK(world.claim("a").observable == second.bytes);
  CHECK(world.claim("a").indicator == indicator_of("a", uuid).bytes);
}

TEST_CASE("a link is found by what it leads from and to, and is stored only beside its subject", "[store][claims]") {
  World world;
  auto const uuid = core::random_uuid();
  auto const link = [&](std::string const& target, core::Uuid const& subject) {
    auto out =
        part_of("a", Role::link, subject, make_candidate(kAsserter, core::random_uuid(), 10, kGreen, "relationship"));
    out.claim->link = store::ClaimKey{"ip-range", core::sha256(target)};
    return out;
  };
  auto const one = link("one", uuid), other = link("other", uuid);
  CHECK(world.commit({one})[0].error.code == core::Code::claim_contended);
  world.commit({indicator_of("a", uuid), one, other});
  CHECK(world.claim("one").indicator == one.bytes);
  CHECK(world.claim("other").indicator == other.bytes);
  CHECK(world.claim("one", 2).indicator.empty());
  CHECK(world.commit({link("one", core::random_uuid())})[0].error.code == core::Code::claim_contended);
  CHECK(world.claim("one").indicator == one.bytes);
  CHECK(world.claim("a").relationship.empty());
}

TEST_CASE("a namesake is found as soon as it is committed, for its asserter alone", "[store][claims]") {
  World world;
  std::array<core::Uuid, 3 * kUnindexed> uuids;
  for (auto& uuid : uuids) {  // more than the index keeps in memory
    uuid = core::random_uuid();
    world.commit({observable(uuid, "x")});
  }
  for (auto const& uuid : uuids) {
    CHECK(world.claim("a", kAsserter, std::pair(std::string("ipv4-addr"), uuid)).namesake ==
          observable(uuid, "x").bytes);
    CHECK(world.claim("a", 2, std::pair(std::string("ipv4-addr"), uuid)).namesake.empty());
    CHECK(world.claim("a", kAsserter, std::pair(std::string("ipv6-addr"), uuid)).namesake.empty());
  }
}

TEST_CASE("an indicator is found with all that it was stored with, also with what others took the place of",
          "[store][claims][retractions]") {
  World world;
  auto const uuid = core::random_uuid(), later = core::random_uuid(), network = core::random_uuid();
  auto const one = observable(core::random_uuid(), "x"), other = observable(core::random_uuid(), "y");
  auto const link = [&] { return make_candidate(kAsserter, core::random_uuid(), 10, kGreen, "relationship"); };
  auto const first = link(), second = link(), campaign = link(), part = link(), succession = link();
  world.commit({indicator_of("a", uuid), part_of("a", Role::observable, uuid, one),
                part_of("a", Role::relationship, uuid, first)});
  world.commit({indicator_of("a", uuid, 20), part_of("a", Role::observable, uuid, other, std::nullopt, 20),
                part_of("a", Role::relationship, uuid, second, std::nullopt, 20)});
  auto const linked = [&](std::string const& value, core::Uuid const& subject, store::Candidate made,
                          std::vector<core::Uuid> ends, std::int64_t modified_ns) {
    made = part_of(value, Role::link, subject, std::move(made), std::nullopt, modified_ns);
    made.claim->link = store::ClaimKey{"ip-range", core::sha256(core::to_text(made.uuid))};
    made.claim->ends = std::move(ends);
    return made;
  };
  world.commit({linked("a", uuid, campaign, {uuid, core::random_uuid()}, 20)});
  world.commit({indicator_of("n", network), linked("n", network, part, {network, one.uuid}, 10)});
  auto const found = [&](core::Uuid const& indicator) {
    auto all = world.database->open_reader().value()->retractions().retractable(kAsserter, indicator).value();
    REQUIRE(all.size() == 1);
    return all.front();
  };
  auto const uuids = [](std::vector<store::StoredObject> const& objects) {
    std::set<core::Uuid> out;
    for (auto const& object : objects) out.insert(object.uuid);
    return out;
  };
  using Set = std::set<core::Uuid>;
  auto retractable = found(uuid);
  CHECK(retractable.claimed);
  CHECK(retractable.complete);
  CHECK(retractable.indicator.bytes == indicator_of("a", uuid, 20).bytes);
  CHECK(retractable.indicator.publications.size() == 2);
  CHECK(uuids(retractable.observables) == Set{one.uuid, other.uuid});
  CHECK(uuids(retractable.relationships) == Set{first.uuid, second.uuid, campaign.uuid, part.uuid});

  auto follower = part_of("a", Role::indicator, later, make_candidate(kAsserter, later, 30, kGreen), uuid, 30);
  auto named = part_of("a", Role::succession, later, succession, uuid, 30);
  named.claim->ends = {later, uuid};
  world.commit({follower, part_of("a", Role::observable, later, other, uuid, 30), named});
  retractable = found(uuid);
  CHECK_FALSE(retractable.claimed);
  CHECK(uuids(retractable.observables) == Set{one.uuid, other.uuid});
  CHECK(uuids(retractable.relationships) == Set{first.uuid, second.uuid, campaign.uuid, part.uuid, succession.uuid});
  CHECK(uuids(found(later).relationships) == Set{succession.uuid});
  CHECK(world.database->open_reader().value()->retractions().retractable(2, uuid)->empty());
  CHECK(world.database->open_reader().value()->retractions().retractable(std::nullopt, uuid)->size() == 1);
}

TEST_CASE("what is retracted is published nowhere, and its value is anybody's again", "[store][claims][retractions]") {
  World world;
  auto const uuid = core::random_uuid();
  auto const seen = observable(core::random_uuid(), "x");
  world.commit({indicator_of("a", uuid), part_of("a", Role::observable, uuid, seen)});
  world.commit({indicator_of("a", uuid, 20)});
  store::Retraction const retraction{
      kAsserter, uuid, {{"indicator", uuid}, {"ipv4-addr", seen.uuid}, {"no-such-type", uuid}}, "overshared"};
  auto const retracted = world.database->commits().retract({&retraction, 1});
  REQUIRE(retracted.has_value());
  CHECK(std::set(retracted->touched_sequences.begin(), retracted->touched_sequences.end()) ==
        std::set<std::int64_t>{1, 2, 3});
  CHECK(retracted->collections == std::vector<store::RowId>{1});
  CHECK(world.claim("a").indicator.empty());
  auto const after = world.database->open_reader().value()->retractions().retractable(kAsserter, uuid).value();
  REQUIRE(after.size() == 1);
  CHECK_FALSE(after[0].claimed);
  CHECK(after[0].observables.size() == 1);  // still known
  for (auto const& publication : after[0].indicator.publications) CHECK(publication.ended);
  CHECK(world.database->commits().retract({&retraction, 1})->touched_sequences.empty());
  CHECK(world.commit({indicator_of("a", uuid, 30)})[0].kind == Kind::refuse);  // of who read the claim before
  CHECK(world.commit({indicator_of("a", core::random_uuid())})[0].kind == Kind::store);
}

TEST_CASE("what is erased is in no claim", "[store][claims]") {
  World world;
  auto const uuid = core::random_uuid(), seen = core::random_uuid();
  world.commit({indicator_of("a", uuid), part_of("a", Role::observable, uuid, observable(seen, "x"))});
  auto const erase = [&](std::string const& type, core::Uuid const& what) {
    auto const erased = world.database->control().erase(
        {kAsserter, type, what},
        [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); });
    REQUIRE(erased.has_value());
  };
  erase("ipv4-addr", seen);
  CHECK(world.claim("a").observable.empty());
  CHECK_FALSE(world.claim("a").indicator.empty());
  erase("indicator", uuid);
  CHECK(world.claim("a").indicator.empty());
  CHECK(world.commit({indicator_of("a", core::random_uuid())})[0].kind == Kind::store);
}
