// What peers saw of logs, held against what was verified here.
#include "server/federation/witness_exchange.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using store::PeerState;

log::SignerKey witness(int number) {
  log::Seed seed;
  seed.fill(static_cast<std::uint8_t>(number));
  return log::SignerKey::make("witness-" + std::to_string(number) + ".example", log::KeyType::cosignature,
                              log::SigningKey::from_seed(seed))
      .value();
}

// A peer that answers what a test says, and remembers what it was asked.
class Answering final : public Transport {
 public:
  core::Result<PeerAnswer> get(std::string const& target, std::size_t, std::chrono::milliseconds) override {
    asked.push_back(target);
    if (!reachable) return core::fail(Code::io_failed, "The peer cannot be reached.");
    auto const found = answers.find(target);
    if (found == answers.end()) return PeerAnswer{404, ""};
    return PeerAnswer{200, found->second};
  }
  core::Result<PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                std::chrono::milliseconds) override {
    return core::fail(Code::internal, "A witness is asked and told nothing.");
  }
  void stop() override {}

  void saw(std::string const& origin, std::string const& note) {
    answers["/witness/" + log::origin_hash(origin) + "/checkpoint"] = note;
  }
  std::map<std::string, std::string> answers;
  std::vector<std::string> asked;
  bool reachable = true;
};

// Heron's own log has 40 entries; Magpie is who is asked.
struct World : test::FollowedWorld {
  test::Leaves own = test::numbered_leaves(40, "own");
  Answering magpie_says;
  WitnessExchange exchange{{*peering,
                            origins,
                            database->witnesses(),
                            *trees,
                            *keeper,
                            {[this] { return std::make_shared<std::string const>(own_note(own)); },
                             [this](log::TilePath const& path) { return own_tile(path); },
                             [this] { return core::Result<log::VerifierKey>(heron.log_key().verifier()); }},
                            perform(),
                            log}};

  [[nodiscard]] std::string own_note(test::Leaves const& leaves) const {
    return test::note_at(leaves, leaves.size(), heron.log_key());
  }
  core::Result<std::string> own_tile(log::TilePath const& path) const {
    if (path.level != 0) return core::fail(Code::internal, "The log has one tile.");
    std::string out;
    for (auto i = 0U; i < path.width; ++i) out += core::view(own.at(i));
    return out;
  }
  core::Result<Standing> compare(std::string const& note) {
    return exchange.compare("magpie", "ibis.example/log", note);
  }
  // Cosigned by these witnesses.
  [[nodiscard]] std::string cosigned(test::Leaves const& of, std::size_t size, std::vector<int> const& by) const {
    auto note = test::signed_at(of, size, ibis.log_key());
    for (int const number : by) REQUIRE(note.add(log::cosign(witness(number), note.text(), 1'000)));
    return note.format();
  }
  void agree_on(int witnesses) {
    std::string keys;
    for (int i = 1; i <= witnesses; ++i) keys += (i == 1 ? "\"" : ", \"") + witness(i).verifier().text() + "\"";
    agree("ibis", "witnesses = [" + keys + "]\n");
  }
  WitnessedLog witnessed() { return exchange.witnessed().value().at("ibis.example/log"); }
};

TEST_CASE("what another saw agrees, is ahead, or quarantines the origin and not the one who told",
          "[federation][witness]") {
  World world;
  CHECK(world.compare(world.signed_at(world.leaves, 300)) == Standing::agrees);
  CHECK(world.compare(world.signed_at(world.leaves, 7)) == Standing::agrees);
  CHECK(world.compare(world.signed_at(test::numbered_leaves(400), 400)) == Standing::beyond);
  CHECK(world.state() == PeerState::active);
  CHECK(world.compare(world.signed_at(world.other, 200)) == Standing::contradicts);
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 200");
  CHECK_FALSE(world.peering->quarantined("magpie"));
  CHECK(world.database->witnesses().evidence("ibis").value().size() == 1);
  CHECK(world.compare(world.signed_at(world.leaves, 7)).error().code == Code::not_found);  // followed no more
}

TEST_CASE("nobody can accuse an origin without its signature", "[federation][witness]") {
  World world;
  CHECK(world.compare(test::note_at(world.other, 200, world.magpie.log_key())).error().code == Code::note_unverified);
  CHECK(world.compare("nonsense").error().code == Code::note_malformed);
  CHECK(world.compare("").error().code == Code::note_malformed);
  CHECK(world.state() == PeerState::active);
}

TEST_CASE("a tree that was ahead is held against ours once it is reached", "[federation][witness]") {
  for (bool const honest : {true, false}) {
    World world;
    auto const longer = test::numbered_leaves(500);
    auto const shown = honest ? longer : test::with_another(longer, 350);
    world.magpie_says.saw("ibis.example/log", world.signed_at(shown, 400));
    world.exchange.exchange("magpie", world.magpie_says);
    world.magpie_says.saw("ibis.example/log", world.signed_at(longer, 500));  // what it shows later hides nothing
    world.exchange.exchange("magpie", world.magpie_says);
    CHECK(world.state() == PeerState::active);
    world.origins.grow(world.row, world.ibis.log_key(), test::numbered_leaves(450));
    world.exchange.exchange("magpie", world.magpie_says);
    CHECK(world.state() == (honest ? PeerState::active : PeerState::quarantined));
  }
}

// Ibis itself, asked as each peer is, and what it shows of its own log.
struct Stalled : World {
  Answering ibis_says;
  Stalled() {
    magpie_says.saw("ibis.example/log", signed_at(test::numbered_leaves(400), 400));
    exchange.exchange("magpie", magpie_says);
    shows(300);
  }
  void shows(std::size_t size) {
    ibis_says.answers["/log/data/checkpoint"] = signed_at(test::numbered_leaves(size), size);
  }
  bool told_after(int rounds) {
    for (int i = 0; i < rounds; ++i) exchange.exchange("ibis", ibis_says);
    return told().find("federation.stalls") != std::string::npos;
  }
};

TEST_CASE("an origin that goes on showing us less than another has is told, once", "[federation][witness]") {
  Stalled world;
  CHECK_FALSE(world.told_after(5));
  CHECK(world.told_after(1));
  CHECK(world.told().find("magpie") != std::string::npos);
  auto const before = world.told();
  CHECK(world.told_after(10));
  CHECK(world.told() == before);
  CHECK(world.state() == PeerState::active);  // it contradicts nothing
}

TEST_CASE("who stalls is told as long as it does, with what others saw", "[federation][witness]") {
  Stalled world;
  CHECK_FALSE(world.told_after(5));
  CHECK(world.exchange.stalls().empty());
  CHECK(world.told_after(1));
  CHECK(world.exchange.stalls() == std::map<std::string, Stall>{{"ibis.example/log", {300, 400, "magpie"}}});
  PeerStatus status;
  status.stall = world.exchange.stalls().at("ibis.example/log");
  CHECK(status.withheld() == "it shows 300 entries of its log, of which magpie saw 400");
  world.shows(400);
  CHECK(world.told_after(1));
  CHECK(world.exchange.stalls().empty());
}

TEST_CASE("a friend of the origin's who names another size each time does not save it", "[federation][witness]") {
  Stalled world;
  for (std::size_t seen = 399; seen > 394; --seen) {
    CHECK_FALSE(world.told_after(1));
    world.magpie_says.saw("ibis.example/log", world.signed_at(test::numbered_leaves(seen), seen));
    world.exchange.exchange("magpie", world.magpie_says);
  }
  CHECK(world.told_after(1));
}

TEST_CASE("a smaller size that the origin has shown is no stall", "[federation][witness]") {
  Stalled world;
  world.shows(350);
  CHECK_FALSE(world.told_after(5));
  world.magpie_says.saw("ibis.example/log", world.signed_at(test::numbered_leaves(350), 350));
  world.exchange.exchange("magpie", world.magpie_says);
  CHECK_FALSE(world.told_after(20));
}

TEST_CASE("no origin is told to stall that is late once, silent, or shows what another has", "[federation][witness]") {
  Stalled late;
  CHECK_FALSE(late.told_after(5));
  late.shows(400);  // it is verified here only later, and that is no fault of the origin
  CHECK_FALSE(late.told_after(20));
  late.shows(300);
  CHECK_FALSE(late.told_after(5));

  Stalled silent;
  silent.ibis_says.reachable = false;
  CHECK_FALSE(silent.told_after(20));

  Stalled forged;
  forged.ibis_says.answers["/log/data/checkpoint"] = test::note_at(forged.leaves, 300, forged.magpie.log_key());
  CHECK_FALSE(forged.told_after(20));
}

TEST_CASE("nobody makes an origin stall with a tree that it has not signed", "[federation][witness]") {
  World world;
  world.magpie_says.saw("ibis.example/log", test::note_at(test::numbered_leaves(400), 400, world.magpie.log_key()));
  world.exchange.exchange("magpie", world.magpie_says);
  Answering ibis_says;
  for (int i = 0; i < 10; ++i) world.exchange.exchange("ibis", ibis_says);
  CHECK(std::ranges::find(ibis_says.asked, "/log/data/checkpoint") == ibis_says.asked.end());
  CHECK(world.told().find("federation.stalls") == std::string::npos);
}

TEST_CASE("a peer is asked of every log but its own, and of ours", "[federation][witness]") {
  World world;
  world.exchange.exchange("magpie", world.magpie_says);
  CHECK(world.magpie_says.asked ==
        std::vector<std::string>{"/witness/" + log::origin_hash("ibis.example/log") + "/checkpoint",
                                 "/witness/" + log::origin_hash("heron.example/log") + "/checkpoint"});
  world.magpie_says.asked.clear();
  world.magpie_says.reachable = false;
  world.exchange.exchange("magpie", world.magpie_says);
  CHECK(world.magpie_says.asked.size() == 1);  // and no more when it cannot be reached
  CHECK(world.told().empty());
}

TEST_CASE("another tree of our own log is told loudly, once", "[federation][witness]") {
  World world;
  auto const own = "heron.example/log";
  auto const told = [&] { return world.told().find("federation.own_log_forked") != std::string::npos; };
  CHECK(world.exchange.compare("magpie", own, world.own_note(test::numbered_leaves(20, "own"))) == Standing::agrees);
  CHECK_FALSE(told());
  auto const forked = world.own_note(test::with_another(test::numbered_leaves(20, "own"), 3));
  CHECK(world.exchange.compare("magpie", own, forked) == Standing::contradicts);
  CHECK(told());
  auto const before = world.told();
  CHECK(world.exchange.compare("magpie", own, forked) == Standing::contradicts);
  CHECK(world.told() == before);
  CHECK(world.exchange.compare("magpie", own, world.own_note(test::numbered_leaves(41, "own"))) == Standing::beyond);
  CHECK(world.told() != before);  // our key signed more than there is here
}

TEST_CASE("a size is witnessed when more than two thirds of the witnesses cosigned it", "[federation][witness]") {
  STATIC_REQUIRE(quorum_of(0) == 0);
  STATIC_REQUIRE(quorum_of(1) == 1);
  STATIC_REQUIRE(quorum_of(3) == 3);
  STATIC_REQUIRE(quorum_of(4) == 3);
  STATIC_REQUIRE(quorum_of(7) == 5);
  World world;
  world.agree_on(4);
  CHECK(world.witnessed() == WitnessedLog{4, 3, 300, 0});
  CHECK(world.witnessed().unwitnessed() == 300);
  REQUIRE(world.compare(world.cosigned(world.leaves, 300, {1})) == Standing::agrees);
  REQUIRE(world.compare(world.cosigned(world.leaves, 200, {1, 2})) == Standing::agrees);
  CHECK(world.witnessed().witnessed == 0);
  REQUIRE(world.compare(world.cosigned(world.leaves, 100, {4})) == Standing::agrees);
  CHECK(world.witnessed().witnessed == 100);
  REQUIRE(world.compare(world.cosigned(world.leaves, 250, {2, 3})) == Standing::agrees);
  CHECK(world.witnessed() == WitnessedLog{4, 3, 300, 250});
  CHECK(world.exchange.latest().empty());
  world.magpie_says.saw("ibis.example/log", world.cosigned(world.leaves, 300, {9}));  // nobody's witness
  world.exchange.exchange("magpie", world.magpie_says);
  CHECK(world.exchange.latest().at("ibis.example/log") == world.witnessed());
  CHECK(world.witnessed().unwitnessed() == 50);
}

TEST_CASE("what is not of our tree, or signed wrongly, is witnessed by nobody", "[federation][witness]") {
  World world;
  world.agree_on(1);
  REQUIRE(world.compare(world.cosigned(test::numbered_leaves(400), 400, {1})) == Standing::beyond);
  auto note = test::signed_at(world.leaves, 300, world.ibis.log_key());
  REQUIRE(note.add(log::cosign(witness(1), note.text() + "x", 1'000)));
  CHECK(world.compare(note.format()).error().code == Code::note_unverified);
  CHECK(world.witnessed().witnessed == 0);
  world.agree("ibis", "");
  CHECK(world.witnessed() == WitnessedLog{0, 0, 300, 0});
}

}  // namespace
}  // namespace tocsin::federation
