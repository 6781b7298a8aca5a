// What every store takes of other instances' logs, whatever the database.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "server/store/backup.hpp"
#include "tests/contract/delivery_world.hpp"

using namespace tocsin;
using store::Verdict;
using test::make_candidate;
using Instants = std::vector<std::int64_t>;
using World = test::DeliveryWorld;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kAmber{stix::Tlp::amber, false};
constexpr store::RowId kMember = 1, kPeer = 9;  // organisations

// Of an origin's entries, "INDEX CODE".
std::vector<std::string> refusals(World const& world) {
  std::vector<std::string> out;
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((world.folder / "db").c_str(), &db) == SQLITE_OK);
  auto const add = [](void* to, int, char** row, char**) {
    static_cast<std::vector<std::string>*>(to)->push_back(std::string(row[0]) + " " + row[1]);
    return 0;
  };
  CHECK(sqlite3_exec(db, "SELECT position, code FROM origin_refusals ORDER BY 1", add, &out, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  return out;
}

std::vector<Verdict::Kind> kinds_of(std::vector<store::Fate> const& fates) {
  std::vector<Verdict::Kind> out;
  for (auto const& fate : fates) out.push_back(fate.kind);
  return out;
}

}  // namespace

TEST_CASE("what another instance logged is published here, and takes no place in the log of this one",
          "[store][delivery]") {
  World world;
  world.commit({make_candidate(kMember, core::random_uuid(), 1, kGreen)});
  auto const first = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  world.other.withhold();
  auto const second = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 20, kAmber), {1, 2});
  auto const fates = world.take({first, second});
  CHECK(kinds_of(fates) == std::vector{Verdict::Kind::store, Verdict::Kind::store});
  CHECK(world.published() == Instants{1, 10, 20});
  CHECK(world.published(2) == Instants{20});
  CHECK(world.own_size() == 1);
  CHECK(world.followed().data.applied == 3);
  CHECK(world.followed().terms == World::kTerms);
  world.reopen();
  // Numbers within a class go on where those of this instance ended.
  world.commit({make_candidate(kMember, core::random_uuid(), 2, kGreen),
                make_candidate(kMember, core::random_uuid(), 3, kAmber)});
  CHECK(world.own_size() == 3);
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE(
    "entries that do not begin at the cursor, end behind what was verified, or are shown on other terms are not "
    "taken",
    "[store][delivery]") {
  World world;
  auto const origin = world.origin;
  auto const one = world.other.log(origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  auto const refused = [&](store::Applied const& applied) {
    auto const done = world.deliver(applied, {one});
    return !done && done.error().code == core::Code::conflict;
  };
  CHECK(refused({origin, 0, 1, World::kTerms, {}}));  // nothing was verified
  for (int i = 0; i < 4; ++i) world.other.withhold();
  world.verify();
  CHECK(refused({origin, 0, 6, World::kTerms, {}}));
  CHECK(refused({origin + 1, 0, 1, World::kTerms, {}}));
  CHECK(refused({origin, 1, 3, World::kTerms, {}}));
  CHECK(refused({origin, 0, 0, World::kTerms, {}}));                       // the object is not among them
  CHECK(refused({origin, 0, 3, World::kTerms, {{3, "schema-invalid"}}}));  // nor is what was refused
  CHECK_FALSE(world.followed().terms.has_value());
  CHECK(world.published().empty());
  REQUIRE(world.deliver({origin, 0, 3, World::kTerms, {}}, {one}).has_value());
  auto const next = [&](core::Uuid terms) { return world.deliver({origin, 3, 5, terms, {}}, {}); };
  CHECK(next({6}).error().code == core::Code::conflict);
  CHECK(world.followed().data.applied == 3);
  CHECK(next(World::kTerms).has_value());
  CHECK(world.followed().data.applied == 5);
  CHECK(world.published() == Instants{10});
}

TEST_CASE("what is known already is unchanged, and published where it never was", "[store][delivery]") {
  World world;
  auto object = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  auto const stored = world.take({object}).front().version;
  world.begin_again();
  object.collections = {1, 2};
  object.candidate.asserter = kPeer + 1;  // it is whose it was
  auto const fate = world.take({object}).front();
  CHECK(fate.kind == Verdict::Kind::unchanged);
  CHECK(fate.version == stored);
  CHECK_FALSE(fate.there);
  CHECK(world.published() == Instants{10});
  CHECK(world.published(2) == Instants{10});
  world.begin_again();
  CHECK(world.take({object}).front().there);
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE("what was withdrawn here is not brought back by reading it again", "[store][delivery]") {
  World world;
  auto const object = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  world.take({object});
  auto const& [type, uuid] = std::pair(object.candidate.type, object.candidate.uuid);
  REQUIRE(world.database->commits().withdraw({1, type, uuid, {}, std::nullopt})->size() == 1);
  world.begin_again();
  CHECK(world.take({object}).front().kind == Verdict::Kind::unchanged);
  // Nor when it was logged once more there.
  auto const again = world.other.log(world.origin, object.candidate);
  CHECK(world.take({again}).front().kind == Verdict::Kind::unchanged);
  CHECK(world.published().empty());
}

TEST_CASE("what was destroyed here is not taken again, and the log of this instance says nothing of it",
          "[store][delivery][erasure]") {
  World world;
  auto const erased = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  auto until = make_candidate(kPeer, core::random_uuid(), 20, kGreen);
  until.kind = "ip-range";
  until.searchable = kinds::Searchable{{std::string("ip-range") + '\0' + "v"}, {}, {}, 0, {}};
  until.searchable->share_until_us = 5;
  auto const due = world.other.log(world.origin, std::move(until));
  world.take({erased, due});
  REQUIRE(world.database->control().erase({kPeer, "indicator", erased.candidate.uuid}, world.entry_for())->versions ==
          1);
  store::RetentionRule const rule{"", 5};
  auto const destroyed = world.database->control().destroy(
      {&rule, 1}, {.end = std::chrono::steady_clock::now() + std::chrono::hours(1)}, world.entry_for());
  CHECK(destroyed->erased.versions == 1);
  CHECK(destroyed->erased.leaves.empty());
  CHECK(world.said.empty());
  CHECK(world.published().empty());
  world.begin_again();
  CHECK(kinds_of(world.take({erased, due})) == std::vector{Verdict::Kind::unchanged, Verdict::Kind::unchanged});
  CHECK(world.published().empty());
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE("what is refused is kept with its reason, and the rest is taken", "[store][delivery]") {
  World world;
  auto const first = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  auto const other_bytes = world.other.log(
      world.origin, make_candidate(kPeer, first.candidate.uuid, 10, kGreen, "indicator", "other bytes"));
  world.other.withhold();
  auto const last = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 30, kGreen));
  auto const fates = world.take({first, other_bytes, last}, {{2, "schema-invalid"}});
  CHECK(kinds_of(fates) == std::vector{Verdict::Kind::store, Verdict::Kind::refuse, Verdict::Kind::store});
  CHECK(world.published() == Instants{10, 30});
  CHECK(refusals(world) == std::vector<std::string>{"1 version-conflict", "2 schema-invalid"});
  CHECK(world.followed().refused == 2);
  // What is read again is judged again.
  world.begin_again();
  world.take({first, other_bytes, last});
  CHECK(refusals(world) == std::vector<std::string>{"1 version-conflict"});
}

TEST_CASE("an object of another instance has so many versions here, and can be revoked beyond them",
          "[store][delivery]") {
  World world;
  auto const uuid = core::random_uuid();
  auto const most = static_cast<std::int64_t>(store::kMostForeignVersions);
  std::vector<store::ForeignObject> versions;
  for (std::int64_t i = 1; i <= most + 1; ++i)
    versions.push_back(world.other.log(world.origin, make_candidate(kPeer, uuid, i, kGreen)));
  auto last = make_candidate(kPeer, uuid, most + 2, kGreen);
  last.revoked = true;
  versions.push_back(world.other.log(world.origin, std::move(last)));
  auto const fates = world.take(std::move(versions));
  CHECK(std::ranges::count(fates, Verdict::Kind::store, &store::Fate::kind) == most + 1);
  CHECK(fates[static_cast<std::size_t>(most)].kind == Verdict::Kind::refuse);
  CHECK(fates.back().kind == Verdict::Kind::store);
}

TEST_CASE("of very many refused entries the number is not counted to its end", "[store][delivery]") {
  World world;
  std::vector<store::RefusedEntry> refused;
  for (std::uint64_t i = 0; i <= store::kMostRefusedCounted; ++i) {
    world.other.withhold();
    refused.push_back({i, "schema-invalid"});
  }
  world.take({}, refused);
  CHECK(world.followed().refused == store::kMostRefusedCounted);
}

TEST_CASE("what its origin shows to other readers takes the place of all that was published of it",
          "[store][delivery]") {
  for (bool const at_once : {true, false}) {
    World world;
    auto const uuid = core::random_uuid();
    auto const first = world.other.log(world.origin, make_candidate(kPeer, uuid, 10, kAmber), {1, 2});
    auto const second = world.other.log(world.origin, make_candidate(kPeer, uuid, 20, kAmber), {1, 2});
    if (!at_once) world.take({first, second});
    auto const released = world.other.log(world.origin, make_candidate(kPeer, uuid, 30, kGreen), {1});
    auto const late = world.other.log(world.origin, make_candidate(kPeer, uuid, 15, kAmber), {1});
    auto const fates = world.take(at_once ? std::vector{first, second, released, late} : std::vector{released, late});
    CHECK(fates.at(fates.size() - 2).kind == Verdict::Kind::store);
    CHECK(fates.back().kind == Verdict::Kind::refuse);
    CHECK(world.published() == Instants{30});
    CHECK(world.published(2).empty());
    world.begin_again();
    CHECK(world.take({first, second, released}).front().released_since);
    CHECK(world.published() == Instants{30});
    CHECK(world.published(2).empty());
    CHECK(world.findings() == std::vector<std::string>());
  }
}

TEST_CASE("dates stay in order, and the last of a delivery lies on a whole millisecond", "[store][delivery]") {
  World world;
  auto const uuid = core::random_uuid();
  std::int64_t before = 0;
  for (int i = 0; i < 6; ++i) {
    auto const amber = world.other.log(world.origin, make_candidate(kPeer, uuid, 20 * i + 10, kAmber));
    auto green = world.other.log(world.origin, make_candidate(kPeer, uuid, 20 * i + 20, kGreen));
    if (i % 2 == 0) green.collections.clear();  // published nowhere
    world.verify();
    auto const outcome =
        world.deliver({world.origin, world.read, world.other.size(), World::kTerms, {}}, {amber, green}).value();
    world.read = world.other.size();
    CHECK(outcome.last_date_added_us % 1'000 == 0);
    CHECK(outcome.last_date_added_us > before);
    before = outcome.last_date_added_us;
  }
  CHECK(world.findings() == std::vector<std::string>());
}

TEST_CASE("a delivery is in the audit trail, on behalf of whose log it is", "[store][delivery][audit]") {
  World world;
  auto const one = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  world.other.withhold();
  world.take({one}, {{1, "schema-invalid"}});
  world.other.withhold();
  world.take({});  // of which nothing was opened
  std::vector<nlohmann::json> entries;
  auto const reader = world.database->open_reader().value();
  REQUIRE(reader->audit()
              .visit({},
                     [&](store::AuditRow const& row) {
                       entries.push_back(nlohmann::json::parse(row.entry));
                       return true;
                     })
              .has_value());
  REQUIRE(entries.size() == 1);
  auto const& entry = entries.front();
  CHECK(entry["action"] == "deliver");
  CHECK(entry["by"] == nlohmann::json{{"organisation", "ibis.example/log"}, {"credential", "following"}});
  CHECK(entry["origin"] == "ibis.example/log");
  CHECK(entry["from"] == 0);
  CHECK(entry["to"] == 2);
  CHECK(entry["stored"] == 1);
  CHECK(entry["unchanged"] == 0);
  CHECK(entry["refused"] == 1);
}

TEST_CASE("of what another instance logged there is no proof in the log of this one", "[store][delivery]") {
  World world;
  auto const own = world.commit({make_candidate(kMember, core::random_uuid(), 1, kGreen)}).front().version;
  auto const object = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  auto const theirs = world.take({object}).front().version;
  auto const reader = world.database->open_reader().value();
  CHECK(reader->indicators().logged(own).value()->index == 0);
  auto const refused = reader->indicators().logged(theirs);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::not_logged);
}

TEST_CASE("a copy of the database has the other instance's log, its cursor and what was taken of it",
          "[store][delivery][backup]") {
  World world;
  auto const object = world.other.log(world.origin, make_candidate(kPeer, core::random_uuid(), 10, kGreen));
  world.other.withhold();
  world.take({object}, {{1, "schema-invalid"}});
  REQUIRE(store::copy_database(world.folder / "db", world.folder / "copy").has_value());
  CHECK(ledger::verify_log(*store::open_sqlite_log(world.folder / "copy").value(), std::nullopt)->findings ==
        std::vector<std::string>());
  auto copy = store::open_sqlite({world.folder / "copy", 8, 8}).value();
  auto const there = copy->origins().origins().value().front();
  CHECK(there.data.applied == 2);
  CHECK(there.data.checkpoint == world.other.verified().checkpoint);
  CHECK(there.refused == 1);
  CHECK(copy->origins().hashes(there.row, store::LogName::data, 0, 2).value() == world.other.hashes(0, 2));
  world.database = std::move(copy);
  world.begin_again();
  CHECK(world.take({object}).front().kind == Verdict::Kind::unchanged);
}
