// A mesh of instances for one seed: what members say and take back, what breaks, in which order everybody comes to
// turn, and what must hold meanwhile and at the end. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "tests/simulation/history.hpp"
#include "tests/simulation/instance.hpp"
#include "tests/simulation/liar.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/planted_fault.hpp"
#include "tests/simulation/ways.hpp"

namespace tocsin::simulation {

// What a seed makes different.
struct Scenario {
  std::size_t instances = 3;
  std::optional<std::size_t> liar;
  std::optional<Hiding> hiding;
  std::size_t said = 12, recalled = 2, crashes = 2, cuts = 2;
  std::int64_t skew_us = 0;  // of the clocks, either way
  Severed severed{};         // they read each other through relays, if there is a way
};
[[nodiscard]] Scenario scenario_of(std::uint64_t seed);

class Mesh {
 public:
  Mesh(Founding const& founding, Scenario const& scenario, std::uint64_t seed, PlantedFault fault);
  ~Mesh();
  Mesh(Mesh const&) = delete;
  Mesh& operator=(Mesh const&) = delete;

  // Throws Broken.
  void run();

  [[nodiscard]] History const& history() const { return history_; }
  [[nodiscard]] std::size_t stored() const { return stored_; }  // versions that came from peers, at the end

 private:
  using Event = std::function<void()>;

  // When.
  void at(std::int64_t us, Event event);
  void later(std::int64_t us, Event event) { at(time_.now_us + us, std::move(event)); }
  void pass_until(std::int64_t us);
  void pass(std::size_t sender, std::int64_t us);
  [[nodiscard]] std::int64_t within(std::int64_t us) {
    return static_cast<std::int64_t>(random_.below(static_cast<std::size_t>(us)));
  }

  // What.
  void plan();
  void say(std::size_t one);
  void say_to_all(std::size_t one);
  void say_again(std::size_t one);
  void take_back(std::size_t one);
  void crash(std::size_t one);
  void start(std::size_t one);
  void stop(std::size_t one);
  void cut();
  void publish(std::size_t one);
  void publish_version(Said said);
  void grown(std::size_t one);
  void stay_fresh(std::size_t one);
  void log_heads(std::size_t one);
  void compare_heads(std::size_t one);
  bool act(std::size_t one, std::function<void()> const& what);  // false: it crashed
  void turn(std::size_t one, std::size_t peer);
  void come_to_turn(std::size_t one, std::size_t peer, std::int64_t us);
  void may_crash(std::size_t one, std::string const& where);
  core::Result<federation::PeerAnswer> take(std::size_t from, std::size_t to, std::string const& target,
                                            std::string const& body);
  core::Result<federation::PeerAnswer> take_receipt(std::size_t from, std::size_t to, std::string const& body);
  [[nodiscard]] bool is_settled() const;

  [[nodiscard]] Instance::Surroundings surroundings(PlantedFault fault);
  [[nodiscard]] Network::Ends ends();
  [[nodiscard]] core::Result<federation::PeerAnswer> answer(std::size_t from, std::size_t to,
                                                            std::string const& target);
  [[nodiscard]] bool is_honest(std::size_t one) const { return scenario_.liar != one; }
  [[nodiscard]] bool can_act(std::size_t one) const { return instances_[one]->runs() && !doomed_.contains(one); }

  // What must hold (invariants.cpp).
  void check_stored(Instance const& one);
  void check_shown(Instance const& one, std::size_t origin);
  void check_recalled(std::size_t origin, std::size_t peer, std::uint64_t through);
  void check_heads(Instance const& one, std::size_t origin);
  [[nodiscard]] bool is_known_to_others(Instance const& one, std::size_t origin) const;
  void check_messages(std::size_t count);
  void check_handed_on(std::size_t relay, std::string const& target, federation::PeerAnswer const& answer);
  void check_all();
  [[nodiscard]] std::vector<std::uint64_t> extents() const;

  Founding const& founding_;
  Scenario const scenario_;
  test::Random random_;
  VirtualTime time_;
  History history_{time_};
  Ways const ways_;
  Oracle oracle_;
  Network network_;
  Instance::Surroundings const around_;
  test::Folder folder_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::unique_ptr<Liar> liar_;
  std::map<std::pair<std::int64_t, std::uint64_t>, Event> events_;
  std::uint64_t events_made_ = 0, version_ = 0;
  std::size_t depth_ = 0, stored_ = 0;
  bool chaos_ = true;
  std::set<std::size_t> turning_, doomed_, publishing_;
  std::set<std::size_t> headless_;  // who said something since it last logged heads
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> awaited_;   // the latest turn that was arranged
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> receipts_;  // (who has it, of whom): through
  struct TakenBack {
    std::uint64_t position = 0;  // in the control log of its origin
    core::Uuid uuid{};
  };
  std::map<std::size_t, std::vector<TakenBack>> taken_back_;  // by origin
};

}  // namespace tocsin::simulation
