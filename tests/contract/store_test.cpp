// What every store must do, whatever the database.
#include <filesystem>
#include <memory>

#include "schema/core/digest.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};
constexpr access::ClassFacts kRed{stix::Tlp::red, false};

constexpr std::size_t kUnindexed =
    8;  // small, so that entries of the index wander from memory to the table all the time

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();
  std::int64_t now_us = 1'000'000'000'000;

  World() { reopen(); }

  void reopen() {
    database.reset();
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, kUnindexed}).value();
  }

  store::CommitOutcome commit(std::vector<store::Candidate> const& candidates, store::RowId collection = 1) {
    store::CommitPart part{collection, candidates, nullptr, true};
    return database->commits().commit({&part, 1}, rules, now_us).value();
  }

  // By whom it was published, who sees all of it; by anybody, when the asserter is 0.
  std::vector<std::int64_t> withdraw(core::Uuid const& uuid, store::RowId asserter,
                                     std::vector<std::int64_t> versions_ns) {
    store::Withdrawal withdrawal{1, "indicator", uuid, std::move(versions_ns), std::nullopt};
    if (asserter != 0) {
      withdrawal.own = everything().window;
      withdrawal.own->asserter = asserter;
    }
    return database->commits().withdraw(withdrawal).value();
  }

  store::Page page(store::PageQuery query) {
    query.collection = query.collection == 0 ? 1 : query.collection;
    return database->open_reader().value()->page(query).value();
  }

  store::PageQuery everything(std::size_t limit = 100) {
    store::PageQuery query;
    query.limit = limit;
    query.with_bytes = false;
    for (auto const& row : database->accounts().classes().value()) query.window.visible.insert(row.row);
    return query;
  }
};

}  // namespace

TEST_CASE("classes are told of before anybody can read what is of them", "[store][commit]") {
  World world;
  std::vector<std::int64_t> readable;
  std::size_t classes = 0, corners = 0;
  world.rules = test::real_rules({[&](store::CommitOutcome const& outcome) {
                                    readable.push_back(world.database->open_reader().value()->last_sequence().value());
                                    classes += outcome.new_classes.size();
                                    corners += outcome.new_corners.size();
                                  },
                                  [] {}});
  for (auto const& facts : {kGreen, kRed, kRed}) world.commit({make_candidate(1, core::random_uuid(), 10, facts)});
  CHECK(readable == std::vector<std::int64_t>{0, 1, 2});
  CHECK(classes == 2);
  CHECK(corners == 2);
}

TEST_CASE("a committed object is there after the database was closed and opened", "[store][commit]") {
  World world;
  auto candidate = make_candidate(1, core::random_uuid(), 10, kGreen);
  auto outcome = world.commit({candidate});
  CHECK(outcome.fates[0][0].kind == store::Verdict::Kind::store);
  CHECK(outcome.new_classes.size() == 1);
  world.reopen();
  auto query = world.everything();
  query.with_bytes = true;
  CHECK(world.page(query).objects == candidate.bytes);
}

TEST_CASE("the same version again is unchanged and makes no second publication", "[store][commit]") {
  World world;
  auto candidate = make_candidate(1, core::random_uuid(), 10, kGreen);
  world.commit({candidate, candidate});
  auto again = world.commit({candidate});
  CHECK(again.fates[0][0].kind == store::Verdict::Kind::unchanged);
  CHECK(again.fates[0][0].there);
  CHECK(again.first_sequence == 0);
  CHECK(world.page(world.everything()).count == 1);
}

TEST_CASE("chains of two asserters with one id never touch", "[store][commit]") {
  World world;
  auto uuid = core::random_uuid();
  world.commit({make_candidate(1, uuid, 10, kGreen, "indicator", "a")});
  auto other = world.commit({make_candidate(2, uuid, 10, kGreen, "indicator", "b")});
  CHECK(other.fates[0][0].kind == store::Verdict::Kind::store);
  CHECK(other.touched_sequences.empty());
  CHECK(world.page(world.everything()).count == 2);
}

TEST_CASE("dates are strictly increasing and the last of each commit lies on a whole millisecond",
          "[store][date_added]") {
  World world;
  std::int64_t before = 0;
  for (int commit = 0; commit < 20; ++commit) {
    std::vector<store::Candidate> candidates;
    for (int i = 0; i <= commit; ++i) candidates.push_back(make_candidate(1, core::random_uuid(), 10, kGreen));
    auto outcome = world.commit(candidates);  // the clock stands still
    CHECK(outcome.last_date_added_us % 1'000 == 0);
    CHECK(outcome.last_date_added_us > before);
    before = outcome.last_date_added_us;
  }
  auto page = world.page(world.everything(1'000));
  REQUIRE(page.rows.size() == 210);
  for (std::size_t i = 1; i < page.rows.size(); ++i) CHECK(page.rows[i].date_added_us > page.rows[i - 1].date_added_us);
}

TEST_CASE("older versions that arrive late take their place in the chain", "[store][versions]") {
  World world;
  auto uuid = core::random_uuid();
  for (std::int64_t modified : {20, 30, 10, 25}) world.commit({make_candidate(1, uuid, modified, kGreen)});
  auto modified_of = [&](store::VersionFilter filter) {
    auto query = world.everything();
    query.versions = filter;
    std::vector<std::int64_t> out;
    for (auto const& row : world.page(query).rows) out.push_back(row.modified_ns);
    return out;
  };
  CHECK(modified_of({false, true, false, {}}) == std::vector<std::int64_t>{30});
  CHECK(modified_of({true, false, false, {}}) == std::vector<std::int64_t>{10});
  CHECK(modified_of({false, false, true, {}}) == std::vector<std::int64_t>{20, 30, 10, 25});
  CHECK(modified_of({false, false, false, {25}}) == std::vector<std::int64_t>{25});
}

TEST_CASE("ending a version makes the one before it the newest again", "[store][delete]") {
  World world;
  auto uuid = core::random_uuid();
  for (std::int64_t modified : {10, 20}) world.commit({make_candidate(1, uuid, modified, kGreen)});
  CHECK_FALSE(world.withdraw(uuid, 1, {20}).empty());
  auto page = world.page(world.everything());
  REQUIRE(page.rows.size() == 1);
  CHECK(page.rows[0].modified_ns == 10);
  CHECK(world.withdraw(uuid, 2, {}).empty());
  CHECK(world.withdraw(uuid, 1, {20}).empty());
  CHECK_FALSE(world.withdraw(uuid, 0, {}).empty());
  CHECK(world.page(world.everything()).count == 0);
}

TEST_CASE("only what its window shows is withdrawn", "[store][delete]") {
  World world;
  auto uuid = core::random_uuid();
  world.commit({make_candidate(1, uuid, 10, kGreen)});
  store::Withdrawal withdrawal{1, "indicator", uuid, {}, store::Window{}};
  withdrawal.own->asserter = 1;
  CHECK(world.database->commits().withdraw(withdrawal).value().empty());
  withdrawal.own->own = world.everything().window.visible;
  withdrawal.own->kinds = {"malware"};
  CHECK(world.database->commits().withdraw(withdrawal).value().empty());
  withdrawal.own->kinds = {"indicator"};
  CHECK(world.database->commits().withdraw(withdrawal).value().size() == 1);
}

TEST_CASE("an object without `modified` is withdrawn by the instant that TAXII calls its version", "[store][delete]") {
  World world;
  auto uuid = core::random_uuid();
  auto candidate = make_candidate(1, uuid, 0, kGreen);
  candidate.unversioned = true;
  candidate.created_ns = 77;
  world.commit({candidate});
  CHECK(world.withdraw(uuid, 1, {0}).empty());
  CHECK(world.withdraw(uuid, 1, {77}).size() == 1);
}

TEST_CASE("red is stored but never logged, and everything logged is found in order", "[store][log]") {
  World world;
  world.commit({make_candidate(1, core::random_uuid(), 10, kGreen), make_candidate(1, core::random_uuid(), 10, kRed),
                make_candidate(1, core::random_uuid(), 10, kGreen)});
  auto logs = world.database->open_log().value();
  CHECK(logs->data_size().value() == 2);
  std::uint64_t next = 0;
  REQUIRE(logs->visit(0, [&](store::LoggedVersion const& row) { return row.index == next++; }).has_value());
  CHECK(next == 2);
  CHECK(logs->integrity().value().empty());
}

TEST_CASE("few rare classes among many rows are merged in order without missing or repeating a row",
          "[store][classes]") {
  World world;
  std::vector<store::Candidate> candidates;
  for (int i = 0; i < 600; ++i) {
    access::ClassFacts facts{i % 100 == 7   ? stix::Tlp::amber
                             : i % 100 == 9 ? stix::Tlp::clear
                                            : stix::Tlp::green,
                             false};
    candidates.push_back(make_candidate(i % 2 + 1, core::random_uuid(), 10, facts));
  }
  world.commit(candidates);
  auto query = world.everything(5);
  query.window.visible = {};
  for (auto const& row : world.database->accounts().classes().value()) {
    auto level = access::parse_class_key(row.key)->level;
    if (level == stix::Tlp::clear) query.window.visible.insert(row.row);
    if (level == stix::Tlp::amber) query.window.own.insert(row.row);
  }
  query.window.asserter = 2;  // candidates with an odd number: all of the amber ones
  std::vector<std::int64_t> sequences;
  for (;;) {
    auto page = world.page(query);
    for (auto const& row : page.rows) sequences.push_back(row.sequence);
    if (!page.more) break;
    REQUIRE(page.rows.size() == 5);
    query.after_sequence = page.rows.back().sequence;
  }
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 600; ++i)
    if (i % 100 == 7 || i % 100 == 9) expected.push_back(i + 1);
  CHECK(sequences == expected);
}

TEST_CASE("every version is found by its id, wherever its index entry is", "[store][chains]") {
  World world;
  std::vector<core::Uuid> ids;
  auto found = [&](core::Uuid const& id) {
    auto query = world.everything();
    query.versions = {false, false, true, {}};
    query.ids = {{"indicator", id}};
    return world.page(query).count;
  };
  for (int commit = 0; commit < 60; ++commit) {
    std::vector<store::Candidate> candidates;
    for (int i = 0; i < commit % 7 + 1; ++i)
      candidates.push_back(make_candidate(1, ids.emplace_back(core::random_uuid()), 10, kGreen));
    // An older chain goes on, whether its first entry is in the table by now or not.
    core::Uuid older = ids[static_cast<std::size_t>(commit) * 31 % ids.size()];
    candidates.push_back(make_candidate(1, older, 20 + commit, kGreen));
    auto outcome = world.commit(candidates);
    CHECK(outcome.fates[0].back().kind == store::Verdict::Kind::store);
    CHECK(world.commit(candidates).first_sequence == 0);
    if (commit % 10 == 9) world.reopen();
    for (core::Uuid const& id : ids) CHECK(found(id) >= 1);
  }
  CHECK(world.database->open_log().value()->integrity().value().empty());
  CHECK(found(core::random_uuid()) == 0);
}

TEST_CASE("a transaction that fails leaves the index as it was", "[store][chains]") {
  World world;
  std::vector<store::Candidate> candidates;
  for (int i = 0; i < 20; ++i) candidates.push_back(make_candidate(1, core::random_uuid(), 10, kGreen));
  world.commit(candidates);
  auto other = make_candidate(1, core::random_uuid(), 10, kGreen);
  store::SubmissionRecord record;
  record.id = core::random_uuid();
  store::CommitPart part{1, {&other, 1}, &record, true};
  REQUIRE(world.database->commits().commit({&part, 1}, world.rules, world.now_us).has_value());
  other = make_candidate(1, core::random_uuid(), 10, kGreen);
  CHECK_FALSE(
      world.database->commits().commit({&part, 1}, world.rules, world.now_us).has_value());  // the record's id is taken
  CHECK(world.commit({other}).fates[0][0].kind == store::Verdict::Kind::store);
  for (auto const& candidate : candidates)
    CHECK(world.commit({candidate}).fates[0][0].kind == store::Verdict::Kind::unchanged);
  CHECK(world.database->open_log().value()->integrity().value().empty());
}

TEST_CASE("a page tells on request where each of its objects is, and ends with the one that goes beyond its bytes",
          "[store][read]") {
  World world;
  CHECK(world.database->open_reader().value()->last_sequence().value() == 0);
  std::vector<store::Candidate> candidates;
  for (int i = 0; i < 5; ++i)
    candidates.push_back(make_candidate(1, core::random_uuid(), 10, kGreen, "indicator",
                                        std::string(static_cast<std::size_t>(i) * 10, 'x')));
  auto outcome = world.commit(candidates);
  CHECK(world.database->open_reader().value()->last_sequence().value() == outcome.last_sequence);
  auto query = world.everything();
  query.with_bytes = query.every_row = true;
  query.most_bytes = candidates[0].bytes.size() + candidates[1].bytes.size() + 1;
  auto page = world.page(query);
  REQUIRE(page.rows.size() == 3);
  CHECK(page.count == 3);
  CHECK(page.more);
  std::size_t at = 0;
  for (std::size_t i = 0; i < page.rows.size(); ++i) {
    CHECK(page.objects.substr(at, page.rows[i].bytes) == candidates[i].bytes);
    CHECK(page.rows[i].sequence == outcome.first_sequence + static_cast<std::int64_t>(i));
    at += page.rows[i].bytes + 1;
  }
  query.every_row = false;
  CHECK(world.page(query).rows.size() == 2);
}

TEST_CASE("a certificate belongs to one credential that is not revoked, and denied pins are kept",
          "[store][accounts]") {
  World world;
  auto& accounts = world.database->accounts();
  store::Credential credential;
  credential.token_id = "0000000000000001";
  credential.organisation =
      accounts
          .add(store::Organisation{0, "lab", "lab", 4, "identity--00000000-0000-4000-8000-000000000001", "", false, 0})
          .value();
  credential.certificate = "URI:spiffe://lab/feed";
  REQUIRE(accounts.add(credential).has_value());
  credential.token_id = "0000000000000002";
  CHECK(accounts.add(credential).error().code == core::Code::conflict);
  REQUIRE(accounts.revoke_credential("0000000000000001", 1).has_value());
  CHECK(accounts.add(credential).has_value());
  core::Digest const one = core::sha256("one"), two = core::sha256("two");
  for (auto const& pin : {two, one, two}) REQUIRE(accounts.deny_pin(pin, pin == two ? 1 : 2).has_value());
  world.reopen();
  CHECK(world.database->accounts().credentials()->back().certificate == "URI:spiffe://lab/feed");
  CHECK(world.database->accounts().denied_pins().value() == std::vector{two, one});
}

TEST_CASE("an invitation is kept until it is redeemed, once, and with another secret", "[store][accounts]") {
  World world;
  store::Credential credential;
  credential.token_id = "0000000000000001";
  credential.organisation =
      world.database->accounts()
          .add(store::Organisation{0, "lab", "lab", 4, "identity--00000000-0000-4000-8000-000000000001", "", false, 0})
          .value();
  credential.invitation_us = 77;
  REQUIRE(world.database->accounts().add(credential).has_value());
  credential.token_id = "0000000000000002";
  REQUIRE(world.database->accounts().add(credential).has_value());
  world.reopen();
  auto& accounts = world.database->accounts();
  CHECK(accounts.credentials()->front().invitation_us == 77);
  auto const secret = core::sha256("secret");
  REQUIRE(accounts.redeem("0000000000000001", secret, 55).has_value());
  CHECK(accounts.redeem("0000000000000001", core::sha256("other"), 66).error().code == core::Code::not_found);
  REQUIRE(accounts.revoke_credential("0000000000000002", 1).has_value());
  CHECK(accounts.redeem("0000000000000002", secret, 55).error().code == core::Code::not_found);
  world.reopen();
  auto const rows = world.database->accounts().credentials().value();
  CHECK_FALSE(rows.front().invitation_us.has_value());
  CHECK(rows.front().secret_digest == secret);
  CHECK(rows.front().created_us == 55);  // nobody had it before
  CHECK(rows.back().created_us == 0);
  CHECK(rows.back().invitation_us == 77);
}

TEST_CASE("a database with a changed migration or an unknown one is refused", "[store][migrate]") {
  World world;
  CHECK(store::sqlite_migrations(world.folder / "db").value().front().applied);
  CHECK(store::open_sqlite({world.folder / "missing", 8}).error().code == core::Code::migration_pending);
}
