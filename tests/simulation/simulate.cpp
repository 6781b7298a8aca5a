// simulate FIRST COUNT   runs so many seeds, each twice now and then; a failing one is named, with its history
// simulate prove         plants each fault, and wants the invariant that it breaks
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "tests/simulation/mesh.hpp"

namespace tocsin::simulation {
namespace {

constexpr std::size_t kShownLines = 120;
constexpr std::uint64_t kTwice = 100;  // one in so many seeds is run again, and must be the same

Founding const& founding(std::size_t instances) {
  static std::map<std::size_t, std::unique_ptr<Founding const>> made;
  auto& found = made[instances];
  if (!found) found = std::make_unique<Founding const>(instances);
  return *found;
}

struct Outcome {
  std::string invariant, how;  // "": all held
  core::Digest digest{};
  std::vector<std::string> lines;
  std::size_t stored = 0;
};

Outcome simulate(std::uint64_t seed, PlantedFault fault = PlantedFault::none) {
  auto const scenario = scenario_of(seed);
  Mesh mesh(founding(scenario.instances), scenario, seed, fault);
  Outcome out;
  try {
    mesh.run();
  } catch (Broken const& broken) {
    out.invariant = broken.invariant;
    out.how = broken.how;
  }
  out.digest = mesh.history().digest();
  out.lines = mesh.history().lines();
  out.stored = mesh.stored();
  return out;
}

void show(std::uint64_t seed, Outcome const& outcome) {
  auto const& lines = outcome.lines;
  auto const from = lines.size() > kShownLines ? lines.size() - kShownLines : 0;
  for (auto i = from; i < lines.size(); ++i) std::printf("%s\n", lines[i].c_str());
  std::printf("seed %llu: %s: %s\nReplay it with: make simulate SEED=%llu\n", static_cast<unsigned long long>(seed),
              outcome.invariant.c_str(), outcome.how.c_str(), static_cast<unsigned long long>(seed));
}

int run(std::uint64_t first, std::uint64_t count) {
  auto const began = std::chrono::steady_clock::now();
  std::size_t stored = 0, events = 0;
  for (auto seed = first; seed < first + count; ++seed) {
    auto const outcome = simulate(seed);
    stored += outcome.stored;
    events += outcome.lines.size();
    if (!outcome.invariant.empty()) {
      show(seed, outcome);
      return 1;
    }
    if (seed % kTwice == 0 && simulate(seed).digest != outcome.digest) {
      std::printf("seed %llu has two histories\n", static_cast<unsigned long long>(seed));
      return 1;
    }
  }
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("%llu seeds, %zu events, %zu versions taken from peers, %.1f s\n", static_cast<unsigned long long>(count),
              events, stored, seconds);
  return stored == 0;
}

struct Proof {
  PlantedFault fault;
  char const* planted;
  char const* invariant;
};
constexpr Proof kProofs[] = {
    {PlantedFault::an_object_is_dropped, "an object is dropped", "nothing that a peer is entitled to is lost"},
    {PlantedFault::a_newer_version_is_withdrawn, "a newer version is withdrawn",
     "nothing is shown that is no more, or is another"},
    {PlantedFault::everything_is_opened, "everything is opened",
     "nothing is applied that the receiver is not entitled to"},
    {PlantedFault::a_body_is_changed, "a body is changed", "nothing is applied without a verified proof"},
    {PlantedFault::what_is_verified_is_not_kept, "what is verified is not kept",
     "nothing is applied before it is verified"},
    {PlantedFault::control_is_taken_for_applied, "the control log is taken for applied",
     "the control log is applied before the data that name it"},
    {PlantedFault::recalls_are_only_acknowledged, "recalls are only acknowledged",
     "what was recalled is shown by nobody who acknowledged it"},
    {PlantedFault::a_commit_is_lost, "a crash loses what was committed", "cursors only move on"},
    {PlantedFault::a_commit_is_lost, "a crash loses what was committed", "an instance goes on from what it signed"},
    {PlantedFault::a_follower_gives_up, "a follower gives up", "everybody gets everything in the end"},
    {PlantedFault::a_peer_logs_when_asked, "a peer logs when it is asked", "nothing grows while nobody says anything"},
    {PlantedFault::whoever_is_reported_is_quarantined, "whoever is reported is quarantined",
     "who is honest is never quarantined"},
    {PlantedFault::heads_are_not_compared, "heads are not compared",
     "heads that are kept from one member are found by it"},
    {PlantedFault::heads_are_forgotten, "every second head is forgotten", "who keeps nothing back is not said to"},
    {PlantedFault::everything_is_handed_on, "everything is handed on", "nothing above GREEN is handed on"},
    {PlantedFault::a_relay_leaves_out, "a relay leaves out", "nothing that a peer is entitled to is lost"},
    {PlantedFault::a_follower_never_waits, "a follower never waits", "who has nothing to say does not go on asking"},
    {PlantedFault::reports_are_dropped, "reports are dropped", "two statements that met quarantine who signed them"},
};

int prove() {
  constexpr std::uint64_t kSeeds = 150;
  int unbroken = 0;
  for (auto const& proof : kProofs) {
    std::uint64_t seed = 1;
    while (seed <= kSeeds && simulate(seed, proof.fault).invariant != proof.invariant) ++seed;
    std::printf("%s: \"%s\" %s %llu\n", proof.planted, proof.invariant,
                seed <= kSeeds ? "breaks with seed" : "HOLDS through seed", static_cast<unsigned long long>(seed));
    unbroken += seed > kSeeds;
  }
  return unbroken;
}

}  // namespace
}  // namespace tocsin::simulation

int main(int count, char** arguments) {
  using namespace tocsin::simulation;
  if (count > 1 && std::string(arguments[1]) == "prove") return prove();
  auto const first = count > 1 ? std::stoull(arguments[1]) : 1;
  return run(first, count > 2 ? std::stoull(arguments[2]) : 1);
}
