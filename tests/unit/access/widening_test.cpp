#include "server/access/widening.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/access/world.hpp"

using namespace tocsin;
using access::ClassFacts;
using stix::Tlp;

namespace {

struct World : test::AccessWorld {
  World() {
    for (auto const* name : {"aurora", "borealis", "cassini"}) organisation(name);
  }

  access::AudienceAt ring(std::vector<std::string> const& members) {
    store::Audience audience;
    audience.group = core::random_uuid();
    audience.marking = core::random_uuid();
    audience.name = core::to_text(audience.group);
    std::vector<store::RowId> rows;
    for (auto const& name : members) rows.push_back(registry.current()->organisation(std::string_view(name))->row);
    REQUIRE(accounts.add(audience, rows).has_value());
    reload();
    return {audience.group, 1};
  }

  [[nodiscard]] bool covers(ClassFacts const& wide, ClassFacts const& narrow) const {
    return access::covers_now(*registry.current(), wide, narrow);
  }
  [[nodiscard]] std::vector<std::string> named(access::AudienceAt const& audience) const {
    std::vector<std::string> out;
    for (auto const* one : access::named_by_all(*registry.current(), {audience})) out.push_back(one->name);
    return out;
  }
};

ClassFacts at(Tlp level, std::vector<access::AudienceAt> audiences = {}) {
  return {level, false, std::move(audiences)};
}

}  // namespace

TEST_CASE("A lower level shows to all who saw, and a higher one does not") {
  World const world;
  CHECK(world.covers(at(Tlp::green), at(Tlp::amber)));
  CHECK_FALSE(world.covers(at(Tlp::amber), at(Tlp::green)));
  CHECK(world.covers(at(Tlp::amber), at(Tlp::amber)));
}

TEST_CASE("One audience takes the place of another when all its members belong to it") {
  World world;
  auto const two = world.ring({"aurora", "borealis"}), three = world.ring({"aurora", "borealis", "cassini"});
  CHECK(world.covers(at(Tlp::amber_strict, {three}), at(Tlp::amber_strict, {two})));
  CHECK_FALSE(world.covers(at(Tlp::amber_strict, {two}), at(Tlp::amber_strict, {three})));
  CHECK(world.covers(at(Tlp::amber), at(Tlp::amber_strict, {three})));
  CHECK_FALSE(world.covers(at(Tlp::amber, {three}), at(Tlp::amber)));
  CHECK_FALSE(world.covers(at(Tlp::amber_strict), at(Tlp::amber_strict, {two})));
}

TEST_CASE("What nobody sees is covered by everything but what is unknown adds nothing") {
  World world;
  auto const ring = world.ring({"aurora"});
  CHECK(world.covers(at(Tlp::red, {ring}), at(Tlp::red)));
  CHECK_FALSE(world.covers({Tlp::clear, true}, at(Tlp::green)));
  CHECK(world.covers(at(Tlp::green), {Tlp::green, true}));
}

TEST_CASE("Governments that saw must see") {
  World const world;
  ClassFacts to_one = at(Tlp::amber), to_two = at(Tlp::amber);
  to_one.releasable_to = {"XA"};
  to_two.releasable_to = {"XA", "XB"};
  CHECK(world.covers(to_two, to_one));
  CHECK_FALSE(world.covers(to_one, to_two));
  CHECK_FALSE(world.covers(at(Tlp::amber), to_one));
  CHECK(world.covers(at(Tlp::green), to_one));
}

TEST_CASE("Who left, and who joined after the epoch, is not named") {
  World world;
  auto const ring = world.ring({"aurora", "borealis"});
  CHECK(world.named(ring) == std::vector<std::string>{"aurora", "borealis"});
  CHECK(world.named({ring.group, 0}).empty());
  auto const directory = world.registry.current();
  auto const borealis = directory->organisation(std::string_view("borealis"))->row;
  REQUIRE(world.accounts.remove_member(directory->tables().audiences.front().row, borealis).has_value());
  world.reload();
  CHECK(world.named(ring) == std::vector<std::string>{"aurora"});
}

TEST_CASE("Who alone belongs is named, and after coming back not for the time between") {
  World world;
  auto const ring = world.ring({"aurora"});
  CHECK(world.named(ring) == std::vector<std::string>{"aurora"});
  auto const directory = world.registry.current();
  auto const audience = directory->tables().audiences.front().row;
  auto const aurora = directory->organisation(std::string_view("aurora"))->row;
  REQUIRE(world.accounts.remove_member(audience, aurora).has_value());  // until the epoch 2
  store::AudienceProposal const proposal{core::random_uuid(), audience, aurora, 0, 0};
  REQUIRE(world.accounts.propose(proposal).has_value());
  REQUIRE(world.accounts.approve(proposal.id).has_value());  // since the epoch 3
  world.reload();
  for (std::int64_t const epoch : {1, 3}) CHECK(world.named({ring.group, epoch}) == std::vector<std::string>{"aurora"});
  CHECK(world.named({ring.group, 2}).empty());
}

TEST_CASE("An audience that is not here names nobody") {
  World const world;
  CHECK(world.named({core::random_uuid(), 1}).empty());
}
