// What this instance saw of a log, with its own word that it did: the newest checkpoint that it verified, the origin's
// signature, and a cosignature of keys/witness.key (C2SP tlog-cosignature): "the largest tree I had seen at that time".
// Owned by app; any thread but the commit thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "server/base/clock.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {

class Witness {
 public:
  struct Parts {
    Peering const& peering;
    store::OriginStore& origins;  // on the commit thread
    Perform perform;
    base::Clock const& clock;
    std::function<core::Result<log::SignerKey>()> key;  // keys/witness.key; it may block
  };
  explicit Witness(Parts parts) : parts_(std::move(parts)) {}

  // Of the data log with this origin_hash: that of a peer, or this instance's own, whose newest checkpoint is `own`
  // (null before the first). One cosignature holds for ten seconds, unless the log grows. Errors: not_found when no
  // such log is followed, or nothing of it was verified; unavailable when there is no key to cosign with, or the peer
  // signs with another key by now; those of the store.
  [[nodiscard]] core::Result<std::string> checkpoint(std::string const& hash,
                                                     std::shared_ptr<std::string const> const& own);

 private:
  struct Cosigned {
    std::string text;  // what was cosigned
    std::string note;
    std::int64_t at_us = 0;
  };
  [[nodiscard]] core::Result<log::Note> seen(std::string const& hash, std::shared_ptr<std::string const> const& own);
  [[nodiscard]] core::Result<std::string> cosigned(log::Note note);

  Parts parts_;
  std::mutex mutex_;
  std::map<std::string, Cosigned> cosigned_;  // guarded by mutex_; by the hash
};

}  // namespace tocsin::federation
