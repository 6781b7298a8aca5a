#include "server/ledger/log_state.hpp"

#include "schema/log/hash.hpp"
#include "server/base/files.hpp"
#include "server/ledger/published_log.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

struct World {
  test::Folder folder;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  base::SystemClock clock;
  std::unique_ptr<store::Database> database;
  std::filesystem::path file = folder / "log-state";

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 4}).value();
    commit(3);
  }

  void commit(int count) {
    std::vector<store::Candidate> candidates;
    for (int i = 0; i < count; ++i)
      candidates.push_back(test::make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false}));
    auto rules = test::real_rules();
    store::CommitPart part{1, candidates, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
  }

  std::unique_ptr<ledger::PublishedLog> keeper() {
    auto key = [](char const* name, log::KeyType type) {
      return log::SignerKey::make(name, type, log::SigningKey::generate()).value();
    };
    ledger::LogSigner signer(
        key("test/log", log::KeyType::signature),
        std::make_shared<log::SignerKey const>(key("test/log/freshness", log::KeyType::cosignature)), file,
        ledger::read_log_state(file).value());
    return std::make_unique<ledger::PublishedLog>(database->open_log().value(), store::LogName::data, std::move(signer),
                                                  clock, log, ledger::LogMetrics(metrics, "data"));
  }

  log::Checkpoint now() {
    auto at = ledger::read_root(*database->open_log().value()).value();
    return {"test/log", at.size, at.root};
  }
};

}  // namespace

TEST_CASE("the note of a log's state has one text, and any other is refused", "[ledger][log-state]") {
  ledger::LogState state{{"test/log", 0, log::empty_root()}, true, {}};
  CHECK(state.text() == "test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nstopped\n");
  auto parsed = ledger::LogState::parse(state.text()).value();
  CHECK(parsed.log == state.log);
  CHECK(parsed.stopped);
  state.stopped = false;
  CHECK_FALSE(ledger::LogState::parse(state.text()).value().stopped);
  for (auto const* wrong : {"", "stopped\n", "test/log\n0\n", "test/log\n0\nx\nstopped\n", "running", "\nstopped\n",
                            "test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nlast x\nstopped\n",
                            "test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nlast AAAA\nstopped\n"})
    CHECK_FALSE(ledger::LogState::parse(wrong).has_value());
  state.last = core::sha256("leaf");
  CHECK(ledger::LogState::parse(state.text()).value().last == state.last);
  CHECK(ledger::LogState::parse(state.text()).value().log == state.log);
  state.time_s = 7;
  CHECK(state.text().ends_with("\ntime 7\nrunning\n"));
  CHECK(ledger::LogState::parse(state.text()).value().time_s == 7);
  CHECK(ledger::LogState::parse(state.text()).value().last == state.last);
  for (auto const* wrong : {"time 07", "time -1", "time", "time 7 "})
    CHECK_FALSE(ledger::LogState::parse(log::format_checkpoint(state.log) + wrong + "\nrunning\n").has_value());
}

TEST_CASE("a log goes on from the state that was noted, and from no other", "[ledger][log-state]") {
  World world;
  world.keeper().reset();
  auto noted = ledger::read_log_state(world.file).value().value();
  REQUIRE(noted.last.has_value());
  auto logs = [&] { return world.database->open_log().value(); };
  for (int round = 0; round < 2; ++round) {
    CHECK(ledger::continues(*logs(), noted).value());
    auto other = noted;
    other.last = core::sha256("other");
    CHECK_FALSE(ledger::continues(*logs(), other).value());
    // A note of before, without the last leaf.
    other.last.reset();
    CHECK(ledger::continues(*logs(), other).value());
    other.log.root = core::sha256("other");
    CHECK_FALSE(ledger::continues(*logs(), other).value());
    auto longer = noted;
    longer.log.size += 9;
    CHECK_FALSE(ledger::continues(*logs(), longer).value());
    world.commit(2);
  }
}

TEST_CASE("every log goes on from an empty one, whatever leaf the note of that names", "[ledger][log-state]") {
  World world;
  auto const logs = world.database->open_log().value();
  ledger::LogState noted{{"test/log", 0, log::empty_root()}, true, {}};
  CHECK(ledger::continues(*logs, noted).value());
  noted.last = core::sha256("leaf");
  CHECK(ledger::continues(*logs, noted).value());
  noted.log.root = core::sha256("other");
  CHECK_FALSE(ledger::continues(*logs, noted).value());
}

TEST_CASE("whoever ends in order leaves size and root behind, and a start takes the word back", "[ledger][log-state]") {
  World world;
  CHECK_FALSE(ledger::read_log_state(world.file).value().has_value());
  for (int round = 0; round < 2; ++round) {
    auto keeper = world.keeper();
    world.commit(2);
    keeper->grown();
    keeper.reset();
    auto state = ledger::read_log_state(world.file).value().value();
    CHECK(state.stopped);
    CHECK(state.log == world.now());
    REQUIRE(ledger::mark_running(world.file).has_value());
    CHECK_FALSE(ledger::read_log_state(world.file).value().value().stopped);
  }
}

TEST_CASE("a file that is no note of a log's state is an error that names it", "[ledger][log-state]") {
  World world;
  REQUIRE(base::write_file(world.file, "something\n", 0600).has_value());
  auto read = ledger::read_log_state(world.file);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().detail.starts_with(world.file.string()));
}
