#include "server/feeds/signing.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/base/files.hpp"
#include "tests/support/catch.hpp"

using namespace tocsin;

namespace {

struct Hands final : base::Clock {
  std::int64_t us = 1'700'000'000'000'000;
  std::int64_t now_us() const override { return us; }
};

struct World {
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("tocsin-feeds-" + core::to_hex(core::view(core::random_uuid())));
  Hands clock;
  base::Log log{-1};
  std::optional<feeds::Signing> signing;

  World() { start(); }
  ~World() { std::filesystem::remove(file); }

  log::SignerKey key() {
    return log::SignerKey::make("heron.example/log", log::KeyType::signature, log::SigningKey::generate()).value();
  }
  void start() {
    signing.emplace(file, clock, log);
    signing->use(key());
  }
  std::uint64_t next() { return signing->next().value(); }
};

log::FeedManifest const kManifest{
    "block-v4", log::asked_digest({}), 7, "2026-02-03T10:20:30.123Z", "2026-02-03T11:20:30.123Z",
    0,          std::string(64, 'a')};

}  // namespace

TEST_CASE("each number is greater than all before it, though the clock stands or goes back", "[feeds][signing]") {
  World world;
  auto before = world.next();
  for (auto const step : {std::int64_t(0), std::int64_t(-5'000'000), std::int64_t(7'200'000'000), std::int64_t(-1)}) {
    world.clock.us += step;
    auto const number = world.next();
    CHECK(number > before);
    before = number;
  }
}

TEST_CASE("no number comes again after a start, though the clock went back", "[feeds][signing]") {
  World world;
  for (int i = 0; i < 3; ++i) {
    auto const before = world.next();
    world.clock.us -= 86'400'000'000;
    world.start();
    CHECK(world.next() > before);
  }
}

TEST_CASE("the file of numbers is written seldom, and before a number beyond it is given out", "[feeds][signing]") {
  World world;
  auto const read = [&] { return base::read_file(world.file, 64).value(); };
  auto const first = world.next();
  auto const reserved = read();
  CHECK(std::stoull(reserved) >= first);
  world.clock.us += 3'000'000'000;
  CHECK(world.next() <= std::stoull(reserved));
  CHECK(read() == reserved);
  world.clock.us += 3'600'000'000;
  CHECK(world.next() > std::stoull(reserved));
  CHECK(std::stoull(read()) > std::stoull(reserved));
}

TEST_CASE("nothing is numbered while the file cannot be read, nor without a key", "[feeds][signing]") {
  World world;
  REQUIRE(base::write_file(world.file, "yesterday\n", 0600).has_value());
  CHECK_FALSE(world.signing->next().has_value());
  REQUIRE(base::write_file(world.file, "9000000000000000000\n", 0600).has_value());
  CHECK(world.next() == 9'000'000'000'000'000'001);
  feeds::Signing const without(world.file, world.clock, world.log);
  CHECK(without.sign(kManifest).empty());
  CHECK_FALSE(feeds::Signing(world.file, world.clock, world.log).next().has_value());
}

TEST_CASE("what is said of a feed is signed with the key that there is now", "[feeds][signing]") {
  World world;
  auto const opens = [&](log::VerifierKey const& verifier) {
    return log::open_feed_manifest(world.signing->sign(kManifest), verifier).has_value();
  };
  auto old = world.key(), fresh = world.key();
  auto const before = old.verifier(), after = fresh.verifier();
  world.signing->use(std::move(old));
  CHECK((opens(before) && !opens(after)));
  world.signing->use(std::move(fresh));
  CHECK((!opens(before) && opens(after)));
}
