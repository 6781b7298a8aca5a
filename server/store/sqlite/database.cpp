#include "server/store/database.hpp"

#include <algorithm>

#include "server/base/clock.hpp"
#include "server/store/sqlite/accounts.hpp"
#include "server/store/sqlite/allow_lists.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/chain_index.hpp"
#include "server/store/sqlite/commits.hpp"
#include "server/store/sqlite/connection.hpp"
#include "server/store/sqlite/logs.hpp"
#include "server/store/sqlite/mutes.hpp"
#include "server/store/sqlite/origins.hpp"
#include "server/store/sqlite/peers.hpp"
#include "server/store/sqlite/ranges.hpp"
#include "server/store/sqlite/reads.hpp"
#include "server/store/sqlite/relays.hpp"
#include "server/store/sqlite/releases.hpp"
#include "server/store/sqlite/waiting.hpp"
#include "server/store/sqlite/witnesses.hpp"

namespace tocsin::store {
namespace {

using sqlite::Connection;
using sqlite::SqliteError;

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(DatabaseOptions const& options)
      : options_(options),
        writer_(options.file, Connection::Mode::read_write, options.cache_mib),
        chains_(writer_, options.unindexed_versions),
        audit_(writer_, clock_),
        waiting_(writer_, audit_),
        commits_(writer_, chains_, audit_, waiting_),
        accounts_(writer_, audit_),
        ranges_(writer_, audit_),
        allow_lists_(writer_, audit_),
        mutes_(writer_, audit_),
        witnesses_(writer_, audit_),
        releases_(writer_, audit_),
        peers_(writer_, audit_, clock_),
        origins_(writer_),
        relays_(writer_, audit_) {}

  CommitStore& commits() override { return commits_; }
  ControlStore& control() override { return commits_; }
  AccountStore& accounts() override { return accounts_; }
  AuditStore& audit() override { return audit_; }
  RangeStore& ranges() override { return ranges_; }
  AllowListStore& allow_lists() override { return allow_lists_; }
  MuteStore& mutes() override { return mutes_; }
  WitnessStore& witnesses() override { return witnesses_; }
  ReleaseStore& releases() override { return releases_; }
  PeerStore& peers() override { return peers_; }
  WaitingStore& waiting() override { return waiting_; }
  RecallStore& recalls() override { return commits_; }
  OriginStore& origins() override { return origins_; }
  RelayStore& relays() override { return relays_; }

  core::Result<std::unique_ptr<ReadStore>> open_reader() override {
    try {
      return std::make_unique<sqlite::Reads>(read_connection(), chains_);
    } catch (SqliteError const& error) {
      return std::unexpected(error.error());
    }
  }

  core::Result<std::unique_ptr<LogStore>> open_log() override {
    try {
      return std::make_unique<sqlite::Logs>(read_connection());
    } catch (SqliteError const& error) {
      return std::unexpected(error.error());
    }
  }

 private:
  std::unique_ptr<Connection> read_connection() const {
    return std::make_unique<Connection>(options_.file, Connection::Mode::read_only,
                                        std::max<std::int64_t>(8, options_.cache_mib / 8));
  }

  DatabaseOptions options_;
  Connection writer_;
  sqlite::ChainIndex chains_;
  base::SystemClock clock_;
  sqlite::Audit audit_;
  sqlite::WaitingTable waiting_;
  sqlite::Commits commits_;
  sqlite::Accounts accounts_;
  sqlite::Ranges ranges_;
  sqlite::AllowListTable allow_lists_;
  sqlite::Mutes mutes_;
  sqlite::Witnesses witnesses_;
  sqlite::Releases releases_;
  sqlite::Peers peers_;
  sqlite::Origins origins_;
  sqlite::Relays relays_;
};

}  // namespace

core::Result<std::unique_ptr<Database>> open_sqlite(DatabaseOptions const& options) {
  auto migrations = sqlite_migrations(options.file);
  if (!migrations) return std::unexpected(migrations.error());
  for (Migration const& migration : *migrations)
    if (!migration.applied)
      return core::fail(core::Code::migration_pending, "Migration " + migration.name + " has not been applied.", "",
                        "After a backup, run: tocsind migrate --dir " + options.file.parent_path().string());
  try {
    return std::make_unique<SqliteDatabase>(options);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store
