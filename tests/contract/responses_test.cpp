// What every store tells of what is said of an object, whatever the database.
#include <sqlite3.h>

#include <map>
#include <memory>
#include <set>
#include <span>

#include "server/store/control_store.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kRed{stix::Tlp::red, false};
constexpr char const* kSubject = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
constexpr char const* kOther = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd40";

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();
  std::map<std::string, store::RowId> classes;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  void commit(std::vector<store::Candidate> const& candidates, store::RowId collection = 1) {
    std::vector<store::CommitPart> parts{{collection, candidates, nullptr, true}};
    auto const outcome = database->commits().commit(parts, rules, 1'000'000'000'000).value();
    for (auto const& one : outcome.new_classes) classes[one.key] = one.row;
  }

  store::Responses about(std::vector<std::string> const& subjects, std::size_t most = 100, bool opinions = true,
                         store::RowId asserter = 0) {
    store::Sight sight{{1, 2}, {}};
    sight.window.visible.insert(classes.at(access::class_key(kGreen)));
    sight.window.asserter = asserter;
    for (auto const& [key, row] : classes) sight.window.own.insert(row);
    return database->open_reader().value()->responses().about({sight, subjects, opinions, most}).value();
  }
};

store::Candidate said(std::string const& type, core::Uuid const& uuid, std::vector<std::string> subjects,
                      std::int64_t modified_ns = 10, access::ClassFacts const& facts = kGreen) {
  auto out = make_candidate(1, uuid, modified_ns, facts, type);
  out.said_of = std::move(subjects);
  return out;
}

store::Candidate sighting(std::vector<std::string> subjects, access::ClassFacts const& facts = kGreen) {
  return said("sighting", core::random_uuid(), std::move(subjects), 10, facts);
}

}  // namespace

TEST_CASE("what is said of an object is found by it, and once in whatever collections it is", "[store][responses]") {
  World world;
  auto const both = said("opinion", core::random_uuid(), {kSubject, kOther});
  world.commit({sighting({kSubject}), both, sighting({kOther})});
  world.commit({both}, 2);
  CHECK(world.about({kSubject}).rows.size() == 2);
  CHECK(world.about({kSubject, kOther}).rows.size() == 3);
  CHECK(world.about({kSubject, kOther}, 100, false).rows.size() == 2);
}

TEST_CASE("of what is said the newest version is told", "[store][responses]") {
  World world;
  auto const uuid = core::random_uuid();
  world.commit({said("opinion", uuid, {kSubject}, 10)});
  world.commit({said("opinion", uuid, {kSubject}, 20)});
  auto const found = world.about({kSubject});
  REQUIRE(found.rows.size() == 1);
  CHECK(found.rows.front().row.modified_ns == 20);
}

TEST_CASE("what is hidden of what is said changes nothing, and its author sees it", "[store][responses]") {
  World world;
  world.commit({sighting({kSubject}), sighting({kSubject}, kRed), sighting({kSubject}, kRed)});
  auto const found = world.about({kSubject}, 1);
  CHECK(found.rows.size() == 1);
  CHECK(found.complete);
  CHECK(world.about({kSubject}, 100, true, 1).rows.size() == 3);
}

TEST_CASE("of more than is looked at the latest is told, and that there is more", "[store][responses]") {
  World world;
  auto const first = sighting({kSubject}), last = sighting({kSubject});
  world.commit({first});
  world.commit({last});
  auto const found = world.about({kSubject}, 1);
  CHECK_FALSE(found.complete);
  REQUIRE(found.rows.size() == 1);
  CHECK(found.rows.front().row.uuid == last.uuid);
}

TEST_CASE("the latest is told of whatever object it is, in whatever order they are asked for", "[store][responses]") {
  World world;
  std::vector<store::Candidate> all;
  for (int i = 0; i < 6; ++i) all.push_back(sighting({i % 2 == 0 ? kSubject : kOther}));
  all.push_back(sighting({kSubject, kOther}));
  for (auto const& one : all) world.commit({one});
  for (auto const& subjects :
       {std::vector<std::string>{kSubject, kOther}, std::vector<std::string>{kOther, kSubject}}) {
    auto const found = world.about(subjects, 3);
    CHECK_FALSE(found.complete);
    std::set<core::Uuid> told, latest;
    for (auto const& one : found.rows) told.insert(one.row.uuid);
    for (auto const& one : std::span(all).last(3)) latest.insert(one.uuid);
    CHECK(told == latest);
    CHECK(world.about(subjects, 7).complete);
  }
}

TEST_CASE("what is said and erased is found no more", "[store][responses]") {
  World world;
  auto const erased = sighting({kSubject});
  world.commit({erased, sighting({kSubject})});
  REQUIRE(world.database->control()
              .erase({1, "sighting", erased.uuid},
                     [](auto const&) -> core::Result<store::ControlEntry> { return store::ControlEntry(); })
              .has_value());
  CHECK(world.about({kSubject}).rows.size() == 1);
}

TEST_CASE("what was said before there was an index is found after the migration", "[store][responses]") {
  World world;
  auto const written = [](store::Candidate candidate, std::string const& members) {
    candidate.said_of.clear();
    candidate.bytes.insert(1, members + ",");
    candidate.digest = core::sha256(candidate.bytes);
    return candidate;
  };
  std::string const subject = kSubject, other = kOther;
  world.commit({written(sighting({}), "\"sighting_of_ref\":\"" + subject + "\""),
                written(said("opinion", core::random_uuid(), {}),
                        "\"object_refs\":[\"" + other + "\",\"" + subject + "\",\"" + other + "\"]")});
  CHECK(world.about({kSubject, kOther}).rows.empty());
  world.database.reset();
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open((world.folder / "db").c_str(), &raw) == SQLITE_OK);
  CHECK(sqlite3_exec(raw, "DROP TABLE responses; DELETE FROM schema_migrations WHERE name LIKE '%_responses'", nullptr,
                     nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(raw);
  REQUIRE(store::migrate_sqlite(world.folder / "db").has_value());
  world.database = store::open_sqlite({world.folder / "db", 8, 8}).value();
  CHECK(world.about({kSubject}).rows.size() == 2);
  CHECK(world.about({kOther}).rows.size() == 1);
}
