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
  std::vector<core::Uuid> all{first};
  for (int i = 0; i < 100; ++i) all.push_back(world.submit(1));
  CHECK(std::ranges::count_if(
            all, [&](core::Uuid const& id) { return world.pending.find(id, kOrganisation).has_value(); }) == 64);
}
