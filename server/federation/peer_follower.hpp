// Following one peer: round after round, its control log before its data log, what is verified before what is applied.
// Owned by the puller; `turn` on one thread, the rest from any.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/federation/agreement.hpp"
#include "server/federation/log_follower.hpp"
#include "server/federation/misbehaviour.hpp"
#include "server/federation/openings_applier.hpp"
#include "server/federation/pace.hpp"
#include "server/federation/peer_status.hpp"

namespace tocsin::federation {

// Who is followed, and by what agreement.
struct Followed {
  std::string name;
  log::Manifest manifest;
  std::shared_ptr<Agreement const> agreement;  // never null
};

// What those who follow have in common. It outlives them.
struct Surroundings {
  Intake& intake;
  ControlSink& control;
  Misbehaviour& misbehaviour;
  base::Clock const& clock;
  base::Log& log;
  base::Metrics& metrics;
  std::function<double()> random;  // from [0, 1), from any thread
  // Tells the peer that all of its control log was applied, as far as it was verified; again with each round, and what
  // it was told before it need not be told.
  std::function<core::Result<void>(store::Origin const&, Transport&)> acknowledge;
  // Where it goes that a relay handed on what it may not; again as long as it does.
  std::function<void(store::Misrelayed)> misrelayed = [](store::Misrelayed const&) {};
  // What of its logs was verified and applied, as it is stored; with each round.
  std::function<void(store::Origin const&)> applied = [](store::Origin const&) {};
};

// What is told of a followed peer, by its name.
struct PeerMetrics {
  PeerMetrics(base::Metrics& metrics, std::string const& peer);
  base::Gauge &verified, &applied, &lag, &verified_at, &fresh_at, &withheld;
  base::Counter &errors, &refused;
};

class PeerFollower {
 public:
  PeerFollower(Followed followed, Transport& transport, Surroundings const& around);

  // All there is to do now, then one long poll at most. How long to wait until the next turn; nullopt: there is none,
  // it was stopped.
  [[nodiscard]] std::optional<std::chrono::milliseconds> turn();

  [[nodiscard]] PeerStatus status() const;

  // A turn that is under way ends soon. It is the last one.
  void stop();

 private:
  [[nodiscard]] core::Result<std::chrono::milliseconds> round_or_failure();
  [[nodiscard]] core::Result<std::chrono::milliseconds> round();
  [[nodiscard]] core::Result<void> read_origin();
  [[nodiscard]] core::Result<void> follow_control();
  [[nodiscard]] core::Result<void> apply_control();
  [[nodiscard]] core::Result<void> look_at_data();
  [[nodiscard]] core::Result<std::chrono::milliseconds> apply_data();  // how long to wait before more of it
  [[nodiscard]] core::Result<std::chrono::milliseconds> wait_for_control();
  [[nodiscard]] core::Result<void> begin_again();
  [[nodiscard]] core::Result<void> recount();
  [[nodiscard]] core::Result<void> look_for_gaps();
  void count(OpeningsApplier::Step const& step, bool behind);
  void acknowledge();
  void went_well();
  std::optional<std::chrono::milliseconds> went_wrong(core::Error const& error);
  void report_contradiction(core::Code verdict);
  void report_misrelayed();
  void show();

  Followed const followed_;
  Transport& transport_;
  std::atomic<bool> stopped_ = false;
  Surroundings const& around_;
  PeerMetrics metrics_;
  LogFollower control_log_, data_log_;
  OpeningsApplier applier_;
  Quota quota_, control_quota_;
  BackOff back_off_;
  std::optional<store::Origin> origin_;  // as it is stored; none: not read yet, or not known after an error
  PeerStatus::State state_ = PeerStatus::State::following;  // of the latest round
  std::optional<std::int64_t> begun_us_;                    // when the data log was last read from 0 again
  std::optional<std::int64_t> control_missed_us_;  // since when an entry names more of the control log than there is
  bool recount_ = false;                           // what was refused here is another number than before
  bool idle_ = false;                              // the long poll of this round ended early and brought nothing
  bool settled_ = false;  // the latest round found nothing left to do, so that the next one may wait

  mutable std::mutex mutex_;
  PeerStatus status_;  // guarded by mutex_
};

}  // namespace tocsin::federation
