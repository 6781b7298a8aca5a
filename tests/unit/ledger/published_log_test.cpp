#include "server/ledger/published_log.hpp"

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "schema/log/checkpoint.hpp"
#include "schema/log/control.hpp"
#include "schema/log/hash.hpp"
#include "server/base/files.hpp"
#include "server/ledger/control.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

log::SignerKey key_of(std::string name, log::KeyType type = log::KeyType::signature) {
  return log::SignerKey::make(std::move(name), type, log::SigningKey::from_seed({1, 2, 3})).value();
}

struct FixedClock final : base::Clock {
  std::atomic<std::int64_t> us = 1'700'000'000'000'000;
  std::int64_t now_us() const override { return us; }
};

struct World {
  test::Folder folder;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  FixedClock clock;
  std::unique_ptr<store::Database> database;
  std::filesystem::path file = folder / "log-state";
  ledger::FreshnessKey freshness =
      std::make_shared<log::SignerKey const>(key_of("test/log/freshness", log::KeyType::cosignature));
  std::atomic<int> longer{0};  // times that a checkpoint was told to cover more
  std::unique_ptr<ledger::PublishedLog> published;

  World() {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8, 4}).value();
  }

  void commit(std::size_t count) {
    std::vector<store::Candidate> candidates;
    for (std::size_t i = 0; i < count; ++i)
      candidates.push_back(test::make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false}));
    auto rules = test::real_rules();
    store::CommitPart part{1, candidates, nullptr, true};
    REQUIRE(database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
    if (published) published->grown();
  }

  void publish(store::LogName name = store::LogName::data, std::string origin = "test/log") {
    published.reset();
    ledger::LogSigner signer(key_of(std::move(origin)), freshness, file, ledger::read_log_state(file).value());
    published = std::make_unique<ledger::PublishedLog>(database->open_log().value(), name, std::move(signer), clock,
                                                       log, ledger::LogMetrics(metrics, "data"), [this] { ++longer; });
  }

  log::OpenedCheckpoint opened(std::string const& origin = "test/log") {
    log::VerifierKey const cosigners[] = {freshness->verifier()};
    return log::open_checkpoint(*published->checkpoint(), key_of(origin).verifier(), cosigners).value();
  }

  log::OpenedCheckpoint wait_for(std::uint64_t size) {
    while (!published->checkpoint() || opened().checkpoint.size < size) std::this_thread::yield();
    return opened();
  }

  core::Result<std::string> tile(std::string const& path) {
    return published->tile(database->open_reader().value()->leaves(), log::parse_tile_path(path).value());
  }

  // The root of what is served, from its tiles alone.
  core::Digest served_root(std::uint64_t size) {
    auto source = [&](log::TilePath const& path) { return tile(log::format_tile_path(path)); };
    return log::tree_root(log::reader_of(source, size), size).value();
  }
};

}  // namespace

TEST_CASE("the checkpoint follows the log, signed and cosigned, and the tiles give its root", "[ledger][published]") {
  World world;
  world.publish();
  CHECK(world.wait_for(0).checkpoint.root == log::empty_root());
  std::uint64_t size = 0;
  for (std::size_t count : {1, 254, 1, 1, 300}) {
    world.commit(count);
    size += count;
    auto const opened = world.wait_for(size);
    auto const stored = ledger::read_root(*world.database->open_log().value()).value();
    CAPTURE(size);
    CHECK(opened.checkpoint == log::Checkpoint{"test/log", size, stored.root});
    REQUIRE(opened.cosigners.size() == 1);
    CHECK(opened.cosigners[0].time_s == 1'700'000'000u);
    CHECK(world.served_root(size) == stored.root);
    CHECK_FALSE(world.published->is_late());
  }
}

TEST_CASE("whoever waits is told of a checkpoint that covers more, and of no other", "[ledger][published]") {
  World world;
  world.publish();
  world.wait_for(0);
  CHECK(world.published->size() == 0);
  CHECK(world.longer == 0);
  world.commit(3);
  while (world.longer < 1) std::this_thread::yield();
  CHECK(world.published->size() == 3);
  world.clock.us += 1'000'000;
  world.published->grown();  // signs the same size anew
  while (world.opened().cosigners[0].time_s == 1'700'000'000u) std::this_thread::yield();
  CHECK(world.longer == 1);
  world.publish();  // a start shows what was signed last
  CHECK(world.published->size() == 3);
  CHECK(world.longer == 2);
}

TEST_CASE("tiles of a log of random sizes give back the root of each of them, also after a start",
          "[ledger][published]") {
  World world;
  world.publish();
  std::mt19937_64 chance(20261122);
  std::map<std::uint64_t, core::Digest> roots;
  for (int round = 0; round < 12; ++round) {
    world.commit(round == 0 ? 256 : 1 + chance() % 180);
    auto const stored = ledger::read_root(*world.database->open_log().value()).value();
    world.wait_for(stored.size);
    roots[stored.size] = stored.root;
    if (round % 4 == 3) world.publish();
    // A start makes them anew.
    while (!world.tile("tile/1/000.p/" + std::to_string(stored.size / 256)).has_value()) std::this_thread::yield();
    for (auto const& [size, root] : roots) CHECK(world.served_root(size) == root);
  }
}

TEST_CASE("entries hash to the leaves beside them, also of what was erased", "[ledger][published]") {
  World world;
  world.publish();
  auto erased = test::make_candidate(1, core::random_uuid(), 10, {stix::Tlp::green, false});
  auto rules = test::real_rules();
  store::CommitPart part{1, {&erased, 1}, nullptr, true};
  REQUIRE(world.database->commits().commit({&part, 1}, rules, 1'000'000).has_value());
  world.commit(5);
  world.wait_for(6);
  auto const before = world.tile("tile/entries/000.p/6").value();
  auto key = key_of("test/log");
  auto entry_for = [&](std::vector<std::uint64_t> const& leaves) -> core::Result<store::ControlEntry> {
    return ledger::control_entry("erase", {"test/log", 6, {}}, log::sign_erasure(leaves, key, 5).value());
  };
  REQUIRE(world.database->control().erase({1, "indicator", erased.uuid}, entry_for)->leaves.size() == 1);
  auto const bundle = world.tile("tile/entries/000.p/6").value(), leaves = world.tile("tile/0/000.p/6").value();
  CHECK(bundle == before);
  REQUIRE(bundle.size() == 6 * 35);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(bundle.substr(i * 35, 3) == std::string("\0\x21\x01", 3));
    CHECK(core::view(log::leaf_hash(bundle.substr(i * 35 + 2, 33))) == leaves.substr(i * 32, 32));
  }
}

TEST_CASE("what no checkpoint implies does not exist", "[ledger][published]") {
  World world;
  world.publish();
  world.commit(3);
  world.wait_for(3);
  for (char const* path : {"tile/0/000.p/1", "tile/0/000.p/2", "tile/0/000.p/3", "tile/entries/000.p/3"})
    CHECK(world.tile(path).has_value());
  for (char const* path : {"tile/0/000", "tile/0/000.p/4", "tile/0/001.p/1", "tile/1/000.p/1", "tile/63/000",
                           "tile/entries/000", "tile/0/x009/x223/x372/x036/x854/x775/807"})
    CHECK(world.tile(path).error().code == core::Code::not_found);
}

TEST_CASE("a log that does not go on from what was signed is not signed", "[ledger][published]") {
  for (std::uint64_t size : {2, 3, 9}) {
    World world;
    world.commit(3);
    ledger::LogState const other{{"test/log", size, core::sha256("other")}, false};
    REQUIRE(ledger::write_log_state(world.file, other).has_value());
    world.publish();
    auto& unsigned_now =
        world.metrics.gauge("tocsin_log_unsigned", "1: the latest attempt to sign a checkpoint failed", "log=\"data\"");
    while (unsigned_now.value() == 0) std::this_thread::yield();
    // What was signed is all that is shown.
    CHECK(world.opened().checkpoint == other.log);
    CHECK(world.opened().cosigners.empty());
    world.commit(2);
    world.published.reset();
    CAPTURE(size);
    CHECK(ledger::read_log_state(world.file).value().value().log == other.log);
  }
}

TEST_CASE("whoever ended between the file and the checkpoint goes on from the file", "[ledger][published]") {
  World world;
  world.commit(3);
  auto const at = ledger::read_root(*world.database->open_log().value()).value();
  REQUIRE(ledger::write_log_state(world.file, {{"test/log", at.size, at.root}, false}).has_value());
  world.publish();
  CHECK(world.opened().checkpoint == log::Checkpoint{"test/log", 3, at.root});  // at once
  world.commit(1);
  CHECK(world.wait_for(4).checkpoint.size == 4);
}

TEST_CASE("another key signs from the next checkpoint on", "[ledger][published]") {
  World world;
  world.publish();
  world.commit(1);
  world.wait_for(1);
  auto next = log::SignerKey::make("test/log", log::KeyType::signature, log::SigningKey::from_seed({9})).value();
  auto const verifier = next.verifier();
  world.published->use(std::move(next));
  while (!log::open_checkpoint(*world.published->checkpoint(), verifier, {})) std::this_thread::yield();
  CHECK(log::open_checkpoint(*world.published->checkpoint(), verifier, {})->checkpoint.size == 1);
}

TEST_CASE("time does not go backwards in cosignatures, also across a start", "[ledger][published]") {
  World world;
  world.publish();
  world.commit(1);
  CHECK(world.wait_for(1).cosigners.size() == 1);
  world.clock.us -= 3'600'000'000;
  world.commit(1);
  CHECK(world.wait_for(2).cosigners.empty());
  world.publish();
  world.commit(1);
  CHECK(world.wait_for(3).cosigners.empty());
  world.clock.us += 3'601'000'000;
  world.commit(1);
  auto const opened = world.wait_for(4);
  REQUIRE(opened.cosigners.size() == 1);
  CHECK(opened.cosigners[0].time_s == 1'700'000'001u);
}

TEST_CASE("the control log is published as the data log is", "[ledger][published]") {
  World world;
  auto key = key_of("test/log");
  for (int i = 0; i < 3; ++i) {
    auto next = log::SignerKey::make("test/log", log::KeyType::signature, log::SigningKey::generate()).value();
    auto note = log::sign_key_change(key, next, 5).value();
    REQUIRE(world.database->control()
                .append(ledger::control_entry("key", {"test/log", 0, log::empty_root()}, note), "log-key.change")
                .has_value());
  }
  world.publish(store::LogName::control, "test/log/control");
  while (!world.published->checkpoint()) std::this_thread::yield();
  auto const checkpoint = world.opened("test/log/control").checkpoint;
  CHECK(checkpoint.size == 3);
  CHECK(world.served_root(3) == checkpoint.root);
  CHECK(world.tile("tile/entries/000.p/3")->size() == 3 * 35);
}

TEST_CASE("a tile whose leaves cannot be read is told as that", "[ledger][published]") {
  struct BrokenLeaves final : store::LeafReader {
    static std::unexpected<core::Error> broken() {
      return core::fail(core::Code::storage_failed, "The disk does not answer.");
    }
    core::Result<std::string> hashes(store::LogName, std::uint64_t, std::uint64_t) override { return broken(); }
    core::Result<std::vector<std::string>> entries(store::LogName, std::uint64_t, std::uint64_t) override {
      return broken();
    }
  } leaves;
  World world;
  world.publish();
  world.commit(3);
  world.wait_for(3);
  for (char const* path : {"tile/0/000.p/3", "tile/entries/000.p/3"})
    CHECK(world.published->tile(leaves, log::parse_tile_path(path).value()).error().code == core::Code::storage_failed);
  // What does not exist is not looked for.
  CHECK(world.published->tile(leaves, log::parse_tile_path("tile/0/000").value()).error().code ==
        core::Code::not_found);
}
