// A peer's logs are followed round after round: what is handed in of them, in which order, and what is not.
#include "server/federation/peer_follower.hpp"

#include <algorithm>
#include <memory>

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/memory_intake.hpp"
#include "tests/unit/federation/peer_logs.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;
using test::PeerLogs;
using State = PeerStatus::State;

class SetClock final : public base::Clock {
 public:
  std::int64_t us = 1'790'000'000'000'000;
  [[nodiscard]] std::int64_t now_us() const override { return us; }
};

struct World {
  PeerLogs peer{"ibis.example"};
  test::MemoryIntake intake;
  test::MemoryControl control{intake};
  test::MemoryMisbehaviour misbehaviour;
  SetClock clock;
  base::Log log{-1};
  base::Metrics metrics;
  std::uint64_t acknowledged = 0;
  core::Result<void> taken;  // what becomes of a receipt
  store::Origin applied;     // as it was told last
  Agreement agreement;
  Surroundings around{intake,
                      control,
                      misbehaviour,
                      clock,
                      log,
                      metrics,
                      [] { return 0.5; },
                      [this](store::Origin const& origin, Transport&) {
                        acknowledged = origin.control.applied;
                        return taken;
                      },
                      [](store::Misrelayed const&) {},
                      [this](store::Origin const& origin) { applied = origin; }};

  World() {
    agreement.entries_per_hour = 100'000;
    agreement.mib_per_hour = 256;
  }
  [[nodiscard]] std::unique_ptr<PeerFollower> follower() {
    return std::make_unique<PeerFollower>(
        Followed{"ibis", peer.manifest(), std::make_shared<Agreement const>(agreement)}, peer, around);
  }
  [[nodiscard]] bool was_asked(std::string const& target) const {
    return std::ranges::find(peer.asked, target) != peer.asked.end();
  }
};

}  // namespace

TEST_CASE("what a peer logs and shows is handed in, and what it grows by as well", "[federation][following]") {
  World world;
  for (int i = 0; i < 300; ++i) world.peer.add("{\"n\":" + std::to_string(i) + "}", i % 3 != 0);
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 200);
  CHECK(world.intake.taken.at(299) == "{\"n\":299}");
  auto status = follower->status();
  CHECK((status.state == State::following && status.verified == 300 && status.applied == 300 && status.lag() == 0));
  world.peer.add("new");
  world.peer.asked.clear();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.at(300) == "new");
  CHECK(world.was_asked("/log/data/checkpoint?after=300&control=0&wait=25"));
  CHECK(world.was_asked("/log/data/tile/0/001.p/45"));
  CHECK_FALSE(world.was_asked("/log/data/tile/0/000"));
}

TEST_CASE("who begins anew goes on where the store is", "[federation][following]") {
  World world;
  world.peer.add("a");
  REQUIRE(world.follower()->turn());
  world.peer.add("b");
  world.intake.told.clear();
  REQUIRE(world.follower()->turn());
  CHECK(world.intake.told == std::vector<std::string>{"data 2"});
  CHECK(world.was_asked("/log/data/openings?from=1&to=2"));
}

TEST_CASE("a peer that answers a long poll at once is not asked at once again", "[federation][following]") {
  World world;
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(follower->turn() == 1'000ms);
}

TEST_CASE("an opening that is not of its leaf is told, and nothing of it is taken", "[federation][following]") {
  World world;
  world.peer.add("a");
  world.peer.add("b");
  auto const truth = world.peer.data()[1].body;
  world.peer.data()[1].body = "another";
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  auto status = follower->status();
  CHECK((status.state == State::backing_off && status.verified == 2 && status.applied == 0));
  CHECK(status.error.contains("entry 1 is not what it logged"));
  CHECK(status.error_since_us == world.clock.us);
  CHECK(world.intake.taken.empty());
  world.peer.data()[1].body = truth;
  REQUIRE(follower->turn() == 0ms);
  CHECK(follower->status().error.empty());
  CHECK(world.intake.taken.size() == 2);
}

TEST_CASE("an entry whose header is of another log is refused, and the rest goes on", "[federation][following]") {
  World world;
  world.peer.add("a", true, 0, "heron.example/log");
  world.peer.add("bad");
  world.peer.add("c");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken == std::map<std::uint64_t, std::string>{{2, "c"}});
  CHECK(world.intake.refused == std::map<std::uint64_t, std::string>{{0, "opening-false"}, {1, "not-canonical"}});
  CHECK(follower->status().refused == 2);
}

TEST_CASE("numbers are handed in whatever becomes of the objects, and heads and what is closed hold none",
          "[federation][following]") {
  World world;
  world.peer.add("a");
  world.peer.add("bad");
  world.peer.add("c");
  world.peer.close(2);
  core::Uuid const token{4};
  log::Head const head{3, 2, {9}};
  world.peer.add_head(token, head);
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken == std::map<std::uint64_t, std::string>{{0, "a"}});
  CHECK(world.intake.refused == std::map<std::uint64_t, std::string>{{1, "not-canonical"}});
  auto const& numbered = world.intake.numbered;
  REQUIRE(numbered.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(numbered[i].number == i + 1);
    CHECK_FALSE(numbered[i].head);
  }
  CHECK(numbered[3].head == head);
  CHECK(numbered[3].token == token);
  for (auto const& one : numbered) {
    auto const shown = log::parse_openings(one.opening).value();
    REQUIRE(shown.entries.size() == 1);
    CHECK(shown.entries[0].leaf() == one.leaf);
    CHECK(shown.entries[0].is_closed() == !one.head);
  }
}

TEST_CASE("what shows that a peer keeps something from us is in its status, and stops nothing",
          "[federation][following]") {
  World world;
  world.peer.add("a");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(follower->status().withheld().empty());
  world.intake.whole = {.numberings = 2, .overdue = 1, .gaps = 3};
  world.peer.add("b");
  REQUIRE(follower->turn() == 0ms);
  auto const status = follower->status();
  CHECK(status.withheld() == "3 gaps in its numbers, 1 numberings without the head that is due");
  CHECK((status.state == State::following && status.applied == 2));
  CHECK(world.misbehaviour.reports.empty());
}

TEST_CASE("the control log is applied before an entry that comes after it", "[federation][following]") {
  World world;
  world.peer.add("a");
  world.peer.add("b", true, 2);
  // The control log grows after it was looked at, and before the data are opened.
  world.peer.instead = [&](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (target.starts_with("/log/data/openings") && world.intake.stored.control.size == 0) {
      world.peer.add_control();
      world.peer.add_control();
    }
    return std::nullopt;
  };
  REQUIRE(world.follower()->turn() == 0ms);
  CHECK(world.intake.told == std::vector<std::string>{"data 1", "control 2", "data 2"});
  CHECK(world.acknowledged == 2);
  CHECK((world.applied.data.applied == 2 && world.applied.control.applied == 2));
}

TEST_CASE("why a receipt is not taken is told until one is, and follows no less", "[federation][following]") {
  World world;
  world.peer.add_control();
  auto const follower = world.follower();
  world.taken = core::fail(core::Code::unprocessable, "It does not know this key.");
  REQUIRE(follower->turn() == 0ms);
  CHECK(follower->status().unacknowledged == "It does not know this key.");
  CHECK(follower->status().error.empty());
  world.taken = {};
  REQUIRE(follower->turn().has_value());
  CHECK(follower->status().unacknowledged.empty());
}

TEST_CASE("an entry after more control entries than there are waits for them, and is told when they do not come",
          "[federation][following]") {
  World world;
  world.peer.add("a", true, 1);
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 200ms);
  CHECK(follower->status().error.empty());
  world.clock.us += 10'000'000;
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().error.contains("names more entries of its control log"));
  CHECK(world.intake.taken.empty());
  world.peer.add_control();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.told == std::vector<std::string>{"control 1", "data 1"});
}

TEST_CASE("a control log with an entry that is not opened is not applied", "[federation][following]") {
  World world;
  world.peer.add_control();
  auto const name = log::control_origin(world.peer.origin());
  world.peer.instead = [&](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (!target.starts_with("/log/control/openings")) return std::nullopt;
    return PeerAnswer{200, log::format_openings({name, {}, 0, 1, {}})};
  };
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().error.contains("keeps an entry of its control log closed"));
  CHECK(world.intake.stored.control.applied == 0);
}

TEST_CASE("other terms mean that the log is read again from its beginning", "[federation][following]") {
  World world;
  world.peer.add("a", false);
  world.peer.add("b");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 1);
  world.peer.terms = core::random_uuid();
  world.peer.instead = [&](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (target != "/log/data/openings?from=0&to=2") return std::nullopt;
    return PeerAnswer{200, log::format_openings({world.peer.origin(), world.peer.terms, 0, 2, world.peer.data()})};
  };
  REQUIRE(follower->turn());
  CHECK(world.intake.taken.size() == 2);
  CHECK(world.intake.told == std::vector<std::string>{"data 2", "again", "data 2"});
}

TEST_CASE("a peer that shows something else with each answer is not read again and again", "[federation][following]") {
  World world;
  world.peer.add("a");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 0ms);
  world.peer.instead = [&](std::string const& target) {
    if (target.contains("/openings")) world.peer.terms = core::random_uuid();
    return std::optional<core::Result<PeerAnswer>>();
  };
  REQUIRE(follower->turn() == 1'000ms);
  REQUIRE(follower->turn() == 10'000ms);
  REQUIRE(follower->turn() == 10'000ms);
  CHECK(world.intake.told == std::vector<std::string>{"data 1", "again", "data 1"});
  world.clock.us += 10'000'000;
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.told.size() == 5);
}

TEST_CASE("when something else is agreed here, the log is read again, and its order in the file says nothing",
          "[federation][following]") {
  World world;
  world.agreement.collections = {"accounts", "network"};
  world.peer.add("a");
  REQUIRE(world.follower()->turn() == 0ms);
  world.agreement.collections = {"network", "accounts"};
  REQUIRE(world.follower()->turn() == 0ms);
  CHECK(world.intake.told == std::vector<std::string>{"data 1"});
  world.agreement.collections = {"network"};
  REQUIRE(world.follower()->turn() == 0ms);
  CHECK(world.intake.told == std::vector<std::string>{"data 1", "again", "data 1"});
}

TEST_CASE("what is agreed for an hour is taken, and the rest later", "[federation][following]") {
  World world;
  world.agreement.entries_per_hour = 120;
  for (int i = 0; i < 200; ++i) world.peer.add("x");
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 20s);  // its control log is looked at all the same
  auto const status = follower->status();
  CHECK((status.state == State::waiting && status.applied == 120 && status.lag() == 80 && status.error.empty()));
  world.clock.us += 3'600'000'000;
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 200);
}

TEST_CASE("a log that is shorter, or another of the same size, is reported and nothing of it is taken",
          "[federation][following]") {
  World world;
  for (int i = 0; i < 5; ++i) world.peer.add("x");
  auto const follower = world.follower();
  REQUIRE(follower->turn());
  auto const before = world.intake.stored.data.checkpoint;
  auto expected = Code::log_rollback;
  world.peer.cut(4);
  SECTION("shorter") {}
  SECTION("forked") {
    expected = Code::log_forked;
    world.peer.add("y");
  }
  CHECK(follower->turn() == 750ms);
  CHECK(follower->status().state == State::backing_off);
  REQUIRE(world.misbehaviour.reports.size() == 1);
  auto const& report = world.misbehaviour.reports.front();
  CHECK((report.origin == world.peer.origin() && report.verdict == expected && report.stored == before));
  CHECK(report.next != before);
}

TEST_CASE("leaves that do not lead to the signed root are not kept", "[federation][following]") {
  World world;
  world.peer.add("a");
  world.peer.instead = [](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (!target.contains("/tile/")) return std::nullopt;
    return PeerAnswer{200, std::string(32, 'x')};
  };
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(world.intake.stored.data.size == 0);
  CHECK(follower->status().error.contains("lead to another root"));
}

TEST_CASE("each failure in a row is waited for longer, and the first sentence keeps its time",
          "[federation][following]") {
  World world;
  world.peer.instead = [](std::string const&) { return std::optional(core::Result<PeerAnswer>(PeerAnswer{403, ""})); };
  auto const follower = world.follower();
  auto const since = world.clock.us;
  for (auto const expected : {750ms, 1'500ms, 3'000ms, 6'000ms}) {
    CHECK(follower->turn() == expected);
    world.clock.us += 10'000'000;
  }
  CHECK(follower->status().error_since_us == since);
  world.peer.instead = {};
  REQUIRE(follower->turn() == 0ms);
  world.peer.instead = [](std::string const&) { return std::optional(core::Result<PeerAnswer>(PeerAnswer{500, ""})); };
  CHECK(follower->turn() == 750ms);
}

TEST_CASE("a store without room holds nothing up for good", "[federation][following]") {
  World world;
  world.peer.add("a");
  world.intake.full = true;
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().applied == 0);
  world.intake.full = false;
  REQUIRE(follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 1);
}

TEST_CASE("a peer is stale a minute after it last said that nothing is newer", "[federation][following]") {
  World world;
  world.peer.now_s = static_cast<std::uint64_t>(world.clock.us / 1'000'000) - 30;
  auto const follower = world.follower();
  REQUIRE(follower->turn());
  auto const status = follower->status();
  CHECK(status.fresh_us == world.clock.us - 30'000'000);
  CHECK_FALSE(status.is_stale(world.clock.us + 30'000'000));
  CHECK(status.is_stale(world.clock.us + 30'000'001));
  world.peer.now_s += 3'600;
  REQUIRE(follower->turn());
  CHECK(follower->status().fresh_us == world.clock.us);
}

TEST_CASE("a peer whose manifest has expired is not asked", "[federation][following]") {
  World world;
  world.clock.us = static_cast<std::int64_t>(world.peer.manifest().expires_s) * 1'000'000;
  auto const follower = world.follower();
  REQUIRE(follower->turn() == 750ms);
  CHECK(follower->status().error.contains("expired"));
  CHECK(world.peer.asked.empty());
}

}  // namespace tocsin::federation
