// How fast an instance takes up a peer's log: the real follower, verifier, door and commits, in one process, of a peer
// whose answers are made here. What making them takes is not counted: it is the peer's. The instance was made by
// `tocsind init` and `tocsind manifest make`, and nobody serves it. Prints one line of JSON with entries and seconds.
//
// usage: follow_scale DIRECTORY ENTRIES
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "server/app/instance.hpp"
#include "server/app/ledger_intake.hpp"
#include "server/base/files.hpp"
#include "server/federation/peer_follower.hpp"
#include "tests/bench/generated_log.hpp"

namespace {

using namespace tocsin;

[[noreturn]] void fail(std::string const& what) {
  std::fprintf(stderr, "follow_scale: %s\n", what.c_str());
  std::exit(1);
}

void check(core::Result<void> const& result) {
  if (!result) fail(result.error().detail);
}

template <class T>
T must(core::Result<T> result) {
  if (!result) fail(result.error().detail);
  return *std::move(result);
}

class NoControl final : public federation::ControlSink {
 public:
  core::Result<void> apply(store::Origin const&, log::Openings const&) override {
    return core::fail(core::Code::internal, "The peer's control log is empty.");
  }
};

class NoMisbehaviour final : public federation::Misbehaviour {
 public:
  void report(std::string const&, core::Code, std::string const&, std::string const&) override {}
  void report(std::string const&, log::Evidence const&) override {}
};

struct World {
  explicit World(std::filesystem::path const& directory) : layout{directory} {
    auto const config = app::load_config(layout);
    if (!config) fail(config.error().front().detail);
    instance = must(app::Instance::open(layout, *config, [this](store::DatabaseOptions const& options) {
      auto opened = store::open_sqlite(options);
      if (opened) database = opened->get();
      return opened;
    }));
  }

  // With an agreement that takes all that it logs.
  federation::Followed make_peer(test::OtherInstance const& peer, std::string const& identity) {
    auto& context = instance->context();
    auto const now_us = context.clock.now_us();
    auto const until_s = static_cast<std::uint64_t>(now_us / 1'000'000) + 3'600;
    auto const received = must(context.peering.receive(peer.invitation(until_s), "ibis", now_us));
    std::string const agreement = "direction = \"in\"\nidentities = [\"" + identity +
                                  "\"]\ncollections = [\"network\"]\nmax_tlp = \"green\"\n"
                                  "entries_per_hour = 1000000000\nmib_per_hour = 1000000000\n";
    std::filesystem::create_directories(layout.peers());
    check(base::write_file(layout.peers() / "ibis.toml", agreement, 0600));
    context.ledger.perform([&] {
      check(context.peering.take(received, now_us));
      check(context.peering.set_state("ibis", store::PeerState::active, "", now_us));
    });
    instance->reload_agreements();
    auto const shown = context.peering.peers().at(0);
    if (!shown.agreement) fail("nothing is agreed");
    return {"ibis", shown.manifest, shown.agreement};
  }

  app::Layout const layout;
  store::Database* database = nullptr;
  std::unique_ptr<app::Instance> instance;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  bench::GeneratedLog log(static_cast<std::uint64_t>(std::atoll(argv[2])));
  World world(argv[1]);
  auto& context = world.instance->context();
  auto const followed = world.make_peer(log.instance(), log.instance().manifest().identities.front());
  app::LedgerIntake intake(app::intake_context(context), world.database->origins());
  NoControl control;
  NoMisbehaviour misbehaviour;
  federation::Surroundings const around{
      intake,
      control,
      misbehaviour,
      context.clock,
      context.log,
      context.metrics,
      [] { return 0.0; },
      [](store::Origin const&, federation::Transport&) { return core::Result<void>(); },
      [](store::Misrelayed const&) {}};
  federation::PeerFollower follower(followed, log, around);
  auto const began = std::chrono::steady_clock::now();
  auto status = follower.status();
  for (; status.applied < log.size(); status = follower.status()) {
    (void)follower.turn();
    if (!follower.status().error.empty()) fail(follower.status().error);
  }
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() - log.seconds();
  if (status.refused > 0) fail("entries were refused");
  std::printf("result {\"rows\":%llu,\"seconds\":%.6f}\n", static_cast<unsigned long long>(status.applied), took);
}
