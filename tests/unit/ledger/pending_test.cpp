#include "server/ledger/pending.hpp"

#include <algorithm>
#include <future>
#include <thread>

#include "server/store/database.hpp"
#include "tests/contract/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace tocsin;
using test::make_candidate;

namespace {

constexpr store::RowId kOrganisation = 7;

struct World {
  test::Folder folder;
  base::SystemClock clock;
  base::Log log{2, base::Level::error};
  base::Metrics metrics;
  ledger::Generations generations;
  ledger::Rules rules = test::real_rules();
  std::unique_ptr<store::Database> database;
  ledger::PendingSubmissions pending;
  std::unique_ptr<ledger::GroupCommit> ledger;

  explicit World(ledger::CommitLimits limits = {}) {
    REQUIRE(store::migrate_sqlite(folder / "db").has_value());
    database = store::open_sqlite({folder / "db", 8}).value();
    ledger = std::make_unique<ledger::GroupCommit>(
        database->commits(), rules, clock, limits, folder.path(), generations, [](store::CommitOutcome const&) {}, log,
        metrics);
  }

  core::Uuid submit(std::size_t objects) {
    ledger::Submission submission;
    submission.asserter = submission.record.organisation = kOrganisation;
    submission.collection = submission.record.collection = 1;
    core::Uuid id = submission.record.id = core::time_ordered_uuid(clock.now_us());
    for (std::size_t i = 0; i < objects; ++i)
      submission.candidates.push_back(
          make_candidate(kOrganisation, core::random_uuid(), 10, {stix::Tlp::green, false}));
    pending.submit(*ledger, std::move(submission));
    return id;
  }
};

}  // namespace

TEST_CASE("a submission is pending until it is stored, and only for its organisation", "[ledger][pending]") {
  World world;
  std::promise<void> held, go;
  // The commit thread waits in this job, so that what follows is surely pending.
  std::thread holder([&] {
    world.ledger->perform([&] {
      held.set_value();
      go.get_future().wait();
    });
  });
  held.get_future().wait();
  auto id = world.submit(3);
  auto status = world.pending.find(id, kOrganisation);
  REQUIRE(status.has_value());
  CHECK(status->objects->size() == 3);
  CHECK_FALSE(status->failed.has_value());
  CHECK_FALSE(world.pending.find(id, kOrganisation + 1).has_value());
  go.set_value();
  holder.join();
  world.ledger.reset();  // stores what waits
  CHECK_FALSE(world.pending.find(id, kOrganisation).has_value());
  CHECK(world.database->open_reader().value()->status(id, kOrganisation).value()->accepted.size() == 3);
}

TEST_CASE("a submission that could not be stored says why, and few such are remembered", "[ledger][pending]") {
  ledger::CommitLimits limits;
  limits.waiting_bytes = 1;  // nothing fits
  World world(limits);
  auto first = world.submit(1);
  auto status = world.pending.find(first, kOrganisation);
  REQUIRE(status.has_value());
  REQUIRE(status->failed.has_value());
  CHECK(status->failed->code == core::Code::unavailable);
  std::vector<core::Uuid> all{first};
  for (int i = 0; i < 100; ++i) all.push_back(world.submit(1));
  CHECK(std::ranges::count_if(
            all, [&](core::Uuid const& id) { return world.pending.find(id, kOrganisation).has_value(); }) == 64);
}
