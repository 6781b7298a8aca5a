// What an instance is while it runs: the server's own parts, wired as server/app wires them, but for the threads and
// the sockets. Owned by the instance; its thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/admission/door.hpp"
#include "server/app/ledger_intake.hpp"
#include "server/federation/control_applier.hpp"
#include "server/federation/control_keeper.hpp"
#include "server/federation/evidence_keeper.hpp"
#include "server/federation/peer_follower.hpp"
#include "server/federation/relayed_logs.hpp"
#include "server/ledger/log_integrator.hpp"
#include "server/ledger/rules.hpp"
#include "tests/simulation/instance.hpp"
#include "tests/simulation/watched_intake.hpp"

namespace tocsin::simulation {

// A log as it is published.
struct Integrated {
  std::unique_ptr<ledger::LogIntegrator> integrator;
  std::string note;  // the newest; "": none yet
  std::uint64_t size = 0;
};

// Reports of contradictions on their way to the keeper: two statements that only the peer's own key can have signed
// must quarantine it, and nothing else may.
class WatchedMisbehaviour final : public federation::Misbehaviour {
 public:
  WatchedMisbehaviour(federation::Misbehaviour& inner, federation::Peering& peering, Founding const& founding,
                      Instance::Surroundings const& around, std::string name)
      : inner_(inner), peering_(peering), founding_(founding), around_(around), name_(std::move(name)) {}
  void report(std::string const& origin, core::Code verdict, std::string const& stored_note,
              std::string const& new_note) override;
  void report(std::string const& origin, log::Evidence const& evidence) override;

 private:
  // Hands a report on, unless a fault is planted; whether it was the peer's own key that signed both.
  void hand_on(std::string const& origin, std::string_view what, std::function<void()> const& report, bool convicts);

  federation::Misbehaviour& inner_;
  federation::Peering& peering_;
  Founding const& founding_;
  Instance::Surroundings const& around_;
  std::string const name_;
};

struct Link {
  std::unique_ptr<federation::Transport> transport;
  std::unique_ptr<federation::PeerFollower> follower;
};

struct Instance::Running {
  Running(Instance& instance, CursorsByOrigin& cursors);

  [[nodiscard]] federation::Perform perform() const {
    return [](std::function<void()> const& job) { job(); };
  }
  [[nodiscard]] app::IntakeContext intake_context();
  [[nodiscard]] Watching watching(Instance& of) const;
  core::Result<std::vector<store::Fate>> deliver(store::Delivery const& delivery);
  void learn(store::CommitOutcome const& outcome);
  [[nodiscard]] Integrated integrated(store::LogName name);
  void publish(store::LogName name);
  // As log_openings answers; of one that lies, whatever there is.
  [[nodiscard]] core::Result<std::string> openings(std::size_t peer, store::LogName name, std::uint64_t from,
                                                   std::uint64_t to);
  void hide_heads(store::OpeningWindow const& window, std::vector<log::OpenedEntry>& opened) const;
  void follow(std::size_t peer);
  [[nodiscard]] std::unique_ptr<federation::Transport> transport_to(std::size_t peer);
  [[nodiscard]] core::Result<void> acknowledge(store::Origin const& origin, federation::Transport& transport);
  void told_of(store::Misrelayed const& entry) const;
  // As relayed_openings answers; of one that lies, now and then whatever there is.
  [[nodiscard]] core::Result<std::string> handed_on(std::size_t peer, federation::RelayedLogs::Log const& log,
                                                    std::uint64_t from, std::uint64_t to);

  Instance& instance;
  base::Log log{-1, base::Level::error};
  base::Metrics metrics;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::ReadStore> reader;
  std::unique_ptr<store::LogStore> stored;  // for checks; null: not asked for yet
  access::Registry registry;
  stream::RangeRegistry ranges;
  admission::harm::AllowListRegistry allow_lists;
  federation::Peering peering;
  ledger::Rules rules;
  admission::Door door;
  endpoints::Settings settings;
  federation::OriginTrees trees;
  app::LedgerIntake intake;
  federation::ControlApplier control;
  federation::EvidenceKeeper keeper;
  WatchedIntake watched_intake;
  WatchedControl watched_control;
  WatchedMisbehaviour watched_misbehaviour;
  federation::ControlKeeper control_keeper;
  federation::RelayedLogs relayed;
  federation::Surroundings around;
  std::map<store::LogName, Integrated> logs;
  std::map<std::size_t, Link> links;  // by peer
};

}  // namespace tocsin::simulation
