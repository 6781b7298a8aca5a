// What becomes of reports on a peer: its own contradictions quarantine it, all else changes nothing.
#include "server/federation/evidence_keeper.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using store::PeerState;
using test::OtherInstance;
using World = test::FollowedWorld;

TEST_CASE("two roots of one size quarantine a peer, with the file that shows it", "[federation][evidence]") {
  World world;
  world.report(world.signed_at(world.other, 300));
  CHECK(world.peering->quarantined("ibis") == "its log was signed with two roots at size 300");
  CHECK(world.told().find("\"event\":\"federation.quarantined\"") != std::string::npos);
  auto const kept = world.database->witnesses().evidence("ibis").value();
  REQUIRE(kept.size() == 1);
  auto const evidence = log::Evidence::parse(kept[0].text);
  REQUIRE(evidence.has_value());
  CHECK(log::verify_evidence(*evidence, world.ibis.log_key().verifier()).has_value());
  CHECK(kept[0].found_us == test::kNow);
}

TEST_CASE("a shorter log is a contradiction only when it is of another tree", "[federation][evidence]") {
  World world;
  world.report(world.signed_at(world.leaves, 200), Code::log_rollback);
  CHECK(world.state() == PeerState::active);
  CHECK(world.told().find("\"event\":\"federation.stale\"") != std::string::npos);
  world.report(world.signed_at(world.other, 200), Code::log_rollback);
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 200");
}

TEST_CASE("what the peer's own key has not signed changes nothing and is told", "[federation][evidence]") {
  World world;
  OtherInstance forger("ibis.example"), neighbour("magpie.example");
  for (auto const& note :
       {test::note_at(world.other, 300, forger.log_key()), test::note_at(world.other, 300, neighbour.log_key()),
        std::string("nothing"), world.signed_at(world.leaves, 300), world.signed_at(test::numbered_leaves(301), 301)})
    world.report(note);
  CHECK(world.state() == PeerState::active);
  CHECK(world.database->witnesses().evidence("ibis").value().empty());
  CHECK(world.told().find("\"event\":\"federation.unproven\"") != std::string::npos);
  CHECK(world.told().find("quarantined") == std::string::npos);
}

TEST_CASE("a quarantine that was lifted does not come back with the same evidence", "[federation][evidence]") {
  World world;
  auto const forked = world.signed_at(world.other, 300);
  world.report(forked);
  CHECK(world.peering->set_state("ibis", PeerState::paused, "", test::kNow).error().code == Code::conflict);
  world.resume();
  world.report(forked);
  CHECK(world.state() == PeerState::active);
  world.report(world.signed_at(world.other, 150), Code::log_rollback);
  CHECK(world.state() == PeerState::quarantined);
}

TEST_CASE("what is reported of nobody's log is nothing", "[federation][evidence]") {
  World world;
  world.keeper->report("nobody.example/log", Code::log_forked, world.signed_at(world.leaves, 300),
                       world.signed_at(world.other, 300));
  CHECK(world.state() == PeerState::active);
  CHECK(world.told().empty());
}

}  // namespace
}  // namespace tocsin::federation
