// The integrator of one log: reads the leaves that were appended, keeps what tiles need beside them, and signs what
// there is. It holds no truth: who starts makes it anew from the leaves, and so looks whether they are still those that
// were signed. Owned by who says when it is time (PublishedLog); one thread, but for `tile`, which any may call.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "schema/log/compact_range.hpp"
#include "schema/log/tile.hpp"
#include "schema/log/upper_tiles.hpp"
#include "server/ledger/log_signer.hpp"
#include "server/store/leaf_store.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

class LogIntegrator {
 public:
  LogIntegrator(std::unique_ptr<store::LogStore> logs, store::LogName name, LogSigner signer)
      : logs_(std::move(logs)), name_(name), signer_(std::move(signer)) {}

  // A checkpoint of all leaves there are, cosigned as of `now_s`. Errors: those of LogStore and LogSigner; then nothing
  // was signed.
  [[nodiscard]] core::Result<std::string> sign(bool stopped, std::uint64_t now_s);
  // These as LogSigner has them.
  [[nodiscard]] std::optional<std::string> again() const { return signer_.again(); }
  [[nodiscard]] std::optional<LogState> const& last() const { return signer_.last(); }
  void use(log::SignerKey key) { signer_.use(std::move(key)); }

  // The bytes of a tile of hashes or of an entry bundle, of a log of `size` entries. Errors: not_found unless that
  // settles it; unavailable while a start still makes it; those of the reader.
  [[nodiscard]] core::Result<std::string> tile(store::LeafReader& leaves, log::TilePath const& tile,
                                               std::uint64_t size) const;

 private:
  core::Result<void> catch_up();

  std::unique_ptr<store::LogStore> logs_;
  store::LogName const name_;
  LogSigner signer_;
  log::CompactRange range_;           // of what was read so far
  std::optional<core::Digest> last_;  // the last of it

  mutable std::mutex mutex_;
  log::UpperTiles tiles_;  // guarded by mutex_
};

}  // namespace tocsin::ledger
