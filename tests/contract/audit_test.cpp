// The audit trail that every store keeps: changes and their entries are stored together, and what was stored can be
// re-derived.
#include <sqlite3.h>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "server/ledger/audit_verify.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using nlohmann::json;
using test::make_candidate;

namespace {

constexpr access::ClassFacts kGreen{stix::Tlp::green, false};

struct World {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  ledger::Rules rules = test::real_rules();

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }

  std::vector<json> entries(store::AuditQuery const& query = {}) {
    std::vector<json> out;
    auto reader = database->open_reader().value();
    REQUIRE(reader->audit()
                .visit(query,
                       [&](store::AuditRow const& row) {
                         out.push_back(json::parse(row.entry));
                         return true;
                       })
                .has_value());
    return out;
  }

  ledger::LogVerdict verify(std::vector<ledger::KnownRoot> known = {}) {
    ledger::AuditVerifier verifier(std::move(known));
    auto reader = database->open_reader().value();
    REQUIRE(reader->audit()
                .visit({},
                       [&](store::AuditRow const& row) {
                         verifier.add(row);
                         return true;
                       })
                .has_value());
    return verifier.finish(reader->audit().size().value());
  }

  store::RowId organisation(std::string const& name) {
    return database->accounts().add(store::Organisation{0, name, "lab", 2, "identity--" + name, "", false, 1}).value();
  }

  store::RowId collection() {
    return database->accounts().add(store::Collection{0, "c0ffee", "network", "Network", "", 1, 1}).value();
  }

  void tamper(std::string const& sql) {
    database.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    database = store::open_sqlite({folder / "db", 8, 8}).value();
  }
};

}  // namespace

TEST_CASE("every change of an account leaves an entry that says who asked for it", "[store][audit]") {
  World world;
  auto& accounts = world.database->accounts();
  {
    store::ActingFor acting(world.database->audit(), {"borealis", "0123456789abcdef"});
    store::RowId row = world.organisation("aurora");
    store::Credential credential;
    credential.token_id = "fedcba9876543210";
    credential.organisation = row;
    REQUIRE(accounts.add(credential).has_value());
    credential.token_id = "0000000000000002";
    credential.invitation_us = 9;
    REQUIRE(accounts.add(credential).has_value());
    REQUIRE(accounts.redeem(credential.token_id, core::sha256("secret"), 9).has_value());
    REQUIRE(accounts.set_disabled(row, true).has_value());
    REQUIRE(accounts.revoke_credential("fedcba9876543210", 5).has_value());
  }
  world.collection();
  auto entries = world.entries();
  std::vector<std::string> actions;
  for (json const& entry : entries) actions.push_back(entry.at("action").get<std::string>());
  CHECK(actions == std::vector<std::string>{"organisation.add", "credential.add", "invitation.add", "invitation.redeem",
                                            "organisation.disable", "credential.revoke", "collection.add"});
  CHECK(entries[1].at("organisation") == "aurora");
  CHECK(entries[3].at("organisation") == "aurora");
  CHECK(entries[3].at("credential") == "0000000000000002");
  CHECK(entries[4].at("by") == json{{"credential", "0123456789abcdef"}, {"organisation", "borealis"}});
  CHECK(entries[6].at("by") == json{{"credential", "program"}, {"organisation", "operator"}});
}

TEST_CASE("a change that is refused leaves no entry", "[store][audit]") {
  World world;
  world.organisation("aurora");
  auto again = world.database->accounts().add(store::Organisation{0, "AURORA", "lab", 2, "identity--b", "", false, 1});
  CHECK(again.error().code == core::Code::conflict);
  CHECK(world.database->accounts().set_disabled(99, true).error().code == core::Code::not_found);
  CHECK(world.entries().size() == 1);
}

TEST_CASE("a change whose entry cannot be written does not happen", "[store][audit]") {
  World world;
  store::RowId collection = world.collection();
  world.tamper("INSERT INTO audit VALUES (1, 0, '{}', zeroblob(32))");  // where the next entry belongs
  auto added = world.database->accounts().add(store::Organisation{0, "aurora", "lab", 2, "identity--a", "", false, 1});
  CHECK(added.error().code == core::Code::storage_failed);
  CHECK(world.database->accounts().organisations()->empty());
  auto candidate = make_candidate(1, core::random_uuid(), 10, kGreen);
  store::SubmissionRecord record;
  store::CommitPart part{collection, {&candidate, 1}, &record, true, {}};
  CHECK_FALSE(world.database->commits().commit({&part, 1}, world.rules, 1'000).has_value());
  store::PageQuery query;
  query.collection = collection;
  query.limit = 10;
  for (auto const& row : world.database->accounts().classes().value()) query.window.visible.insert(row.row);
  CHECK(world.database->open_reader().value()->page(query)->count == 0);
}

TEST_CASE("a submission leaves counts and not ids", "[store][audit]") {
  World world;
  store::RowId collection = world.collection();
  auto uuid = core::random_uuid();
  std::vector candidates{make_candidate(1, uuid, 10, kGreen), make_candidate(1, core::random_uuid(), 10, kGreen),
                         make_candidate(1, uuid, 10, kGreen)};
  store::SubmissionRecord record;
  record.id = core::random_uuid();
  record.refused.push_back({"indicator--x", "", "refused at the door"});
  store::CommitPart part{collection, candidates, &record, true, {"aurora", "0123456789abcdef"}};
  REQUIRE(world.database->commits().commit({&part, 1}, world.rules, 1'000).has_value());
  store::Withdrawal withdrawal{collection, "indicator", uuid, {}, std::nullopt};
  REQUIRE(world.database->commits().withdraw(withdrawal)->size() == 1);
  CHECK(world.database->commits().withdraw(withdrawal)->empty());

  auto entries = world.entries();
  REQUIRE(entries.size() == 3);  // the second withdrawal changed nothing
  auto const& submit = entries[1];
  CHECK(submit.at("action") == "submit");
  CHECK(submit.at("by").at("organisation") == "aurora");
  CHECK(submit.at("submissions") == nlohmann::json{core::to_text(record.id)});
  CHECK(submit.at("collection") == "c0ffee");
  CHECK(submit.at("stored") == 2);
  CHECK(submit.at("unchanged") == 1);
  CHECK(submit.at("refused") == 1);
  CHECK(submit.dump().find(core::to_text(uuid)) == std::string::npos);
  CHECK(entries[2].at("action") == "withdraw");
  CHECK(entries[2].at("publications") == 1);
  CHECK(entries[2].dump().find(core::to_text(uuid)) == std::string::npos);
}

TEST_CASE("what is committed together leaves one entry a credential and collection", "[store][audit]") {
  World world;
  store::RowId collection = world.collection();
  store::Actor const aurora{"aurora", "0123456789abcdef"}, borealis{"borealis", "fedcba9876543210"};
  std::vector<store::Candidate> candidates;
  std::vector<store::SubmissionRecord> records(4);
  for (std::size_t i = 0; i < records.size(); ++i) {
    candidates.push_back(make_candidate(1, core::random_uuid(), 10, kGreen));
    records[i].id = core::random_uuid();
  }
  std::vector<store::CommitPart> parts;
  for (std::size_t i = 0; i < records.size(); ++i)
    parts.push_back({collection, {&candidates[i], 1}, &records[i], i != 3, i == 1 ? borealis : aurora});
  REQUIRE(world.database->commits().commit(parts, world.rules, 1'000).has_value());

  auto entries = world.entries();
  REQUIRE(entries.size() == 3);
  CHECK(entries[1].at("by").at("credential") == aurora.credential);
  CHECK(entries[1].at("stored") == 3);
  CHECK(entries[1].at("submissions") == nlohmann::json{core::to_text(records[0].id), core::to_text(records[2].id)});
  CHECK(entries[1].at("unfinished") == nlohmann::json{core::to_text(records[3].id)});
  CHECK(entries[2].at("by").at("credential") == borealis.credential);
  CHECK(entries[2].at("stored") == 1);
  CHECK(entries[2].at("submissions") == nlohmann::json{core::to_text(records[1].id)});
  CHECK_FALSE(entries[2].contains("unfinished"));
}

TEST_CASE("entries are found by who acted or whom they are about, and by time", "[store][audit]") {
  World world;
  world.organisation("aurora");
  auto& audit = world.database->audit();
  std::vector entries{store::audit_entry("read", 1'000'000, {"aurora", "1"}, json::object()),
                      store::audit_entry("read", 2'000'000, {"cassini", "2"}, json::object())};
  REQUIRE(audit.append(entries).has_value());
  store::AuditQuery query;
  query.organisation = "aurora";
  CHECK(world.entries(query).size() == 2);
  query.organisation.clear();
  query.until_us = 2'000'000;
  CHECK(world.entries(query).size() == 1);
  query.since_us = 1'000'001;
  CHECK(world.entries(query).empty());
}

TEST_CASE("the trail verifies, and whatever is changed in it is found", "[store][audit]") {
  World world;
  for (auto const* name : {"a", "b", "c"}) world.organisation(name);
  auto whole = world.verify();
  CHECK(whole.size == 3);
  CHECK(whole.findings.empty());
  std::vector<ledger::KnownRoot> signed_root{{whole.size, whole.root}};

  SECTION("an entry") { world.tamper("UPDATE audit SET entry = replace(entry, '\"b\"', '\"x\"') WHERE position = 1"); }
  SECTION("its time") { world.tamper("UPDATE audit SET at = at + 1 WHERE position = 1"); }
  SECTION("a missing entry") { world.tamper("DELETE FROM audit WHERE position = 1"); }
  SECTION("a missing leaf") { world.tamper("DELETE FROM leaves WHERE log = 2 AND position = 1"); }
  SECTION("a cut end") { world.tamper("DELETE FROM audit WHERE position = 2"); }
  CHECK_FALSE(world.verify().findings.empty());
}

TEST_CASE("a trail that was rewritten as a whole does not fit an earlier checkpoint", "[store][audit]") {
  World world, other;
  world.organisation("a");
  auto before = world.verify();
  std::vector<ledger::KnownRoot> known{{before.size, before.root}};
  world.organisation("b");
  CHECK(world.verify(known).findings.empty());
  other.organisation("a");
  CHECK(other.verify().findings.empty());
  CHECK(other.verify(known).findings.size() == 1);
  World emptied;
  CHECK(emptied.verify(known).findings.size() == 1);
}
