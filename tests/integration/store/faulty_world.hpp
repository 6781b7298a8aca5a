// The real store behind the real group commit, on a disk that fails, and a twin of it on a sound one. What the first
// acknowledged must be in it afterwards, table by table, as it is in the twin. Owned by a test; one thread.
#pragma once

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/ledger/group_commit.hpp"
#include "server/store/database.hpp"
#include "tests/contract/other_log.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/integration/store/recorder.hpp"
#include "tests/integration/store/tables.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

// The store is not as it was acknowledged to be.
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A migrated database with one organisation and nothing else. Made once, and copied for every world.
[[nodiscard]] FaultyDisk const& migrated_disk();

class FaultyWorld {
 public:
  FaultyWorld();
  ~FaultyWorld();

  [[nodiscard]] FaultyDisk& disk() { return disk_; }

  // Opens the database and starts the group commit. False: the disk failed; it can be tried again.
  bool open();
  // Ends both, as a server that stops or whose machine lost its power.
  void close();
  [[nodiscard]] bool is_open() const { return ledger_ != nullptr; }

  // All of them wait at the same time. Each must be answered once, with fates or a storage error.
  // How many were stored.
  std::size_t submit(std::vector<ledger::Submission> submissions);
  void withdraw(store::Withdrawal const& withdrawal);
  void change_account(std::function<core::Result<void>(store::AccountStore&)> const& change);
  // What is behind the cursor of the other instance's log is verified and taken, at most `most` entries of it; or the
  // log is read again from its beginning, which takes nothing.
  void follow(OtherLog const& other, std::vector<store::ForeignObject> const& logged, std::size_t most);
  void follow_again();
  void checkpoint();
  void hold_snapshot(bool hold);
  void advance_clock(std::int64_t us) { clock_.now += us; }

  // Reads as members do, with one reader that stays open: statuses and pages, by id too, are those of the twin, or a
  // storage error when one may be.
  void compare_reads(bool may_fail);
  // Compares all there is. Only while the database is open and the disk sound. Throws Difference.
  void verify();

  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }  // objects, duplicates not counted
  [[nodiscard]] std::uint64_t landed() const {
    return landed_;
  }  // transactions that survived without having been acknowledged

 private:
  struct StillClock final : base::Clock {
    std::atomic<std::int64_t> now{1'700'000'000'000'000};
    std::int64_t now_us() const override { return now; }
  };

  void observe(store::CommitOutcome const& outcome);
  void remember(ledger::Receipt const& receipt);
  void keep_up();
  std::optional<store::Origin> followed();
  core::Result<store::ReadStore*> reader();
  void compare_statuses(bool may_fail);
  void compare_some_by_id(bool may_fail);
  void compare_page(store::PageQuery const& query, bool may_fail);
  void settle_tables();
  void check_log();
  void check_acknowledged();
  void raise_complaints();

  Folder folder_, twin_folder_;
  FaultyDisk disk_, twin_disk_;
  StillClock clock_;
  base::Log log_;
  base::Metrics metrics_;
  ledger::Generations generations_;
  ledger::Rules rules_ = real_rules();
  Recorder recorder_{disk_};
  std::unique_ptr<store::Database> twin_, database_;
  std::unique_ptr<store::ReadStore> reader_, twin_reader_;
  std::optional<HeldSnapshot> snapshot_;
  std::unique_ptr<ledger::GroupCommit> ledger_;

  std::map<std::string, std::string> objects_;  // acknowledged: key and bytes
  std::vector<std::pair<core::Uuid, store::RowId>> submissions_;
  std::int64_t last_sequence_ = 0, last_date_us_ = 0;
  std::uint64_t acknowledged_ = 0, landed_ = 0;
};

}  // namespace tocsin::test
