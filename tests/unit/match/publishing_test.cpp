#include <atomic>
#include <thread>

#include "server/match/folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/match/amount.hpp"
#include "tests/unit/match/world.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::match;

constexpr std::size_t kOthers = 500;

// Version `number` of the one indicator that is about 192.0.2.0/24, and something else that changes with it.
std::vector<Change> version(std::int64_t number) {
  auto one = test::entry(1);
  one.facts.valid_until_us = number;
  auto other = test::entry(2, "");
  other.facts.id = {2, static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8)};
  other.networks = {{static_cast<FourBits>(0x0a000000 + number % kOthers), false, 32}};
  return {test::change(one), test::change(other)};
}

std::size_t waiting(Engine& engine, std::int64_t sequence) { return engine.apply({}, sequence); }

}  // namespace

TEST_CASE("Readers see whole versions that never go back, while others publish and fold") {
  std::int64_t const last = static_cast<std::int64_t>(test::lookups() / 2'000);
  Engine engine;
  engine.apply(version(1), 1);
  std::atomic<bool> done = false;
  std::atomic<std::size_t> wrong = 0, answers = 0;
  auto const read = [&] {
    auto const filter = test::seeing_class_1(-1);  // valid from 0 on; items say when they were
    auto item = test::at("192.0.2.1");
    item.at_us = 0;
    std::int64_t before = 0;
    while (!done) {
      auto const answer = engine.match(item, filter);
      bool const whole = answer.hits.size() == 1 && answer.hits.front().indicator.valid_until_us == answer.sequence;
      wrong += !whole || answer.sequence < before;
      before = answer.sequence;
      ++answers;
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read);
  while (answers < 10) std::this_thread::yield();
  {
    Folder folder(engine, {.most = 50, .oldest = std::chrono::milliseconds(5)});
    for (std::int64_t number = 2; number <= last; ++number) folder.apply(version(number), number);
  }
  done = true;
  for (auto& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(engine.match(test::at("192.0.2.1"), test::seeing_class_1(0)).sequence == last);
}

TEST_CASE("What waits is folded when it is much") {
  Engine engine;
  Folder folder(engine, {.most = 4, .oldest = std::chrono::hours(1)});
  folder.apply(version(1), 1);
  CHECK(waiting(engine, 1) == 2);
  folder.apply(version(2), 2);  // three indicators
  CHECK(waiting(engine, 2) == 3);
  folder.apply(version(3), 3);
  while (waiting(engine, 3) > 0) std::this_thread::yield();
  CHECK(engine.match(test::at("10.0.0.2"), test::seeing_class_1()).hits.size() == 1);
}

TEST_CASE("What waits is folded after a while, however little it is") {
  Engine engine;
  Folder folder(engine, {.most = 1'000, .oldest = std::chrono::milliseconds(1)});
  folder.apply(version(1), 1);
  while (waiting(engine, 1) > 0) std::this_thread::yield();
  CHECK(engine.match(test::at("10.0.0.1"), test::seeing_class_1()).hits.size() == 1);
}
