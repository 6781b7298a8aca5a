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
  auto const names = [&](access::AudienceAt const& audience) {
    std::vector<std::string> out;
    for (auto const* one : access::named_by_all(*world.registry.current(), {audience})) out.push_back(one->name);
    return out;
  };
  CHECK(names(ring) == std::vector<std::string>{"aurora", "borealis"});
  CHECK(names({ring.group, 0}).empty());
  auto const directory = world.registry.current();
  auto const borealis = directory->organisation(std::string_view("borealis"))->row;
  REQUIRE(world.accounts.remove_member(directory->tables().audiences.front().row, borealis).has_value());
  world.reload();
  CHECK(names(ring) == std::vector<std::string>{"aurora"});
}
