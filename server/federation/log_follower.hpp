// Following one log of a peer: its newest checkpoint is opened, the leaves that are new are fetched and held against
// the signed root, and only what leads to it is kept (decision 0026). Owned by the follower of the peer; its thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/evidence.hpp"
#include "schema/log/following.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/tile.hpp"
#include "server/base/clock.hpp"
#include "server/federation/intake.hpp"
#include "server/federation/pace.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::federation {

// New leaves that are looked at in an hour: whether they are ever opened or not, their hashes are kept.
inline constexpr std::uint64_t kMostNewLeaves = 256 * log::kPackLeaves;
// Of one log: a peer that signs for more has not got them.
inline constexpr std::uint64_t kMostLeaves = 1ull << 32;

class LogFollower {
 public:
  // Both logs of an instance have one key, each under its name. `witnesses`: whoever else may have cosigned. `most`:
  // new leaves in an hour.
  LogFollower(Transport& transport, Intake& intake, base::Clock const& clock, store::LogName name,
              log::Manifest const& manifest, std::vector<log::VerifierKey> const& witnesses,
              std::uint64_t most = kMostNewLeaves);

  // Ends when the log has grown, or the control log is larger than `control`, or when it was long enough.
  struct Wait {
    std::uint64_t control = 0;
    std::chrono::seconds most{};
  };
  struct Looked {
    bool longer = false;
    bool more = false;  // the checkpoint covers more than is verified by now: a pack was taken of a long log
    std::optional<std::uint64_t> cosigned_s;  // when the origin itself said that this is its newest
  };
  // A pack of leaves at most, which is what a cut or a kill loses. The log of `origin` is then as it is stored. Errors:
  // those of ask and of Intake; note_malformed, note_unverified, checkpoint_malformed; log_rollback and log_forked, and
  // unavailable when a relay has less, after which `take_contradiction` is what was seen; log_inconsistent when the
  // leaves or tiles lead elsewhere;
  // too_many_requests when the log is longer than kMostLeaves, or after `most` leaves within the hour.
  [[nodiscard]] core::Result<Looked> look(store::Origin& origin, std::optional<Wait> const& wait);

  // Once; "" after that, and when there is none.
  [[nodiscard]] std::string take_contradiction() { return std::exchange(contradiction_, {}); }
  // Likewise.
  [[nodiscard]] std::optional<log::Evidence> take_evidence() { return std::exchange(evidence_, std::nullopt); }

 private:
  [[nodiscard]] core::Result<std::string> checkpoint(std::uint64_t after, std::optional<Wait> const& wait);
  [[nodiscard]] core::Result<std::string> tile(log::TilePath const& path);
  [[nodiscard]] core::Result<std::string> leaves(std::uint64_t first, std::uint64_t end);
  // What is looked at now: all of it, or the next pack.
  [[nodiscard]] core::Result<log::Checkpoint> next_end(log::CompactRange const& verified, log::Checkpoint const& next);
  [[nodiscard]] core::Result<void> may_grow(log::Checkpoint const& next);
  [[nodiscard]] std::optional<log::Evidence> ask_for_evidence(store::OriginLog const& known, std::uint64_t size,
                                                              std::string const& note);
  [[nodiscard]] core::Result<void> grow(store::Origin& origin, log::Checkpoint const& next, std::string const& note);

  Transport& transport_;
  Intake& intake_;
  base::Clock const& clock_;
  store::LogName const name_;
  std::string const path_;                     // "/log/data/"
  std::optional<log::VerifierKey> const key_;  // none: the manifest's name makes no key, and nothing opens
  std::vector<log::VerifierKey> cosigners_;    // the origin's own freshness key first
  Quota growth_;
  std::string contradiction_;
  std::optional<log::Evidence> evidence_;
};

// The log of an origin that has this name.
[[nodiscard]] store::OriginLog& log_of(store::Origin& origin, store::LogName name);

}  // namespace tocsin::federation
