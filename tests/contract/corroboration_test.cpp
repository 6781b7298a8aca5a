// What every store tells of who else says the same, whatever the database.
#include <sqlite3.h>

#include "server/store/control_store.hpp"
#include "tests/contract/indicator_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using World = IndicatorWorld;

namespace {

constexpr std::size_t kMost = 256;

store::ValueClaims claims(World& world, std::vector<std::string> const& keys, store::RowId reader = 0,
                          std::vector<store::RowId> collections = {1, 2}, std::size_t most = kMost) {
  auto const sight = world.query({}, reader, std::move(collections)).sight;
  return world.database->open_reader().value()->indicators().claims(sight, {&keys, 1}, most).value().front();
}

store::ValueClaims claims(World& world, std::string const& value, store::RowId reader = 0,
                          std::vector<store::RowId> collections = {1, 2}) {
  return claims(world, std::vector{address(value)}, reader, std::move(collections));
}

// The only claim there is.
store::ValueClaim claim(World& world, std::string const& value, std::vector<store::RowId> collections = {1, 2}) {
  auto const found = claims(world, value, 0, std::move(collections));
  REQUIRE(found.all.size() == 1);
  return found.all.front();
}

}  // namespace

TEST_CASE("who says the same of a value is found, and nobody who is hidden", "[store][corroboration]") {
  World world;
  world.commit({naming(core::random_uuid(), {address("198.51.100.7")}, 10, kGreen, 1),
                naming(core::random_uuid(), {address("198.51.100.7")}, 10, kGreen, 2),
                naming(core::random_uuid(), {address("198.51.100.7")}, 10, kRed, 3),
                naming(core::random_uuid(), {address("198.51.100.0/24")}, 10, kGreen, 4)});
  CHECK(claims(world, "198.51.100.7").all.size() == 2);
  CHECK(claims(world, "198.51.100.7", 3).all.size() == 3);
  CHECK(claims(world, "198.51.100.7", 2).all.size() == 2);
  CHECK(claims(world, "198.51.100.8").all.empty());
  CHECK(claims(world, "198.51.100.7", 0, {2}).all.empty());
}

TEST_CASE("a claim begins when its value was first shown, however often it is said again", "[store][corroboration]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")})});
  auto const first = claim(world, "198.51.100.7").since;
  world.commit({naming(uuid, {address("198.51.100.7")}, 20)});
  world.commit({naming(uuid, {address("198.51.100.7")}, 30)});
  CHECK(claim(world, "198.51.100.7").since == first);
  world.commit({naming(uuid, {address("198.51.100.8")}, 40)});
  CHECK(claims(world, "198.51.100.7").all.empty());
  CHECK(claim(world, "198.51.100.8").since > first);
  world.commit({naming(uuid, {address("198.51.100.7")}, 50)});
  CHECK(claim(world, "198.51.100.7").since > first);
}

TEST_CASE("what one transaction says keeps its own beginnings", "[store][corroboration]") {
  World world;
  auto const one = core::random_uuid(), other = core::random_uuid();
  world.commit({naming(one, {address("198.51.100.7")})});
  auto const first = claim(world, "198.51.100.7").since;
  world.commit({naming(one, {address("198.51.100.7")}, 20), naming(other, {address("198.51.100.7")}, 10, kGreen, 2),
                naming(one, {address("198.51.100.7")}, 30)});
  auto const found = claims(world, "198.51.100.7").all;
  REQUIRE(found.size() == 2);
  for (auto const& each : found) CHECK((each.since == first) == (each.asserter == 1));
}

TEST_CASE("a claim that was withdrawn begins anew when it is shown again", "[store][corroboration]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")}, 10'000'000)});
  world.commit({naming(uuid, {address("198.51.100.7")}, 20'000'000)});
  auto const first = claim(world, "198.51.100.7").since;
  REQUIRE(world.database->commits().withdraw({1, "indicator", uuid, {20'000'000}, {}}).has_value());
  CHECK(claim(world, "198.51.100.7").since == first);
  REQUIRE(world.database->commits().withdraw({1, "indicator", uuid, {}, {}}).has_value());
  CHECK(claims(world, "198.51.100.7").all.empty());
  world.commit({naming(uuid, {address("198.51.100.7")}, 20'000'000)});
  CHECK(claim(world, "198.51.100.7").since > first);
}

TEST_CASE("an indicator of several collections is one claim, as its newest version says it", "[store][corroboration]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")})});
  auto revocation = naming(uuid, {address("198.51.100.7")}, 20);
  revocation.searchable->revoked = true;
  world.commit(std::vector<std::vector<store::Candidate>>{{}, {revocation}});
  auto const first = claim(world, "198.51.100.7", {1}), second = claim(world, "198.51.100.7", {2});
  CHECK_FALSE(first.revoked);
  CHECK(second.revoked);
  auto const both = claim(world, "198.51.100.7");
  CHECK(both.revoked);
  CHECK(both.since == first.since);
  CHECK(first.since < second.since);
}

TEST_CASE("of several values, only what is of the same ones says the same", "[store][corroboration]") {
  World world;
  std::vector<std::string> const two{address("198.51.100.7"), address("198.51.100.8")};
  std::vector<std::string> const three{two[0], two[1], address("198.51.100.9")};
  world.commit({naming(core::random_uuid(), two, 10, kGreen, 1), naming(core::random_uuid(), two, 10, kGreen, 2),
                naming(core::random_uuid(), three, 10, kGreen, 3),
                naming(core::random_uuid(), {two[0]}, 10, kGreen, 4)});
  CHECK(claims(world, two).all.size() == 2);
  CHECK(claims(world, three).all.size() == 1);
  CHECK(claims(world, "198.51.100.7").all.size() == 1);
  CHECK(claims(world, "198.51.100.8").all.empty());
}

TEST_CASE("what a claim rests on and how long it holds is told", "[store][corroboration]") {
  World world;
  auto one = naming(core::random_uuid(), {address("198.51.100.7")});
  one.searchable->valid_until_us = 200;
  one.searchable->relayed = true;
  world.commit({one});
  auto const found = claim(world, "198.51.100.7");
  CHECK(found.valid_until_us == 200);
  CHECK(found.relayed);
  CHECK_FALSE(found.revoked);
  CHECK(found.asserter == 1);
  CHECK_FALSE(found.named);
}

TEST_CASE("a claim is named when its object names the organisation that asserts it", "[store][corroboration]") {
  std::string const one = "identity--0c5c6d5e-0000-4000-8000-000000000011",
                    other = "identity--0c5c6d5e-0000-4000-8000-000000000012";
  for (auto const& [creator, named] : {std::pair(one, true), {other, false}, {std::string(), false}}) {
    World world;
    auto const aurora = world.add_organisation("aurora", one);
    (void)world.add_organisation("borealis", other);
    auto said = naming(core::random_uuid(), {address("198.51.100.7")}, 10, kGreen, aurora);
    said.creator = creator;
    world.commit({said});
    CHECK(claim(world, "198.51.100.7").named == named);
  }
}

TEST_CASE("a value with very many claims costs no more than a few do", "[store][corroboration]") {
  World world;
  for (int i = 0; i < 12; ++i)
    world.commit({naming(core::random_uuid(), {address("198.51.100.7")}, 10, kGreen, 1 + i % 5)});
  auto const some = claims(world, std::vector{address("198.51.100.7")}, 0, {1, 2}, 11);
  CHECK(some.all.size() == 11);
  CHECK_FALSE(some.complete);
  auto const all = claims(world, std::vector{address("198.51.100.7")}, 0, {1, 2}, 12);
  CHECK(all.all.size() == 12);
  CHECK(all.complete);
}

TEST_CASE("what is erased is no claim", "[store][corroboration]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({naming(uuid, {address("198.51.100.7")})});
  REQUIRE(world.database->control()
              .erase({1, "indicator", uuid},
                     [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); })
              .has_value());
  CHECK(claims(world, "198.51.100.7").all.empty());
}
