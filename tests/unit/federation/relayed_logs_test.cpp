// Which logs are handed on to whom, and what of them; and receipts that are carried to an origin.
#include "server/federation/relayed_logs.hpp"

#include <algorithm>
#include <utility>

#include "schema/log/checkpoint.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

using core::Code;
using test::FollowedWorld;

// Heron follows Ibis, and has agreed with both.
struct World : FollowedWorld {
  std::string const hash = log::origin_hash("ibis.example/log");
  RelayedLogs relayed{{*peering, origins, *trees, perform()}};

  World() {
    agree("ibis", "relayed = true\n");
    agree("magpie", "direction = \"out\"\nrelays = [\"ibis\"]\n");
    apply(300);
  }
  // So many entries of Ibis are applied.
  void apply(std::uint64_t size) { origins.apply(row, size); }
  Code refused(std::string const& receiver = "magpie", std::string const& of = "data") {
    auto const found = relayed.find(hash, of, receiver);
    REQUIRE_FALSE(found.has_value());
    return found.error().code;
  }
};

// An origin that answers receipts with one status.
class Origin final : public Transport {
 public:
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

  int status = 204;
  std::vector<std::string> taken;
};

constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;

core::Result<void> hand_in(CarriedReceipts& receipts, Transport& origin, std::int64_t now_us = 0,
                           std::string const& name = "ibis.example/log") {
  return receipts.hand_in(name, origin, now_us, [] { return 0.5; });
}

}  // namespace

TEST_CASE("a log is handed on as its origin signed it, with its tiles", "[federation][relays]") {
  World world;
  auto const log = world.relayed.find(world.hash, "data", "magpie");
  REQUIRE(log.has_value());
  CHECK(log->note == world.signed_at(world.leaves, 300));
  CHECK(log->size == 300);
  auto const tile = [&](char const* path) { return world.relayed.tile(*log, log::parse_tile_path(path).value()); };
  CHECK(tile("tile/0/001.p/44").value().substr(0, 32) == core::view(world.leaves.at(256)));
  CHECK(tile("tile/1/000.p/1").value().size() == 32);
  for (char const* absent : {"tile/0/001", "tile/0/002.p/1", "tile/entries/000"})
    CHECK(tile(absent).error().code == Code::not_found);
}

TEST_CASE("what was not applied whole here is not handed on, and what was stays", "[federation][relays]") {
  World world;
  world.apply(299);
  CHECK(world.refused() == Code::unavailable);
  world.apply(300);
  REQUIRE(world.relayed.find(world.hash, "data", "magpie").has_value());
  world.apply(10);
  auto const log = world.relayed.find(world.hash, "data", "magpie");
  REQUIRE(log.has_value());
  CHECK(log->size == 300);
  CHECK(log->applied() == 10);
}

TEST_CASE("how much is handed on is known from memory as soon as it was applied", "[federation][relays]") {
  World world;
  auto const stored = [&] { return world.origins.origins().value().front(); };
  auto const size = [&] { return world.relayed.size(world.row, store::LogName::data); };
  CHECK(size() == 0);
  world.apply(299);
  CHECK_FALSE(world.relayed.grown(stored()));
  CHECK(size() == 0);
  world.apply(300);
  CHECK(world.relayed.grown(stored()));
  CHECK(size() == 300);
  CHECK_FALSE(world.relayed.grown(stored()));
  CHECK(world.relayed.size(world.row, store::LogName::control) == 0);
  CHECK(world.relayed.size(world.row + 1, store::LogName::data) == 0);
}

TEST_CASE("what was read of a log before it grew takes nothing back", "[federation][relays]") {
  World world;
  auto before = world.origins.origins().value().front();
  before.data.checkpoint = world.signed_at(world.leaves, 200);
  REQUIRE(world.relayed.find(world.hash, "data", "magpie").has_value());
  CHECK_FALSE(world.relayed.grown(before));
  CHECK(world.relayed.size(world.row, store::LogName::data) == 300);
}

TEST_CASE("in the midst of a long log that is handed on which its note covers", "[federation][relays][packs]") {
  World world;
  world.origins.note(world.row, world.signed_at(world.leaves, 200));
  auto const log = world.relayed.find(world.hash, "data", "magpie");
  REQUIRE(log.has_value());
  CHECK(log->note == world.signed_at(world.leaves, 200));
  CHECK(log->size == 200);
  CHECK(world.relayed.tile(*log, log::parse_tile_path("tile/0/000.p/200").value()).has_value());
  CHECK(world.relayed.tile(*log, log::parse_tile_path("tile/0/000").value()).error().code == Code::not_found);
  CHECK(world.relayed.root_at(*log, 201).value() == std::nullopt);
}

TEST_CASE("a log is handed on only where both agreements say so", "[federation][relays]") {
  World world;
  CHECK(world.refused("ibis") == Code::not_found);
  CHECK(world.refused("nobody") == Code::not_found);
  CHECK(world.refused("magpie", "audit") == Code::not_found);
  CHECK(world.relayed.find(std::string(64, '0'), "data", "magpie").error().code == Code::not_found);
  for (auto const& [peer, text] :
       {std::pair("ibis", ""), std::pair("ibis", "relayed = true\ndirection = \"out\"\n"),
        std::pair("magpie", "direction = \"out\"\n"), std::pair("magpie", "relays = [\"ibis\"]\n")}) {
    CAPTURE(peer, text);
    world.agree("ibis", "relayed = true\n");
    world.agree("magpie", "direction = \"out\"\nrelays = [\"ibis\"]\n");
    REQUIRE(world.relayed.find(world.hash, "data", "magpie").has_value());
    world.agree(peer, text);
    CHECK(world.refused() == Code::not_found);
  }
}

TEST_CASE("the log of a peer that is not let in is handed on to nobody", "[federation][relays]") {
  World world;
  REQUIRE(world.relayed.find(world.hash, "data", "magpie").has_value());
  world.report(test::note_at(world.other, 300, world.ibis.log_key()));
  REQUIRE(world.state() == store::PeerState::quarantined);
  CHECK(world.refused() == Code::not_found);
}

TEST_CASE("relays are other peers", "[federation][relays]") {
  World world;
  for (char const* wrong :
       {"via = \"ibis\"\n", "via = \"nobody\"\n", "relays = [\"ibis\"]\n", "relays = [\"nobody\"]\n"})
    CHECK(world.mistakes("ibis", wrong) == 1);
  CHECK(world.mistakes("ibis", "via = \"magpie\"\nrelays = [\"magpie\"]\nrelayed = true\n") == 0);
}

TEST_CASE("a receipt is carried to its origin, and whoever gave it is told when it is there", "[federation][relays]") {
  CarriedReceipts receipts;
  Origin origin;
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 3, "three"));
  REQUIRE(hand_in(receipts, origin, 0, "heron.example/log").has_value());
  CHECK(origin.taken.empty());
  REQUIRE(hand_in(receipts, origin).has_value());
  REQUIRE(hand_in(receipts, origin).has_value());
  CHECK(origin.taken == std::vector<std::string>{"three"});
  CHECK(receipts.take("ibis.example/log", "magpie", 3, "three"));
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 4, "four"));
}

TEST_CASE("a receipt that was refused is handed in again, more and more seldom, until it is taken",
          "[federation][relays]") {
  CarriedReceipts receipts;
  Origin origin;
  origin.status = GENERATE(202, 403, 404, 409, 429, 503);
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 3, "three"));
  std::int64_t now_us = 0, tried_us = 0, longest_us = 0;
  for (std::size_t tried = 0; now_us < 10 * kHour; now_us += kSecond) {
    CHECK(hand_in(receipts, origin, now_us).has_value() == (origin.status == 202));
    if (origin.taken.size() == tried) continue;
    tried = origin.taken.size();
    longest_us = std::max(longest_us, now_us - std::exchange(tried_us, now_us));
  }
  bool const is_refusal = origin.status >= 400 && origin.status < 500 && origin.status != 429;
  auto const bound_us = is_refusal ? kHour : kMinute;
  CHECK((longest_us > bound_us / 2 && longest_us <= bound_us));
  CHECK(origin.taken.size() < 30 + (is_refusal ? 0 : 20 * kHour / kMinute));
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 3, "three"));
  origin.status = 204;
  REQUIRE(hand_in(receipts, origin, now_us + kHour).has_value());
  CHECK(receipts.take("ibis.example/log", "magpie", 3, "three"));
}

TEST_CASE("a receipt that is refused holds up neither a newer one nor that of another receiver",
          "[federation][relays]") {
  CarriedReceipts receipts;
  Origin origin;
  origin.status = 403;
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 3, "three"));
  CHECK_FALSE(receipts.take("ibis.example/log", "wren", 3, "of wren"));
  auto const refused = hand_in(receipts, origin);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail ==
        "Of magpie: The receipt for 3 entries of the control log was refused with 403; it is tried again at "
        "1970-01-01T00:00:00.750Z.");
  CHECK(origin.taken == std::vector<std::string>{"three", "of wren"});
  origin.status = 204;
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 4, "four"));
  CHECK_FALSE(hand_in(receipts, origin).has_value());  // that of wren waits
  CHECK(origin.taken.back() == "four");
  CHECK(receipts.take("ibis.example/log", "magpie", 4, "four"));
}

TEST_CASE("an origin that cannot take a receipt now is given it again", "[federation][relays]") {
  CarriedReceipts receipts;
  Origin origin;
  origin.status = 503;
  CHECK_FALSE(receipts.take("ibis.example/log", "magpie", 3, "three"));
  CHECK(hand_in(receipts, origin).error().code == Code::unavailable);
  origin.status = 204;
  REQUIRE(hand_in(receipts, origin, kSecond).has_value());
  CHECK(receipts.take("ibis.example/log", "magpie", 3, "three"));
}

}  // namespace tocsin::federation
