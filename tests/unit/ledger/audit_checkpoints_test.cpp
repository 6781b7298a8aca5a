#include "server/ledger/audit_checkpoints.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "server/base/files.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/file_limit.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

log::SignerKey new_key() {
  return log::SignerKey::make("hub/log/audit", log::KeyType::signature, log::SigningKey::generate()).value();
}

struct Trail {
  test::Folder folder;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::ReadStore> reader;

  Trail() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8}).value();
    reader = database->open_reader().value();
  }
  void grow() {
    auto entry = store::audit_entry("read", 1, {}, nlohmann::json::object());
    REQUIRE(database->audit().append({&entry, 1}).has_value());
  }
  [[nodiscard]] std::string file() const { return base::read_file(folder / "checkpoints", 1 << 20).value_or(""); }
};

}  // namespace

TEST_CASE("a checkpoint is appended when the trail has grown and only then", "[ledger][audit]") {
  Trail trail;
  auto text = new_key().text();
  auto key = log::SignerKey::parse(text).value();
  ledger::AuditCheckpoints checkpoints(log::SignerKey::parse(text).value(), trail.folder / "checkpoints");
  REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  CHECK(trail.file().empty());
  for (std::uint64_t size : {1u, 2u}) {
    trail.grow();
    auto before = trail.file();
    REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
    REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
    CHECK(trail.file().starts_with(before));
    auto known = ledger::parse_audit_checkpoints(trail.file(), key.verifier()).value();
    REQUIRE(known.size() == size);
    CHECK(known.back().size == size);
  }
  // The next process goes on where this one ended.
  trail.grow();
  ledger::AuditCheckpoints later(log::SignerKey::parse(text).value(), trail.folder / "checkpoints");
  REQUIRE(later.publish(trail.reader->audit()).has_value());
  CHECK(ledger::parse_audit_checkpoints(trail.file(), key.verifier())->size() == 3);
}

TEST_CASE("nothing is signed that does not continue what was signed before", "[ledger][audit]") {
  Trail signed_trail, other;
  auto text = new_key().text();
  signed_trail.grow();
  ledger::AuditCheckpoints first(log::SignerKey::parse(text).value(), signed_trail.folder / "checkpoints");
  REQUIRE(first.publish(signed_trail.reader->audit()).has_value());

  ledger::AuditCheckpoints again(log::SignerKey::parse(text).value(), signed_trail.folder / "checkpoints");
  CHECK(again.sign(other.reader->audit()).error().code == core::Code::log_inconsistent);  // shorter
  other.grow();
  CHECK(again.sign(other.reader->audit()).error().code == core::Code::log_inconsistent);  // another
  CHECK(again.sign(signed_trail.reader->audit()).has_value());
}

TEST_CASE("checkpoints of another key, or that were changed, are refused", "[ledger][audit]") {
  Trail trail;
  trail.grow();
  ledger::AuditCheckpoints checkpoints(new_key(), trail.folder / "checkpoints");
  REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  CHECK_FALSE(ledger::parse_audit_checkpoints(trail.file(), new_key().verifier()).has_value());
  auto changed = trail.file();
  changed.replace(changed.find("\n1\n"), 3, "\n2\n");
  CHECK_FALSE(ledger::parse_audit_checkpoints(changed, checkpoints.key()).has_value());
  CHECK_FALSE(ledger::parse_audit_checkpoints("not a note", checkpoints.key()).has_value());
}

TEST_CASE("a trail that lost its end since it was looked at last is not signed", "[ledger][audit]") {
  Trail trail, shorter;
  trail.grow();
  trail.grow();
  shorter.grow();
  ledger::AuditCheckpoints checkpoints(new_key(), trail.folder / "checkpoints");
  REQUIRE(checkpoints.sign(trail.reader->audit()).has_value());
  auto const refused = checkpoints.sign(shorter.reader->audit());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::log_inconsistent);
  CHECK(refused.error().detail == "The audit trail is shorter than it was when it was signed.");
  CHECK(checkpoints.sign(trail.reader->audit())->checkpoint.size == 2);
}

TEST_CASE("a trail that counts more entries than it has is not signed", "[ledger][audit]") {
  Trail trail;
  trail.grow();
  trail.grow();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((trail.folder / "db").c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "DELETE FROM audit WHERE position = 1", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(sqlite3_changes(db) == 1);
  sqlite3_close(db);
  ledger::AuditCheckpoints checkpoints(new_key(), trail.folder / "checkpoints");
  auto const refused = checkpoints.publish(trail.reader->audit());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail == "The audit trail has fewer entries than it counts.");
  CHECK(trail.file().empty());
}

TEST_CASE("a file of checkpoints whose last empty line was cut off is read to its end", "[ledger][audit]") {
  Trail trail;
  ledger::AuditCheckpoints checkpoints(new_key(), trail.folder / "checkpoints");
  for (int i = 0; i < 2; ++i) {
    trail.grow();
    REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  }
  auto text = trail.file();
  REQUIRE(text.ends_with("\n\n"));
  text.pop_back();
  auto const known = ledger::parse_audit_checkpoints(text, checkpoints.key()).value();
  REQUIRE(known.size() == 2);
  CHECK(known.back().size == 2);
}

TEST_CASE("a checkpoint that did not fit on the disk leaves nothing of itself behind, and is appended when it does",
          "[ledger][audit]") {
  Trail trail;
  auto const text = new_key().text();
  ledger::AuditCheckpoints checkpoints(log::SignerKey::parse(text).value(), trail.folder / "checkpoints");
  trail.grow();
  REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  auto const before = trail.file();
  trail.grow();
  core::Result<void> refused;
  {
    test::FileLimit limit(before.size() + 20);
    refused = checkpoints.publish(trail.reader->audit());
  }
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::io_failed);
  CHECK(trail.file() == before);
  // Neither this process nor the next one is held up by it.
  ledger::AuditCheckpoints next(log::SignerKey::parse(text).value(), trail.folder / "checkpoints");
  CHECK(next.sign(trail.reader->audit()).has_value());
  REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  CHECK(ledger::parse_audit_checkpoints(trail.file(), checkpoints.key())->size() == 2);
}

TEST_CASE("a checkpoint that was written and reached no disk is not taken for published", "[ledger][audit]") {
  Trail trail;
  trail.grow();
  auto const file = trail.folder / "checkpoints";
  ledger::AuditCheckpoints checkpoints(new_key(), file);
  REQUIRE(checkpoints.sign(trail.reader->audit()).has_value());  // it looked for the file
  // A pipe in the file's place takes what is written and keeps nothing.
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  int const pipe = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(pipe >= 0);
  auto const refused = checkpoints.publish(trail.reader->audit());
  ::close(pipe);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::io_failed);
  std::filesystem::remove(file);
  REQUIRE(checkpoints.publish(trail.reader->audit()).has_value());
  CHECK(ledger::parse_audit_checkpoints(trail.file(), checkpoints.key())->size() == 1);
}
