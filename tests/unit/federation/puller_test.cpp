// Who is followed, and how it ends: with threads, and a transport that waits until it is told to stop.
#include "server/federation/puller.hpp"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>

#include "tests/support/catch.hpp"
#include "tests/support/other_instance.hpp"
#include "tests/unit/federation/memory_intake.hpp"

namespace tocsin::federation {
namespace {

using namespace std::chrono_literals;
using State = PeerStatus::State;

// What happened to the transports of a test, which outlives them.
struct Lines {
  std::mutex mutex;
  std::condition_variable changed;
  int open = 0, made = 0;  // under way, ever

  void wait_for(int made_at_least, int open_now) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 30s, [&] { return made >= made_at_least && open == open_now; }));
  }
};

// A peer that never answers.
class Silence final : public Transport {
 public:
  explicit Silence(Lines& lines) : lines_(lines) {}
  core::Result<PeerAnswer> get(std::string const&, std::size_t, std::chrono::milliseconds) override {
    std::unique_lock lock(lines_.mutex);
    ++lines_.made;
    ++lines_.open;
    lines_.changed.notify_all();
    lines_.changed.wait(lock, [&] { return stopped_; });
    --lines_.open;
    lines_.changed.notify_all();
    return core::fail(core::Code::unavailable, "It was stopped.");
  }
  core::Result<PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                std::chrono::milliseconds) override {
    return core::fail(core::Code::unavailable, "It was stopped.");
  }
  void stop() override {
    std::lock_guard lock(lines_.mutex);
    stopped_ = true;
    lines_.changed.notify_all();
  }

 private:
  Lines& lines_;
  bool stopped_ = false;  // guarded by lines_.mutex
};

struct World {
  Lines lines;
  test::MemoryIntake intake;
  test::MemoryControl control{intake};
  test::MemoryMisbehaviour misbehaviour;
  base::SystemClock clock;
  base::Log log{-1};
  base::Metrics metrics;
  test::OtherInstance ibis{"ibis.example"};

  std::mutex mutex;
  std::vector<Peering::Shown> peers;  // guarded by mutex

  void put(store::PeerState state, Direction direction, std::int64_t since_us = 1) {
    auto agreement = std::make_shared<Agreement>();
    agreement->direction = direction;
    agreement->collections = {"network"};
    store::Peer row;
    row.name = "ibis";
    row.origin = ibis.manifest().origin();
    row.state = state;
    row.since_us = since_us;
    row.agreement = core::Digest{static_cast<std::uint8_t>(direction)};
    std::lock_guard lock(mutex);
    peers = {{row, ibis.manifest(), agreement, {}}};
  }
  [[nodiscard]] Puller::Connect connect() {
    return [this](log::Manifest const&) { return std::make_unique<Silence>(lines); };
  }
  [[nodiscard]] std::unique_ptr<Puller> puller() { return puller(connect()); }
  [[nodiscard]] std::unique_ptr<Puller> puller(Puller::Connect connect) {
    return std::make_unique<Puller>(
        [this] {
          std::lock_guard lock(mutex);
          return peers;
        },
        std::move(connect),
        Surroundings{intake, control, misbehaviour, clock, log, metrics, [] { return 0.5; },
                     [](store::Origin const&, Transport&) { return core::Result<void>(); }});
  }
};

State state_of(Puller const& puller) { return puller.status().at(0).state; }

}  // namespace

TEST_CASE("ending does not wait for a peer that does not answer", "[federation][following]") {
  World world;
  world.put(store::PeerState::active, Direction::in);
  auto puller = world.puller();
  world.lines.wait_for(1, 1);
  puller.reset();
  world.lines.wait_for(1, 0);
}

TEST_CASE("a peer that is paused is followed no more, and again when it is resumed", "[federation][following]") {
  World world;
  world.put(store::PeerState::active, Direction::both);
  auto const puller = world.puller();
  world.lines.wait_for(1, 1);
  CHECK(state_of(*puller) == State::following);
  world.put(store::PeerState::paused, Direction::both, 2);
  puller->changed();
  world.lines.wait_for(1, 0);
  CHECK(state_of(*puller) == State::paused);
  world.put(store::PeerState::active, Direction::both, 3);
  puller->changed();
  world.lines.wait_for(2, 1);
}

TEST_CASE("a peer is said to be followed while its line is being made", "[federation][following]") {
  World world;
  world.put(store::PeerState::paused, Direction::in);
  std::promise<State> seen;
  Puller const* following = nullptr;  // nobody makes a line before it is set: the peer is paused
  auto const puller = world.puller([&](log::Manifest const& manifest) {
    seen.set_value(state_of(*following));
    return world.connect()(manifest);
  });
  following = puller.get();
  world.put(store::PeerState::active, Direction::in, 2);
  puller->changed();
  CHECK(seen.get_future().get() == State::following);
  world.lines.wait_for(1, 1);
}

TEST_CASE("nothing is taken from a peer of which only we were to be read", "[federation][following]") {
  World world;
  world.put(store::PeerState::active, Direction::in);
  auto const puller = world.puller();
  world.lines.wait_for(1, 1);
  world.put(store::PeerState::active, Direction::out);
  puller->changed();
  world.lines.wait_for(1, 0);
  CHECK(state_of(*puller) == State::not_taken);
}

TEST_CASE("who is as before is followed on over the same connection, unless it is to be another",
          "[federation][following]") {
  World world;
  world.put(store::PeerState::active, Direction::in);
  auto const puller = world.puller();
  world.lines.wait_for(1, 1);
  puller->changed();
  puller->reconnect(world.connect());
  world.lines.wait_for(2, 1);
  CHECK(world.lines.made == 2);
}

}  // namespace tocsin::federation
