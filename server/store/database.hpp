// An open database: where the interfaces come from. Owned by app; opened and closed on the main thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/account_store.hpp"
#include "server/store/allow_list_store.hpp"
#include "server/store/audit_store.hpp"
#include "server/store/commit_store.hpp"
#include "server/store/control_store.hpp"
#include "server/store/log_store.hpp"
#include "server/store/mute_store.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/peer_store.hpp"
#include "server/store/range_store.hpp"
#include "server/store/read_store.hpp"
#include "server/store/recall_store.hpp"
#include "server/store/relay_store.hpp"
#include "server/store/release_store.hpp"
#include "server/store/waiting_store.hpp"
#include "server/store/witness_store.hpp"

namespace tocsin::store {

struct DatabaseOptions {
  std::filesystem::path file;
  std::int64_t cache_mib = 256;             // of the writing connection; readers have an eighth each
  std::size_t unindexed_versions = 65'536;  // how many of the newest versions may have their index entry in memory only
};

struct Migration {
  int number = 0;
  std::string name;
  bool applied = false;
};

class Database {
 public:
  virtual ~Database() = default;

  [[nodiscard]] virtual CommitStore& commits() = 0;                                  // of the one writing connection
  [[nodiscard]] virtual ControlStore& control() = 0;                                 // of the same connection
  [[nodiscard]] virtual AccountStore& accounts() = 0;                                // of the same connection
  [[nodiscard]] virtual AuditStore& audit() = 0;                                     // likewise
  [[nodiscard]] virtual RangeStore& ranges() = 0;                                    // likewise
  [[nodiscard]] virtual AllowListStore& allow_lists() = 0;                           // likewise
  [[nodiscard]] virtual MuteStore& mutes() = 0;                                      // likewise
  [[nodiscard]] virtual WitnessStore& witnesses() = 0;                               // likewise
  [[nodiscard]] virtual ReleaseStore& releases() = 0;                                // likewise
  [[nodiscard]] virtual PeerStore& peers() = 0;                                      // likewise
  [[nodiscard]] virtual WaitingStore& waiting() = 0;                                 // likewise
  [[nodiscard]] virtual RecallStore& recalls() = 0;                                  // likewise
  [[nodiscard]] virtual OriginStore& origins() = 0;                                  // likewise
  [[nodiscard]] virtual core::Result<std::unique_ptr<ReadStore>> open_reader() = 0;  // thread-safe
  [[nodiscard]] virtual core::Result<std::unique_ptr<LogStore>> open_log() = 0;      // thread-safe
  [[nodiscard]] virtual RelayStore& relays() = 0;                                    // of the one writing connection
};

// Errors: migration_pending (with the command that mends it) unless every migration is applied; storage_failed.
[[nodiscard]] core::Result<std::unique_ptr<Database>> open_sqlite(DatabaseOptions const& options);

// Every migration this program knows, in order. A database that knows others, or whose checksums differ, is an error
// (migration_pending). A missing file has none applied.
[[nodiscard]] core::Result<std::vector<Migration>> sqlite_migrations(std::filesystem::path const& file);

// Applies what is pending, each in a transaction of its own; creates the file (0600) when it is missing.
[[nodiscard]] core::Result<std::vector<Migration>> migrate_sqlite(std::filesystem::path const& file);

}  // namespace tocsin::store
