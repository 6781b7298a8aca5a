// What a store tells of the leaves of the published logs.
#include <sqlite3.h>

#include "schema/log/commitment.hpp"
#include "schema/log/hash.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

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
    database = store::open_sqlite({folder / "db", 8, 4}).value();
  }

  core::Uuid commit() {
    auto candidate = test::make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false});
    candidate.header_salt = core::random_salt();
    candidate.body_salt = core::random_salt();
    candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
    auto rules = test::real_rules();
    store::CommitPart part{1, {&candidate, 1}, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
    return candidate.uuid;
  }

  void control() {
    store::ControlEntry entry{"{}", core::random_salt(), core::random_salt(), "statement", {}, {}};
    entry.entry =
        log::entry(log::commit_header(entry.header_salt, entry.header), log::commit_body(entry.body_salt, entry.body));
    entry.leaf = log::leaf(entry.entry);
    REQUIRE(database->control().append(entry, "log-key.change").has_value());
  }

  void run(char const* sql) {
    database.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    char* mistake = nullptr;
    sqlite3_exec(db, sql, nullptr, nullptr, &mistake);
    std::string const told = mistake != nullptr ? mistake : "";
    sqlite3_free(mistake);
    sqlite3_close(db);
    REQUIRE(told.empty());
  }

  core::Result<std::vector<std::string>> entries(LogName log, std::uint64_t first, std::uint64_t count) {
    return database->open_reader().value()->leaves().entries(log, first, count);
  }
};

}  // namespace

TEST_CASE("a leaf is the hash of the entry beside it, in both logs and whatever is asked for", "[store][leaves]") {
  World world;
  for (int i = 0; i < 5; ++i) world.commit();
  for (int i = 0; i < 2; ++i) world.control();
  for (auto [log, size] : {std::pair(LogName::data, 5u), std::pair(LogName::control, 2u)}) {
    for (unsigned first = 0; first < size; ++first) {
      auto const reader = world.database->open_reader().value();
      auto const hashes = reader->leaves().hashes(log, first, size - first).value();
      auto const entries = reader->leaves().entries(log, first, size - first).value();
      std::string hashed;
      for (auto const& entry : entries) hashed += core::view(log::leaf_hash(entry));
      CHECK(hashed == hashes);
      CHECK(entries.size() == size - first);
    }
    CHECK(world.entries(log, 0, size + 1).error().code == core::Code::log_inconsistent);
  }
}

TEST_CASE("a database of before gets the entries of what it has, but of what was erased", "[store][leaves][migrate]") {
  World world;
  auto const erased = world.commit();
  for (int i = 0; i < 3; ++i) world.commit();
  world.control();
  auto const data = world.entries(LogName::data, 1, 3).value(), control = world.entries(LogName::control, 0, 1).value();
  auto entry_for = [](auto const&) { return store::ControlEntry{"{}", {}, {}, "erased", {}, {}}; };
  REQUIRE(world.database->control().erase({1, "indicator", erased}, entry_for).has_value());
  world.run("ALTER TABLE leaves DROP COLUMN entry; DELETE FROM schema_migrations WHERE number = 16;");
  world.open();
  CHECK(world.entries(LogName::data, 1, 3).value() == data);
  CHECK(world.entries(LogName::control, 0, 1).value() == control);
  CHECK(world.entries(LogName::data, 0, 4).error().code == core::Code::not_found);
}
