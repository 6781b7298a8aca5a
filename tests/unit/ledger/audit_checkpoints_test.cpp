#include "server/ledger/audit_checkpoints.hpp"

#include <nlohmann/json.hpp>

#include "server/base/files.hpp"
#include "server/store/database.hpp"
#include "tests/support/catch.hpp"
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
