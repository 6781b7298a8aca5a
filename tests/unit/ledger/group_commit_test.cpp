#include "server/ledger/group_commit.hpp"

#include <algorithm>
#include <future>
#include <numeric>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/unit/ledger/writer.hpp"

using namespace tocsin;

namespace {

std::future<core::Result<ledger::Receipt>> submit(test::Writer& writer, store::RowId organisation,
                                                  std::size_t objects) {
  auto promise = std::make_shared<std::promise<core::Result<ledger::Receipt>>>();
  auto future = promise->get_future();
  writer.ledger->submit(writer.submission(organisation, objects),
                        [promise](core::Result<ledger::Receipt> result) { promise->set_value(std::move(result)); });
  return future;
}

}  // namespace

TEST_CASE("every submission of many threads is answered once with a fate for each object", "[ledger][commit]") {
  test::Writer writer;
  std::vector<std::thread> threads;
  std::atomic<int> stored{0};
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (std::size_t round = 0; round < 25; ++round) {
        auto receipt = submit(writer, thread + 1, round % 5).get();
        if (receipt.has_value() && receipt->fates.size() == round % 5)
          stored += static_cast<int>(receipt->fates.size());
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(stored == 4 * 5 * (0 + 1 + 2 + 3 + 4));
  CHECK_FALSE(writer.commits.empty());
}

TEST_CASE("a large submission is committed in turns and a small one does not wait for its end", "[ledger][fairness]") {
  ledger::CommitLimits limits;
  limits.objects = 64;
  limits.turn = 16;
  test::Writer writer(limits);
  auto flood = submit(writer, 1, 20'000);
  auto bell = submit(writer, 2, 1);
  REQUIRE(bell.get().has_value());
  CHECK(flood.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  auto receipt = flood.get();
  REQUIRE(receipt.has_value());
  CHECK(receipt->fates.size() == 20'000);
  CHECK(receipt->record.accepted.size() == 20'000);
}

TEST_CASE("a record is stored with the last part of its submission", "[ledger][status]") {
  test::Writer writer;
  auto receipt = submit(writer, 3, 600).get();
  REQUIRE(receipt.has_value());
  auto status = writer.database->open_reader().value()->status(receipt->record.id, 3).value();
  REQUIRE(status.has_value());
  CHECK(status->accepted.size() == 600);
}

TEST_CASE("submissions beyond the waiting limit are refused at once", "[ledger][overload]") {
  ledger::CommitLimits limits;
  limits.waiting_bytes = 10;
  test::Writer writer(limits);
  auto refused = submit(writer, 1, 5).get();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::unavailable);
}

TEST_CASE("nobody waits for a clock that was put back, and dates go on from where they were", "[ledger][clock]") {
  constexpr std::int64_t kDay = 86'400'000'000;
  test::Writer writer;
  REQUIRE(submit(writer, 1, 5).get().has_value());
  std::int64_t latest = writer.latest_date_us;
  for (std::int64_t step : {kDay, std::int64_t{0}, -kDay, -2 * kDay, -kDay}) {
    writer.clock.step_us = step;
    for (std::size_t objects : {1u, 300u, 1u}) {
      auto stored = submit(writer, 1, objects);
      REQUIRE(stored.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
      REQUIRE(stored.get().has_value());
      CHECK(writer.latest_date_us > latest);
      latest = writer.latest_date_us;
    }
  }
}

TEST_CASE("too little free space refuses writes and keeps the submission out of the database", "[ledger][full]") {
  ledger::CommitLimits limits;
  limits.free_space_bytes = std::int64_t{1} << 60;
  test::Writer writer(limits);
  auto refused = submit(writer, 1, 1).get();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::storage_full);
}

TEST_CASE("jobs run on the commit thread and their exceptions come back", "[ledger][jobs]") {
  test::Writer writer;
  std::thread::id there;
  writer.ledger->perform([&] { there = std::this_thread::get_id(); });
  CHECK(there != std::this_thread::get_id());
  CHECK_THROWS_AS(writer.ledger->perform([] { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST_CASE("a single object is stored in a transaction of its own while a stock is loaded, and does not stop the stock",
          "[ledger][fairness]") {
  test::Writer writer;
  std::future<core::Result<ledger::Receipt>> flood, bell;
  {
    test::Hold hold(*writer.ledger);
    flood = submit(writer, 1, 5'000);
    bell = submit(writer, 2, 1);
  }
  REQUIRE(bell.get().has_value());
  std::size_t bells = 1;
  for (; flood.wait_for(std::chrono::seconds(0)) == std::future_status::timeout; ++bells)
    REQUIRE(submit(writer, 2, 1).get().has_value());
  REQUIRE(flood.get().has_value());
  // After the stock a bell is alone anyway, so only what came before its last part counts.
  auto last = std::find_if(writer.commits.rbegin(), writer.commits.rend(), [](std::size_t n) { return n > 1; });
  CHECK(std::count(last, writer.commits.rend(), 1u) > 0);
  // Every bell adds at most one transaction, and none takes the stock's turn, of which each has 16 objects or more.
  auto alone = static_cast<std::size_t>(std::count(last, writer.commits.rend(), 1u));
  auto turns = static_cast<std::size_t>(std::distance(last, writer.commits.rend())) - alone;
  CHECK(alone <= std::min(bells, turns + 1));
  CHECK(turns <= 5'000 / 16 + 1);
}

TEST_CASE("nobody waits for a clock that is put back while a commit is under way", "[ledger][clock]") {
  constexpr std::int64_t kDay = 86'400'000'000;
  test::Writer writer;
  REQUIRE(submit(writer, 1, 1).get().has_value());
  writer.committed = [&] { writer.clock.step_us = 0; };
  writer.clock.step_us = kDay;
  REQUIRE(submit(writer, 1, 1).get().has_value());
  auto next = submit(writer, 1, 1);
  REQUIRE(next.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK(next.get().has_value());
}

TEST_CASE("submissions are stored while jobs come without end", "[ledger]") {
  test::Writer writer;
  std::atomic<bool> stored{false};
  std::function<void()> again = [&] {
    if (!stored) writer.ledger->post(again);
  };
  writer.ledger->post(again);
  auto made = submit(writer, 1, 1);
  bool ready = made.wait_for(std::chrono::seconds(60)) == std::future_status::ready;
  stored = true;
  REQUIRE(ready);
  CHECK(made.get().has_value());
  // The one that ran last may have posted another behind the first of these.
  for (int i = 0; i < 2; ++i) writer.ledger->perform([] {});
}

TEST_CASE("a submission that spoils the transaction of others is refused alone", "[ledger][commit]") {
  test::Writer writer;
  writer.run(
      "CREATE TRIGGER broken BEFORE INSERT ON versions WHEN NEW.asserter = 2 BEGIN SELECT RAISE(ABORT, 'broken'); END");
  std::future<core::Result<ledger::Receipt>> good, bad;
  {
    test::Hold hold(*writer.ledger);
    good = submit(writer, 1, 3);
    bad = submit(writer, 2, 1);
  }
  CHECK(good.get().has_value());
  auto const refused = bad.get();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == core::Code::storage_failed);
  CHECK(writer.commits == std::vector<std::size_t>{3});
}

TEST_CASE("who is refused after some turns is told how many objects were stored", "[ledger][commit]") {
  ledger::CommitLimits limits;
  limits.objects = limits.turn = 64;
  test::Writer writer(limits);
  writer.run(
      "CREATE TRIGGER no_room BEFORE INSERT ON versions WHEN (SELECT count(*) FROM versions) >= 100 BEGIN SELECT "
      "RAISE(ABORT, 'no room'); END");
  auto const refused = submit(writer, 1, 300).get();
  REQUIRE_FALSE(refused.has_value());
  auto const stored = std::accumulate(writer.commits.begin(), writer.commits.end(), std::size_t{0});
  CHECK(stored >= 64);
  CHECK(refused.error().detail.contains(" Before that, " + std::to_string(stored) + " objects of this submission"));
  writer.run("DROP TRIGGER no_room");
  CHECK(submit(writer, 1, 300).get().has_value());
}
