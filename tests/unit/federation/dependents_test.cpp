// Who reads a log through this instance, and what its origin is told of them.
#include "server/federation/dependents.hpp"

#include <vector>

#include "schema/log/manifest.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using test::FollowedWorld;

constexpr std::int64_t kSecond = 1'000'000, kHour = 3'600 * kSecond;
auto const kMagpie = "magpie.example/log";

// An origin, or a relay to it, that answers statements with one status.
class Way final : public Transport {
 public:
  explicit Way(std::string relay = "") : relay_(std::move(relay)) {}
  core::Result<PeerAnswer> get(std::string const&, std::size_t, std::chrono::milliseconds) override {
    return core::fail(Code::internal, "Nothing is asked of it.");
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const&, std::string const& body, std::size_t,
                                std::chrono::milliseconds) override {
    CHECK(target == "/log/control/receipts");
    taken.push_back(body);
    return PeerAnswer{status, ""};
  }
  void stop() override {}
  [[nodiscard]] std::string relay() const override { return relay_; }

  int status = 204;
  std::vector<std::string> taken;

 private:
  std::string relay_;
};

// Heron follows Ibis, and hands its log on to Magpie.
struct World : FollowedWorld {
  log::SignerKey const key =
      log::SignerKey::make("heron.example/log/applied", log::KeyType::cosignature, log::SigningKey::generate()).value();
  Dependents dependents{made()};
  store::Origin origin;

  World() {
    origin.row = row;
    origin.name = "ibis.example/log";
    origin.control.applied = 3;
  }
  Dependents::Parts made() {
    return {"heron.example/log", *peering, database->relays(),
            perform(),           clock,    [this] { return key.named(key.verifier().name()); },
            [] { return 0.5; }};
  }
  [[nodiscard]] std::map<std::string, std::uint64_t> opened(std::string const& note) const {
    auto const said = log::open_dependents(note, key.verifier());
    REQUIRE(said.has_value());
    CHECK(said->dependents.control == "ibis.example/log/control");
    CHECK(said->time_s == static_cast<std::uint64_t>(clock.at_us / kSecond));
    return said->dependents.applied;
  }
  // What Magpie says of those behind it.
  void behind_magpie(std::map<std::string, std::uint64_t> applied) {
    auto const note = log::sign_dependents({"ibis.example/log/control", std::move(applied)}, key, 1).value();
    REQUIRE(dependents.said(row, kMagpie, note).has_value());
  }
};

using Applied = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("an instance behind which there is nobody tells nothing of dependents", "[federation][dependents]") {
  World world;
  Way ibis;
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.empty());
}

TEST_CASE("whoever was shown something is named to its origin, and once more when he acknowledged",
          "[federation][dependents]") {
  World world;
  Way ibis;
  REQUIRE(world.dependents.shown(world.row, kMagpie).has_value());
  for (int i = 0; i < 2; ++i) REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  REQUIRE(ibis.taken.size() == 1);
  CHECK(world.opened(ibis.taken.back()) == Applied{{kMagpie, 0}});
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 3).has_value());
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 2).has_value());
  REQUIRE(world.dependents.shown(world.row, kMagpie).has_value());
  for (int i = 0; i < 2; ++i) REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  REQUIRE(ibis.taken.size() == 2);
  CHECK(world.opened(ibis.taken.back()) == Applied{{kMagpie, 3}});
  ++world.origin.control.applied;  // the origin may have lost what it was told before
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.size() == 3);
}

TEST_CASE("who reads through this instance outlives it", "[federation][dependents]") {
  World world;
  Way ibis;
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 2).has_value());
  Dependents again(world.made());
  REQUIRE(again.hand_in(world.origin, ibis).has_value());
  REQUIRE(ibis.taken.size() == 1);
  CHECK(world.opened(ibis.taken.back()) == Applied{{kMagpie, 2}});
}

TEST_CASE("a peer that was removed is waited for no more, and its origin is told", "[federation][dependents]") {
  World world;
  Way ibis;
  REQUIRE(world.dependents.shown(world.row, kMagpie).has_value());
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  REQUIRE(world.peering->set_state("magpie", store::PeerState::removed, "", test::kNow).has_value());
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  REQUIRE(ibis.taken.size() == 2);
  CHECK(world.opened(ibis.taken.back()).empty());
}

TEST_CASE("those behind a relay that is behind this one are named too", "[federation][dependents]") {
  World world;
  world.behind_magpie({{"heron.example/log", 1}, {"ibis.example/log", 1}, {"owl.example/log", 5}});
  auto const all = world.dependents.of(world.origin);
  REQUIRE(all.has_value());
  CHECK(all->applied == Applied{{kMagpie, 0}, {"owl.example/log", 5}});  // neither this instance nor the origin
  world.behind_magpie({{"owl.example/log", 6}});
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 4).has_value());
  CHECK(world.dependents.of(world.origin)->applied == Applied{{kMagpie, 4}, {"owl.example/log", 6}});
}

TEST_CASE("nobody makes another one look as if he had applied more, or go unnamed", "[federation][dependents]") {
  World world;
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 2).has_value());
  world.behind_magpie({{kMagpie, 9}});
  CHECK(world.dependents.of(world.origin)->applied == Applied{{kMagpie, 2}});
  Applied many;
  for (int i = 0; i < 300; ++i) many["a" + std::to_string(i)] = 9;
  world.behind_magpie(many);
  auto const all = world.dependents.of(world.origin)->applied;
  CHECK(all.size() == 101);
  CHECK(all.contains(kMagpie));
}

TEST_CASE("nobody is told what came from him", "[federation][dependents]") {
  World world;
  Way magpie("magpie");
  world.behind_magpie({{"owl.example/log", 5}});
  REQUIRE(world.dependents.hand_in(world.origin, magpie).has_value());
  CHECK(magpie.taken.empty());
}

TEST_CASE("a statement of dependents that is refused is handed in again, more and more seldom, and told in words",
          "[federation][dependents]") {
  World world;
  Way ibis;
  ibis.status = 403;
  REQUIRE(world.dependents.shown(world.row, kMagpie).has_value());
  auto const refused = world.dependents.hand_in(world.origin, ibis);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::unavailable);
  CHECK(refused.error().detail ==
        "What is said here of those behind this relay was refused with 403; it is tried again at "
        "2026-09-21T14:13:20.750Z.");
  CHECK_FALSE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.size() == 1);
  for (; world.clock.at_us < test::kNow + 5 * kHour; world.clock.at_us += kSecond)
    CHECK_FALSE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.size() < 30);
  auto const before = ibis.taken.size();
  REQUIRE(world.dependents.acknowledged(world.row, kMagpie, 1).has_value());  // another statement goes at once
  CHECK_FALSE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.size() == before + 1);
  ibis.status = 204;
  world.clock.at_us += kHour;
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  REQUIRE(world.dependents.hand_in(world.origin, ibis).has_value());
  CHECK(ibis.taken.size() == before + 2);
}

}  // namespace tocsin::federation
