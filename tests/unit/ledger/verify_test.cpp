// A log that was changed anywhere is found out: the database is written to behind the store's back.
#include "server/ledger/verify.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>

#include "schema/log/commitment.hpp"
#include "schema/log/control.hpp"
#include "server/ledger/control.hpp"
#include "server/store/backup.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

log::SignerKey key(std::string const& name) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
}

struct Log {
  test::Folder folder;
  log::SignerKey root = key("test/root");
  log::SignerKey first = key("test/log"), second = key("test/log");

  Log() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    auto database = store::open_sqlite({folder / "db", 8, 4}).value();
    commit(*database, 6);
    append(*database, "key", log::sign_key_change(first, second, 5).value());
    commit(*database, 6);
    auto at = ledger::read_root(*database->open_log().value()).value();
    append(*database, "loss", log::sign_loss({{"test/log", at.size, at.root}, first.verifier(), 7}, root).value());
    commit(*database, 2);
  }

  void commit(store::Database& database, int count) {
    std::vector<store::Candidate> candidates;
    for (int i = 0; i < count; ++i) {
      access::ClassFacts facts{i % 3 == 2 ? stix::Tlp::red : i % 3 == 1 ? stix::Tlp::amber : stix::Tlp::green, false};
      auto candidate = test::make_candidate(1, core::random_uuid(), 10, facts);
      candidate.header_salt = core::random_salt();
      candidate.body_salt = core::random_salt();
      candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
      candidates.push_back(candidate);
    }
    auto rules = test::real_rules();
    store::CommitPart part{1, candidates, nullptr, true};
    REQUIRE(database.commits().commit({&part, 1}, rules, 1'000'000).has_value());
  }

  void append(store::Database& database, std::string const& op, log::Note const& note) {
    auto at = ledger::read_root(*database.open_log().value()).value();
    log::Checkpoint data{"test/log", at.size, at.root};
    REQUIRE(database.control().append(ledger::control_entry(op, data, note), "log-key.change").has_value());
  }

  void run(std::string const& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    CAPTURE(sql, sqlite3_errmsg(db));
    CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(sqlite3_changes(db) > 0);
    sqlite3_close(db);
  }

  std::vector<std::string> findings() {
    auto logs = store::open_sqlite_log(folder / "db").value();
    auto verdict = ledger::verify_log(*logs, root.verifier());
    if (!verdict) return {verdict.error().detail};
    auto all = logs->integrity().value();
    all.insert(all.end(), verdict->findings.begin(), verdict->findings.end());
    return all;
  }
};

// A blob or text with the byte at `place` (from 1) changed in one bit.
std::string flipped(std::string const& column, std::string const& place, bool text) {
  std::string hex = "hex(substr(CAST(" + column + " AS BLOB), " + place + ", 1))";
  std::string digits = "'0123456789ABCDEF'";
  std::string low = "(instr(" + digits + ", substr(" + hex + ", 2)) - 1)";
  std::string other =
      "substr(" + hex + ", 1, 1) || substr(" + digits + ", 1 + (" + low + " + 1 - 2 * (" + low + " % 2)), 1)";
  std::string bytes = "CAST(substr(CAST(" + column + " AS BLOB), 1, " + place + " - 1) || unhex_(" + other +
                      ") || substr(CAST(" + column + " AS BLOB), " + place + " + 1) AS " + (text ? "TEXT)" : "BLOB)");
  return bytes;
}

}  // namespace

TEST_CASE("an untouched log has no finding, and its key is the one the control log names last", "[ledger][verify]") {
  Log log;
  CHECK(log.findings().empty());
  auto verdict = ledger::verify_log(*store::open_sqlite_log(log.folder / "db").value(), log.root.verifier()).value();
  CHECK(verdict.control_size == 2);
  CHECK(verdict.key == log.first.verifier());
  CHECK_FALSE(ledger::verify_log(*store::open_sqlite_log(log.folder / "db").value(), key("test/root").verifier())
                  .value()
                  .findings.empty());
}

TEST_CASE("a changed byte in anything a leaf is made of is found", "[ledger][verify]") {
  // The last byte, the first and one in the middle of each.
  auto column =
      GENERATE(as<std::string>{}, "versions.bytes", "versions.header", "versions.header_salt", "versions.body_salt",
               "versions.digest", "leaves.leaf", "leaves.entry", "numberings.token", "control_entries.header",
               "control_entries.header_salt", "control_entries.body_salt", "control_entries.body");
  auto where = GENERATE(as<std::string>{}, "1", "length(%) / 2", "length(%)");
  Log log;
  std::string table = column.substr(0, column.find('.')), name = column.substr(column.find('.') + 1);
  std::string place = where;
  if (auto at = place.find('%'); at != std::string::npos) place.replace(at, 1, "CAST(" + name + " AS BLOB)");
  CAPTURE(column, place);
  std::string row = table == "versions" ? "version = 5" : "rowid = (SELECT max(rowid) FROM " + table + ")";
  if (table == "leaves") row = "log = 0 AND position = 3";
  std::string condition = " WHERE " + row;
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((log.folder / "db").c_str(), &db) == SQLITE_OK);
  sqlite3_create_function(
      db, "unhex_", 1, SQLITE_UTF8, nullptr,
      [](sqlite3_context* context, int, sqlite3_value** values) {
        auto byte = core::from_hex(reinterpret_cast<char const*>(sqlite3_value_text(values[0])));
        sqlite3_result_blob(context, byte ? byte->data() : "", byte ? 1 : 0, SQLITE_TRANSIENT);
      },
      nullptr, nullptr);
  bool text = column == "control_entries.header" || column == "control_entries.body";
  std::string sql = "UPDATE " + table + " SET " + name + " = " + flipped(name, place, text) + condition;
  CAPTURE(sql);
  REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_changes(db) == 1);
  sqlite3_close(db);
  CHECK_FALSE(log.findings().empty());
}

TEST_CASE("a changed object that is not logged is found by its digest", "[ledger][verify]") {
  Log log;
  log.run("UPDATE versions SET bytes = CAST('{}' AS BLOB) WHERE origin_index IS NULL");
  REQUIRE(log.findings().size() == 4);
  CHECK(log.findings().front() == "version 3 has bytes that differ from their digest");
}

TEST_CASE("entries that were exchanged, taken away, renumbered or cut off are found", "[ledger][verify]") {
  for (auto const* sql :
       {"UPDATE versions SET origin_index = -1 WHERE origin_index = 2; UPDATE versions SET origin_index = 2 WHERE "
        "origin_index = 3; UPDATE versions SET origin_index = 3 WHERE origin_index = -1",
        "UPDATE versions SET class_sequence = class_sequence + 1 WHERE origin_index = 2",
        "DELETE FROM versions WHERE origin_index = 9", "DELETE FROM leaves WHERE log = 0 AND position = 9",
        "UPDATE numberings SET count = count + 1 WHERE class = 1",
        "UPDATE versions SET class = 2 WHERE origin_index = 0", "UPDATE counters SET data_size = data_size - 1",
        "UPDATE counters SET control_size = 3", "DELETE FROM control_entries WHERE position = 1",
        "DELETE FROM leaves WHERE log = 1 AND position = 0",
        // Both sides of the last leaf: only its numbering's counter and the control log know that there was one.
        "DELETE FROM versions WHERE origin_index = (SELECT max(origin_index) FROM versions)"}) {
    Log log;
    log.run(sql);
    CAPTURE(sql);
    CHECK_FALSE(log.findings().empty());
  }
}

TEST_CASE("a long reader holds up neither a commit nor its checkpoint", "[ledger][store]") {
  Log log;
  auto database = store::open_sqlite({log.folder / "db", 8, 4}).value();
  auto reader = store::open_sqlite_log(log.folder / "db").value();
  auto before = reader->data_size().value();
  auto started = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    log.commit(*database, 6);
    database->commits().checkpoint(1);
  }
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(4));
  CHECK(reader->data_size().value() == before);
}

namespace {

bool holds(std::vector<std::string> const& findings, std::string const& one) {
  return std::ranges::find(findings, one) != findings.end();
}

std::vector<std::string> findings_of_statements(Log const& log) {
  return ledger::verify_log(*store::open_sqlite_log(log.folder / "db").value(), log.root.verifier()).value().findings;
}

}  // namespace

TEST_CASE("a log whose end was cut off everywhere is found by what the control log says of it", "[ledger][verify]") {
  Log log;
  log.run("DELETE FROM versions WHERE origin_index >= 6");
  log.run("DELETE FROM leaves WHERE log = 0 AND position >= 6");
  CHECK(holds(log.findings(), "the control log speaks of 8 leaves, and there are 6"));
}

TEST_CASE("an entry that names a shorter control log than the entries before it is found", "[ledger][verify]") {
  Log log;  // entries 0 to 3 are older than the first statement
  log.run("UPDATE versions SET header = (SELECT header FROM versions WHERE origin_index = 0) WHERE origin_index = 5");
  CHECK(holds(log.findings(), "leaf 5 names a size of the control log that it did not have"));
}

TEST_CASE("however much is amiss, the first twenty things are told", "[ledger][verify]") {
  Log log;
  log.run("UPDATE versions SET header = CAST('{}' AS BLOB), bytes = CAST('{}' AS BLOB) WHERE origin_index IS NOT NULL");
  CHECK(findings_of_statements(log).size() == 20);
}

TEST_CASE("a declaration of loss is believed by nobody who has no root key", "[ledger][verify]") {
  Log log;
  auto const verdict = ledger::verify_log(*store::open_sqlite_log(log.folder / "db").value(), std::nullopt).value();
  CHECK(verdict.findings ==
        std::vector<std::string>{
            "entry 1 of the control log holds a statement that does not open or that the wrong key signed"});
  CHECK(verdict.key == log.second.verifier());
}

TEST_CASE("statements that a stranger signed, or that are of another kind than their entry says, change nothing",
          "[ledger][verify]") {
  Log log;
  auto const stranger = key("test/log");
  {
    auto database = store::open_sqlite({log.folder / "db", 8, 4}).value();
    log.append(*database, "erase", log::sign_erasure({1}, stranger, 5).value());
    log.append(*database, "key", log::sign_key_change(stranger, key("test/log"), 5).value());
    log.append(*database, "erase", log::sign_key_change(log.first, stranger, 5).value());
  }
  std::vector<std::string> expected;
  for (int entry : {2, 3, 4})
    expected.push_back("entry " + std::to_string(entry) +
                       " of the control log holds a statement that does not open or that the wrong key signed");
  CHECK(findings_of_statements(log) == expected);
  CHECK(ledger::verify_log(*store::open_sqlite_log(log.folder / "db").value(), log.root.verifier())->key ==
        log.first.verifier());
}

TEST_CASE("a statement that names another root for a size than an earlier one did is found", "[ledger][verify]") {
  Log log;
  {
    auto database = store::open_sqlite({log.folder / "db", 8, 4}).value();
    auto const change = log::sign_key_change(log.first, log.second, 9).value();
    log::Checkpoint const other{"test/log", 8, core::sha256("another log")};
    REQUIRE(database->control().append(ledger::control_entry("key", other, change), "log-key.change").has_value());
  }
  CHECK(findings_of_statements(log) == std::vector<std::string>{"entry 2 of the control log contradicts another one"});
}
