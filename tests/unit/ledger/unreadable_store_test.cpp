// A store that cannot be read, or that hands out rows no store of ours writes: every part that re-derives a log says
// so, and none of them takes what it did not read for the whole.
#include <nlohmann/json.hpp>
#include <optional>

#include "schema/log/commitment.hpp"
#include "schema/log/control.hpp"
#include "server/base/files.hpp"
#include "server/ledger/audit_checkpoints.hpp"
#include "server/ledger/audit_verify.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/log_state.hpp"
#include "server/ledger/published_log.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

enum class Read { size, rows, leaves, control, unlogged, followed, foreign, heads, none };

std::unexpected<core::Error> unreadable() {
  return core::fail(core::Code::storage_failed, "The disk does not answer.");
}

// The audit trail with one kind of read that fails, and rows that `change` changes.
struct DamagedTrail final : store::AuditReader {
  store::AuditReader& whole;
  Read fails = Read::none;
  std::function<void(store::AuditRow&)> change = [](store::AuditRow&) {};

  explicit DamagedTrail(store::AuditReader& reader) : whole(reader) {}
  core::Result<std::uint64_t> size() override {
    if (fails == Read::size) return unreadable();
    return whole.size();
  }
  core::Result<void> visit(store::AuditQuery const& query,
                           std::function<bool(store::AuditRow const&)> const& visitor) override {
    if (fails == Read::rows) return unreadable();
    return whole.visit(query, [&](store::AuditRow row) {
      change(row);
      return visitor(row);
    });
  }
};

// Likewise the log of objects.
struct DamagedLog final : store::LogStore {
  std::unique_ptr<store::LogStore> whole;
  Read fails = Read::none;
  std::function<void(store::LoggedVersion&)> change = [](store::LoggedVersion&) {};
  std::function<void(store::LoggedControl&)> change_control = [](store::LoggedControl&) {};
  std::optional<std::string> leaf;  // instead of each

  explicit DamagedLog(std::unique_ptr<store::LogStore> logs) : whole(std::move(logs)) {}
  core::Result<std::uint64_t> data_size() override {
    if (fails == Read::size) return unreadable();
    return whole->data_size();
  }
  core::Result<void> visit(std::uint64_t first, std::function<bool(store::LoggedVersion const&)> visitor) override {
    if (fails == Read::rows) return unreadable();
    return whole->visit(first, [&](store::LoggedVersion row) {
      change(row);
      return visitor(row);
    });
  }
  core::Result<void> visit_leaves(store::LogName log, std::uint64_t first,
                                  std::function<bool(std::string_view)> visitor) override {
    if (fails == Read::leaves) return unreadable();
    return whole->visit_leaves(log, first, [&](std::string_view bytes) { return visitor(leaf ? *leaf : bytes); });
  }
  core::Result<void> visit_control(std::function<bool(store::LoggedControl const&)> visitor) override {
    if (fails == Read::control) return unreadable();
    return whole->visit_control([&](store::LoggedControl row) {
      change_control(row);
      return visitor(row);
    });
  }
  core::Result<void> visit_unlogged(
      std::function<bool(store::RowId, std::string_view, std::string_view)> visitor) override {
    if (fails == Read::unlogged) return unreadable();
    return whole->visit_unlogged(std::move(visitor));
  }
  core::Result<std::vector<store::FollowedLog>> followed() override {
    if (fails == Read::followed) return unreadable();
    return whole->followed();
  }
  core::Result<void> visit_tiles(store::FollowedLog const& log,
                                 std::function<bool(std::uint64_t, std::string_view)> visitor) override {
    return whole->visit_tiles(log, std::move(visitor));
  }
  core::Result<void> visit_followed(std::function<bool(store::FollowedVersion const&)> visitor) override {
    if (fails == Read::foreign) return unreadable();
    return whole->visit_followed(std::move(visitor));
  }
  core::Result<void> visit_heads(std::function<bool(store::FollowedHead const&)> visitor) override {
    if (fails == Read::heads) return unreadable();
    return whole->visit_heads(std::move(visitor));
  }
  core::Result<std::vector<std::string>> integrity() override { return whole->integrity(); }
};

log::SignerKey a_key(std::string const& name) {
  return log::SignerKey::make(name, log::KeyType::signature, log::SigningKey::generate()).value();
}

struct World {
  test::Folder folder;
  base::Log log{2, base::Level::error};
  log::SignerKey before = a_key("test/log"), key = a_key("test/log");  // of the log, until and since its first entry
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::ReadStore> reader;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 4}).value();
    reader = database->open_reader().value();
    std::vector<store::Candidate> candidates;
    for (int i = 0; i < 3; ++i) {
      auto candidate = test::make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false});
      candidate.header_salt = core::random_salt();
      candidate.body_salt = core::random_salt();
      candidate.body_commitment = log::commit_body(candidate.body_salt, candidate.bytes);
      candidates.push_back(candidate);
    }
    auto rules = test::real_rules();
    store::CommitPart part{1, candidates, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
    auto at = ledger::read_root(*database->open_log().value()).value();
    auto change = log::sign_key_change(before, key, 5).value();
    REQUIRE(database->control()
                .append(ledger::control_entry("key", {"test/log", at.size, at.root}, change), "log-key.change")
                .has_value());
  }

  DamagedLog damaged() { return DamagedLog(database->open_log().value()); }
};

// The one thing that was found, or what went wrong.
std::string only_finding(DamagedLog& logs) {
  auto verdict = ledger::verify_log(logs, std::nullopt);
  if (!verdict) return verdict.error().detail;
  CHECK(verdict->findings.size() == 1);
  return verdict->findings.empty() ? "" : verdict->findings.front();
}

}  // namespace

TEST_CASE("a trail that cannot be read is neither signed nor taken for a short one", "[ledger][audit]") {
  World world;
  DamagedTrail trail(world.reader->audit());
  ledger::AuditCheckpoints checkpoints(a_key("test/audit"), world.folder / "checkpoints");
  for (Read read : {Read::size, Read::rows}) {
    trail.fails = read;
    CHECK(checkpoints.sign(trail).error().code == core::Code::storage_failed);
    CHECK(checkpoints.publish(trail).error().code == core::Code::storage_failed);
  }
  CHECK_FALSE(std::filesystem::exists(world.folder / "checkpoints"));
  trail.fails = Read::none;
  CHECK(checkpoints.publish(trail).has_value());
}

TEST_CASE("an entry that does not stand where it belongs or does not give its leaf is not signed", "[ledger][audit]") {
  World world;
  DamagedTrail trail(world.reader->audit());
  ledger::AuditCheckpoints checkpoints(a_key("test/audit"), world.folder / "checkpoints");
  for (void (*change)(store::AuditRow&) : {
           +[](store::AuditRow& row) { ++row.position; },
           +[](store::AuditRow& row) { row.salt.remove_suffix(1); },
           +[](store::AuditRow& row) { row.leaf = ""; },
           +[](store::AuditRow& row) { row.entry = "{}"; },
       }) {
    trail.change = change;
    auto made = checkpoints.sign(trail);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == core::Code::log_inconsistent);
    CHECK(made.error().detail == "Entry 0 of the audit trail does not give its leaf.");
  }
}

TEST_CASE("the verifier of a trail tells which entry does not give its leaf, or has no time", "[ledger][audit]") {
  World world;
  for (auto const& [change, finding] : std::initializer_list<std::pair<void (*)(store::AuditRow&), std::string>>{
           {[](store::AuditRow& row) { row.salt.remove_suffix(1); }, "entry 0 does not give its leaf"},
           {[](store::AuditRow& row) { row.leaf = ""; }, "entry 0 does not give its leaf"},
           {[](store::AuditRow& row) { ++row.at_us; }, "entry 0 is filed under another time than its own"}}) {
    DamagedTrail trail(world.reader->audit());
    trail.change = change;
    ledger::AuditVerifier verifier({});
    REQUIRE(trail
                .visit({},
                       [&](store::AuditRow const& row) {
                         verifier.add(row);
                         return false;
                       })
                .has_value());
    CHECK(verifier.finish(1).findings == std::vector<std::string>{finding});
  }
}

TEST_CASE("a checkpoint that cannot be appended, and a file that cannot be read, are errors that name it",
          "[ledger][audit]") {
  World world;
  ledger::AuditCheckpoints nowhere(a_key("test/audit"), world.folder / "missing" / "checkpoints");
  auto appended = nowhere.publish(world.reader->audit());
  REQUIRE_FALSE(appended.has_value());
  CHECK(appended.error().code == core::Code::io_failed);
  CHECK(appended.error().detail.find("missing/checkpoints") != std::string::npos);

  std::filesystem::create_directory(world.folder / "checkpoints");
  ledger::AuditCheckpoints unread(a_key("test/audit"), world.folder / "checkpoints");
  CHECK_FALSE(unread.sign(world.reader->audit()).has_value());
}

TEST_CASE("checkpoints that another key signed stop the signing", "[ledger][audit]") {
  World world;
  ledger::AuditCheckpoints first(a_key("test/audit"), world.folder / "checkpoints");
  REQUIRE(first.publish(world.reader->audit()).has_value());
  ledger::AuditCheckpoints second(a_key("test/audit"), world.folder / "checkpoints");
  CHECK(second.publish(world.reader->audit()).error().code == core::Code::log_inconsistent);
}

TEST_CASE("a log that cannot be read has no verdict", "[ledger][verify]") {
  World world;
  for (Read read :
       {Read::size, Read::rows, Read::control, Read::unlogged, Read::followed, Read::foreign, Read::heads}) {
    auto logs = world.damaged();
    logs.fails = read;
    CHECK(ledger::verify_log(logs, std::nullopt).error().code == core::Code::storage_failed);
  }
  auto logs = world.damaged();
  logs.fails = Read::leaves;
  CHECK(ledger::read_root(logs).error().code == core::Code::storage_failed);
  CHECK(ledger::continues(logs, {{"test/log", 3, {}}, true, core::Digest{}}).error().code ==
        core::Code::storage_failed);
  CHECK(ledger::continues(logs, {{"test/log", 3, {}}, true, {}}).error().code == core::Code::storage_failed);
}

TEST_CASE("rows that cannot be those of a leaf are found, each by its own sentence", "[ledger][verify]") {
  World world;
  auto logs = world.damaged();
  for (auto const& [change, finding] : std::initializer_list<std::pair<void (*)(store::LoggedVersion&), std::string>>{
           {[](store::LoggedVersion& row) { row.header_salt.remove_suffix(row.index == 1); },
            "leaf 1 is not reproduced by its header, body and salts"},
           {[](store::LoggedVersion& row) { row.body_salt.remove_suffix(row.index == 1); },
            "leaf 1 is not reproduced by its header, body and salts"},
           {[](store::LoggedVersion& row) { row.class_sequence += row.index == 2 ? 7 : 0; },
            "leaf 2 is numbered out of order within its class"},
           {[](store::LoggedVersion& row) { row.index += row.index == 2 ? 7 : 0; }, "leaf 9 is out of order"}}) {
    logs.change = change;
    CHECK(only_finding(logs) == finding);
  }
}

TEST_CASE("a leaf of the wrong length ends what is known of the log", "[ledger][verify]") {
  World world;
  auto logs = world.damaged();
  auto whole = ledger::read_root(logs).value();
  CHECK(ledger::continues(logs, {{"test/log", whole.size, whole.root}, true, {}}).value());
  logs.leaf = "short";
  CHECK(ledger::read_root(logs)->size == 0);
  CHECK_FALSE(ledger::continues(logs, {{"test/log", whole.size, whole.root}, true, {}}).value());
}

TEST_CASE("an entry of the control log that is none is found", "[ledger][verify]") {
  World world;
  auto logs = world.damaged();
  for (void (*change)(store::LoggedControl&) : {
           +[](store::LoggedControl& row) { row.header = "{}"; },
           +[](store::LoggedControl& row) { row.body = "no note"; },
           +[](store::LoggedControl& row) { ++row.index; },
       }) {
    logs.change_control = change;
    CHECK_FALSE(ledger::verify_log(logs, std::nullopt)->findings.empty());
  }
}

TEST_CASE("a state that cannot be read or written is told once and tried again", "[ledger][log-state]") {
  World world;
  auto file = world.folder / "log-state";
  std::filesystem::create_directory(file);
  CHECK_FALSE(ledger::read_log_state(file).has_value());
  CHECK_FALSE(ledger::mark_running(file).has_value());
  CHECK_FALSE(ledger::write_log_state(file, {{"test/log", 0, {}}, true, {}}).has_value());
}

TEST_CASE("a log that cannot be read is not signed, and the note of it stays as it is", "[ledger][log-state]") {
  World world;
  auto file = world.folder / "log-state";
  base::Metrics metrics;
  base::SystemClock clock;
  auto freshness = std::make_shared<log::SignerKey const>(
      log::SignerKey::make("test/log/freshness", log::KeyType::cosignature, log::SigningKey::generate()).value());
  auto publish = [&](std::unique_ptr<store::LogStore> logs) {
    ledger::PublishedLog published(std::move(logs), store::LogName::data,
                                   ledger::LogSigner(a_key("test/log"), freshness, file, std::nullopt), clock,
                                   world.log, ledger::LogMetrics(metrics, "data"));
    published.grown();
  };
  auto logs = std::make_unique<DamagedLog>(world.database->open_log().value());
  logs->fails = Read::leaves;
  publish(std::move(logs));
  CHECK_FALSE(std::filesystem::exists(file));
  publish(world.database->open_log().value());
  CHECK(ledger::read_log_state(file).value().value().stopped);
}

TEST_CASE("an erased leaf of which something is left, or whose number is wrong, is found", "[ledger][verify]") {
  World world;
  auto at = ledger::read_root(*world.database->open_log().value()).value();
  // The control log says that leaf 1 was erased; nobody erased it.
  auto erasure = log::sign_erasure({1}, world.key, 5).value();
  auto entry = ledger::control_entry("erase", {"test/log", at.size, at.root}, erasure);
  REQUIRE(world.database->control().append(entry, "erase").has_value());

  auto logs = world.damaged();
  std::string const left = "leaf 1 was erased, as the control log says, and there is something left of it";
  CHECK(only_finding(logs) == left);
  for (auto member : {&store::LoggedVersion::header, &store::LoggedVersion::header_salt,
                      &store::LoggedVersion::body_salt, &store::LoggedVersion::bytes, &store::LoggedVersion::digest}) {
    logs.change = [member](store::LoggedVersion& row) {
      if (row.index != 1) return;
      auto kept = row.*member;
      row.header = row.header_salt = row.body_salt = row.bytes = row.digest = "";
      row.*member = kept;
    };
    CHECK(only_finding(logs) == left);
  }
  logs.change = [](store::LoggedVersion& row) {
    if (row.index != 1) return;
    row.header = row.header_salt = row.body_salt = row.bytes = row.digest = "";
    row.class_sequence += 7;
  };
  CHECK(only_finding(logs) == "leaf 1 is numbered out of order within its class");
}
