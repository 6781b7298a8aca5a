// What an instance says that it saw of a log.
#include "server/federation/witness.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

using core::Code;

struct World : test::FollowedWorld {
  log::SignerKey key =
      log::SignerKey::make("heron.example/log/witness", log::KeyType::cosignature, log::SigningKey::generate()).value();
  int made = 0;  // cosignatures
  Witness witness{{*peering, origins, perform(), clock, [this] {
                     ++made;
                     return log::SignerKey::parse(key.text());
                   }}};

  core::Result<std::string> seen(std::string const& origin, std::shared_ptr<std::string const> const& own = nullptr) {
    return witness.checkpoint(log::origin_hash(origin), own);
  }
  log::OpenedCheckpoint open(std::string const& note, log::SignerKey const& log) const {
    return log::open_checkpoint(note, log.verifier(), std::span(&key.verifier(), 1)).value();
  }
};

TEST_CASE("a witness says which tree of a peer's log it verified, and when", "[federation][witness]") {
  World world;
  auto const opened = world.open(world.seen("ibis.example/log").value(), world.ibis.log_key());
  CHECK(opened.checkpoint.size == 300);
  REQUIRE(opened.cosigners.size() == 1);
  CHECK(opened.cosigners[0].time_s == test::kNow / 1'000'000);
  CHECK(opened.note.signatures().size() == 2);
}

TEST_CASE("one cosignature holds for ten seconds, unless the log grows or the clock goes back",
          "[federation][witness]") {
  World world;
  auto const first = world.seen("ibis.example/log").value();
  world.clock.at_us += 9'999'999;
  CHECK(world.seen("ibis.example/log") == first);
  CHECK(world.made == 1);
  world.clock.at_us += 1;
  CHECK(world.seen("ibis.example/log") != first);
  CHECK(world.made == 2);
  world.origins.grow(world.row, world.ibis.log_key(), test::numbered_leaves(301));
  CHECK(world.open(world.seen("ibis.example/log").value(), world.ibis.log_key()).checkpoint.size == 301);
  world.clock.at_us -= 60'000'000;
  auto const earlier = world.open(world.seen("ibis.example/log").value(), world.ibis.log_key());
  CHECK(earlier.cosigners[0].time_s == static_cast<std::uint64_t>(world.clock.at_us / 1'000'000));
}

TEST_CASE("a witness passes on nothing but the log's own signature", "[federation][witness]") {
  World world;
  auto note = test::signed_at(world.leaves, 300, world.heron.log_key());
  auto const stranger =
      log::SignerKey::make("stranger.example", log::KeyType::cosignature, log::SigningKey::generate()).value();
  for (int i = 0; i < 50; ++i) REQUIRE(note.add(log::cosign(stranger, note.text(), 7)));
  auto const own = std::make_shared<std::string const>(note.format());
  auto const opened = world.open(world.seen("heron.example/log", own).value(), world.heron.log_key());
  CHECK((opened.note.signatures().size() == 2 && opened.cosigners.size() == 1));
}

TEST_CASE("of a log that nobody verified there is nothing to say", "[federation][witness]") {
  World world;
  CHECK(world.seen("magpie.example/log").error().code == Code::not_found);  // a peer that is not followed
  CHECK(world.seen("heron.example/log").error().code == Code::not_found);   // before its first checkpoint
  CHECK(world.seen("nobody.example/log").error().code == Code::not_found);
  CHECK(world.witness.checkpoint("", nullptr).error().code == Code::not_found);
  world.origins.grow(world.row, world.magpie.log_key(), world.leaves);  // as after a change of the peer's key
  CHECK(world.seen("ibis.example/log").error().code == Code::unavailable);
  CHECK(world.made == 0);
}

}  // namespace
}  // namespace tocsin::federation
