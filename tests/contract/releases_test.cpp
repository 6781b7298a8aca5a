// What every store keeps of releases, whatever the database.
#include <algorithm>
#include <array>

#include "tests/contract/two_members.hpp"

using namespace tocsin;
using test::make_candidate;
using Kind = store::Verdict::Kind;

namespace {

constexpr auto const& kGreen = test::TwoMembers::kGreen;
constexpr access::ClassFacts kAmber{stix::Tlp::amber, false};
constexpr auto kNow = test::TwoMembers::kNow;

struct World : test::TwoMembers {
  store::RowId proposer = 0;

  World() {
    store::Credential credential;
    credential.token_id = "0123456789abcdef";
    credential.organisation = aurora;
    credential.person = "ada";
    proposer = database->accounts().add(credential).value();
  }

  store::CommitOutcome commit(std::vector<store::RowId> const& collections, store::Candidate const& candidate) {
    std::vector<store::CommitPart> parts;
    for (auto const collection : collections) {
      store::CommitPart part{collection, {&candidate, 1}, nullptr, true};
      part.whole = collections.size() > 1;
      parts.push_back(part);
    }
    return database->commits().commit(parts, rules, kNow).value();
  }
  store::Fate commit(store::Candidate const& candidate) { return commit({1}, candidate).fates.front().front(); }

  store::Candidate version(std::int64_t modified_ns, access::ClassFacts const& facts) const {
    return make_candidate(aurora, uuid, modified_ns, facts);
  }

  store::ReleaseProposal propose(store::RowId of, std::int64_t created_us = kNow) {
    store::ReleaseProposal out{core::random_uuid(),       aurora,    of, proposer, "tlp:green",
                               access::class_key(kGreen), created_us};
    REQUIRE(database->releases().propose(out, created_us - 100).has_value());
    return out;
  }

  std::vector<store::ReleaseProposal> proposals(store::RowId organisation) {
    return database->open_reader().value()->releases().proposals(organisation).value();
  }

  store::Candidate release(store::ReleaseProposal const& proposal, std::int64_t modified_ns,
                           std::vector<store::RowId> collections = {1}) const {
    auto out = version(modified_ns, kGreen);
    out.release = store::Candidate::Release{proposal.id, proposal.version, "0123456789abcdef", std::move(collections)};
    return out;
  }

  // Modification and class of all that is published in a collection.
  std::vector<std::pair<std::int64_t, store::RowId>> published(store::RowId collection) {
    store::PageQuery query;
    query.collection = collection;
    query.limit = 100;
    query.with_bytes = false;
    query.versions = {false, false, true, {}};
    for (store::RowId row = 1; row < 10; ++row) query.window.visible.insert(row);
    std::vector<std::pair<std::int64_t, store::RowId>> out;
    for (auto const& row : database->open_reader().value()->page(query).value().rows)
      out.emplace_back(row.modified_ns, row.class_row);
    return out;
  }
};

}  // namespace

TEST_CASE("A release takes the place of every version before, wherever they are published") {
  World world;
  REQUIRE(world.commit(world.version(10, kAmber)).kind == Kind::store);
  auto const newest = world.commit({1, 2}, world.version(20, kAmber)).fates.front().front();
  auto const proposal = world.propose(newest.version);
  auto const fates = world.commit({1, 2}, world.release(proposal, 30, {1, 2})).fates;
  CHECK(fates.at(0).front().kind == Kind::store);
  CHECK(fates.at(1).front().kind == Kind::unchanged);
  for (store::RowId const collection : {1, 2}) {
    auto const rows = world.published(collection);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().first == 30);
  }
  CHECK(world.proposals(world.aurora).empty());
}

TEST_CASE("What a release took the place of is published nowhere again") {
  World world;
  auto const old = world.version(10, kAmber);
  auto const proposal = world.propose(world.commit(old).version);
  REQUIRE(world.commit(world.release(proposal, 30)).kind == Kind::store);
  for (store::RowId const collection : {1, 2}) {
    auto const fate = world.commit({collection}, old).fates.front().front();
    CHECK(fate.kind == Kind::unchanged);
    CHECK(fate.released_since);
  }
  CHECK(world.published(1).size() == 1);
  CHECK(world.published(2).empty());
  CHECK(world.commit(world.version(20, kAmber)).error.code == core::Code::visibility_narrowed);
  CHECK(world.commit(world.version(40, kAmber)).error.code == core::Code::visibility_narrowed);
  CHECK(world.commit(world.version(40, kGreen)).kind == Kind::store);
}

TEST_CASE("What was withdrawn since a release was read is not brought back by it") {
  World world;
  auto const newest = world.commit({1, 2}, world.version(10, kAmber)).fates.front().front();
  auto const proposal = world.propose(newest.version);
  store::Withdrawal withdrawal;
  withdrawal.collection = 2;
  withdrawal.type = "indicator";
  withdrawal.uuid = world.uuid;
  REQUIRE(world.database->commits().withdraw(withdrawal).value().size() == 1);
  auto const fates = world.commit({1, 2}, world.release(proposal, 30, {1, 2})).fates;
  CHECK(fates.at(0).front().error.code == core::Code::release_stale);
  CHECK(world.published(1) == std::vector{std::pair<std::int64_t, store::RowId>{10, 1}});
  CHECK(world.published(2).empty());
  store::Retraction const retraction{world.aurora, world.uuid, {{"indicator", world.uuid}}, "overshared"};
  REQUIRE(world.database->commits().retract({&retraction, 1}).has_value());
  CHECK(world.commit(world.release(proposal, 30, {1})).error.code == core::Code::release_stale);
  CHECK(world.published(1).empty());
  CHECK(world.proposals(world.aurora).size() == 1);
}

TEST_CASE("A release takes the place of an object where it was read, however many collections it was in before") {
  World world;
  auto const newest = world.commit({1, 2}, world.version(10, kAmber)).fates.front().front();
  store::Withdrawal withdrawal;
  withdrawal.collection = 2;
  withdrawal.type = "indicator";
  withdrawal.uuid = world.uuid;
  REQUIRE(world.database->commits().withdraw(withdrawal).has_value());
  CHECK(world.commit(world.release(world.propose(newest.version), 30, {1})).kind == Kind::store);
  CHECK(world.published(2).empty());
}

TEST_CASE("A wider version is refused unless it carries out a proposal of the newest one, once") {
  World world;
  auto const first = world.commit(world.version(10, kAmber));
  CHECK(world.commit(world.version(20, kGreen)).error.code == core::Code::visibility_widened);
  auto const proposal = world.propose(first.version);
  auto unknown = world.release(proposal, 30);
  unknown.release->proposal = core::random_uuid();
  CHECK(world.commit(unknown).error.code == core::Code::not_found);
  CHECK(world.proposals(world.aurora).size() == 1);
  REQUIRE(world.commit(world.version(15, kAmber)).kind == Kind::store);
  CHECK(world.commit(world.release(proposal, 30)).error.code == core::Code::release_stale);
  CHECK(world.published(1).size() == 2);
  auto const again = world.propose(world.commit(world.version(25, kAmber)).version);
  CHECK(world.commit(world.release(again, 30)).kind == Kind::store);
  CHECK(world.commit(world.release(again, 40)).error.code == core::Code::release_stale);
}

TEST_CASE("Proposals are told to their organisation, until they are refused or a later one takes their place") {
  World world;
  auto const version = world.commit(world.version(10, kAmber)).version;
  auto const first = world.propose(version);
  auto const second = world.propose(version);
  REQUIRE(world.proposals(world.aurora).size() == 1);
  auto const told = world.proposals(world.aurora).front();
  CHECK(told.id == second.id);
  CHECK(std::pair(told.type, told.uuid) == std::pair(std::string("indicator"), world.uuid));
  CHECK(std::tuple(told.version, told.proposer, told.target, told.class_key, told.created_us) ==
        std::tuple(version, world.proposer, second.target, second.class_key, second.created_us));
  CHECK(world.proposals(world.borealis).empty());
  CHECK(world.database->releases().refuse(second.id, world.borealis).error().code == core::Code::not_found);
  CHECK(world.database->releases().refuse(first.id, world.aurora).error().code == core::Code::not_found);
  CHECK(world.database->releases().refuse(second.id, world.aurora).has_value());
  CHECK(world.proposals(world.aurora).empty());
}

TEST_CASE("An organisation has so many proposals at once, and those that lapsed are forgotten") {
  World world;
  for (std::size_t i = 0; i < store::kMostProposals; ++i) world.propose(static_cast<store::RowId>(1'000 + i));
  store::ReleaseProposal const more{core::random_uuid(), world.aurora, 9'999, world.proposer, "tlp:green", "", kNow};
  CHECK(world.database->releases().propose(more, kNow - 100).error().code == core::Code::conflict);
  CHECK(world.database->releases().propose(more, kNow + 1).has_value());
}
