// A peer whose answers cost more than they are worth: what is taken of it in an hour ends, whatever the answers hold.
#include <memory>
#include <stdexcept>
#include <string>

#include "schema/core/digest.hpp"
#include "server/federation/peer_follower.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/memory_intake.hpp"
#include "tests/unit/federation/peer_logs.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;
using State = PeerStatus::State;

constexpr std::int64_t kHour = 3'600'000'000;

class SetClock final : public base::Clock {
 public:
  std::int64_t us = 1'790'000'000'000'000;
  [[nodiscard]] std::int64_t now_us() const override { return us; }
};

struct World {
  test::PeerLogs peer{"ibis.example"};
  test::MemoryIntake intake;
  test::MemoryControl control{intake};
  test::MemoryMisbehaviour misbehaviour;
  SetClock clock;
  base::Log log{-1};
  base::Metrics metrics;
  Agreement agreement;
  Surroundings around{
      intake, control, misbehaviour,       clock,
      log,    metrics, [] { return 0.5; }, [](store::Origin const&, Transport&) { return core::Result<void>(); }};

  World() {
    agreement.entries_per_hour = 120;
    agreement.mib_per_hour = 256;
  }
  [[nodiscard]] std::unique_ptr<PeerFollower> follower() {
    return std::make_unique<PeerFollower>(
        Followed{"ibis", peer.manifest(), std::make_shared<Agreement const>(agreement)}, peer, around);
  }
  // Each answer holds one entry of those asked for.
  void answer_singly(std::string const& name) {
    peer.instead = [this, name](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
      auto const path = "/log/" + name + "/openings?from=";
      if (!target.starts_with(path)) return std::nullopt;
      auto const from = std::stoull(target.substr(path.size()));
      auto const one = path + std::to_string(from) + "&to=" + std::to_string(from + 1);
      if (target == one) return std::nullopt;
      return peer.get(one, SIZE_MAX, 1s);
    };
  }
};

}  // namespace

TEST_CASE("answers that open nothing are no more in an hour than entries", "[federation][following]") {
  World world;
  for (int i = 0; i < 300; ++i) world.peer.add("x", false);
  world.answer_singly("data");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 20s);
  auto const status = follower->status();
  CHECK((status.state == State::waiting && status.verified == 300 && status.applied == 119));
}

TEST_CASE("what is thrown away because of other terms counts for the quota", "[federation][following]") {
  World world;
  world.agreement.mib_per_hour = 1;
  world.peer.add(std::string(900'000, 'x'));
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  world.peer.terms = core::random_uuid();
  world.peer.add(std::string(900'000, 'y'));
  REQUIRE(follower->turn() == 20s);
  CHECK(follower->status().state == State::waiting);
  CHECK(world.intake.stored.data.applied == 0);  // it is read again, when there is room for it
  world.clock.us += 4 * kHour;
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 2);
}

TEST_CASE("a control log of too much in an hour is applied later", "[federation][following]") {
  World world;
  for (int i = 0; i < 8; ++i) world.peer.add_control(std::string(10u << 20, 'x'));
  world.answer_singly("control");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().control_applied == 7);
  CHECK(follower->status().error.contains("says more in an hour than is taken"));
  world.clock.us += kHour;
  REQUIRE(follower->turn() == 0ms);
  CHECK(follower->status().control_applied == 8);
}

TEST_CASE("a log grows by so much in an hour", "[federation][following]") {
  World world;
  LogFollower data(world.peer, world.intake, world.clock, store::LogName::data, world.peer.manifest(), {}, 300);
  store::Origin origin = world.intake.origin(world.peer.origin()).value();
  for (int i = 0; i < 300; ++i) world.peer.add("x");
  REQUIRE(data.look(origin, std::nullopt)->longer);
  world.peer.add("y");
  CHECK(data.look(origin, std::nullopt).error().code == Code::too_many_requests);
  world.clock.us += kHour;
  REQUIRE(data.look(origin, std::nullopt)->longer);
  CHECK(world.intake.stored.data.size == 301);
}

TEST_CASE("an answer that makes the server fail is an error of that peer, and it is asked again",
          "[federation][following]") {
  World world;
  world.peer.add("x");
  world.peer.instead = [](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (target.starts_with("/log/data/openings")) throw std::runtime_error("a mistake of ours");
    return std::nullopt;
  };
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().error.contains("failed at what the peer answered"));
  world.peer.instead = nullptr;
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 1);
}

TEST_CASE("an answer of many entries is handed in in turns, and the cursor goes with each", "[federation][following]") {
  World world;
  world.agreement.entries_per_hour = 1'000;
  for (int i = 0; i < 70; ++i) world.peer.add(i == 3 ? std::string(2u << 20, 'x') : "x");
  REQUIRE(world.follower()->turn() == 0ms);
  CHECK(world.intake.taken.size() == 70);
  REQUIRE(world.intake.told.size() >= 3);
  CHECK(world.intake.told[0] == "data 4");  // by bytes; the rest by number
}

}  // namespace tocsin::federation
