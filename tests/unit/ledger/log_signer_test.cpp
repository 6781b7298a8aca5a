#include "server/ledger/log_signer.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;

namespace {

log::SignerKey key_of(std::string name, log::KeyType type = log::KeyType::signature) {
  return log::SignerKey::make(std::move(name), type, log::SigningKey::from_seed({5})).value();
}

struct World {
  test::Folder folder;
  std::filesystem::path file = folder / "log-state";

  [[nodiscard]] ledger::LogSigner signer(std::optional<ledger::LogState> before = std::nullopt) const {
    auto freshness = key_of("test/log/freshness", log::KeyType::cosignature);
    return {key_of("test/log"), std::make_shared<log::SignerKey const>(std::move(freshness)), file, std::move(before)};
  }
};

log::CompactRange log_of(std::size_t leaves, std::string const& word = "leaf") {
  log::CompactRange range;
  for (std::size_t i = 0; i < leaves; ++i) range.append(core::sha256(word + std::to_string(i)));
  return range;
}

ledger::LogState state_of(log::CompactRange const& log, std::string origin = "test/log") {
  return {{std::move(origin), log.size(), log.root()}, false, {}, {}};
}

}  // namespace

TEST_CASE("a signer signs the log as it grows, and neither a shorter one nor one of another name",
          "[ledger][log-signer]") {
  World world;
  auto signer = world.signer();
  CHECK_FALSE(signer.again().has_value());
  REQUIRE(signer.sign(state_of(log_of(0)), 5).has_value());
  REQUIRE(signer.sign(state_of(log_of(3)), 6).has_value());
  for (auto const& refused : {state_of(log_of(2)), state_of(log_of(4), "other/log")}) {
    auto const made = signer.sign(refused, 7);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == core::Code::log_inconsistent);
  }
  CHECK(ledger::read_log_state(world.file).value().value().log == state_of(log_of(3)).log);
  auto const again = log::open_checkpoint(signer.again().value(), key_of("test/log").verifier(), {}).value();
  CHECK(again.checkpoint == state_of(log_of(3)).log);
}

TEST_CASE("after a start nothing is signed until the log that was signed last has passed by", "[ledger][log-signer]") {
  World world;
  auto signer = world.signer(state_of(log_of(2)));
  for (std::size_t size : {0u, 1u}) {
    signer.pass(log_of(size));
    CHECK(signer.sign(state_of(log_of(3)), 5).error().code == core::Code::log_inconsistent);
  }
  signer.pass(log_of(2));
  signer.pass(log_of(3));
  CHECK(signer.sign(state_of(log_of(3)), 5).has_value());

  auto other = world.signer(state_of(log_of(2)));
  other.pass(log_of(2, "another leaf"));
  other.pass(log_of(2));  // each size is looked at once
  CHECK(other.sign(state_of(log_of(3)), 5).error().code == core::Code::log_inconsistent);
}

TEST_CASE("what was noted under another name is not shown as this log's", "[ledger][log-signer]") {
  World world;
  CHECK(world.signer(state_of(log_of(2))).again().has_value());
  CHECK_FALSE(world.signer(state_of(log_of(2), "other/log")).again().has_value());
}

TEST_CASE("nothing is signed that could not be noted first", "[ledger][log-signer]") {
  World world;
  world.file = world.folder / "missing" / "log-state";
  auto signer = world.signer();
  CHECK_FALSE(signer.sign(state_of(log_of(1)), 5).has_value());
  CHECK_FALSE(signer.last().has_value());
  std::filesystem::create_directory(world.folder / "missing");
  CHECK(signer.sign(state_of(log_of(1)), 5).has_value());
  CHECK(signer.last()->time_s == 5);
}
