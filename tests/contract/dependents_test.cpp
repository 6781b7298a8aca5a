// What every store keeps of who reads a log through a relay: at the relay, and at the log's origin.
#include "tests/contract/two_members.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

constexpr store::RowId kHeron = 1, kIbis = 2;

struct World : test::TwoMembers {
  void keep(store::RowId origin, store::Dependent const& dependent) {
    REQUIRE(database->relays().keep(origin, dependent).has_value());
  }
  std::vector<std::string> kept(store::RowId origin) {
    std::vector<std::string> out;
    auto const all = database->relays().dependents(origin);
    REQUIRE(all.has_value());
    for (auto const& one : *all) out.push_back(one.log + " " + std::to_string(one.applied) + " " + one.said);
    return out;
  }
  std::vector<std::string> said() {
    std::vector<std::string> out;
    auto const all = database->open_reader().value()->recalls().said_of_dependents();
    REQUIRE(all.has_value());
    for (auto const& one : *all)
      out.push_back(std::to_string(one.organisation) + " " + one.note + " " + std::to_string(one.received_us));
    return out;
  }
};

}  // namespace

TEST_CASE("of a dependent the most that it applied is kept, and what it said last", "[store][contract][dependents]") {
  World world;
  world.keep(kHeron, {"wren/log", 0, ""});
  world.keep(kHeron, {"wren/log", 5, ""});
  world.keep(kHeron, {"wren/log", 3, "of owl"});
  world.keep(kHeron, {"wren/log", 0, ""});
  world.keep(kHeron, {"auk/log", 1, "of nobody"});
  world.keep(kHeron, {"auk/log", 1, "of somebody"});
  world.keep(kIbis, {"wren/log", 9, ""});
  CHECK(world.kept(kHeron) == std::vector<std::string>{"auk/log 1 of somebody", "wren/log 5 of owl"});
  CHECK(world.kept(kIbis) == std::vector<std::string>{"wren/log 9 "});
  CHECK(world.kept(7).empty());
}

TEST_CASE("of a relay what it said last of those behind it is kept", "[store][contract][dependents]") {
  World world;
  CHECK(world.said().empty());
  for (auto const& [note, at] : {std::pair("first", 5), std::pair("second", 6)})
    REQUIRE(world.database->recalls().keep(store::SaidOfDependents{world.aurora, note, at}).has_value());
  CHECK(world.said() == std::vector<std::string>{std::to_string(world.aurora) + " second 6"});
}
