// One log of the instance as others read it (C2SP tlog-tiles): follows its leaves on a thread and a read-only
// connection of its own, so that no commit waits for it, keeps what tiles need beside the leaves, and signs a
// checkpoint at most 250 ms after an append, every few seconds also without one. It holds no truth: each start makes it
// anew from the leaves, and so looks whether they are still those that were signed. Owned by app; `grown`, `use` and
// all that is const from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "schema/log/tile.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/ledger/log_integrator.hpp"
#include "server/ledger/log_signer.hpp"
#include "server/store/leaf_store.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::ledger {

// What is told of a published log, by its name.
struct LogMetrics {
  LogMetrics(base::Metrics& metrics, std::string_view log);
  base::Gauge &size, &cosigned, &unsigned_;
  base::Counter& checkpoints;
};

class PublishedLog {
 public:
  // `longer` is called when a checkpoint is shown that covers more, also while this is made and destroyed, on whose
  // thread it is.
  PublishedLog(std::unique_ptr<store::LogStore> logs, store::LogName name, LogSigner signer, base::Clock const& clock,
               base::Log& log, LogMetrics metrics, std::function<void()> longer = {});
  ~PublishedLog();  // after the last commit; signs what there is, and notes that it ended in order
  PublishedLog(PublishedLog const&) = delete;
  PublishedLog& operator=(PublishedLog const&) = delete;

  void grown();
  // Signs with this key from the next checkpoint on, which comes soon.
  void use(log::SignerKey key);

  // The newest signed checkpoint; null before the first.
  [[nodiscard]] std::shared_ptr<std::string const> checkpoint() const;
  [[nodiscard]] std::uint64_t size() const;  // of it; 0 before the first
  // The bytes of a tile of hashes or of an entry bundle. Errors: not_found unless the signed checkpoint settles it;
  // unavailable while a start still makes it; those of the reader.
  [[nodiscard]] core::Result<std::string> tile(store::LeafReader& leaves, log::TilePath const& tile) const;
  // Something was appended more than ten seconds ago that no checkpoint covers.
  [[nodiscard]] bool is_late() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void loop();
  bool publish(bool stopped);  // false: nothing was signed
  void show(std::string note);
  void tell(core::Error const& error);

  store::LogName const name_;
  base::Clock const& clock_;
  base::Log& log_;
  LogMetrics metrics_;
  std::function<void()> const longer_;
  LogIntegrator integrator_;  // the follower's thread, but for tiles
  bool failed_ = false;       // likewise: the latest attempt, so that a failure is logged once

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // Guarded by mutex_.
  bool grown_ = true, stopping_ = false;
  Instant owed_since_ = std::chrono::steady_clock::now();
  bool owed_ = true;  // a checkpoint, since then
  std::optional<log::SignerKey> next_key_;
  std::shared_ptr<std::string const> checkpoint_;
  std::uint64_t size_ = 0;  // of it

  std::thread thread_;
};

// Both, as the instance that serves has them.
struct PublishedLogs {
  std::unique_ptr<PublishedLog> data, control;

  // nullptr: there is no log of that name, or none is published.
  [[nodiscard]] PublishedLog const* find(std::string_view name) const {
    return name == "data" ? data.get() : name == "control" ? control.get() : nullptr;
  }
  [[nodiscard]] static bool is_name(std::string_view name) { return name == "data" || name == "control"; }
};

}  // namespace tocsin::ledger
