#include "server/ledger/group_commit.hpp"

#include <future>
#include <thread>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

struct Bench {
  test::Folder folder;
  base::SystemClock clock;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  ledger::Generations generations;
  ledger::Rules rules = test::real_rules();
  std::unique_ptr<store::Database> database;
  std::unique_ptr<ledger::GroupCommit> ledger;
  std::atomic<int> commits{0};

  explicit Bench(ledger::CommitLimits limits = {}) {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8}).value();
    ledger = std::make_unique<ledger::GroupCommit>(
        database->commits(), rules, clock, limits, folder.path(), generations,
        [this](store::CommitOutcome const&) { ++commits; }, log, metrics);
  }
  ~Bench() { ledger.reset(); }

  std::future<core::Result<ledger::Receipt>> submit(store::RowId asserter, std::size_t objects) {
    ledger::Submission submission;
    submission.asserter = asserter;
    submission.collection = 1;
    submission.record.id = core::random_uuid();
    for (std::size_t i = 0; i < objects; ++i)
      submission.candidates.push_back(make_candidate(asserter, core::random_uuid(), 10, {stix::Tlp::green, false}));
    auto promise = std::make_shared<std::promise<core::Result<ledger::Receipt>>>();
    auto future = promise->get_future();
    ledger->submit(std::move(submission),
                   [promise](core::Result<ledger::Receipt> result) { promise->set_value(std::move(result)); });
    return future;
  }
};

}  // namespace

TEST_CASE("every submission of many threads is answered once with a fate for each object", "[ledger][commit]") {
  Bench bench;
  std::vector<std::thread> threads;
  std::atomic<int> stored{0};
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::size_t round = 0; round < 25; ++round) {
        auto receipt = bench.submit(thread + 1, round % 5).get();
        if (receipt.has_value() && receipt->fates.size() == round % 5)
          stored += static_cast<int>(receipt->fates.size());
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(stored == 4 * 5 * (0 + 1 + 2 + 3 + 4));
  CHECK(bench.commits > 0);
}

TEST_CASE("a large submission is committed in turns and a small one does not wait for its end", "[ledger][fairness]") {
  ledger::CommitLimits limits;
  limits.objects = 64;
  limits.turn = 16;
  Bench bench(limits);
  auto flood = bench.submit(1, 20'000);
  auto bell = bench.submit(2, 1);
  REQUIRE(bell.get().has_value());
  CHECK(flood.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  auto receipt = flood.get();
  REQUIRE(receipt.has_value());
  CHECK(receipt->fates.size() == 20'000);
  CHECK(receipt->record.accepted.size() == 20'000);
}

TEST_CASE("a record is stored with the last part of its submission", "[ledger][status]") {
  Bench bench;
  auto receipt = bench.submit(3, 600).get();
  REQUIRE(receipt.has_value());
  auto status = bench.database->open_reader().value()->status(receipt->record.id, 0).value();
  REQUIRE(status.has_value());
  CHECK(status->accepted.size() == 600);
}

TEST_CASE("submissions beyond the waiting limit are refused at once", "[ledger][overload]") {
  ledger::CommitLimits limits;
  limits.waiting_bytes = 10;
  Bench bench(limits);
  auto refused = bench.submit(1, 5).get();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::unavailable);
}

TEST_CASE("too little free space refuses writes and keeps the submission out of the database", "[ledger][full]") {
  ledger::CommitLimits limits;
  limits.free_space_bytes = std::int64_t{1} << 60;
  Bench bench(limits);
  auto refused = bench.submit(1, 1).get();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::storage_full);
}

TEST_CASE("jobs run on the commit thread and their exceptions come back", "[ledger][jobs]") {
  Bench bench;
  std::thread::id there;
  bench.ledger->perform([&] { there = std::this_thread::get_id(); });
  CHECK(there != std::this_thread::get_id());
  CHECK_THROWS_AS(bench.ledger->perform([] { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST_CASE("a single object is stored in a transaction of its own while a stock is loaded, and does not stop the stock",
          "[ledger][fairness]") {
  Bench bench;
  auto flood = bench.submit(1, 5'000);
  int before = bench.commits, bells = 0;
  while (flood.wait_for(std::chrono::seconds(0)) == std::future_status::timeout) {
    REQUIRE(bench.submit(2, 1).get().has_value());
    ++bells;
  }
  REQUIRE(flood.get().has_value());
  CHECK(bells > 0);
  // The stock alone takes 20 transactions of 256. Every bell adds at most one, and none takes the stock's turn.
  CHECK(bench.commits - before <= 5'000 / 64 + 1 + bells + 1);
}
