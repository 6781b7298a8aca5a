// A commit thread over a database of its own, for tests of what writes through it. Used on the test's thread, but for
// `submission`, which any thread may call.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "server/ledger/group_commit.hpp"
#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

// The wall clock, put forward or back.
struct SteppedClock final : base::Clock {
  std::atomic<std::int64_t> step_us{0};
  [[nodiscard]] std::int64_t now_us() const override { return base::SystemClock().now_us() + step_us; }
};

struct Writer {
  Folder folder;
  SteppedClock clock;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  ledger::Generations generations;
  ledger::Rules rules = real_rules();
  std::unique_ptr<store::Database> database;
  std::vector<std::size_t> commits;             // the objects of each; read it when nothing waits to be stored
  std::int64_t latest_date_us = 0;              // date_added; likewise
  std::function<void()> committed = [] {};      // after each commit, on its thread; set it when nothing waits
  std::unique_ptr<ledger::GroupCommit> ledger;  // the last one: it ends before what it uses

  explicit Writer(ledger::CommitLimits limits = {}) {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8}).value();
    ledger = std::make_unique<ledger::GroupCommit>(
        database->commits(), rules, clock, limits, folder.path(), generations,
        [this](store::CommitOutcome const& outcome) {
          std::size_t objects = 0;
          for (auto const& fates : outcome.fates) objects += fates.size();
          commits.push_back(objects);
          latest_date_us = outcome.last_date_added_us;
          committed();
        },
        log, metrics);
  }

  // Behind the store's back, when nothing is stored.
  void run(char const* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "db").c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }

  // New objects that everybody may see, and their record.
  [[nodiscard]] ledger::Submission submission(store::RowId organisation, std::size_t objects) const {
    ledger::Submission made;
    made.asserter = made.record.organisation = organisation;
    made.collection = made.record.collection = 1;
    made.record.id = core::time_ordered_uuid(clock.now_us());
    for (std::size_t i = 0; i < objects; ++i)
      made.candidates.push_back(make_candidate(organisation, core::random_uuid(), 10, {stix::Tlp::green, false}));
    return made;
  }
};

// Keeps the commit thread busy while it lives, so that what is submitted meanwhile surely waits.
class Hold {
 public:
  explicit Hold(ledger::GroupCommit& ledger)
      : thread_([this, &ledger] {
          ledger.perform([this] {
            held_.set_value();
            go_.get_future().wait();
          });
        }) {
    held_.get_future().wait();
  }
  ~Hold() {
    go_.set_value();
    thread_.join();
  }
  Hold(Hold const&) = delete;
  Hold& operator=(Hold const&) = delete;

 private:
  std::promise<void> held_, go_;
  std::thread thread_;
};

}  // namespace tocsin::test
