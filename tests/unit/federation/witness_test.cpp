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
  Witness witness{{*peering, origins, database->witnesses(), *trees, *keeper, perform(), clock, [this] {
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

// Ibis signs; whoever has what it signed hands it in.
struct Handing : World {
  std::string submission(std::uint64_t from, test::Leaves const& of, std::size_t size) {
    log::Submission const out{from, log::consistency_proof(log::reader_of(of), from, size).value(),
                              signed_at(of, size)};
    return out.text();
  }
  Witness::Addition add(std::string const& body) { return witness.add(body).value(); }
};
using Outcome = Witness::Addition::Outcome;

TEST_CASE("a checkpoint that goes on from the newest one is cosigned, and remembered", "[federation][witness]") {
  Handing world;
  auto const longer = test::numbered_leaves(500);
  CHECK(world.add(world.submission(0, longer, 400)).outcome == Outcome::elsewhere);
  CHECK(world.add(world.submission(0, longer, 400)).size == 300);
  auto const added = world.add(world.submission(300, longer, 400));
  REQUIRE(added.outcome == Outcome::cosigned);
  auto note = test::signed_at(longer, 400, world.ibis.log_key());
  auto const lines = log::parse_signature_lines(added.line).value();
  REQUIRE(lines.size() == 1);
  REQUIRE(note.add(lines.front()));
  CHECK(world.open(note.format(), world.ibis.log_key()).cosigners.size() == 1);
  // It is the newest from now on, whoever asks.
  CHECK(world.add(world.submission(300, longer, 450)).size == 400);
  CHECK(world.add(world.submission(400, longer, 400)).outcome == Outcome::cosigned);
  CHECK(world.open(world.seen("ibis.example/log").value(), world.ibis.log_key()).checkpoint.size == 400);
  world.origins.grow(world.row, world.ibis.log_key(), test::numbered_leaves(450));
  CHECK(world.open(world.seen("ibis.example/log").value(), world.ibis.log_key()).checkpoint.size == 450);
}

TEST_CASE("what is not such a checkpoint is refused, each for its reason", "[federation][witness]") {
  Handing world;
  auto const longer = test::numbered_leaves(400);
  auto const good = log::Submission::parse(world.submission(300, longer, 400)).value();
  auto const with = [&](auto change) {
    auto other = good;
    change(other);
    return world.add(other.text()).outcome;
  };
  CHECK(world.add("").outcome == Outcome::malformed);
  CHECK(world.add("{}").outcome == Outcome::malformed);
  CHECK(with([&](auto& one) { one.checkpoint = test::note_at(longer, 400, world.magpie.log_key()); }) ==
        Outcome::elsewhere);  // a peer of which nothing was verified: it begins at 0
  CHECK(with([&](auto& one) { one.checkpoint = test::note_at(longer, 400, world.heron.log_key()); }) ==
        Outcome::unknown);
  test::OtherInstance const forger("ibis.example");
  CHECK(with([&](auto& one) { one.checkpoint = test::note_at(longer, 400, forger.log_key()); }) == Outcome::unverified);
  CHECK(with([&](auto& one) { one.checkpoint = world.signed_at(longer, 299); }) == Outcome::smaller);
  CHECK(with([&](auto& one) { one.proof.pop_back(); }) == Outcome::unproven);
  CHECK(with([&](auto& one) { one.proof.push_back(core::Digest{1}); }) == Outcome::unproven);
  CHECK(with([&](auto& one) { one.checkpoint = world.signed_at(test::with_another(longer, 5), 400); }) ==
        Outcome::unproven);
  CHECK(world.state() == store::PeerState::active);
  CHECK(world.made == 4);  // a key is read once all else is known to be the log's
  REQUIRE(world.peering->set_state("ibis", store::PeerState::paused, "", test::kNow));
  CHECK(world.add(good.text()).outcome == Outcome::unknown);
}

TEST_CASE("another root of the newest size is evidence", "[federation][witness]") {
  Handing world;
  auto const forked = world.submission(300, world.other, 300);
  CHECK(world.add(forked).outcome == Outcome::unproven);
  CHECK(world.peering->quarantined("ibis") == "its log was signed with two roots at size 300");
}

TEST_CASE("what was cosigned and what was verified later are evidence when they do not agree",
          "[federation][witness]") {
  Handing world;
  auto const one = test::numbered_leaves(400), another = test::with_another(test::numbered_leaves(450), 350);
  REQUIRE(world.add(world.submission(300, one, 400)).outcome == Outcome::cosigned);
  world.origins.grow(world.row, world.ibis.log_key(), another);
  CHECK(world.seen("ibis.example/log").error().code == Code::unavailable);
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 400");
}

TEST_CASE("who verified another tree than was cosigned goes on from neither", "[federation][witness]") {
  Handing world;
  auto const one = test::numbered_leaves(400), another = test::with_another(test::numbered_leaves(460), 350);
  REQUIRE(world.add(world.submission(300, one, 400)).outcome == Outcome::cosigned);
  world.origins.grow(world.row, world.ibis.log_key(), test::Leaves(another.begin(), another.begin() + 450));
  CHECK(world.witness.add(world.submission(450, another, 460)).error().code == Code::unavailable);
  CHECK(world.peering->quarantined("ibis") == "its log was rewritten below size 400");
  world.resume();
  CHECK(world.witness.add(world.submission(450, another, 460)).error().code == Code::unavailable);
}

TEST_CASE("a log that signs with another key goes on from what was cosigned before", "[federation][witness]") {
  Handing world;
  test::OtherInstance const before("ibis.example");
  auto const longer = test::numbered_leaves(500), another = test::with_another(longer, 350);
  auto const cosigned = test::note_at(longer, 400, before.log_key());
  REQUIRE(world.database->witnesses().cosigned("ibis.example/log", cosigned).has_value());
  CHECK(world.seen("ibis.example/log").error().code == Code::unavailable);  // it signed nothing as large with this one
  CHECK(world.add(world.submission(300, longer, 450)).size == 400);
  CHECK(world.add(world.submission(400, another, 450)).outcome == Outcome::unproven);
  CHECK(world.add(world.submission(400, longer, 450)).outcome == Outcome::cosigned);
  REQUIRE(world.database->witnesses().cosigned("ibis.example/log", cosigned).has_value());
  world.origins.grow(world.row, world.ibis.log_key(), another);
  CHECK(world.seen("ibis.example/log").error().code == Code::unavailable);
  CHECK(world.state() == store::PeerState::active);  // no key signed both
}

}  // namespace
}  // namespace tocsin::federation
