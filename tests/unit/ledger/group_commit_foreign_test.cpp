// What other instances logged, between the submissions of members.
#include <future>
#include <memory>

#include "tests/contract/other_log.hpp"
#include "tests/unit/ledger/writer.hpp"

using namespace tocsin;
using store::Verdict;
using Fates = core::Result<std::vector<store::Fate>>;

namespace {

struct World {
  test::Writer writer;
  test::OtherLog other;
  store::RowId origin = 0;

  World() {
    writer.ledger->perform([&] { origin = writer.database->origins().follow(other.name()).value(); });
  }

  store::ForeignObject logged() {
    return other.log(origin, test::make_candidate(9, core::random_uuid(), 10, {stix::Tlp::green, false}));
  }

  std::future<Fates> deliver(std::uint64_t from, std::vector<store::ForeignObject> objects) {
    writer.ledger->perform([&] {
      auto& store = writer.database->origins();
      auto const size = store.origins()->front().data.size;
      store.verified(origin, store::LogName::data, other.verified(), other.hashes(size, other.size())).value();
    });
    auto promise = std::make_shared<std::promise<Fates>>();
    auto future = promise->get_future();
    writer.ledger->deliver({{origin, from, other.size(), {1}, {}}, std::move(objects)},
                           [promise](Fates fates) { promise->set_value(std::move(fates)); });
    return future;
  }
};

}  // namespace

TEST_CASE("what another instance logged is told to whoever watches before its follower is answered",
          "[ledger][delivery]") {
  World world;
  bool answered = false, told = false;
  world.writer.committed = [&] { told = !answered; };
  auto const before = world.writer.generations.growth(1);
  auto const first = world.logged(), second = world.logged();
  auto const fates = world.deliver(0, {first, second}).get();
  answered = true;
  REQUIRE(fates.has_value());
  CHECK(fates->size() == 2);
  CHECK(fates->front().kind == Verdict::Kind::store);
  CHECK(told);
  CHECK(world.writer.commits == std::vector<std::size_t>{2});
  CHECK(world.writer.generations.growth(1) > before);
}

TEST_CASE("a delivery that does not go on from the cursor is answered so, and changes nothing", "[ledger][delivery]") {
  World world;
  auto const first = world.logged();
  REQUIRE(world.deliver(0, {first}).get().has_value());
  auto const again = world.deliver(0, {first}).get();
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == core::Code::conflict);
  CHECK(world.writer.commits.size() == 1);
}

TEST_CASE("a delivery waits for no more than one transaction of a submission that takes many", "[ledger][delivery]") {
  World world;
  auto const one = world.logged();
  auto const stored = std::make_shared<std::promise<core::Result<ledger::Receipt>>>();
  auto answer = stored->get_future();
  world.writer.ledger->submit(world.writer.submission(1, 20'000), [stored](core::Result<ledger::Receipt> receipt) {
    stored->set_value(std::move(receipt));
  });
  REQUIRE(world.deliver(0, {one}).get().has_value());
  CHECK(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  REQUIRE(answer.get().has_value());
}

TEST_CASE("nothing is taken when the disk is nearly full, and the cursor stays", "[ledger][delivery]") {
  World world;
  auto const one = world.logged();
  ledger::CommitLimits limits;
  limits.free_space_bytes = std::int64_t{1} << 60;
  world.writer.ledger->set_limits(limits);
  CHECK(world.deliver(0, {one}).get().error().code == core::Code::storage_full);
  core::Result<void> room;  // for a job that would write what was verified
  world.writer.ledger->perform([&] { room = world.writer.ledger->room_to_write(); });
  CHECK(room.error().code == core::Code::storage_full);
  world.writer.ledger->set_limits({});
  CHECK(world.deliver(0, {one}).get().has_value());
}
