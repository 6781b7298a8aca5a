// What every store keeps of the logs of other instances, whatever the database.
#include <memory>

#include "server/store/database.hpp"
#include "tests/contract/other_log.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/randomness.hpp"

using namespace tocsin;
using store::LogName;

namespace {

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;

  World() { open(); }
  void open() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }
  store::OriginStore& origins() { return database->origins(); }
  store::Origin only() {
    auto all = origins().origins().value();
    REQUIRE(all.size() == 1);
    return all.front();
  }
};

test::OtherLog grown(std::uint64_t size) {
  test::OtherLog out;
  while (out.size() < size) out.withhold();
  return out;
}

}  // namespace

TEST_CASE("an origin has one row, and nothing of it was verified when it is followed", "[store][origins]") {
  World world;
  auto const row = world.origins().follow("ibis.example/log").value();
  CHECK(world.origins().follow("ibis.example/log").value() == row);
  CHECK(world.origins().follow("heron.example/log").value() != row);
  CHECK(row > 0);  // 0 is this instance
  world.open();
  auto const all = world.origins().origins().value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].row == row);
  CHECK(all[0].name == "ibis.example/log");
  CHECK_FALSE(all[0].terms.has_value());
  CHECK(all[0].data.size == 0);
  CHECK(all[0].data.checkpoint.empty());
  CHECK(all[0].refused == 0);
}

TEST_CASE("an origin is found by its name, as it is now and as the whole table has it", "[store][origins]") {
  World world;
  auto const other = grown(20);
  CHECK_FALSE(world.origins().origin(other.name()).value().has_value());
  world.origins().follow("heron.example/log").value();
  auto const row = world.origins().follow(other.name()).value();
  auto const found = [&] { return world.origins().origin(other.name()).value().value(); };
  CHECK(found().row == row);
  CHECK(found().name == other.name());
  CHECK(found().data.size == 0);
  REQUIRE(world.origins().verified(row, LogName::data, other.verified(), other.hashes(0, 20)).has_value());
  CHECK(found().data.size == 20);
  CHECK(found().data.checkpoint == other.verified().checkpoint);
  auto const rules = test::real_rules();
  REQUIRE(world.database->commits().deliver({{row, 0, 15, {9}, {{3, "schema-invalid"}}}, {}}, rules, 1).has_value());
  CHECK(found().data.applied == 15);
  CHECK(found().terms == core::Uuid{9});
  CHECK(found().refused == 1);
  REQUIRE(world.origins().begin_again(row).has_value());
  CHECK(found().data.applied == 0);
  CHECK_FALSE(found().terms.has_value());
  CHECK(world.origins().origin("heron.example/log").value()->data.size == 0);
  for (auto const* name : {"ibis.example/lo", "ibis.example/logs", ""})
    CHECK_FALSE(world.origins().origin(name).value().has_value());
}

TEST_CASE("leaves that were verified are read back as they were, however the log grew", "[store][origins]") {
  test::Random random;
  World world;
  auto const other = grown(1'100);
  auto const row = world.origins().follow(other.name()).value();
  for (std::uint64_t size = 0; size < other.size();) {
    auto const next = std::min<std::uint64_t>(other.size(), size + 1 + random.below(random.chance(30) ? 600 : 70));
    REQUIRE(world.origins().verified(row, LogName::data, other.verified(next), other.hashes(size, next)).has_value());
    size = next;
    auto const stored = world.only().data;
    CHECK(stored.size == size);
    CHECK(stored.range == other.verified(size).range);
    CHECK(stored.checkpoint == other.verified(size).checkpoint);
    if (random.chance(20)) world.open();
    for (int i = 0; i < 5; ++i) {
      auto const first = random.below(size), count = random.below(size - first + 1);
      CHECK(world.origins().hashes(row, LogName::data, first, count).value() == other.hashes(first, first + count));
    }
    CHECK(world.origins().hashes(row, LogName::data, size - 1, 2).error().code == core::Code::log_inconsistent);
  }
  CHECK(world.only().control.size == 0);
  CHECK(world.origins().hashes(row, LogName::control, 0, 1).error().code == core::Code::log_inconsistent);
}

TEST_CASE("what does not go on from what was verified leaves everything as it was", "[store][origins]") {
  World world;
  auto const other = grown(300);
  auto const row = world.origins().follow(other.name()).value();
  REQUIRE(world.origins().verified(row, LogName::data, other.verified(200), other.hashes(0, 200)).has_value());
  auto const refused = [&](std::uint64_t size, std::string const& hashes) {
    auto const done = world.origins().verified(row, LogName::data, other.verified(size), hashes);
    return !done && done.error().code == core::Code::log_inconsistent;
  };
  CHECK(refused(250, other.hashes(200, 249)));
  CHECK(refused(250, other.hashes(200, 251)));
  CHECK(refused(250, other.hashes(200, 250) + "x"));
  CHECK(refused(199, ""));
  CHECK(world.only().data.size == 200);
  CHECK(world.origins().hashes(row, LogName::data, 0, 200).value() == other.hashes(0, 200));
  auto newer = other.verified(200);
  newer.verified_us = 2'000'000;
  REQUIRE(world.origins().verified(row, LogName::data, newer, "").has_value());
  CHECK(world.only().data.verified_us == 2'000'000);
}

TEST_CASE("a log is read again from its beginning, and stays verified", "[store][origins]") {
  World world;
  auto const other = grown(20);
  auto const row = world.origins().follow(other.name()).value();
  REQUIRE(world.origins().verified(row, LogName::data, other.verified(), other.hashes(0, 20)).has_value());
  auto const rules = test::real_rules();
  REQUIRE(world.database->commits().deliver({{row, 0, 15, {9}, {}}, {}}, rules, 1'000'000).has_value());
  CHECK(world.only().data.applied == 15);
  CHECK(world.only().terms == core::Uuid{9});
  REQUIRE(world.origins().verified(row, LogName::data, other.verified(), "").has_value());
  CHECK(world.only().data.applied == 15);  // which is not what was verified
  REQUIRE(world.origins().begin_again(row).has_value());
  CHECK(world.only().data.applied == 0);
  CHECK(world.only().data.size == 20);
  CHECK_FALSE(world.only().terms.has_value());
}
