// How the write-ahead log gets back into the database, between commits: the part of Commits that may wait for readers.
#include <sqlite3.h>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr int kBusy = 5'000;             // milliseconds: Connection's own
constexpr int kCheckpointPatience = 25;  // milliseconds

}  // namespace

void Commits::checkpoint(std::int64_t pages) {
  if (wal_pages_ < waited_at_) waited_at_ = 0;
  if (wal_pages_ < pages) return;
  // PASSIVE never waits for readers. When short ones kept the log from being reused for long, a moment's patience lets
  // them end. A long one (a backup, a check) is waited for only each time that the log has grown by as much again: a
  // log that grows costs disk, a commit that waits costs everybody.
  if (wal_pages_ < waited_at_ + 16 * pages) {
    sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return;
  }
  waited_at_ = wal_pages_;
  (void)checkpoint_patiently(SQLITE_CHECKPOINT_RESTART);
}

bool Commits::empty_write_ahead_log() { return checkpoint_patiently(SQLITE_CHECKPOINT_TRUNCATE); }

bool Commits::checkpoint_patiently(int mode) {
  sqlite3_busy_timeout(connection_.raw(), kCheckpointPatience);
  int done = sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(connection_.raw(), kBusy);
  return done == SQLITE_OK;
}

}  // namespace tocsin::store::sqlite
