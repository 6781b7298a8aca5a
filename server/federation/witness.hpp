// What this instance saw of a log, with its own word that it did: the newest checkpoint that it verified, or cosigned
// for who handed it in, with the origin's signature and a cosignature of keys/witness.key (C2SP tlog-cosignature).
// Owned by app; any thread but the commit thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/submission.hpp"
#include "schema/log/tile.hpp"
#include "server/base/clock.hpp"
#include "server/federation/evidence_keeper.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {

class Witness {
 public:
  struct Parts {
    Peering const& peering;
    store::OriginStore& origins;     // on the commit thread
    store::WitnessStore& witnesses;  // likewise
    OriginTrees& trees;
    EvidenceKeeper& keeper;
    Perform perform;
    base::Clock const& clock;
    std::function<core::Result<log::SignerKey>()> key;  // keys/witness.key; it may block
  };
  explicit Witness(Parts parts) : parts_(std::move(parts)) {}

  // Of the log with this origin_hash: data or control of a peer, or this instance's own data log, whose newest
  // checkpoint is `own` (null before the first). One cosignature holds for ten seconds, unless the log grows. Errors:
  // not_found when no such log is followed, or nothing of it was verified; unavailable when there is no key to cosign
  // with, the peer signs with another key by now, or what was verified does not go on from what was cosigned; those of
  // the store.
  [[nodiscard]] core::Result<std::string> checkpoint(std::string const& hash,
                                                     std::shared_ptr<std::string const> const& own);

  // A log of a peer by the peer's own name and the origin_hash of the log, data or control. What is kept of it is given
  // back to the peer that it is of, which may have lost it, and to nobody else. nullopt: the peer has no such log.
  struct OwnLog {
    std::string origin;  // of the data log
    store::LogName name = store::LogName::data;
  };
  [[nodiscard]] std::optional<OwnLog> log_of(std::string const& peer, std::string const& hash) const;
  // What is stored of a log, by the origin of the data log. Errors: not_found; those of the store.
  [[nodiscard]] core::Result<store::Origin> stored(std::string const& origin);
  // A tile of level 0 of what was verified here. Errors: not_found when not all of it was; those of the store.
  [[nodiscard]] core::Result<std::string> tile(OwnLog const& log, log::TilePath const& path);

  // What became of a checkpoint that was handed in (C2SP tlog-witness, add-checkpoint).
  struct Addition {
    enum class Outcome : std::uint8_t {
      cosigned,
      malformed,
      unknown,     // no log that is followed here
      unverified,  // its key has not signed it
      smaller,     // than the old size that it names
      elsewhere,   // the old size is not that of the newest checkpoint here
      unproven,    // it does not go on from there
    };
    Outcome outcome = Outcome::malformed;
    std::string line;        // the cosignature
    std::uint64_t size = 0;  // of the newest checkpoint here
  };
  // Of a peer's data log: cosigned once it is kept that it was, so that nothing that contradicts it ever is. Two
  // checkpoints of one size with two roots quarantine the peer. Errors: those of the key and of the store.
  [[nodiscard]] core::Result<Addition> add(std::string_view body);

 private:
  // What there is here of a peer's log. Which of the peer's keys signed it does not matter: a change of the key takes
  // nothing back of what was verified or cosigned.
  struct Newest {
    std::string note;  // "": the log is empty as far as is known
    log::Checkpoint checkpoint;
  };
  struct Kept {
    store::RowId origin = 0;
    Newest verified, cosigned;

    [[nodiscard]] Newest const& newest() const {
      return cosigned.checkpoint.size > verified.checkpoint.size ? cosigned : verified;
    }
  };
  struct Cosigned {
    std::string text;  // what was cosigned
    std::string note;
    std::int64_t at_us = 0;
  };
  [[nodiscard]] core::Result<log::Note> seen(std::string const& hash, std::shared_ptr<std::string const> const& own);
  [[nodiscard]] core::Result<log::Note> seen(Peering::Shown const& peer);
  [[nodiscard]] core::Result<log::Note> seen_control(Peering::Shown const& peer);
  [[nodiscard]] core::Result<Kept> kept(std::string const& origin);  // commit thread
  [[nodiscard]] core::Result<void> check_goes_on(Peering::Shown const& peer, Kept const& here);
  // Commit thread. `checked`: the size of the newest of which it is known that it goes on from what was cosigned.
  [[nodiscard]] core::Result<Addition> keep(log::Submission const& submission, log::Checkpoint const& next,
                                            std::uint64_t checked);
  [[nodiscard]] core::Result<std::string> cosigned(log::Note note);

  Parts parts_;
  std::mutex mutex_;
  std::map<std::string, Cosigned> cosigned_;  // guarded by mutex_; by the hash
};

}  // namespace tocsin::federation
