// The composition root: everything of one data directory, built from the bottom up and torn down in reverse. Owned by
// the verb that runs; made and destroyed on the main thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "server/access/administration.hpp"
#include "server/access/audience_administration.hpp"
#include "server/access/directory.hpp"
#include "server/admission/door.hpp"
#include "server/app/witnessing.hpp"
#include "server/base/clock.hpp"
#include "server/base/config.hpp"
#include "server/base/log.hpp"
#include "server/base/metrics.hpp"
#include "server/base/workers.hpp"
#include "server/catalog/cursor.hpp"
#include "server/catalog/pages.hpp"
#include "server/endpoints/context.hpp"
#include "server/federation/peering.hpp"
#include "server/http/router.hpp"
#include "server/ledger/audit_checkpoints.hpp"
#include "server/ledger/generations.hpp"
#include "server/ledger/group_commit.hpp"
#include "server/ledger/pending.hpp"
#include "server/ledger/published_log.hpp"
#include "server/ledger/read_audit.hpp"
#include "server/ledger/recall_alarm.hpp"
#include "server/ledger/retention.hpp"
#include "server/ledger/rules.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/bridge.hpp"
#include "server/store/database.hpp"
#include "server/stream/bell.hpp"
#include "server/stream/range_registry.hpp"

namespace tocsin::app {

// Where things lie in a data directory.
struct Layout {
  std::filesystem::path directory;
  [[nodiscard]] std::filesystem::path config() const { return directory / "tocsin.toml"; }
  [[nodiscard]] std::filesystem::path unfinished_config() const {
    return directory / "tocsin.toml.unfinished";
  }  // while init works
  [[nodiscard]] std::filesystem::path database() const { return directory / "tocsin.db"; }
  [[nodiscard]] std::filesystem::path certificates() const { return directory / "certs"; }
  [[nodiscard]] std::filesystem::path keys() const { return directory / "keys"; }
  [[nodiscard]] std::filesystem::path cursor_key() const { return keys() / "cursor.key"; }
  [[nodiscard]] std::filesystem::path log_key() const { return keys() / "log.key"; }
  [[nodiscard]] std::filesystem::path audit_key() const { return keys() / "audit.key"; }
  [[nodiscard]] std::filesystem::path audit_public_key() const { return keys() / "audit.pub"; }
  [[nodiscard]] std::filesystem::path freshness_key() const { return keys() / "freshness.key"; }
  [[nodiscard]] std::filesystem::path freshness_public_key() const { return keys() / "freshness.pub"; }
  [[nodiscard]] std::filesystem::path root_key() const { return keys() / "root.key"; }
  [[nodiscard]] std::filesystem::path root_public_key() const { return keys() / "root.pub"; }
  [[nodiscard]] std::filesystem::path witness_key() const { return keys() / "witness.key"; }
  [[nodiscard]] std::filesystem::path applied_key() const { return keys() / "applied.key"; }
  [[nodiscard]] std::filesystem::path manifest() const { return directory / "manifest"; }
  [[nodiscard]] std::filesystem::path peers() const { return directory / "peers"; }  // agreements
  [[nodiscard]] std::filesystem::path admin_token() const { return directory / "admin.token"; }
  [[nodiscard]] std::filesystem::path last_backup() const { return directory / "last-backup"; }
  [[nodiscard]] std::filesystem::path log_state(base::Config const& config) const {
    return directory / config.store.log_state;
  }
  // The same of the control log, beside it.
  [[nodiscard]] std::filesystem::path control_log_state(base::Config const& config) const {
    return log_state(config).string() + ".control";
  }
  [[nodiscard]] std::filesystem::path feed_generation() const { return directory / "feed-generation"; }
  [[nodiscard]] std::filesystem::path lock() const { return directory / "lock"; }
  [[nodiscard]] std::filesystem::path audit() const { return directory / "audit"; }
  [[nodiscard]] std::filesystem::path audit_checkpoints() const { return audit() / "checkpoints"; }
  [[nodiscard]] std::filesystem::path audit_spill() const { return audit() / "spill"; }
  [[nodiscard]] std::filesystem::path run() const { return directory / "run"; }
  [[nodiscard]] std::filesystem::path admin_socket() const { return run() / "admin.sock"; }
};

// Errors: every mistake of the file; not_found, when the directory holds no instance; io_failed.
[[nodiscard]] std::expected<base::Config, base::ConfigErrors> load_config(Layout const& layout);

// Refuses a directory whose database is missing or empty: only init makes one. Error: not_found.
[[nodiscard]] core::Result<void> require_database(Layout const& layout);

// An error of the store with the file that it is about, for those who may know where it lies.
[[nodiscard]] core::Error of_database(Layout const& layout, core::Error error);

// Where an instance's database comes from: store::open_sqlite, or what measures without one.
using OpenDatabase = std::function<core::Result<std::unique_ptr<store::Database>>(store::DatabaseOptions const&)>;

class Following;

class Instance {
 public:
  ~Instance();

  // The caller holds the directory's lock. Errors: unprocessable when the instance is sealed; not_found, io_failed,
  // migration_pending, storage_failed.
  [[nodiscard]] static core::Result<std::unique_ptr<Instance>> open(
      Layout const& layout, base::Config const& config, OpenDatabase const& open_database = store::open_sqlite);

  [[nodiscard]] base::Log& log() { return log_; }
  [[nodiscard]] base::Metrics& metrics() { return metrics_; }
  [[nodiscard]] base::Live<base::RequestLog> const& request_log() const { return request_log_; }
  [[nodiscard]] endpoints::Context& context() { return context_; }
  [[nodiscard]] http::Router const& router() const { return router_; }
  [[nodiscard]] Witnessing& witnessing() { return witnessing_; }
  // A connection of the caller's own. Errors: those of the store. Any thread.
  [[nodiscard]] core::Result<std::unique_ptr<store::ReadStore>> open_reader() { return database_->open_reader(); }

  // Signs and shows both logs from now on, for as long as the instance is open, and keeps store.log_state up to date.
  // Errors: those of publish (publishing.hpp).
  [[nodiscard]] core::Result<void> publish_logs(Layout const& layout, base::Config const& config);

  // Follows peers from now on, for as long as the instance is open. After publish_logs.
  void follow_peers(Layout const& layout, base::Config const& config);

  // Answers what items hit, once all indicators were read. From now on, for as long as the instance is open.
  void start_matching() { matching_.start(); }

  // The data log as it is now: it is read whole. Errors: those of the store. Any thread but the commit thread.
  [[nodiscard]] core::Result<ledger::LogVerdict> data_log();
  // Destroys some of what is due, in one transaction, so that no page shows it any more. Errors: those of reading keys,
  // of the store and of notes; then nothing was destroyed. Any thread but the commit thread.
  [[nodiscard]] core::Result<store::Destroyed> destroy(Layout const& layout,
                                                       std::span<store::RetentionRule const> rules,
                                                       store::RetentionBatch const& batch,
                                                       ledger::LogVerdict const& data);
  // Logs what the numberings of the data log have come to, of those that have grown: none as long as nothing is shared
  // with a peer. How many. Errors: those of the store. Any thread but the commit thread.
  [[nodiscard]] core::Result<std::size_t> log_heads();
  // Afterwards, of all that was destroyed until then: memory and the write-ahead log hold nothing of it either. False:
  // something reads the database for long, and the write-ahead log still does. Errors: those of the store. Any thread
  // but the commit thread.
  [[nodiscard]] core::Result<bool> forget_destroyed();

  // What `config` says of everything that can change while requests are answered. Any thread but the commit thread.
  void reload(base::Config const& config);
  // The agreements with peers as their files have them now; mistakes go to the log. Any thread but the commit thread.
  void reload_agreements();

 private:
  Instance(Layout const& layout, base::Config const& config, std::unique_ptr<store::Database> database,
           core::Digest const& cursor_key, log::SignerKey audit_key);
  void observe(store::CommitOutcome const& outcome);
  core::Result<endpoints::LogKeys> change_log_key(Layout const& layout, store::Actor const& by);
  void touch(store::Erased const& erased);
  core::Result<endpoints::ErasedObject> erase_object(Layout const& layout, store::Erasure const& erasure,
                                                     store::Actor const& by);
  core::Result<store::MadeRecall> recall_object(Layout const& layout, endpoints::Recalling const& what);

  base::Log log_;
  std::mutex using_log_key_;  // by one change or statement at a time
  base::Live<base::RequestLog> request_log_;
  base::Metrics metrics_;
  base::SystemClock clock_;
  std::unique_ptr<store::Database> database_;
  stream::Bell log_bell_;       // rung by the logs
  ledger::PublishedLogs logs_;  // end after the ledger: what they sign last is all there is
  access::Registry registry_;   // who and what may be seen
  access::SignedInSessions sessions_;
  access::Administration administration_;
  access::AudienceAdministration audiences_;
  stream::RangeRegistry ranges_;  // what its organisations own
  admission::harm::AllowListRegistry allow_lists_;
  catalog::MuteRegistry mutes_;
  federation::Peering peering_;
  ledger::Generations generations_;  // what changed since a page was made
  ledger::Rules rules_;
  stream::Bell bell_;  // rung by the ledger
  stream::Matching matching_;
  ledger::PendingSubmissions pending_;
  endpoints::KeyedRequests keyed_;
  ledger::GroupCommit ledger_;  // the only writer
  Witnessing witnessing_;       // through it
  federation::RelayedLogs relayed_;
  federation::Dependents dependents_;
  ledger::ReadAudit reads_;  // through it
  ledger::AuditCheckpoints checkpoints_;
  admission::Door door_;
  catalog::CursorCodec cursors_;
  catalog::Pages pages_;
  feeds::Kept feeds_;
  feeds::Signing feed_signing_;
  store::Bridge bridge_;   // its jobs use what is above: it ends first
  base::Workers workers_;  // likewise
  base::Limiter limiter_;
  endpoints::InFlight in_flight_;
  endpoints::InFlight wholes_{4, 1};
  endpoints::InFlight long_bodies_{16, 4};
  endpoints::InFlight polls_{64, 4};
  endpoints::OpenStreams streams_;
  endpoints::Context context_;
  http::Router router_;
  ledger::RecallAlarm recall_alarm_;
  std::unique_ptr<Following> following_;  // what is above works for it: it ends first
};

}  // namespace tocsin::app
