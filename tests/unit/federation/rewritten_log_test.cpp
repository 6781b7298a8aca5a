// A log that grew, and does not go on from what was verified: what its own tiles show of that.
#include "server/federation/evidence_keeper.hpp"
#include "server/federation/log_follower.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"
#include "tests/unit/federation/memory_intake.hpp"
#include "tests/unit/federation/peer_logs.hpp"

using namespace tocsin;
using core::Code;
using federation::PeerAnswer;

namespace {

struct World {
  test::PeerLogs peer{"ibis.example"};
  test::MemoryIntake intake;
  test::SetClock clock;
  federation::LogFollower follower{peer, intake, clock, store::LogName::data, peer.manifest(), {}};
  store::Origin origin;

  explicit World(int entries) {
    for (int i = 0; i < entries; ++i) peer.add("x");
    origin = intake.origin(peer.origin()).value();
    REQUIRE(look() == std::nullopt);
  }
  std::optional<Code> look() {
    auto const looked = follower.look(origin, std::nullopt);
    return looked ? std::nullopt : std::optional(looked.error().code);
  }
  void rewrite(std::size_t from, int entries) {
    peer.cut(from);
    for (int i = 0; i < entries; ++i) peer.add("another");
  }
};

// As somebody on the way answers for tiles.
auto tiles_of(std::string bytes) {
  return [bytes](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (!target.contains("/tile/")) return std::nullopt;
    return PeerAnswer{200, bytes};
  };
}

}  // namespace

TEST_CASE("the tiles of a larger log that was rewritten are evidence that its key signed both",
          "[federation][evidence]") {
  for (auto const& [verified, from, more] :
       {std::tuple(5, 2u, 6), std::tuple(255, 254u, 2), std::tuple(256, 3u, 600)}) {
    World world(verified);
    auto const before = world.origin.data.checkpoint;
    world.rewrite(from, more);
    CHECK(world.look() == Code::log_inconsistent);
    CHECK(world.origin.data.checkpoint == before);
    auto const evidence = world.follower.take_evidence();
    REQUIRE(evidence.has_value());
    CHECK(evidence->first == before);
    CHECK(evidence->second == world.peer.checkpoint("data"));
    auto const shown = log::verify_evidence(*evidence, world.peer.manifest().log);
    REQUIRE(shown.has_value());
    CHECK((shown->first.size == static_cast<std::uint64_t>(verified) && !shown->one_size()));
    CHECK(world.follower.take_evidence() == std::nullopt);
    CHECK(world.follower.take_contradiction().empty());
  }
}

TEST_CASE("what somebody on the way makes of the tiles is evidence of nothing", "[federation][evidence]") {
  World world(5);
  world.peer.add("x");
  world.peer.instead = tiles_of(std::string(6 * 32, 'x'));
  CHECK(world.look() == Code::log_inconsistent);
  CHECK(world.follower.take_evidence() == std::nullopt);
  bool spoilt = false;  // the leaves, and what is asked for next is as it was made
  world.peer.instead = [&](std::string const& target) {
    if (spoilt || !target.contains("/tile/")) return std::optional<core::Result<PeerAnswer>>();
    spoilt = true;
    return tiles_of(std::string(6 * 32, 'x'))(target);
  };
  CHECK(world.look() == Code::log_inconsistent);
  CHECK(spoilt);
  CHECK(world.follower.take_evidence() == std::nullopt);
  world.peer.instead = {};
  CHECK(world.look() == std::nullopt);
}

TEST_CASE("a rewritten log whose tiles are kept back is followed no further, and not accused",
          "[federation][evidence]") {
  World world(5);
  world.rewrite(2, 6);
  world.peer.instead = [](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (!target.contains("/tile/")) return std::nullopt;
    return PeerAnswer{404, ""};
  };
  CHECK(world.look().has_value());
  CHECK(world.follower.take_evidence() == std::nullopt);
}

TEST_CASE("evidence that a log's own tiles gave quarantines its peer, and no other does", "[federation][evidence]") {
  test::FollowedWorld world;
  auto const evidence = [&](test::Leaves const& larger, std::size_t size) {
    auto const tree = log::reader_of(larger);
    return log::Evidence{
        world.ibis.log_key().verifier(), world.signed_at(world.leaves, 300), world.signed_at(larger, size),
        log::Evidence::Beginning{log::tree_root(tree, 300).value(), log::consistency_proof(tree, 300, size).value()}};
  };
  auto const longer = test::numbered_leaves(400);
  world.keeper->report("ibis.example/log", evidence(longer, 400));
  CHECK(world.state() == store::PeerState::active);
  CHECK(world.told().contains("\"event\":\"federation.unproven\""));
  world.keeper->report("magpie.example/log", evidence(test::with_another(longer, 7), 400));
  CHECK(world.state() == store::PeerState::active);
  world.keeper->report("ibis.example/log", evidence(test::with_another(longer, 7), 400));
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 300");
  CHECK(world.database->witnesses().evidence("ibis")->size() == 1);
}
