// A log that is long when it is first followed is taken pack by pack: each is held against its own root, what was
// verified is kept, and what is false is fetched again alone.
#include "schema/log/following.hpp"
#include "server/federation/peer_follower.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/hashed_log.hpp"
#include "tests/unit/federation/memory_intake.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;
using log::kPackLeaves;
using test::HashedLog;

constexpr std::uint64_t kPacks = 3, kSize = kPacks * kPackLeaves + 300, kTiles = kSize / 256 + 1;

class SetClock final : public base::Clock {
 public:
  [[nodiscard]] std::int64_t now_us() const override { return 1'790'000'000'000'000; }
};

// Counts the leaves and keeps none.
class Counting final : public test::MemoryIntake {
 public:
  core::Result<void> verified(store::RowId, store::LogName, store::OriginLog const& log,
                              std::string_view hashes) override {
    most = std::max(most, hashes.size());
    stored.data = log;
    return {};
  }
  std::size_t most = 0;
};

log::HashReader const& three_packs() {
  static log::HashReader const nodes = test::different_leaves(kSize);
  return nodes;
}

// A tree that begins with the second pack of those.
core::Result<core::Digest> later_packs(log::Node node) {
  if (node.level <= 16) return three_packs()({node.level, node.index + (kPackLeaves >> node.level)});
  return log::node_hash(later_packs({node.level - 1, 2 * node.index}).value(),
                        later_packs({node.level - 1, 2 * node.index + 1}).value());
}

struct World {
  HashedLog peer{three_packs(), kSize};
  test::MemoryIntake intake;
  SetClock clock;

  [[nodiscard]] LogFollower follower(Intake& into) {
    return {peer, into, clock, store::LogName::data, peer.manifest(), {}};
  }
  // As a process that begins anew does, until nothing is left or something is wrong.
  [[nodiscard]] core::Result<void> follow(Intake& into) {
    auto one = follower(into);
    store::Origin origin = into.origin("ibis.example/log").value();
    for (bool more = true; more;) {
      auto const looked = one.look(origin, std::nullopt);
      if (!looked) return std::unexpected(looked.error());
      more = looked->more;
    }
    return {};
  }
  [[nodiscard]] core::Result<void> follow() { return follow(intake); }
  [[nodiscard]] core::Digest verified_root() const {
    return log::CompactRange::parse(intake.stored.data.range).value().root();
  }
  // A hash of this tile is another, as often.
  void falsify(std::string const& tile, int times) {
    peer.instead = [this, tile, times](std::string const& target) mutable -> std::optional<core::Result<PeerAnswer>> {
      if (target != "/log/data/" + tile || times-- == 0) return std::nullopt;
      auto const truth = std::exchange(peer.instead, nullptr);
      auto answer = peer.get(target, SIZE_MAX, 1s).value();
      peer.instead = truth;
      answer.body.at(32 * 7) = static_cast<char>(answer.body.at(32 * 7) ^ 1);
      return answer;
    };
  }
};

}  // namespace

TEST_CASE("a long log is verified pack by pack, and its note is kept when all of it is", "[federation][packs]") {
  World world;
  auto follower = world.follower(world.intake);
  auto origin = world.intake.origin("ibis.example/log").value();
  for (std::uint64_t pack = 1; pack <= kPacks; ++pack) {
    auto const looked = follower.look(origin, std::nullopt);
    REQUIRE(looked.has_value());
    CHECK((looked->longer && looked->more));
    CHECK(world.intake.stored.data.size == pack * kPackLeaves);
    CHECK(world.verified_root() == world.peer.root(pack * kPackLeaves));
    CHECK(world.intake.stored.data.checkpoint.empty());
  }
  auto const looked = follower.look(origin, std::nullopt);
  REQUIRE(looked.has_value());
  CHECK((looked->longer && !looked->more));
  CHECK(world.intake.stored.data.checkpoint == world.peer.checkpoint());
  CHECK(world.verified_root() == world.peer.root(kSize));
  CHECK(origin.data.size == kSize);
  auto const last = world.intake.hashes(7, store::LogName::data, kSize - 1, 1).value();
  CHECK(last == core::view(three_packs()({0, kSize - 1}).value()));
}

TEST_CASE("a log that was followed within a pack goes on from there", "[federation][packs]") {
  World world;
  world.peer.size = 300;
  REQUIRE(world.follow());
  auto const note = world.intake.stored.data.checkpoint;
  world.peer.size = kSize;
  auto follower = world.follower(world.intake);
  auto origin = world.intake.origin("ibis.example/log").value();
  REQUIRE(follower.look(origin, std::nullopt)->more);
  CHECK(world.intake.stored.data.size == kPackLeaves);
  CHECK(world.intake.stored.data.checkpoint == note);
  REQUIRE(world.follow());
  CHECK(world.verified_root() == world.peer.root(kSize));
}

TEST_CASE("a log that grew by more than four million entries is followed, with the leaves of one pack in memory",
          "[federation][packs]") {
  World world;
  HashedLog peer(test::equal_packs(), 65 * kPackLeaves + 1'000);
  Counting intake;
  LogFollower follower(peer, intake, world.clock, store::LogName::data, peer.manifest(), {});
  auto origin = intake.origin("ibis.example/log").value();
  for (std::uint64_t pack = 1; pack <= 2; ++pack) {
    REQUIRE(follower.look(origin, std::nullopt)->more);
    CHECK(origin.data.size == pack * kPackLeaves);
  }
  // As it is after 64 of them, which are one whole tree.
  origin.data.size = 64 * kPackLeaves;
  origin.data.range = std::string("\0\0\0\0\0\x40\0\0", 8) + std::string(core::view(peer.root(origin.data.size)));
  REQUIRE(follower.look(origin, std::nullopt)->more);
  REQUIRE_FALSE(follower.look(origin, std::nullopt)->more);
  CHECK(origin.data.size == peer.size);
  CHECK(origin.data.checkpoint == peer.checkpoint());
  CHECK(intake.most == 32 * kPackLeaves);
}

TEST_CASE("a pack with a false hash is told, and it alone is fetched again", "[federation][packs]") {
  World world;
  world.falsify("tile/0/300", 1);  // of the second pack
  auto const refused = world.follow();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Code::log_inconsistent);
  CHECK(refused.error().detail == "The leaves from 65536 on lead to another root than the one that is signed.");
  CHECK(world.intake.stored.data.size == kPackLeaves);
  REQUIRE(world.follow());
  CHECK(world.verified_root() == world.peer.root(kSize));
  CHECK(world.peer.leaf_tiles_asked() <= kTiles + 256 + 2 * kPacks);  // and the last one for each pack's proof
}

TEST_CASE("tiles above the leaves that do not lead to the signed root are told before a leaf is fetched",
          "[federation][packs]") {
  World world;
  std::string const detail = "The log that is signed does not begin with its first 65536 entries, by its own tiles.";
  HashedLog peer(test::equal_packs(), kPackLeaves * 8 + 5);  // of which the last tile of level 2 holds eight hashes
  peer.instead = [](std::string const& target) -> std::optional<core::Result<PeerAnswer>> {
    if (target != "/log/data/tile/2/000.p/8") return std::nullopt;
    return PeerAnswer{200, std::string(32 * 8, 'x')};
  };
  LogFollower follower(peer, world.intake, world.clock, store::LogName::data, peer.manifest(), {});
  auto origin = world.intake.origin("ibis.example/log").value();
  auto const looked = follower.look(origin, std::nullopt);
  REQUIRE_FALSE(looked);
  CHECK((looked.error().code == Code::log_inconsistent && looked.error().detail == detail));
  CHECK(world.intake.stored.data.size == 0);
  CHECK(peer.leaf_tiles_asked() <= 1);
}

TEST_CASE("a long log that does not begin with what was verified is told before a pack is fetched",
          "[federation][packs]") {
  World world;
  world.peer.size = 300;
  REQUIRE(world.follow());
  world.intake.stored.data.range[20] = static_cast<char>(world.intake.stored.data.range[20] ^ 1);
  world.peer.size = kSize;
  auto const before = world.peer.leaf_tiles_asked();
  auto const refused = world.follow();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail ==
        "The log that is signed does not begin with its first 300 entries, by its own tiles.");
  CHECK(world.intake.stored.data.size == 300);
  CHECK(world.peer.leaf_tiles_asked() - before < 10);
}

TEST_CASE("a long log that was rewritten below the note of before is convicted in the midst of its packs",
          "[federation][packs][evidence]") {
  World world;
  bool rewritten = false;
  HashedLog peer([&](log::Node node) { return rewritten ? later_packs(node) : three_packs()(node); }, 300);
  LogFollower follower(peer, world.intake, world.clock, store::LogName::data, peer.manifest(), {});
  auto origin = world.intake.origin("ibis.example/log").value();
  REQUIRE(follower.look(origin, std::nullopt).has_value());
  auto const before = origin.data.checkpoint;
  peer.size = kSize;
  REQUIRE(follower.look(origin, std::nullopt)->more);
  REQUIRE((origin.data.size == kPackLeaves && origin.data.checkpoint == before));
  rewritten = true;
  peer.size = 2 * kPackLeaves + 300;
  CHECK(follower.look(origin, std::nullopt).error().code == Code::log_inconsistent);
  auto const evidence = follower.take_evidence();
  REQUIRE(evidence.has_value());
  CHECK((evidence->first == before && evidence->second == peer.checkpoint()));
  CHECK(log::verify_evidence(*evidence, peer.manifest().log).value().first.size == 300);
}

TEST_CASE("whoever is cut off anywhere fetches less than two packs again", "[federation][packs]") {
  World whole;
  REQUIRE(whole.follow());
  auto const last = whole.peer.asked.size();
  for (std::size_t const cut : {std::size_t{2}, std::size_t{5}, std::size_t{100}, std::size_t{263}, last - 3, last}) {
    CAPTURE(cut);
    World world;
    world.peer.instead = [&](std::string const&) -> std::optional<core::Result<PeerAnswer>> {
      if (world.peer.asked.size() < cut) return std::nullopt;
      return core::fail(Code::unavailable, "It is cut.");
    };
    CHECK(world.follow().error().code == Code::unavailable);
    CHECK(world.intake.stored.data.size % kPackLeaves == 0);
    world.peer.instead = nullptr;
    REQUIRE(world.follow());
    CHECK(world.intake.stored.data.checkpoint == world.peer.checkpoint());
    CHECK(world.verified_root() == world.peer.root(kSize));
    CHECK(world.peer.leaf_tiles_asked() < kTiles + 2 * 256);
  }
}

TEST_CASE("a log that is signed for more entries than are followed is asked for nothing else", "[federation][packs]") {
  World world;
  HashedLog peer(test::equal_packs(), kMostLeaves + 1);
  LogFollower follower(peer, world.intake, world.clock, store::LogName::data, peer.manifest(), {});
  auto origin = world.intake.origin("ibis.example/log").value();
  CHECK(follower.look(origin, std::nullopt).error().code == Code::too_many_requests);
  CHECK(peer.asked.size() == 1);
  peer.size = kMostLeaves;
  CHECK(follower.look(origin, std::nullopt).has_value());
  CHECK(world.intake.stored.data.size == kPackLeaves);
}

TEST_CASE("each pack is applied, and the control log looked at, before the next one is fetched",
          "[federation][packs]") {
  World world;
  test::MemoryControl control{world.intake};
  test::MemoryMisbehaviour misbehaviour;
  base::Log log{-1};
  base::Metrics metrics;
  auto agreement = std::make_shared<Agreement>();
  agreement->entries_per_hour = 1'000'000;
  agreement->mib_per_hour = 256;
  Surroundings const around{
      world.intake, control, misbehaviour,       world.clock,
      log,          metrics, [] { return 0.5; }, [](store::Origin const&, Transport&) { return core::Result<void>(); }};
  PeerFollower follower({"ibis", world.peer.manifest(), agreement}, world.peer, around);
  for (std::uint64_t pack = 1; pack <= kPacks + 1; ++pack) {
    REQUIRE(follower.turn() == 0ms);
    auto const status = follower.status();
    CHECK(status.verified == std::min(pack * kPackLeaves, kSize));
    CHECK(status.applied == status.verified);
    CHECK(std::ranges::count(world.peer.asked, "/log/control/checkpoint") == static_cast<std::ptrdiff_t>(pack));
  }
}

}  // namespace tocsin::federation
