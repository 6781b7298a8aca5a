// Whom the rounds ask, and that they end while somebody is asked.
#include "server/federation/witness_rounds.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/unit/federation/followed_world.hpp"

namespace tocsin::federation {
namespace {

// What the thread of the rounds does, for the test's to see.
struct Seen {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> connected, asked;  // URLs, targets
};

// Answers nothing, or keeps whoever asks waiting until it is stopped.
class Silent final : public Transport {
 public:
  Silent(Seen& seen, bool waits) : seen_(seen), waits_(waits) {}
  core::Result<PeerAnswer> get(std::string const& target, std::size_t, std::chrono::milliseconds) override {
    std::unique_lock lock(seen_.mutex);
    seen_.asked.push_back(target);
    seen_.changed.notify_all();
    if (!waits_) return PeerAnswer{404, ""};
    seen_.changed.wait(lock, [this] { return stopped_; });
    return core::fail(core::Code::unavailable, "It was stopped.");
  }
  core::Result<PeerAnswer> post(std::string const&, std::string const&, std::string const&, std::size_t,
                                std::chrono::milliseconds) override {
    return core::fail(core::Code::internal, "A witness is asked and told nothing.");
  }
  void stop() override {
    std::lock_guard lock(seen_.mutex);
    stopped_ = true;
    seen_.changed.notify_all();
  }

 private:
  Seen& seen_;
  bool const waits_;
  bool stopped_ = false;  // guarded by seen_.mutex
};

struct World : test::FollowedWorld {
  std::mutex committing;  // the thread of the rounds and the test's take turns
  WitnessExchange exchange{
      {*peering,
       origins,
       database->witnesses(),
       *trees,
       *keeper,
       {[] { return nullptr; },
        [](log::TilePath const&) -> core::Result<std::string> { return core::fail(core::Code::not_found, "None."); },
        [this] { return core::Result<log::VerifierKey>(heron.log_key().verifier()); }},
       [this](std::function<void()> const& job) {
         std::lock_guard lock(committing);
         job();
       },
       log}};
  Seen seen;

  WitnessRounds::Connect connect(bool waits) {
    return [this, waits](log::Manifest const& manifest) {
      std::lock_guard lock(seen.mutex);
      seen.connected.push_back(manifest.url);
      return std::make_unique<Silent>(seen, waits);
    };
  }
  void wait_until_asked() {
    std::unique_lock lock(seen.mutex);
    seen.changed.wait(lock, [this] { return !seen.asked.empty(); });
  }
};

TEST_CASE("peers that are followed are asked, and no others", "[federation][witness]") {
  World world;
  world.agree("magpie", "direction = \"in\"\n");
  world.agree("ibis", "direction = \"out\"\n");
  {
    WitnessRounds rounds(*world.peering, world.exchange, world.connect(false));
    world.wait_until_asked();
  }
  CHECK(world.seen.connected == std::vector<std::string>{world.magpie.manifest().url});
  CHECK(world.seen.asked ==
        std::vector<std::string>{"/witness/" + log::origin_hash("ibis.example/log") + "/checkpoint"});
}

TEST_CASE("the rounds end while a peer keeps them waiting", "[federation][witness]") {
  World world;
  world.agree("magpie", "direction = \"both\"\n");
  WitnessRounds rounds(*world.peering, world.exchange, world.connect(true));
  world.wait_until_asked();
}

}  // namespace
}  // namespace tocsin::federation
