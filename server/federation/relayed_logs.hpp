// Logs of other instances as this one hands them on to its peers: the origin's own checkpoints and leaves, never signed
// or logged again, and only where both agreements say so (decision 0032). Owned by app; any thread but the commit
// thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "schema/core/result.hpp"
#include "schema/log/tile.hpp"
#include "server/federation/carried_receipts.hpp"
#include "server/federation/origin_trees.hpp"
#include "server/federation/peering.hpp"
#include "server/store/origin_store.hpp"

namespace tocsin::federation {

class RelayedLogs {
 public:
  struct Parts {
    Peering const& peering;
    store::OriginStore& origins;  // on the commit thread
    OriginTrees& trees;
    Perform perform;
  };
  explicit RelayedLogs(Parts parts) : parts_(std::move(parts)) {}

  // A log of an origin as it is handed on now.
  struct Log {
    store::Origin origin;  // as it is stored
    store::LogName name = store::LogName::data;
    std::string note;  // the origin's, of the newest size through which all was applied here
    std::uint64_t size = 0;
    log::Manifest manifest;  // the origin's
    std::string receiver;    // the origin of the data log of whom it is handed on to

    [[nodiscard]] std::uint64_t applied() const {
      return name == store::LogName::data ? origin.data.applied : origin.control.applied;
    }
  };
  // `hash`: log::origin_hash of the origin's data log; `name`: "data" or "control". Errors: not_found when there is no
  // such log or it is not handed on to this peer; unavailable before all that was verified of it was applied once;
  // those of the store.
  [[nodiscard]] core::Result<Log> find(std::string const& hash, std::string const& name, std::string const& receiver);

  // A tile of hashes. Errors: not_found when its size implies no such tile; those of the store.
  [[nodiscard]] core::Result<std::string> tile(Log const& log, log::TilePath const& path);
  // Of the log's first `size` entries; nullopt beyond what is handed on.
  [[nodiscard]] core::Result<std::optional<core::Digest>> root_at(Log const& log, std::uint64_t size);

  // The newest of an origin's logs, as the thread that follows it has stored it. True when more is handed on of them
  // than before.
  [[nodiscard]] bool grown(store::Origin const& origin);
  // How much is handed on of an origin's log, from memory; 0 before it was known.
  [[nodiscard]] std::uint64_t size(store::RowId origin, store::LogName name) const;

  // What is agreed, or who is let in, may be another thing from now on: whoever waits asks again.
  void agreed_anew() { ++agreed_; }
  [[nodiscard]] std::uint64_t agreed() const { return agreed_; }

  [[nodiscard]] CarriedReceipts& receipts() { return receipts_; }

 private:
  struct Settled {
    std::string note;
    std::uint64_t size = 0;
  };
  // Its newest note, when all of it was applied. Who read the log before another did takes nothing back.
  [[nodiscard]] static core::Result<void> settle(Settled& settled, store::OriginLog const& log);
  // Whose log it is, and who receives it, if it is handed on to him.
  struct Way {
    Peering::Shown from, to;
  };
  [[nodiscard]] std::optional<Way> way_for(std::string const& hash, std::string const& receiver) const;

  Parts const parts_;
  CarriedReceipts receipts_;
  std::atomic<std::uint64_t> agreed_ = 0;  // how often anew
  mutable std::mutex mutex_;
  std::map<std::pair<store::RowId, store::LogName>, Settled> settled_;  // guarded by mutex_
};

}  // namespace tocsin::federation
