#include "server/ledger/pending.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/ledger/writer.hpp"

using namespace tocsin;

namespace {

constexpr store::RowId kOrganisation = 7;

struct World {
  ledger::PendingSubmissions pending;  // outlives the commit thread, which answers it
  test::Writer writer;

  explicit World(ledger::CommitLimits limits = {}) : writer(limits) {}

  core::Uuid submit(std::size_t objects) {
    auto submission = writer.submission(kOrganisation, objects);
    core::Uuid id = submission.record.id;
    pending.submit(*writer.ledger, std::move(submission));
    return id;
  }
};

}  // namespace

TEST_CASE("a submission is pending until it is stored, and only for its organisation", "[ledger][pending]") {
  World world;
  core::Uuid id;
  {
    test::Hold hold(*world.writer.ledger);
    id = world.submit(3);
    auto status = world.pending.find(id, kOrganisation);
    REQUIRE(status.has_value());
    CHECK(status->objects->size() == 3);
    CHECK_FALSE(status->failed.has_value());
    CHECK_FALSE(world.pending.find(id, kOrganisation + 1).has_value());
  }
  world.writer.ledger.reset();  // stores what waits
  CHECK_FALSE(world.pending.find(id, kOrganisation).has_value());
  CHECK(world.writer.database->open_reader().value()->status(id, kOrganisation).value()->accepted.size() == 3);
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
  constexpr int kMost = 100'000, kEach = 20'000;  // objects
  std::vector<core::Uuid> all;
  for (int i = 0; i < kMost / kEach + 3; ++i) all.push_back(world.submit(kEach));
  auto remembered = [&](core::Uuid const& id) { return world.pending.find(id, kOrganisation).has_value(); };
  CHECK_FALSE(remembered(first));
  CHECK(std::ranges::count_if(all, remembered) == kMost / kEach);
  CHECK(remembered(all.back()));
}

TEST_CASE("a failure that was told at once is forgotten", "[ledger][pending]") {
  ledger::CommitLimits limits;
  limits.waiting_bytes = 1;  // nothing fits
  World world(limits);
  auto id = world.submit(1);
  auto failed = world.pending.take_failed(id);
  REQUIRE(failed.has_value());
  CHECK(failed->code == core::Code::unavailable);
  CHECK_FALSE(world.pending.find(id, kOrganisation).has_value());
  CHECK_FALSE(world.pending.take_failed(id).has_value());
}
