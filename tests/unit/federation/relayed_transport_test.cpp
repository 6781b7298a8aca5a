// Which way a peer is asked whose log another one hands on, and what is made of what comes.
#include "server/federation/relayed_transport.hpp"

#include "schema/log/checkpoint.hpp"
#include "server/federation/peer_follower.hpp"
#include "server/federation/relay_rule.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/federation/memory_intake.hpp"
#include "tests/unit/federation/peer_logs.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using core::Code;
using test::PeerLogs;

struct SetClock final : base::Clock {
  std::int64_t us = 1'790'000'000'000'000;
  [[nodiscard]] std::int64_t now_us() const override { return us; }
};

// A line to one of the two, which outlives the transport and says what was asked on it.
class Line final : public Transport {
 public:
  explicit Line(PeerLogs& logs, std::string prefix) : logs_(logs), prefix_(std::move(prefix)) {}
  core::Result<PeerAnswer> get(std::string const& target, std::size_t most, std::chrono::milliseconds time) override {
    asked.push_back(target);
    if (fails) return core::fail(*fails, "It is away.");
    return logs_.get(prefix_.empty() ? target : "/log/" + target.substr(prefix_.size()), most, time);
  }
  core::Result<PeerAnswer> post(std::string const& target, std::string const&, std::string const&, std::size_t,
                                std::chrono::milliseconds) override {
    asked.push_back(target);
    if (fails) return core::fail(*fails, "It is away.");
    return PeerAnswer{204, ""};
  }
  void stop() override {}

  std::optional<Code> fails;
  std::vector<std::string> asked;

 private:
  PeerLogs& logs_;
  std::string const prefix_;
};

std::string object(char const* level) {
  return R"({"type":"indicator","spec_version":"2.1","id":"indicator--7f1b3b0e-7d64-4f0f-9f5c-0d0b6a6f0f01",)"
         R"("created":"2026-01-02T03:04:05.000Z","modified":"2026-01-02T03:04:05.000Z",)"
         R"("pattern":"[ipv4-addr:value = '198.51.100.3']","pattern_type":"stix","valid_from":"2026-01-02T03:04:05Z")" +
         (level == nullptr
              ? std::string()
              : ",\"object_marking_refs\":[\"" + std::string(stix::tlp2_id(*stix::parse_tlp(level))) + "\"]") +
         "}";
}

// Ibis, whose log Heron hands on.
struct World {
  PeerLogs ibis{"ibis.example"};
  SetClock clock;
  base::Log log{-1};
  std::string const prefix = "/log/of/" + log::origin_hash("ibis.example/log") + "/";
  Line* direct = nullptr;
  Line* relayed = nullptr;
  std::unique_ptr<RelayedTransport> transport;

  World() {
    auto to_ibis = std::make_unique<Line>(ibis, "");
    auto to_heron = std::make_unique<Line>(ibis, prefix);
    direct = to_ibis.get();
    relayed = to_heron.get();
    transport = std::make_unique<RelayedTransport>(
        RelayedTransport::Ways{"ibis", "ibis.example/log", "heron", std::move(to_ibis), std::move(to_heron)}, clock,
        log);
  }
  core::Result<PeerAnswer> ask(std::string const& target = "/log/data/checkpoint") {
    return transport->get(target, 1 << 20, 1s);
  }
};

}  // namespace

TEST_CASE("a peer that can be reached is asked itself", "[federation][relays]") {
  World world;
  REQUIRE(world.ask().has_value());
  CHECK(world.transport->relay().empty());
  CHECK(world.relayed->asked.empty());
}

TEST_CASE("while a peer cannot be reached its relay is asked, and after five minutes the peer again",
          "[federation][relays]") {
  World world;
  world.direct->fails = Code::io_failed;
  REQUIRE(world.ask("/log/data/checkpoint?after=1&control=0&wait=25").has_value());
  CHECK(world.transport->relay() == "heron");
  CHECK(world.relayed->asked == std::vector{world.prefix + "data/checkpoint?after=1&control=0&wait=25"});
  world.direct->fails.reset();
  REQUIRE(world.ask("/log/control/openings?from=0&to=0").has_value());
  CHECK(world.relayed->asked.back() == world.prefix + "control/openings?from=0&to=0");
  CHECK(world.direct->asked.size() == 1);
  world.clock.us += kDirectAgainUs;
  REQUIRE(world.ask().has_value());
  CHECK(world.transport->relay().empty());
}

TEST_CASE("when neither can be reached both are tried with the next request", "[federation][relays]") {
  World world;
  world.direct->fails = Code::request_timeout;
  world.relayed->fails = Code::tls_failed;
  CHECK(world.ask().error().code == Code::tls_failed);
  world.direct->fails.reset();
  REQUIRE(world.ask().has_value());
  CHECK(world.transport->relay().empty());
}

TEST_CASE("who refuses this instance is not gone round", "[federation][relays]") {
  World world;
  world.ibis.instead = [](std::string const&) { return core::Result<PeerAnswer>(PeerAnswer{401, ""}); };
  CHECK(world.ask()->status == 401);
  CHECK(world.relayed->asked.empty());
}

TEST_CASE("a receipt goes the way that the log comes", "[federation][relays]") {
  World world;
  world.direct->fails = Code::io_failed;
  REQUIRE(world.transport->post("/log/control/receipts", "text/plain", "a receipt", 100, 1s).has_value());
  CHECK(world.relayed->asked.back() == world.prefix + "control/receipts");
}

TEST_CASE("only what is marked CLEAR or GREEN itself may be handed on", "[federation][relays]") {
  CHECK(may_be_relayed(object("clear")));
  CHECK(may_be_relayed(object("green")));
  for (char const* level : {"amber", "amber+strict", "red"}) CHECK_FALSE(may_be_relayed(object(level)));
  CHECK_FALSE(may_be_relayed(object(nullptr)));
  CHECK_FALSE(may_be_relayed("{}"));
  CHECK_FALSE(may_be_relayed("no object"));
}

TEST_CASE("a part that is above GREEN keeps the whole from being handed on", "[federation][relays]") {
  auto const green = object("green");
  auto const part = ",\"granular_markings\":[{\"marking_ref\":\"" + std::string(stix::tlp2_id(stix::Tlp::amber)) +
                    "\",\"selectors\":[\"pattern\"]}]}";
  CHECK_FALSE(may_be_relayed(green.substr(0, green.size() - 1) + part));
}

namespace {

// Who follows Ibis through the relay, when it is away.
struct Following : World {
  test::MemoryIntake intake;
  test::MemoryControl control{intake};
  test::MemoryMisbehaviour misbehaviour;
  base::Metrics metrics;
  std::vector<store::Misrelayed> kept;
  Surroundings around{intake,
                      control,
                      misbehaviour,
                      clock,
                      log,
                      metrics,
                      [] { return 0.5; },
                      [](store::Origin const&, Transport&) { return core::Result<void>(); },
                      [this](store::Misrelayed const& entry) { kept.push_back(entry); }};
  std::unique_ptr<PeerFollower> follower;

  Following() {
    Agreement agreement;
    agreement.entries_per_hour = 1'000;
    agreement.mib_per_hour = 10;
    follower = std::make_unique<PeerFollower>(
        Followed{"ibis", ibis.manifest(), std::make_shared<Agreement const>(agreement)}, *transport, around);
  }
};

}  // namespace

TEST_CASE("what its origin opens itself may be above GREEN, and what a relay opens may not", "[federation][relays]") {
  Following world;
  world.ibis.add(object("amber"));
  REQUIRE(world.follower->turn() == 0ms);
  CHECK(world.intake.taken.size() == 1);
  CHECK(world.kept.empty());

  world.direct->fails = Code::io_failed;
  world.ibis.add(object("green"));
  world.ibis.add(object("amber"));
  world.ibis.add(object("green"));
  REQUIRE(world.follower->turn() == 750ms);
  auto const status = world.follower->status();
  CHECK(status.state == PeerStatus::State::backing_off);
  CHECK(status.error.contains("heron handed on entry 2 of ibis.example/log"));
  CHECK(world.intake.taken.size() == 1);
  CHECK((status.verified == 4 && status.applied == 1));
  REQUIRE(world.kept.size() == 1);
  CHECK((world.kept[0].relay == "heron" && world.kept[0].index == 2));
  CHECK(world.kept[0].text.starts_with("tocsin/misrelayed/v1\nrelay heron\norigin ibis.example/log\nentry 2\n"));
}

TEST_CASE("an entry that came directly and comes again through a relay is there once", "[federation][relays]") {
  Following world;
  world.ibis.add(object("green"));
  REQUIRE(world.follower->turn() == 0ms);
  world.direct->fails = Code::io_failed;
  world.ibis.terms = core::Uuid{1};  // the relay's
  world.clock.us += 60'000'000;
  REQUIRE(world.follower->turn().has_value());
  CHECK(world.intake.taken.size() == 1);
  CHECK(world.follower->status().applied == 1);
  CHECK(std::ranges::count(world.intake.told, "again") == 1);
}

TEST_CASE("a relay that has less of a log than its peer showed is told, and its peer is not accused",
          "[federation][relays]") {
  Following world;
  world.ibis.add(object("green"));
  world.ibis.add(object("green"));
  REQUIRE(world.follower->turn() == 0ms);
  world.direct->fails = Code::io_failed;
  world.ibis.cut(1);
  world.clock.us += 60'000'000;
  REQUIRE(world.follower->turn().has_value());
  CHECK(world.follower->status().error.starts_with("heron hands on less of the peer's log"));
  REQUIRE(world.misbehaviour.reports.size() == 1);  // its key may have signed another beginning
  CHECK(world.misbehaviour.reports[0].next == world.ibis.checkpoint("data"));
}

}  // namespace tocsin::federation
