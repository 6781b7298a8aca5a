// What is stored of another instance's log and was changed is found out: the database is written to behind the store's
// back.
#include "server/ledger/verify_followed.hpp"

#include <sqlite3.h>

#include "server/store/backup.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;

namespace {

struct World : test::DeliveryWorld {
  World() {
    std::vector<store::ForeignObject> objects;
    for (int i = 0; i < 300; ++i) {
      if (i % 3 == 0)
        objects.push_back(
            other.log(origin, test::make_candidate(9, core::random_uuid(), 10, {stix::Tlp::green, false})));
      else
        other.withhold();
    }
    take(objects);
    REQUIRE(database->control().erase({9, "indicator", objects.at(1).candidate.uuid}, entry_for())->versions == 1);
    database.reset();
  }

  void run(std::string const& sql) const {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    CAPTURE(sql, sqlite3_errmsg(db));
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(sqlite3_changes(db) > 0);
    sqlite3_close(db);
  }

  [[nodiscard]] std::vector<std::string> found() const {
    auto const logs = store::open_sqlite_log(folder / "db").value();
    return ledger::verify_followed(*logs).value();
  }
};

std::string changed(std::string const& column, std::string const& value) {
  return "UPDATE versions SET " + column + " = " + value + " WHERE origin_index = 6";
}

}  // namespace

TEST_CASE("an untouched copy of another instance's log has no finding, whatever was withheld or erased of it",
          "[ledger][verify]") {
  CHECK(World().found() == std::vector<std::string>());
}

TEST_CASE("whatever is changed of an entry of another instance's log is found", "[ledger][verify]") {
  std::string const blob = "x'7b7d'";
  for (auto const& sql :
       {changed("bytes", blob), changed("digest", blob), changed("header", blob),
        changed("header_salt", "zeroblob(32)"), changed("body_salt", "zeroblob(32)"), changed("body_salt", "NULL"),
        changed("class_sequence", "8"), changed("origin_index", "7"), changed("origin_index", "300"),
        changed("origin", "2"), std::string("UPDATE versions SET header = x'7b' WHERE origin_index = 3")}) {
    CAPTURE(sql);
    World const world;
    world.run(sql);
    CHECK(world.found().size() == 1);
  }
}

TEST_CASE("leaves of another instance's log that do not lead to what was verified are found", "[ledger][verify]") {
  for (auto const* sql :
       {"UPDATE origin_logs SET size = 299, applied = 0", "UPDATE origin_logs SET range = substr(range, 1, 8)",
        "UPDATE origin_logs SET checkpoint = replace(checkpoint, '300', '301')",
        "UPDATE origin_tiles SET hashes = substr(hashes, 1, 32 * 43) WHERE tile = 1",
        "UPDATE origin_tiles SET hashes = CAST(substr(hashes, 1, 32) || substr(hashes, 1, 32 * 43) AS BLOB) "
        "WHERE tile = 1",
        "UPDATE origin_tiles SET tile = 2 WHERE tile = 1", "DELETE FROM origin_tiles WHERE tile = 0"}) {
    CAPTURE(sql);
    World const world;
    world.run(sql);
    CHECK_FALSE(world.found().empty());
  }
}

TEST_CASE("in the midst of a long log its note is of fewer leaves, which it has to be the root of",
          "[ledger][verify]") {
  auto const with_note = [](World const& world, std::string const& note) {
    world.run("UPDATE origin_logs SET checkpoint = '" + note + "'");
    return world.found().size();
  };
  World const world;
  CHECK(with_note(world, "") == 0);
  CHECK(with_note(world, world.other.verified(100).checkpoint) == 0);
  test::OtherLog another;
  for (int i = 0; i < 100; ++i) another.withhold();
  CHECK(with_note(world, another.verified(100).checkpoint) == 1);
}

TEST_CASE("a database of before anybody was followed has no finding", "[ledger][verify]") {
  World const world;
  world.run("DELETE FROM versions; DROP TABLE origin_tiles");
  CHECK(world.found() == std::vector<std::string>());
}

TEST_CASE("a checkpoint of another log is not the one that was verified", "[ledger][verify]") {
  World const world;
  std::string const theirs = "heron.example/log";
  world.run("UPDATE origins SET name = '" + theirs + "'");
  auto const found = world.found();
  REQUIRE_FALSE(found.empty());
  CHECK(found.front() ==
        "what is stored of the leaves of the data log of the origin " + theirs + " is not what was verified");
}
